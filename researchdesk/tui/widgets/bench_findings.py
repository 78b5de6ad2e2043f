"""What the checks before a run and watched scripts found, for the room below the curves."""

from collections.abc import Mapping, Sequence

from textual.content import Content

from researchdesk.domain.text import one_line
from researchdesk.domain.watching import WatchFinding, WatchReport
from researchdesk.tui.commands import keyed
from researchdesk.tui.finding_pages import STYLES

Checks = Mapping[str, tuple[bool | None, str]]
Watched = Sequence[tuple[WatchReport, WatchFinding]]

_MOST = 3
_QUIET = "$text-muted"


def findings_words(checks: Checks, watched: Watched) -> Content:
    """Failed checks, then what watching found, a line each; else how many checks were passed."""
    lines = [_failed(name, words) for name, (ok, words) in checks.items() if ok is False]
    lines += [_found(report, finding) for report, finding in watched]
    if lines:
        more = f", {len(lines) - _MOST} more" if len(lines) > _MOST else ""
        where = keyed("{bench.findings}" if watched else "{bench.ladder}")
        last = Content.styled(f"{where} tells why, and what mends it{more}", _QUIET)
        return Content("\n").join([*lines[:_MOST], last])
    passed = sum(ok is True for ok, _ in checks.values())
    if not passed:
        return Content("")
    left = len(checks) - passed
    words = (
        f"✓ {passed} check{'' if passed == 1 else 's'} passed"
        + (f", {left} not run" if left else "")
        + keyed(" · {bench.ladder} the ladder")
    )
    return Content.styled(words, _QUIET)


def _failed(name: str, words: str) -> Content:
    return Content.assemble(
        ("✗ ", "bold $text-error"), (one_line(name), "bold"), ": ", one_line(words)
    )


def _found(report: WatchReport, finding: WatchFinding) -> Content:
    place = f"{finding.file}:{finding.line}" if finding.file else report.name
    return Content.assemble(
        (f"{finding.certainty.mark} ", STYLES[finding.certainty]),
        (finding.name, "bold"),
        (f" {one_line(place)}", _QUIET),
        ": ",
        one_line(finding.message),
    )
