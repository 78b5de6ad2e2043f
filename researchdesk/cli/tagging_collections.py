"""Collections on the command line."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.cli.tagging_choice import chosen, query_option, tell
from researchdesk.services import collecting, library_search

_name = click.argument("name", metavar="NAME")
_refs = click.argument("refs", nargs=-1, metavar="[ID]...")


@click.group()
def collection() -> None:
    """Collections of papers, in an order of your own.

    \b
    researchdesk collection add thesis 1512.03385 1608.06993
    researchdesk collection add surveys --query "title:survey"
    researchdesk collection move thesis 1608.06993 --place 1
    researchdesk collection show thesis
    researchdesk undo

    In a search it is in:thesis. Every change can be taken back.
    """


@collection.command()
@_name
@click.option("--about", default="", help="A line on what it is for.")
@json_option
@pass_session
def new(session: Session, name: str, about: str, as_json: bool) -> None:
    """Begin an empty collection."""
    tell(collecting.new(session.desk, name, about), as_json)


@collection.command()
@_name
@_refs
@query_option
@json_option
@pass_session
def add(session: Session, name: str, refs: tuple[str, ...], query: str, as_json: bool) -> None:
    """Put papers at the end of a collection, which is begun if it is not there.

    An ID of - reads ids from stdin.
    """
    tell(collecting.put_in(session.desk, chosen(session, refs, query), name), as_json)


@collection.command()
@_name
@_refs
@query_option
@json_option
@pass_session
def remove(session: Session, name: str, refs: tuple[str, ...], query: str, as_json: bool) -> None:
    """Take papers out of a collection; they stay on the desk."""
    tell(collecting.take_out(session.desk, chosen(session, refs, query), name), as_json)


@collection.command()
@_name
@_refs
@click.option("--place", type=NUMBER, required=True, help="Where the first of them comes to stand.")
@json_option
@pass_session
def move(session: Session, name: str, refs: tuple[str, ...], place: int, as_json: bool) -> None:
    """Move papers to another place in the order: --place 1 is the beginning."""
    tell(collecting.move(session.desk, chosen(session, refs, ""), name, place), as_json)


@collection.command()
@click.argument("old", metavar="NAME")
@click.argument("new", metavar="NEW")
@json_option
@pass_session
def rename(session: Session, old: str, new: str, as_json: bool) -> None:
    """Give a collection another name."""
    tell(collecting.rename(session.desk, old, new), as_json)


@collection.command()
@_name
@json_option
@pass_session
def drop(session: Session, name: str, as_json: bool) -> None:
    """Drop a collection; its papers stay on the desk."""
    tell(collecting.drop(session.desk, name), as_json)


@collection.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the collections."""
    found = collecting.collections(session.desk)
    if as_json:
        records = [
            {"name": c.name, "about": c.about, "papers": c.count, "created": c.created_at}
            for c in found
        ]
        output.emit_json({"collections": records})
    elif found:
        rows = [(item.name, f"{item.count:,}", item.about) for item in found]
        output.emit_table(("collection", "papers", "about"), rows)
    else:
        diagnostics.say("No collections yet. Begin with: researchdesk collection add NAME ID")


@collection.command()
@_name
@json_option
@pass_session
def show(session: Session, name: str, as_json: bool) -> None:
    """Show the papers of a collection in their order."""
    found = collecting.collection(session.desk, name)
    members = collecting.papers_in(session.desk, name)
    papers = library_search.papers_of(session.desk, [one for one, _ in members])
    rows = [(paper, why) for paper, (_, why) in zip(papers, members, strict=True)]
    if as_json:
        records = [
            {"place": n, "id": paper.name, "key": paper.key, "title": paper.title, "why": why}
            for n, (paper, why) in enumerate(rows, 1)
        ]
        output.emit_json({"name": found.name, "about": found.about, "papers": records})
    elif rows:
        table = [(str(n), paper.name, paper.title) for n, (paper, _) in enumerate(rows, 1)]
        output.emit_table(("place", "id", "title"), table)
    else:
        diagnostics.say(f"{found.name} is empty. Add with: researchdesk collection add NAME ID")
