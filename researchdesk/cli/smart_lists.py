"""Smart lists: searches of the library under a name."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.found_pages import (
    offset_option,
    page_records,
    print_page,
    tell_problems,
)
from researchdesk.cli.kinds import NUMBER
from researchdesk.domain.search_query import parse_query
from researchdesk.services import library_search, smart_lists

_BACK = "Take it back: researchdesk undo"


@click.group("lists", invoke_without_command=True)
@json_option
@click.pass_context
def lists(ctx: click.Context, as_json: bool) -> None:
    """Smart lists: searches under a name, and how many papers each finds now.

    What is kept is the search, not the papers: a paper that fits later is found, too.
    """
    if ctx.invoked_subcommand is not None:
        return
    desk = ctx.ensure_object(Session).desk
    found = [
        (item, library_search.count(desk, parse_query(item.query)))
        for item in smart_lists.smart_lists(desk)
    ]
    if as_json:
        output.emit_json({"lists": [{**output.plain(item), "papers": n} for item, n in found]})
    elif not found:
        diagnostics.say(
            'No smart lists yet. Keep a search as one with: researchdesk lists keep NAME "QUERY"'
        )
    else:
        rows = [(item.name, str(number), item.query) for item, number in found]
        output.emit_table(("list", "papers", "search"), rows)


@lists.command()
@click.argument("name")
@click.argument("query")
@json_option
@pass_session
def keep(session: Session, name: str, query: str, as_json: bool) -> None:
    """Keep a search as a smart list; one that has the name is written over.

    researchdesk lists keep unread-vision "cat:cs.CV status:unread year:>=2020"
    """
    made = smart_lists.keep_list(session.desk, name, query)
    number = library_search.count(session.desk, parse_query(made.query))
    if as_json:
        output.emit_json({**output.plain(made), "papers": number})
    else:
        diagnostics.say(f"{made.name}: {made.query} (papers now: {number})")
        diagnostics.say(_BACK)


@lists.command()
@click.argument("name")
@click.option("--limit", default=50, show_default=True, type=NUMBER)
@offset_option
@json_option
@pass_session
def show(session: Session, name: str, limit: int, offset: int, as_json: bool) -> None:
    """The papers that a smart list finds now."""
    kept = smart_lists.get_list(session.desk, name)
    page = library_search.page(session.desk, parse_query(kept.query), offset, limit)
    tell_problems(page)
    if as_json:
        papers = page_records(session.desk, page)
        output.emit_json(
            {"name": kept.name, "query": kept.query, "total": page.total, "papers": papers}
        )
    else:
        print_page(page)


@lists.command()
@click.argument("old", metavar="NAME")
@click.argument("new", metavar="NEW")
@json_option
@pass_session
def rename(session: Session, old: str, new: str, as_json: bool) -> None:
    """Give a smart list another name; lists that name it name it so, too."""
    made = smart_lists.rename_list(session.desk, old, new)
    if as_json:
        output.emit_json(output.plain(made))
    else:
        diagnostics.say(f"The smart list is called {made.name}.")
        diagnostics.say(_BACK)


@lists.command()
@click.argument("name")
@pass_session
def drop(session: Session, name: str) -> None:
    """Forget a smart list; its papers stay."""
    gone = smart_lists.drop_list(session.desk, name)
    diagnostics.say(f"{gone.name} is forgotten. It was: {gone.query}")
    diagnostics.say(_BACK)
