"""Reports of watched scripts and their findings, as pages to look at."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from textual.content import Content

from researchdesk.domain.clock import local_minute
from researchdesk.domain.text import one_line
from researchdesk.domain.watching import Certainty, FindingPage, WatchFinding, WatchReport
from researchdesk.tui.looked_at import LookPage

STYLES = {
    Certainty.CERTAIN: "bold $text-error",
    Certainty.LIKELY: "bold $text-warning",
    Certainty.LOOK: "bold $text-primary",
}


def report_key(report: WatchReport) -> str:
    """The key of the page that a report's part of the list begins with."""
    return f"report {report.id}"


def report_pages(
    reports: Iterable[WatchReport], pages: Mapping[str, FindingPage]
) -> Sequence[LookPage]:
    """Each report, and below it its findings, the surest first."""
    found = []
    for report in reports:
        found.append(_report_page(report))
        for number, finding in enumerate(report.findings):
            found.append(_finding_page(report, number, finding, pages.get(finding.name)))
    return found


def _report_page(report: WatchReport) -> LookPage:
    when = f"{report.began_at.astimezone():%d %b}"
    return LookPage(report_key(report), report.name, when, text=_report_words(report), head=True)


def _report_words(report: WatchReport) -> Content:
    moment = local_minute(report.began_at)
    end = f"It ended with {report.exit_code}{_ended(report)} after {report.seconds:.1f} s."
    with_torch = f", torch {report.torch}" if report.torch else ""
    lines = [
        Content.styled(one_line(" ".join(report.argv)), "bold"),
        Content.styled(f"{moment}, in {report.folder}", "$text-muted"),
        Content.styled(f"{report.python}{with_torch}", "$text-muted"),
        Content(""),
        Content(f"{report.counts[:1].upper()}{report.counts[1:]}. {end}"),
    ]
    if report.on:
        lines.append(Content(f"It belongs to {report.on}."))
    for finding in report.findings:
        lines += [Content(""), _finding_head(finding), Content(finding.message)]
    lines += _table("Seen", report.seen)
    lines += _table("Readings", report.readings)
    lines += _list("What could not be seen", report.limits)
    problems = [text.strip().splitlines()[-1] for text in report.problems if text.strip()]
    lines += _list("Detectors that failed", problems)
    return Content("\n").join(lines)


def _finding_head(finding: WatchFinding) -> Content:
    place = f"  {finding.file}:{finding.line}" if finding.file else ""
    mark = f"{finding.certainty.mark} {finding.name}"
    return Content.assemble((mark, STYLES[finding.certainty]), (place, "$text-muted"))


def _finding_page(
    report: WatchReport, number: int, finding: WatchFinding, page: FindingPage | None
) -> LookPage:
    key = f"{report_key(report)} {number}"
    line = f":{finding.line}" if finding.file else ""
    words = _finding_words(finding, page)
    return LookPage(key, finding.name, line, finding.certainty.mark, text=words)


def _finding_words(finding: WatchFinding, page: FindingPage | None) -> Content:
    title = page.title if page else finding.name
    times = f", seen {finding.times:,} times" if finding.times > 1 else ""
    lines = [
        Content.styled(title, "bold"),
        Content.assemble(
            (finding.certainty.value, STYLES[finding.certainty]),
            (f"  {finding.name}{times}", "$text-muted"),
        ),
        Content(""),
        Content(finding.message),
    ]
    if finding.file:
        lines += [
            Content(""),
            Content.styled(f"{finding.file}, line {finding.line}", "$text-muted"),
            Content.styled(f"  {finding.source}", "$primary"),
        ]
    if page is not None:
        lines += _part("Why it matters", page.why)
        lines += _part("The usual mend", page.mend)
        lines += _part("When it is sound", page.sound)
        lines += _part("What was seen", page.seen)
    silent = f"# researchdesk: ok {finding.name}" if finding.file else f"--ignore {finding.name}"
    where = "at the end of that line" if finding.file else "on the command line"
    lines += _list(f"To silence it, {where}", [silent])
    return Content("\n").join(lines)


def _ended(report: WatchReport) -> str:
    return "" if report.ended in ("", "end", "exit") else f" ({report.ended})"


def _part(head: str, text: str) -> list[Content]:
    paragraphs = [Content(one_line(part)) for part in text.split("\n\n")]
    return [Content(""), Content.styled(head, "$text-muted"), *paragraphs]


def _table(head: str, values: Mapping[str, Any]) -> list[Content]:
    rows = [f"{_figure(value)} {name}" for name, value in values.items()]
    return _list(head, rows)


def _list(head: str, items: Sequence[str]) -> list[Content]:
    if not items:
        return []
    return [Content(""), Content.styled(head, "$text-muted"), *map(Content, items)]


def _figure(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else one_line(str(value))
