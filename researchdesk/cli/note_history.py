"""One note in full: its links both ways, its earlier states, undo and redo."""

from collections.abc import Callable

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.domain.clock import local_minute
from researchdesk.domain.links import Link, LinkKind
from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note, NoteKind
from researchdesk.domain.version_marks import version_words
from researchdesk.services import library, links, notes
from researchdesk.services.desk import Desk
from researchdesk.services.version_marks import mark_of

_number = click.argument("number", type=NUMBER, metavar="NOTE")


def register(group: click.Group) -> None:
    """Add these commands to the group of notes."""
    for command in (show, revisions, backlinks, undo, redo):
        group.add_command(command)


def place(item: Note) -> str:
    """Where a note belongs, and whether it is a question that is open."""
    page = f", p. {item.page}" if item.page else ""
    state = ""
    if item.kind is NoteKind.QUESTION:
        state = ", open question" if item.resolved_at is None else ", resolved question"
    return f"{version_words(item.version)}, pass {item.pass_number}{page}{state}"


@click.command()
@_number
@json_option
@pass_session
def show(session: Session, number: int, as_json: bool) -> None:
    """Show a note with what it links to, what links to it, its answers and how often it changed."""
    desk = session.desk
    item = notes.get_note(desk, number)
    linked = [(link, links.title_of(desk, link)) for link in links.links_in(item.text)]
    back = links.backlinks(desk, LinkKind.NOTE, str(number))
    answers = notes.answers_to(desk, number)
    states = notes.revisions(desk, number)
    mark = mark_of(desk, item.paper_id, item.version)
    if as_json:
        record = {
            **output.plain(item),
            "links": [{"kind": i.kind, "target": i.target, "title": t} for i, t in linked],
            "backlinks": [note.id for note in back],
            "answered_by": [note.id for note in answers],
            "revisions": states,
            "mark": mark,
        }
        output.emit_json(record)
        return
    _print(item, [f"  [[{_written(link)}]]  {title or 'not found'}" for link, title in linked])
    for title, found in (("linked from", back), ("answered by", answers)):
        for note in found:
            output.emit(f"  {title} note {note.id}: {_line(note)}")
    output.emit(f"  {len(states)} revision{'' if len(states) == 1 else 's'}")
    if mark:
        output.emit(f"  ! {mark}")


def _print(item: Note, linked: list[str]) -> None:
    output.emit(f"note {item.id}: {item.kind.value}, {place(item)}")
    if item.code:
        code = item.code
        output.emit(f"  {code.repository} {code.path}:{code.line} at {code.commit}")
    for line in item.quote.splitlines():
        output.emit(f"> {line}")
    if item.text:
        output.emit(f"\n{item.text}\n")
    for line in linked:
        output.emit(line)


@click.command()
@_number
@json_option
@pass_session
def revisions(session: Session, number: int, as_json: bool) -> None:
    """List every state of a note, oldest first."""
    found = notes.revisions(session.desk, number)
    if as_json:
        output.emit_json({"note": number, "revisions": found})
        return
    for index, state in enumerate(found, start=1):
        page = f", p. {state.page}" if state.page else ""
        output.emit(f"{index}  {local_minute(state.saved_at)}  {state.kind.value}{page}")
        for line in state.quote.splitlines():
            output.emit(f"   > {line}")
        for line in state.text.splitlines():
            output.emit(f"   {line}")


@click.command()
@click.argument("ref", metavar="REF")
@json_option
@pass_session
def backlinks(session: Session, ref: str, as_json: bool) -> None:
    """List the notes that link to REF: a paper's id, claim:…, run:…, funny:… or note:…."""
    from researchdesk.services.refs import whole_ref  # noqa: PLC0415 - slow to import

    link = links.parse_link(whole_ref(session.desk, ref))
    found = links.backlinks(session.desk, link.kind, link.target)
    if as_json:
        output.emit_json({"kind": link.kind, "target": link.target, "notes": found})
        return
    if not found:
        diagnostics.say(f"No note links to [[{_written(link)}]].")
        return
    names = library.names_of(session.desk, (item.paper_id for item in found))
    rows = [(str(i.id), names.get(i.paper_id, "removed"), place(i), i.text) for i in found]
    output.emit_table(("note", "paper", "place", "text"), rows)


@click.command()
@click.argument("ref", metavar="ID")
@json_option
@pass_session
def undo(session: Session, ref: str, as_json: bool) -> None:
    """Take back what was done last to a note of this paper, after a restart too."""
    _turn(session, ref, notes.undo, "There is nothing to undo.", as_json)


@click.command()
@click.argument("ref", metavar="ID")
@json_option
@pass_session
def redo(session: Session, ref: str, as_json: bool) -> None:
    """Do again what was undone last."""
    _turn(session, ref, notes.redo, "There is nothing to redo.", as_json)


def _turn(
    session: Session,
    ref: str,
    turn: Callable[[Desk, Paper], notes.Done | None],
    nothing: str,
    as_json: bool,
) -> None:
    done = turn(session.desk, library.get_paper(session.desk, ref))
    if as_json:
        output.emit_json({"done": done})
    else:
        diagnostics.say(done.words if done else nothing)


def _written(link: Link) -> str:
    return link.target if link.kind is LinkKind.PAPER else f"{link.kind.value}:{link.target}"


def _line(note: Note) -> str:
    return " ".join((note.text or note.quote).split())
