"""Notes: add, list, edit, delete, and bring back."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.cli.words import words
from researchdesk.domain.reading import Note, NoteKind
from researchdesk.services import library, notes

_KINDS = click.Choice([kind.value for kind in NoteKind])


@click.group()
def note() -> None:
    """Keep and list notes. A note belongs to a pass and a version of a paper."""


@note.command()
@click.argument("ref", metavar="ID")
@click.argument("text", required=False, metavar="TEXT|-")
@click.option("--pass", "number", type=NUMBER, default=1, show_default=True, help="The pass.")
@click.option("--page", type=NUMBER, help="The page, from 1.")
@click.option("--quote", default="", help="The paper's words that it is about.")
@click.option("--kind", type=_KINDS, default="note", show_default=True)
@json_option
@pass_session
def add(
    session: Session,
    ref: str,
    text: str | None,
    number: int,
    page: int | None,
    quote: str,
    kind: str,
    as_json: bool,
) -> None:
    """Keep a note; the pass is started if it was not. "-" reads the text from stdin.

    Without TEXT, $EDITOR opens.
    """
    paper = library.get_paper(session.desk, ref)
    kept = notes.add_note(
        session.desk, paper, number, words(text) or "", page=page, quote=quote, kind=NoteKind(kind)
    )
    if as_json:
        output.emit_json(kept)
    else:
        output.emit(str(kept.id))
        diagnostics.say(f"Note {kept.id} kept: {paper.name} v{kept.version}, pass {number}.")


@note.command("list")
@click.argument("ref", metavar="[ID]", required=False)
@click.option("--pass", "number", type=NUMBER, help="Of this pass only.")
@json_option
@pass_session
def list_(session: Session, ref: str | None, number: int | None, as_json: bool) -> None:
    """List the notes of a paper, or of all."""
    paper = library.get_paper(session.desk, ref) if ref else None
    found = notes.notes_of(session.desk, paper, number)
    names = {item.paper.id: item.paper.name for item in library.list_papers(session.desk)}
    if as_json:
        records = [{**output.plain(item), "paper": names.get(item.paper_id)} for item in found]
        output.emit_json({"notes": records})
        return
    if not found:
        diagnostics.say("No notes yet. Keep one with: researchdesk note add ID TEXT")
        return
    rows = [(str(i.id), names.get(i.paper_id, "removed"), _place(i), i.text) for i in found]
    output.emit_table(("note", "paper", "place", "text"), rows)


@note.command()
@click.argument("number", type=NUMBER, metavar="NOTE")
@click.argument("text", required=False, metavar="TEXT|-")
@pass_session
def edit(session: Session, number: int, text: str | None) -> None:
    """Change a note's text, in $EDITOR unless TEXT is given. Earlier states are kept."""
    old = notes.get_note(session.desk, number)
    new = notes.edit_note(session.desk, number, text=words(text, old.text))
    diagnostics.say(f"Note {number} {'unchanged' if new == old else 'changed'}.")


@note.command()
@click.argument("number", type=NUMBER, metavar="NOTE")
@pass_session
def rm(session: Session, number: int) -> None:
    """Delete a note; "note restore" brings it back."""
    notes.delete_note(session.desk, number)
    diagnostics.say(f"Note {number} deleted. Undo: researchdesk note restore {number}")


@note.command()
@click.argument("number", type=NUMBER, metavar="NOTE")
@pass_session
def restore(session: Session, number: int) -> None:
    """Bring a deleted note back."""
    notes.undelete_note(session.desk, number)
    diagnostics.say(f"Note {number} is back.")


def _place(item: Note) -> str:
    page = f", p. {item.page}" if item.page else ""
    return f"v{item.version}, pass {item.pass_number}{page}"
