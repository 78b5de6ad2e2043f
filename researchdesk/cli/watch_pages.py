"""What was found in a watched script: told on stderr, as JSON, and the pages of findings."""

import os
import shlex
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

import click

from researchdesk.cli import output
from researchdesk.domain.clock import local_minute
from researchdesk.domain.text import clean, one_line
from researchdesk.domain.watching import Certainty, FindingPage, WatchFinding, WatchReport
from researchdesk.services.finding_pages import finding_pages

_COLOURS = {Certainty.CERTAIN: "red", Certainty.LIKELY: "yellow", Certainty.LOOK: "cyan"}
_WIDEST = 100
_INDENT = "  "
_IN_FULL = 3


def tell_report(report: WatchReport) -> None:
    """The findings, the surest first, on stderr; then what could not be seen."""
    for line in _report_lines(report):
        _tell(line)


def print_report(report: WatchReport) -> None:
    """The same on stdout."""
    for line in _report_lines(report):
        output.write(line)


def print_table(reports: Sequence[WatchReport]) -> None:
    """A line for each report."""
    rows = [
        (
            *(str(report.id), local_minute(report.began_at), str(report.exit_code)),
            *(report.on or "-", report.counts, shlex.join(report.argv)),
        )
        for report in reports
    ]
    output.emit_table(("report", "began", "exit", "on", "found", "script"), rows)


def _report_lines(report: WatchReport) -> Iterator[str]:
    yield click.style(f"── researchdesk watched {_what(report)}", bold=True)
    for line in _wrapped("", _facts(report)):
        yield click.style(line, dim=True)
    for name in dict.fromkeys(item.name for item in report.findings):
        yield from _lines_of_all([item for item in report.findings if item.name == name])
    yield ""
    if not report.findings:
        yield "Nothing was found." if report.torch else "Nothing could be watched."
    for name, value in report.readings.items():
        yield from _flush(f"{name}: ", figure(value))
    for words in report.limits:
        yield from _flush("Not seen: ", words)
    for words in report.problems:
        yield from _flush("A detector failed, the script did not: ", words.strip().splitlines()[-1])
    if report.findings:
        some = report.findings[0].name
        yield f"{report.counts}. More of one: researchdesk watch --explain {some}"


def _lines_of_all(found: Sequence[WatchFinding]) -> Iterator[str]:
    """The findings of one name: the first with its page, a few in full, of the rest the places."""
    page = finding_pages().get(found[0].name)
    for finding in found[:_IN_FULL]:
        yield ""
        yield from _finding_lines(finding, page if finding is found[0] else None)
    if rest := found[_IN_FULL:]:
        yield from _wrapped("And at: ", ", ".join(f"{i.file}:{i.line}" for i in rest if i.file))


def watch_record(report: WatchReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "script": report.script,
        "arguments": report.arguments,
        "module": report.argv[0] == "-m",
        "exit_code": report.exit_code,
        "ended": report.ended,
        "findings": report.findings,
        "seen": report.seen,
        "readings": report.readings,
        "limits": report.limits,
        "problems": report.problems,
        "began_at": report.began_at,
        "seconds": round(report.seconds, 3),
        "folder": report.folder,
        "python": report.python,
        "torch": report.torch,
        "on": report.on,
        "report": report.id or None,
    }


def print_page(page: FindingPage) -> None:
    """All that is to say of a finding, on stdout."""
    sure = " or ".join(item.value for item in page.certainties)
    output.write(click.style(f"{page.name}: {page.title}", bold=True))
    output.emit(f"{page.family} · {sure}")
    parts = (
        ("What was seen", page.seen),
        ("Why it matters", page.why),
        ("The usual mend", page.mend),
        ("When it is sound", page.sound),
    )
    for head, text in parts:
        output.emit()
        output.write(click.style(head, bold=True))
        for paragraph in _paragraphs(text):
            output.emit(textwrap.fill(paragraph, _room(sys.stdout.isatty())))
    output.emit()
    output.emit(f"To silence it on a line:  # researchdesk: ok {page.name}")
    output.emit(f"To leave it out:          researchdesk watch --ignore {page.name} SCRIPT")


def print_pages(pages: Sequence[FindingPage]) -> None:
    """All findings as a table, on stdout."""
    rows = [
        (page.name, page.family, ", ".join(item.value for item in page.certainties), page.title)
        for page in pages
    ]
    output.emit_table(("finding", "family", "how sure", "what"), rows)


def figure(value: Any) -> str:
    """A number or a word, short."""
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else one_line(str(value))


def _what(report: WatchReport) -> str:
    return one_line(shlex.join(report.argv))


def _facts(report: WatchReport) -> str:
    parts = [
        f"it ended with {report.exit_code}"
        + ("" if report.ended in ("end", "exit", "") else f" ({report.ended})"),
        f"{report.seconds:.1f} s",
        *(f"{figure(count)} {name}" for name, count in report.seen.items()),
        f"torch {report.torch} in {report.python}" if report.torch else report.python,
        f"kept as report {report.id}" if report.id else "",
    ]
    return clean(" · ".join(part for part in parts if part))


def _finding_lines(finding: WatchFinding, page: FindingPage | None) -> Iterator[str]:
    mark = f"{finding.certainty.mark} {finding.certainty.value}"
    head = click.style(mark, fg=_COLOURS[finding.certainty], bold=True)
    times = f"  ({finding.times:,} times)" if finding.times > 1 else ""
    yield f"{head}  {click.style(finding.name, bold=True)}{times}"
    yield from _wrapped("", finding.message)
    if finding.file:
        place = click.style(f"{finding.file}:{finding.line}", fg="blue")
        yield f"{_INDENT}{place}  {clean(finding.source)}".rstrip()
    if page is not None:
        yield from _wrapped("Why: ", _paragraphs(page.why)[0])
        yield from _wrapped("Mend: ", _paragraphs(page.mend)[0])
    silent = f"End that line with  # researchdesk: ok {finding.name}"
    words = silent if finding.file else f"Say --ignore {finding.name}"
    yield click.style(f"{_INDENT}Meant so? {words}", dim=True)


def _wrapped(head: str, text: str) -> list[str]:
    indent = _INDENT + " " * len(head)
    lines = textwrap.wrap(
        one_line(text), _room(sys.stderr.isatty()) - len(indent), break_long_words=False
    )
    shown = [f"{indent}{line}" for line in lines]
    if head and shown:
        shown[0] = _INDENT + click.style(head, bold=True) + lines[0]
    return shown


def _flush(head: str, text: str) -> Iterator[str]:
    """Wrapped, from the left margin on."""
    return (line.removeprefix(_INDENT) for line in _wrapped(head, text))


def _tell(line: str = "") -> None:
    """A line on stderr; where nobody reads that any more, it is lost."""
    try:
        click.echo(line, err=True, color=False if os.environ.get("NO_COLOR") else None)
    except OSError:
        return


def _paragraphs(text: str) -> list[str]:
    return [one_line(part) for part in text.split("\n\n")]


def _room(terminal: bool) -> int:
    columns = shutil.get_terminal_size().columns if terminal else _WIDEST
    return max(40, min(columns, _WIDEST))
