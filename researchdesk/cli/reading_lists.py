"""Reading lists: listed, shown, put on the desk."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.services import reading_lists
from researchdesk.services.reading_lists import ListState, Standing

_name = click.argument("name", metavar="NAME|FILE")


@click.group()
def reading_list() -> None:
    """Lists of papers to read, each with why, and the pass that is suggested.

    Lists of your own are TOML files, in the desk's folder reading_lists/ or anywhere:

    \b
    name = "thesis"
    title = "What my thesis stands on"
    [[entries]]
    arxiv = "1706.03762"        # or doi = "...", or url = "..."
    title = "Attention Is All You Need"
    authors = ["Ashish Vaswani", "others"]
    year = 2017
    why = "The baseline."
    pass = 3
    part = "Models"             # a heading; may be left out
    """


@reading_list.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the reading lists, with how much of each is on the desk and was read."""
    found = reading_lists.lists(session.desk)
    for problem in reading_lists.problems(session.desk):
        diagnostics.warn(problem)
    if as_json:
        output.emit_json({"lists": [_summary(state) for state in found]})
        return
    rows = [
        (
            state.list.name,
            f"{state.read} of {len(state.entries)}",
            str(state.on_desk),
            state.list.title,
        )
        for state in found
    ]
    output.emit_table(("list", "read", "on desk", "title"), rows)
    diagnostics.say("See one: researchdesk reading-list show how-to-research")


@reading_list.command()
@_name
@json_option
@pass_session
def show(session: Session, name: str, as_json: bool) -> None:
    """Show a list: its papers, why to read each, the suggested pass, and what was read."""
    state = reading_lists.state_of(session.desk, name)
    if as_json:
        entries = [_entry_record(item) for item in state.entries]
        output.emit_json({**_summary(state), "entries": entries})
        return
    _print(state)
    if state.on_desk < len(state.entries):
        diagnostics.say(f"Put it on the desk: researchdesk reading-list add {name}")
    elif state.next is not None and state.next.arxiv:
        diagnostics.say(f"Next: researchdesk read {state.next.arxiv} --pass 1")


@reading_list.command()
@_name
@json_option
@pass_session
def add(session: Session, name: str, as_json: bool) -> None:
    """Put a list on the desk: a collection of its name, in its order, its papers filed.

    arXiv is asked for their abstracts, all in one request; without a network they are filed as the
    list has them, and completed when the list is added again. PDFs come when a paper is read.
    """
    added = reading_lists.add(session.desk, name, diagnostics.show_progress)
    diagnostics.clear_progress()
    change = added.change
    if as_json:
        record = {"id": change.id, "what": change.what, "papers": change.count}
        output.emit_json({"collection": added.collection, "new": added.new, "change": record})
    diagnostics.say(f"{change.what[:1].upper()}{change.what[1:].rstrip('.')}, {added.new} new.")
    if added.offline:
        diagnostics.warn(
            f"arXiv was not asked: {added.offline.rstrip('.')}. Abstracts are missing; "
            "add the list again to complete them."
        )
    if change.id:
        diagnostics.say(f"See it: researchdesk collection show {added.collection}")
        diagnostics.say("Take it back: researchdesk undo")


def _print(state: ListState) -> None:
    found = state.list
    output.emit(found.title)
    for text in (found.about, found.source):
        if text:
            output.emit(text)
    output.emit(f"{state.read} of {len(state.entries)} read, {state.on_desk} on the desk")
    part = ""
    for place, item in enumerate(state.entries, 1):
        if item.entry.part != part:
            part = item.entry.part
            output.emit()
            output.emit(part)
        mark = "read" if item.read else "on desk" if item.paper_id is not None else ""
        names = ", ".join(item.entry.authors[:3]) + (" et al." if _more(item) else "")
        output.emit(f"{place:>3}. {item.entry.title}")
        output.emit(
            f"     {item.entry.ref} · {names} {item.entry.year} · pass {item.entry.number}"
            + (f" · {mark}" if mark else "")
        )
        output.emit(f"     {item.entry.why}")


def _more(item: Standing) -> bool:
    return len(item.entry.authors) > 3


def _summary(state: ListState) -> dict[str, object]:
    return {
        "name": state.list.name,
        "title": state.list.title,
        "about": state.list.about,
        "source": state.list.source,
        "own": state.own,
        "papers": len(state.entries),
        "on_desk": state.on_desk,
        "read": state.read,
    }


def _entry_record(item: Standing) -> dict[str, object]:
    entry = item.entry
    return {
        "arxiv": entry.arxiv or None,
        "doi": entry.doi,
        "url": entry.url,
        "title": entry.title,
        "authors": entry.authors,
        "year": entry.year,
        "why": entry.why,
        "pass": entry.number,
        "part": entry.part,
        "on_desk": item.paper_id is not None,
        "read": item.read,
    }
