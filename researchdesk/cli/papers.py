"""The papers on the desk: list, remove; search, over all that is there."""

import importlib
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.formatting import Template, emit_formatted, format_option
from researchdesk.cli.found_pages import (
    offset_option,
    page_records,
    print_found,
    print_page,
    tell_problems,
)
from researchdesk.cli.kinds import DAY, NUMBER, as_date
from researchdesk.domain.library_rows import LibraryPage
from researchdesk.domain.search_query import SearchQuery, parse_query
from researchdesk.domain.search_values import Filter, read_filter
from researchdesk.errors import UsageProblemError
from researchdesk.services import library_search

if TYPE_CHECKING:
    from researchdesk.services.searching import Found

_ALL = 2**31 - 1


@click.command("list")
@click.argument("words", metavar="[QUERY]...", nargs=-1)
@click.option("--status", default="", help="unread, in pass, pass 1 done, left ...")
@click.option("--category", default="", help="A category, as cs.LG.")
@click.option("--since", type=DAY, callback=as_date, help="Published on this day or later.")
@click.option("--due", is_flag=True, help="What was put off to today or before.")
@click.option("--on", type=DAY, callback=as_date, help="With --due: to this day or before.")
@click.option("--limit", type=NUMBER, help="At most so many; without it all.")
@offset_option
@format_option
@json_option
@pass_session
def list_(
    session: Session,
    /,
    words: tuple[str, ...],
    due: bool,
    on: date | None,
    limit: int | None,
    offset: int,
    template: Template | None,
    as_json: bool,
    **filters: Any,
) -> None:
    """List the papers on the desk, the last added first; of a collection (in:NAME) in its order.

    QUERY is as in search: words, author:hinton, cat:cs.LG, tag:, year:2017..2019, stars:>=3,
    is:due, has:note, sort:title and others.
    """
    if on and not due:
        raise UsageProblemError("--on goes with --due.", "Say: list --due --on 2027-01-31")
    desk = session.desk
    query = _understood(" ".join(words)).and_also(*_filters(**filters))
    if due:
        put_off = Filter("due", (on or desk.today()).isoformat())
        query = replace(query.and_also(put_off), sort=query.sort or "due")
    page = library_search.page(desk, query, offset, limit or _ALL)
    tell_problems(page)
    if as_json:
        papers = page_records(desk, page)
        output.emit_json({"total": page.total, "papers": papers, "problems": page.problems})
    elif template is not None:
        emit_formatted(template, page_records(desk, page))
    elif due:
        _tell_due(page, on or desk.today())
    else:
        _tell(page, query)


def _understood(words: str) -> SearchQuery:
    """The search that was typed. Raises UsageProblemError where none of it was understood: it would
    be a search for everything."""
    query = parse_query(words)
    if query.is_empty and words.strip():
        why = " ".join(query.problems) or f"{words.strip()} has no word."
        raise UsageProblemError(
            f"Nothing of the search was understood, and nothing was looked for. {why}",
            "What a search may have: researchdesk search --help",
        )
    return query


def _filters(status: str, category: str, since: date | None) -> list[Filter]:
    """The options as filters. Raises UsageProblemError for a status that there is not."""
    found = []
    if status:
        known, _ = read_filter("status", status)
        if known is None:
            raise UsageProblemError(
                f"There is no status {status!r}.", "It is unread, in pass 1, pass 1 done, left …"
            )
        found.append(known)
    if category:
        found.append(Filter("cat", category))
    if since:
        found.append(Filter("since", since.isoformat()))
    return found


def _tell_due(page: LibraryPage, day: date) -> None:
    if not page.rows:
        diagnostics.say(f"No reading was put off to {day} or before.")
        return
    rows = [
        (row.name, str(row.again_on), row.status, row.again_why, row.title) for row in page.rows
    ]
    output.emit_table(("id", "due", "reading", "why", "title"), rows)


