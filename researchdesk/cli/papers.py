"""Papers: add, find, list, search, show, remove."""

from datetime import date, datetime
from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.domain.papers import Paper
from researchdesk.domain.queries import FindQuery
from researchdesk.errors import DeskError
from researchdesk.services import acquire, library
from researchdesk.services.notes import notes_of
from researchdesk.services.reading import passes_of

_DAY = click.DateTime(["%Y-%m-%d", "%Y-%m", "%Y"])


def _day(ctx: click.Context, param: click.Parameter, value: datetime | None) -> date | None:
    return None if value is None else value.date()


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID|URL|FILE...")
@click.option("--no-pdf", is_flag=True, help="Keep the metadata only.")
@json_option
@pass_session
def add(session: Session, ids: tuple[str, ...], no_pdf: bool, as_json: bool) -> int:
    """Put papers on the desk: arXiv ids, arXiv addresses, PDF files.

    Each is tried; the exit code is that of the first that failed.
    """
    added: list[acquire.Added] = []
    failed: list[dict[str, str]] = []
    code = 0
    for text in ids:
        try:
            result = acquire.add(session.desk, text, diagnostics.show_progress, with_pdf=not no_pdf)
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
@click.option("--since", type=_DAY, callback=_day, help="Submitted on this day or later.")
@click.option("--until", type=_DAY, callback=_day, help="Submitted on this day or earlier.")
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


@click.command("list")
@click.argument("words", required=False, default="")
@click.option("--status", default="", help="unread, in pass, pass 1 done, left ...")
@click.option("--category", default="", help="A category, as cs.LG.")
@click.option("--since", type=_DAY, callback=_day, help="Published on this day or later.")
@json_option
@pass_session
def list_(
    session: Session, words: str, status: str, category: str, since: date | None, as_json: bool
) -> None:
    """List the papers on the desk, the last added first."""
    found = library.list_papers(session.desk, words, status=status, category=category, since=since)
    if as_json:
        output.emit_json({"papers": [output.paper_record(i.paper, i.status) for i in found]})
        return
    if not found:
        asked = words or status or category or since
        diagnostics.say(
            "No paper fits." if asked else "The desk is empty. Try: researchdesk add 1706.03762"
        )
        return
    rows = [(item.paper.name, item.status, item.paper.title) for item in found]
    output.emit_table(("id", "reading", "title"), rows)


@click.command()
@click.argument("words")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(min=1))
@json_option
@pass_session
def search(session: Session, words: str, limit: int, as_json: bool) -> None:
    """Search titles, authors, abstracts and notes on the desk, best first."""
    found = library.search_papers(session.desk, words, limit)
    if as_json:
        records = [output.paper_record(p, library.status_of(session.desk, p)) for p in found]
        output.emit_json({"papers": records})
        return
    if not found:
        diagnostics.say("Nothing on the desk fits. Search arXiv with: researchdesk find")
        return
    output.emit_table(("id", "title"), [(paper.name, paper.title) for paper in found])


@click.command()
@click.argument("ref", metavar="ID")
@json_option
@pass_session
def show(session: Session, ref: str, as_json: bool) -> None:
    """Show one paper: its words, its passes, its notes."""
    desk = session.desk
    paper = library.get_paper(desk, ref)
    passes, notes = passes_of(desk, paper), notes_of(desk, paper)
    status = library.status_of(desk, paper)
    if as_json:
        record = {**output.paper_record(paper, status), "passes": passes, "notes": notes}
        output.emit_json(record)
        return
    words = paper.metadata
    output.emit(f"{paper.title}\n{', '.join(words.authors)}")
    published = f"  published {words.published.date()}" if words.published else ""
    output.emit(f"{paper.name} v{paper.version}  {' '.join(words.categories)}{published}")
    held = [f"v{item.version}" for item in paper.versions if item.pdf]
    output.emit(f"key {paper.key}  PDF: {', '.join(held) or 'none'}  reading: {status}")
    for item in passes:
        why = f" ({item.why})" if item.why else ""
        output.emit(f"  pass {item.number} of {item.workflow}: {item.state.value}{why}")
    output.emit(f"{len(notes)} notes")
    if words.abstract:
        output.emit(f"\n{words.abstract}")


@click.command()
@click.argument("ref", metavar="ID")
@pass_session
def remove(session: Session, ref: str) -> None:
    """Take a paper off the desk. Its notes and PDF stay; add it again to have them back."""
    paper = library.remove_paper(session.desk, ref)
    diagnostics.say(f"{paper.name} is off the desk; add it again to have its notes back.")


def _added_line(result: acquire.Added) -> str:
    how = "was there already" if result.already else "added" if result.fetched else "added, no PDF"
    return f"{_versioned(result.paper, result.version)}  {how}: {result.paper.title}"


def _added_record(result: acquire.Added) -> dict[str, Any]:
    return {
        "id": result.paper.name,
        "key": result.paper.key,
        "version": result.version,
        "title": result.paper.title,
        "already": result.already,
        "fetched": result.fetched,
        "pdf": result.paper.pdf_of(result.version),
        "warning": result.warning,
    }


def _versioned(paper: Paper, version: int) -> str:
    return f"{paper.name}v{version}" if paper.metadata.arxiv_id else paper.key


def _authors(names: tuple[str, ...]) -> str:
    return f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
