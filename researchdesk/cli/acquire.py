"""Papers from outside: add, find."""

from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import DAY, as_date
from researchdesk.domain.papers import Paper
from researchdesk.domain.queries import FindQuery
from researchdesk.domain.version_marks import OWN_FILES
from researchdesk.errors import DeskError
from researchdesk.services import acquire


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID|URL|FILE...")
@click.option("--no-pdf", is_flag=True, help="Keep the metadata only.")
@click.option("--replace", is_flag=True, help="Put a PDF of yours in place of the one at hand.")
@json_option
@pass_session
def add(session: Session, ids: tuple[str, ...], no_pdf: bool, replace: bool, as_json: bool) -> int:
    """Put papers on the desk: arXiv ids, arXiv addresses, PDF files.

    Each is tried; the exit code is that of the first that failed.
    """
    added: list[acquire.Added] = []
    failed: list[dict[str, str]] = []
    code = 0
    for text in ids:
        try:
            result = acquire.add(
                session.desk,
                text,
                diagnostics.show_progress,
                with_pdf=not no_pdf,
                replace=replace,
            )
        except DeskError as error:
            diagnostics.clear_progress()
            code = code or diagnostics.tell(error)
            failed.append({"id": text, "error": error.message, "hint": error.hint})
            continue
        diagnostics.clear_progress()
        added.append(result)
        if result.warning:
            diagnostics.warn(result.warning)
        if not as_json:
            output.emit(_added_line(result))
    if as_json:
        output.emit_json({"papers": [_added_record(item) for item in added], "failed": failed})
    return code


@click.command()
@click.argument("words", required=False, default="")
@click.option("--title", default="", help="Words of the title.")
@click.option("--author", default="", help="An author's name.")
@click.option("--abstract", default="", help="Words of the abstract.")
@click.option("--category", multiple=True, help="A category, as cs.LG; several are alternatives.")
@click.option("--since", type=DAY, callback=as_date, help="Submitted on this day or later.")
@click.option("--until", type=DAY, callback=as_date, help="Submitted on this day or earlier.")
@click.option("--newest", is_flag=True, help="The newest first, not the most relevant.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 2000))
@click.option("--start", default=0, show_default=True, type=click.IntRange(0, 29_999))
@json_option
@pass_session
def find(session: Session, /, as_json: bool, category: tuple[str, ...], **fields: Any) -> None:
    """Search arXiv. The next page: --start with the number of those seen."""
    query = FindQuery(categories=category, **fields)
    page = acquire.find(session.desk, query, diagnostics.show_progress)
    diagnostics.clear_progress()
    if as_json:
        papers = [output.metadata_record(words) for words in page.papers]
        output.emit_json({"total": page.total, "start": page.start, "papers": papers})
        return
    rows = [
        (
            f"{words.arxiv_id}v{words.version}",
            words.published.date().isoformat() if words.published else "",
            ", ".join(words.categories[:1]),
            f"{words.title} ({_authors(words.authors)})",
        )
        for words in page.papers
    ]
    if rows:
        output.emit_table(("id", "date", "category", "title"), rows)
    last = page.start + len(page.papers)
    more = f" The next: --start {last}." if last < page.total else ""
    diagnostics.say(f"{page.start + 1 if rows else 0}-{last} of {page.total}.{more}")


def _added_line(result: acquire.Added) -> str:
    how = "was there already" if result.already else "added"
    if result.back:
        how = "put back, with the notes it had"
    if not result.paper.pdf_of(result.version):
        how += ", without its PDF"
    return f"{_versioned(result.paper, result.version)}  {how}: {result.paper.title}"


def _added_record(result: acquire.Added) -> dict[str, Any]:
    held = result.paper.held(result.version)
    return {
        "id": result.paper.name,
        "key": result.paper.key,
        "version": result.version,
        "title": result.paper.title,
        "already": result.already,
        "back": result.back,
        "fetched": result.fetched,
        "pdf": result.paper.pdf_of(result.version),
        "html": held.html if held else "",
        "warning": result.warning,
    }


def _versioned(paper: Paper, version: int) -> str:
    if paper.metadata.arxiv_id is None:
        return paper.key
    return f"{paper.name}{'' if version > OWN_FILES else f'v{version}'}"


def _authors(names: tuple[str, ...]) -> str:
    return f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