def _tell(page: LibraryPage, query: SearchQuery) -> None:
    if not page.rows and query.is_empty and not page.offset:
        diagnostics.say("The desk is empty. Try: researchdesk add 1706.03762")
        return
    print_page(page)


@click.command()
@click.argument("words", metavar="QUERY...", nargs=-1)
@click.option("--limit", default=50, show_default=True, type=NUMBER)
@offset_option
@click.option("--index", is_flag=True, help="First take in the text of every PDF on the desk.")
@format_option
@json_option
@pass_session
def search(
    session: Session,
    words: tuple[str, ...],
    limit: int,
    offset: int,
    index: bool,
    template: Template | None,
    as_json: bool,
) -> None:
    """Search the desk: papers with their notes, claims and full text, surprises, ideas,
    investigations, storylines.

    \b
    attention "is all you"     words begin a word there, a phrase stands as it is
    -survey -tag:old           without what has it
    author: title: abstract: note: claim: text:          a word in that place
    cat:cs.LG tag: in:COLLECTION venue:ICML list:NAME cites:1706.03762
    year:2017..2019 stars:>=3 priority:3 pass:2 status:unread since:2024-05
    has:note|question|claim|pdf|text|run|surprise|tag|code
    is:due|starred|withdrawn|new|unread|reading|read
    sort:relevance|added|year|title|stars|priority

    All of it must hold. Of each sort the best come first. A paper's full text is known once it was
    opened, or after --index. A query that begins with a minus stands behind --.
    """
    if index:
        _take_texts_in(session)
    if not words:
        if index:
            return
        raise click.UsageError("Missing argument 'QUERY...'.")
    _understood(" ".join(words))
    found = _found(session, " ".join(words), limit, offset)
    tell_problems(found.page)
    if as_json:
        output.emit_json(_found_record(session, found))
    elif template is not None:
        emit_formatted(template, page_records(session.desk, found.page))
    else:
        _tell_found(found)


def _found(session: Session, words: str, limit: int, offset: int) -> "Found":
    service = importlib.import_module("researchdesk.services.searching")
    found: Found = service.search_desk(session.desk, words, limit, offset)
    return found


def _tell_found(found: "Found") -> None:
    if found.is_empty:
        diagnostics.say("Nothing on the desk fits. Search arXiv with: researchdesk find")
    else:
        print_found(found)


def _take_texts_in(session: Session) -> None:
    """Let the search know the text of papers whose file is here. What is done stays when stopped;
    a paper that is opened is taken in by itself."""
    building = importlib.import_module("researchdesk.services.fulltext_building")
    built = building.build(
        session.desk,
        lambda paper, done, of: diagnostics.show_progress(
            f"{done + 1} of {of}: {paper.name}", 0, None
        ),
    )
    diagnostics.clear_progress()
    for paper, why in built.left_out:
        diagnostics.warn(f"{paper.name}: {why}")
    diagnostics.say(f"Texts taken in: {built.done}.")


def _found_record(session: Session, found: "Found") -> dict[str, Any]:
    return {
        "total": found.page.total,
        "papers": page_records(session.desk, found.page),
        "surprises": [{"ref": item.ref, **output.plain(item)} for item in found.surprises],
        "ideas": [{"ref": item.ref, **output.plain(item)} for item in found.ideas],
        "investigations": [
            {"ref": item.ref, **output.plain(item)} for item in found.investigations
        ],
        "stories": found.stories,
        "problems": found.page.problems,
    }


@click.command()
@click.argument("ref", metavar="ID")
@pass_session
def remove(session: Session, ref: str) -> None:
    """Take a paper off the desk. Its notes and PDF stay; researchdesk undo brings it back, and so
    does adding it again."""
    library, labels = (
        importlib.import_module(f"researchdesk.services.{name}") for name in ("library", "labels")
    )
    paper = library.get_paper(session.desk, ref)
    labels.remove_papers(session.desk, [paper.id])
    diagnostics.say(f"{paper.name} is off the desk. To have it back: researchdesk undo")
