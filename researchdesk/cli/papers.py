"""The papers on the desk: list, search, show, remove."""

from datetime import date

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import DAY, NUMBER, as_date
from researchdesk.services import library
from researchdesk.services.notes import notes_of
from researchdesk.services.reading import passes_of


@click.command("list")
@click.argument("words", required=False, default="")
@click.option("--status", default="", help="unread, in pass, pass 1 done, left ...")
@click.option("--category", default="", help="A category, as cs.LG.")
@click.option("--since", type=DAY, callback=as_date, help="Published on this day or later.")
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
@click.option("--limit", default=50, show_default=True, type=NUMBER)
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
