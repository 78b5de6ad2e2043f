"""The papers on the desk: list, search, remove."""

from datetime import date
from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import DAY, NUMBER, as_date
from researchdesk.errors import UsageProblemError
from researchdesk.services import library


@click.command("list")
@click.argument("words", required=False, default="")
@click.option("--status", default="", help="unread, in pass, pass 1 done, left ...")
@click.option("--category", default="", help="A category, as cs.LG.")
@click.option("--since", type=DAY, callback=as_date, help="Published on this day or later.")
@click.option("--due", is_flag=True, help="What was put off to today or before.")
@click.option("--on", type=DAY, callback=as_date, help="With --due: to this day or before.")
@json_option
@pass_session
def list_(
    session: Session,
    words: str,
    status: str,
    category: str,
    since: date | None,
    due: bool,
    on: date | None,
    as_json: bool,
) -> None:
    """List the papers on the desk, the last added first."""
    if on and not due:
        raise UsageProblemError("--on goes with --due.", "Say: list --due --on 2027-01-31")
    day = on or session.desk.today() if due else None
    found = library.list_papers(
        session.desk, words, status=status, category=category, since=since, due_on=day
    )
    if as_json:
        output.emit_json({"papers": [_record(item) for item in found]})
    elif due:
        _tell_due(found, day)
    else:
        _tell(found, bool(words or status or category or since))


def _record(item: library.Listed) -> dict[str, Any]:
    record = output.paper_record(item.paper, item.status)
    if item.due is None:
        return record
    why = {"pass": item.due.number, "again_on": item.due.again_on, "why": item.due.why}
    return {**record, "due": why}


def _tell_due(found: list[library.Listed], day: date | None) -> None:
    if not found:
        diagnostics.say(f"No reading was put off to {day} or before.")
        return
    rows = [
        (item.paper.name, str(item.due.again_on), item.status, item.due.why, item.paper.title)
        for item in found
        if item.due
    ]
    output.emit_table(("id", "due", "reading", "why", "title"), rows)


def _tell(found: list[library.Listed], asked: bool) -> None:
    if not found:
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
@pass_session
def remove(session: Session, ref: str) -> None:
    """Take a paper off the desk. Its notes and PDF stay; add it again to have them back."""
    paper = library.remove_paper(session.desk, ref)
    diagnostics.say(f"{paper.name} is off the desk; add it again to have its notes back.")
