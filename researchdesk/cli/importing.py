"""Libraries of other programs, and folders of PDFs, brought in."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.domain.labels import papers
from researchdesk.services import collecting, importing, labels, merging, pdf_imports
from researchdesk.services.desk import Desk
from researchdesk.services.importing import ImportReport
from researchdesk.services.pdf_imports import PdfReport

_TOLD = 20


@click.command("import")
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    metavar="FILE|FOLDER...",
    type=click.Path(exists=True, path_type=Path),
)
@click.option("--dry-run", is_flag=True, help="Say what would come in; change nothing.")
@click.option("--strict", is_flag=True, help="Change nothing where anything in a file is wrong.")
@click.option("--with-files", is_flag=True, help="Copy the PDFs that entries name, too.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Tag every paper that comes in.")
@click.option("--collection", default="", help="Put every paper that comes in in this collection.")
@json_option
@pass_session
def import_(session: Session, /, paths: tuple[Path, ...], as_json: bool, **wanted: Any) -> None:
    """Bring a library in: BibTeX, BibLaTeX, CSL-JSON, Zotero RDF; PDFs, by the folder too.

    An entry about a paper that is on the desk becomes a record beside it, never a second paper.
    Every field is kept as it came. All entries come in at once, or none; each PDF by itself.
    "researchdesk undo" takes an import back.
    """
    done = _bring_in(session.desk, paths, **wanted)
    came = not wanted["dry_run"] and (done.report.change or done.pdfs.added)
    alike = len(merging.propose(session.desk)) if came else 0
    diagnostics.clear_progress()
    if as_json:
        output.emit_json({**_record(done, wanted["dry_run"]), "merge_proposals": alike})
        return
    if done.libraries:
        _tell(done.report, wanted["dry_run"])
    if len(done.libraries) < len(paths):
        _tell_pdfs(done.pdfs, wanted["dry_run"])
    if done.files is not None:
        _tell_files(done.files)
    if alike:
        pairs = "1 pair of papers may be one" if alike == 1 else f"{alike:,} pairs may be one"
        diagnostics.say(f"{pairs}: researchdesk merge list")
    if done.report.change or done.pdfs.change:
        diagnostics.say("To take it back: researchdesk undo")


@dataclass(frozen=True, slots=True)
class _Done:
    """``files`` is of the PDFs that entries name; None where they were not asked for."""

    libraries: Sequence[Path]
    report: ImportReport
    pdfs: PdfReport
    files: PdfReport | None = None


def _bring_in(
    desk: Desk,
    paths: Sequence[Path],
    *,
    dry_run: bool,
    strict: bool,
    with_files: bool,
    tags: Sequence[str],
    collection: str,
) -> _Done:
    libraries = [path for path in paths if path.is_file() and path.suffix.lower() != ".pdf"]
    report = importing.import_library(
        desk,
        libraries,
        dry_run=dry_run,
        strict=strict,
        tags=tags,
        collection=collection,
        progress=_progress,
    )
    pdfs = pdf_imports.import_pdfs(desk, _pdfs(paths), dry_run=dry_run, progress=_progress)
    for folder in filter(Path.is_dir, paths):
        pdfs.aside += map(str, pdf_imports.library_files(folder))
    if pdfs.ids and tags:
        labels.tag(desk, pdfs.ids, tags)
    if pdfs.ids and collection:
        collecting.put_in(desk, pdfs.ids, collection)
    if not with_files or dry_run:
        return _Done(libraries, report, pdfs)
    moment = report.change.at if report.change else None
    files = pdf_imports.attach(desk, report.files, moment or desk.clock(), _progress)
    return _Done(libraries, report, pdfs, files)


def _pdfs(paths: Sequence[Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(pdf_imports.pdfs_in(path)))
        elif path.suffix.lower() == ".pdf":
            found[path] = None
    return list(found)


def _progress(what: str, done: int, total: int | None) -> None:
    diagnostics.show_progress(f"{what} {done:,} of {total:,}" if total else what, 0, None)


def _tell(report: ImportReport, dry_run: bool) -> None:
    for item in report.joined[:_TOLD]:
        output.emit(f"joined    {item.where}:{item.line} {item.key} is {item.paper}: {item.why}")
    _rest(len(report.joined))
    for item in report.disputed[:_TOLD]:
        output.emit(
            f"its key   {item.where}:{item.line} {item.key} is {item.why} here: "
            f"the paper of this entry is {item.paper}"
        )
    _rest(len(report.disputed))
    for item in report.updated[:_TOLD]:
        output.emit(f"updated   {item.where}:{item.line} {item.key} of {item.paper}: {item.why}")
    _rest(len(report.updated))
    for name, items in (("mended", report.mended), ("left out", report.left_out)):
        for fault in items[:_TOLD]:
            output.emit(f"{name:<10}{fault.place} {fault.why}")
        _rest(len(items))
    verb = "would be " if dry_run else ""
    if came := _with_them(report, verb):
        output.emit(f"{came}.")
    output.emit(
        f"{report.entries:,} entries: {len(report.added):,} papers {verb}added, "
        f"{len(report.joined):,} joined to papers, {len(report.updated):,} {verb}updated, "
        f"{report.already:,} there already, {len(report.left_out):,} left out."
    )


def _with_them(report: ImportReport, verb: str) -> str:
    """What came with the papers; empty for nothing."""
    count = len(report.made)
    made = f"{count:,} {'collection' if count == 1 else 'collections'} {verb}made"
    marks = ((report.starred, "stars"), (report.prioritized, "a priority"))
    given = [f"{papers(number)} {verb}given {what}" for number, what in marks if number]
    return ", ".join([made, *given] if count else given)


def _tell_pdfs(report: PdfReport, dry_run: bool) -> None:
    for path, paper in report.joined:
        output.emit(f"joined    {path} is {paper}")
    for name, items in (("look at", report.warned), ("left out", report.left_out)):
        for path, why in items:
            output.emit(f"{name:<10}{path} {why}")
    for path in report.aside:
        output.emit(f"aside     {path} is a library of its own: give it by its path")
    verb = "would be " if dry_run else ""
    count = len(report.added) + len(report.joined) + report.already + len(report.left_out)
    output.emit(
        f"{count:,} PDFs: {len(report.added):,} papers {verb}added, "
        f"{len(report.joined):,} joined to papers, {report.already:,} there already, "
        f"{len(report.left_out):,} left out."
    )


def _tell_files(report: PdfReport) -> None:
    for path, why in report.left_out[:_TOLD]:
        output.emit(f"no PDF    {path} {why}")
    _rest(len(report.left_out))
    output.emit(f"{len(report.joined):,} PDFs copied, {len(report.left_out):,} not.")


def _rest(count: int) -> None:
    if count > _TOLD:
        output.emit(f"          and {count - _TOLD:,} more; --json tells all")


def _record(done: _Done, dry_run: bool) -> dict[str, Any]:
    report = done.report
    return {
        "dry_run": dry_run,
        "entries": report.entries,
        "added": report.added,
        "joined": report.joined,
        "disputed": [
            {"where": d.where, "line": d.line, "key": d.key, "paper": d.paper, "is": d.why}
            for d in report.disputed
        ],
        "updated": len(report.updated),
        "updates": report.updated,
        "collections_made": report.made,
        "starred": report.starred,
        "prioritized": report.prioritized,
        "already": report.already,
        "left_out": report.left_out,
        "mended": report.mended,
        "aside": report.aside,
        "change": report.change.id if report.change else None,
        "pdfs": _pdf_record(done.pdfs),
        "files": _pdf_record(done.files) if done.files else None,
    }


def _pdf_record(report: PdfReport) -> dict[str, Any]:
    return {
        "added": report.added,
        "joined": [{"path": path, "paper": paper} for path, paper in report.joined],
        "already": report.already,
        "left_out": [{"path": path, "why": why} for path, why in report.left_out],
        "warned": [{"path": path, "why": why} for path, why in report.warned],
        "aside": report.aside,
        "change": report.change.id if report.change else None,
    }
