"""Watching a training script: it is run, what was seen is read, and kept on the desk."""

import signal
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from researchdesk.domain.clock import Clock, utc_now
from researchdesk.domain.json_text import parse_json
from researchdesk.domain.refs import names_run
from researchdesk.domain.text import clean, one_line
from researchdesk.domain.watching import (
    Certainty,
    WatchFinding,
    WatchReport,
    read_findings,
    read_table,
    read_words,
)
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.harness.watched_process import run_watched, usual_python
from researchdesk.services.desk import Desk
from researchdesk.services.library import get_paper
from researchdesk.services.refs import whole_ref
from researchdesk.services.runs import get_run
from researchdesk.storage import watching

_NO_REPORT = "The process left no report: it ended before one was written, or could not write it."
_LINE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """How to watch. ``python`` is the script's interpreter, ``""`` the usual one.

    With ``every`` each n-th step is looked at closely, with 0 as many as cost little. Findings
    whose names are in ``ignore`` are left out. ``on`` names a paper or a run that it belongs to.
    """

    python: str = ""
    every: int = 0
    ignore: Collection[str] = ()
    on: str = ""


def watch_script(
    script: Sequence[str], options: WatchOptions | None = None, clock: Clock = utc_now
) -> tuple[WatchReport, int]:
    """Run ``script`` (a path, or ``-m`` and a module, then its arguments) and read what was seen.

    The script has our standard streams. Gives the report, not kept yet, and the signal that ended
    the script, else 0. Raises UsageProblemError where there is no such script or interpreter.
    """
    options = options or WatchOptions()
    if script[0] != "-m" and not Path(script[0]).exists():
        raise UsageProblemError(
            f"There is no script {script[0]}.", "Give a path, or -m and a module's name."
        )
    python = options.python or usual_python()
    folder, began_at, began = Path.cwd(), clock(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="researchdesk-watch-") as beside:
        file = Path(beside) / "report.json"
        code = run_watched(python, script, file, options.every)
        seconds = time.monotonic() - began
        record = _read(file)
    heard = read_findings(record.get("findings"))
    found = (_with_source(item, folder) for item in heard if item.name not in options.ignore)
    report = WatchReport(
        argv=tuple(clean(item) for item in script),
        folder=str(folder),
        python=python,
        exit_code=code if code >= 0 else 128 - code,
        ended=_ended(code, record),
        began_at=began_at,
        seconds=seconds,
        torch=one_line(str(record.get("torch", ""))),
        findings=tuple(found),
        seen=read_table(record.get("seen")),
        readings=read_table(record.get("readings")),
        limits=read_words(record.get("limits")),
        problems=read_words(record.get("problems")),
        on=clean(options.on).strip(),
    )
    return report, max(0, -code)


def keep_report(desk: Desk, report: WatchReport) -> WatchReport:
    """Put a report on the desk, and give it with its number."""
    with desk.database.writing() as db:
        return replace(report, id=watching.insert(db, report))


def watch_reports(desk: Desk, limit: int = 100) -> list[WatchReport]:
    """The last reports, the last one first."""
    return watching.last(desk.database.connection, limit)


def findings_on(desk: Desk, *refs: str) -> list[tuple[WatchReport, WatchFinding]]:
    """What is certain or likely in the newest report of each script that belongs to ``refs``."""
    newest: dict[str, WatchReport] = {}
    for report in watch_reports(desk):
        if report.on and report.on in refs:
            newest.setdefault(report.name, report)
    return [
        (report, finding)
        for report in newest.values()
        for finding in report.findings
        if finding.certainty is not Certainty.LOOK
    ]


def belongs_to(desk: Desk, ref: str) -> str:
    """What reports on this paper (an arXiv id in any form, or a key) or run keep of it.

    Raises NotOnDeskError where the desk has neither, or where several runs begin so.
    """
    try:
        return get_paper(desk, ref).name
    except NotOnDeskError:
        pass
    run_id = names_run(whole_ref(desk, ref)) or ref
    try:
        return get_run(desk, run_id).id
    except NotOnDeskError:
        raise NotOnDeskError(
            f"There is neither a paper nor a run {one_line(ref)!r} on this desk.",
            "Put the paper there first: researchdesk add ID-or-PDF. Nothing was run.",
        ) from None


def watch_report(desk: Desk, number: int) -> WatchReport:
    """The report of this number. Raises NotOnDeskError."""
    found = watching.get(desk.database.connection, number)
    if found is None:
        raise NotOnDeskError(
            f"There is no watch report {number}.", "Make one: researchdesk watch SCRIPT"
        )
    return found


def _read(file: Path) -> dict[str, Any]:
    try:
        record = parse_json(file.read_text("utf-8"))
    except (OSError, ValueError):
        record = None
    return record if isinstance(record, dict) else {"limits": [_NO_REPORT]}


def _ended(code: int, record: Mapping[str, Any]) -> str:
    if code == -signal.SIGINT:
        return "interrupted"
    return f"killed by signal {-code}" if code < 0 else one_line(str(record.get("ended", "")))


def _with_source(item: WatchFinding, folder: Path) -> WatchFinding:
    """With the text of its line, its file told from the folder where the script was started."""
    if not item.file:
        return item
    path = folder / item.file
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    source = lines[item.line - 1] if 0 < item.line <= len(lines) else item.source
    inside = path.is_relative_to(folder) and ".." not in path.parts
    file = str(path.relative_to(folder)) if inside else item.file
    return replace(item, file=file, source=clean(source).strip()[:_LINE_LIMIT])
