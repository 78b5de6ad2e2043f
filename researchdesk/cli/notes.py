"""Notes: add, mark, list, edit, delete, bring back, and answer."""

from dataclasses import replace
from typing import Any

import click

from researchdesk.cli import claimed, diagnostics, note_history, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.dead_links import tell_dead_links
from researchdesk.cli.kinds import NUMBER
from researchdesk.cli.marking import emit_marked
from researchdesk.cli.words import rescued, words
from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note, NoteKind
from researchdesk.errors import UsageProblemError
from researchdesk.services import library, notes, quotes, reading, version_marks

_KINDS = click.Choice([kind.value for kind in NoteKind])
_note_number = click.argument("number", type=NUMBER, metavar="NOTE")
_page = click.option("--page", type=NUMBER, help="The page, from 1.")
_step = click.option("--step", default="", help="The key of the workflow's step it belongs to.")


@click.group()
def note() -> None:
    """Keep and list notes. A note belongs to a pass and a version of a paper.

    Notes are markdown. [[1412.6980]], [[claim:1412.6980-1]], [[run:ID]], [[funny:3]] and [[note:5]]
    link.
    """


note_history.register(note)


@note.command()
@click.argument("ref", metavar="ID")
@click.argument("text", required=False, metavar="TEXT|-")
@click.option("--pass", "number", type=NUMBER, help="The pass; without it the one under way.")
@_page
@click.option("--quote", default="", help="The paper's words that it is about.")
@click.option("--kind", type=_KINDS, default="note", show_default=True)
@_step
@json_option
@pass_session
def add(
    session: Session,
    ref: str,
    text: str | None,
    number: int | None,
    page: int | None,
    quote: str,
    kind: str,
    step: str,
    as_json: bool,
) -> None:
    """Keep a note; the pass is started if it was not. "-" reads the text from stdin.

    Without TEXT, $EDITOR opens.
    """
    paper = claimed.find(session.desk, ref)
    said = words(text) or ""
    with rescued(session, said, text):
        kept = notes.add_note(
            session.desk,
            paper,
            number or reading.number_at_hand(session.desk, paper),
            said,
            page=page,
            quote=quote,
            kind=NoteKind(kind),
            step=step,
        )
    _told(session, paper, kept, as_json)


@note.command()
@click.argument("ref", metavar="ID")
@click.argument("text", required=False, default="", metavar="[TEXT|-]")
@click.option("--quote", default="", help="The paper's words that are not understood.")
@_page
@click.option("--pass", "number", type=NUMBER, help="The pass; else the one under way.")
@_step
@json_option
@pass_session
def mark(
    session: Session,
    ref: str,
    text: str,
    quote: str,
    page: int | None,
    number: int | None,
    step: str,
    as_json: bool,
) -> None:
    """Mark a passage as not understood; words of your own may come with it."""
    paper = claimed.find(session.desk, ref)
    if not quote.strip() and not text.strip():
        raise UsageProblemError("There is nothing to mark.", "Give --quote, or words of your own.")
    number = number or reading.number_at_hand(session.desk, paper)
    said = (words(text) or "") if text else ""
    with rescued(session, said, text):
        kept = notes.mark(session.desk, paper, number, quote, page, step, said)
    _told(session, paper, kept, as_json)


@note.command("list")
@click.argument("ref", metavar="[ID]", required=False)
@click.option("--pass", "number", type=NUMBER, help="Of this pass only.")
@click.option("--open", "only_open", is_flag=True, help="Questions that are not resolved.")
@json_option
@pass_session
def list_(
    session: Session, ref: str | None, number: int | None, only_open: bool, as_json: bool
) -> None:
    """List the notes of a paper, or of all."""
    paper = library.get_paper(session.desk, ref) if ref else None
    found = notes.notes_of(session.desk, paper, number)
    if only_open:
        wanted = {item.id for item in notes.questions_of(session.desk, paper, only_open=True)}
        found = [item for item in found if item.id in wanted]
    names = library.names_of(session.desk, (item.paper_id for item in found))
    marks = version_marks.marks_of(session.desk, [(i.paper_id, i.version) for i in found])
    if as_json:
        records = [
            {
                **output.plain(item),
                "paper": names.get(item.paper_id),
                "mark": marks.get((item.paper_id, item.version)),
            }
            for item in found
        ]
        output.emit_json({"notes": records})
        return
    if not found:
        diagnostics.say(
            "No open questions."
            if only_open
            else "No notes yet. Keep one with: researchdesk note add ID TEXT"
        )
        return
    rows = [
        (str(i.id), names.get(i.paper_id, "removed"), note_history.place(i), i.text or i.quote)
        for i in found
    ]
    said = [marks.get((item.paper_id, item.version)) for item in found]
    emit_marked(("note", "paper", "place", "text"), rows, said)


@note.command()
@_note_number
@click.argument("text", required=False, metavar="TEXT|-")
@_page
@click.option("--no-page", is_flag=True, help="Take the page away.")
@click.option("--quote", help="The paper's words that it is about.")
@click.option("--kind", type=_KINDS)
@pass_session
def edit(
    session: Session,
    number: int,
    text: str | None,
    page: int | None,
    no_page: bool,
    quote: str | None,
    kind: str | None,
) -> None:
    """Change a note, its text in $EDITOR unless something is given. Earlier states are kept."""
    if no_page and page is not None:
        raise UsageProblemError("--page and --no-page do not go together.", "One of the two.")
    old = notes.get_note(session.desk, number)
    given: dict[str, Any] = {"quote": quote, "kind": NoteKind(kind) if kind else None}
    if no_page or page is not None:
        given["page"] = page
    if text is not None or (quote is None and kind is None and "page" not in given):
        given["text"] = words(text, old.text)
    with rescued(session, given.get("text"), text):
        new = notes.edit_note(session.desk, number, **given)
    tell_dead_links(session.desk, new.text)
    same = new == replace(old, updated_at=new.updated_at)
    diagnostics.say(f"Note {number} {'unchanged' if same else 'changed'}.")


@note.command()
@_note_number
@pass_session
def rm(session: Session, number: int) -> None:
    """Delete a note; "note restore" brings it back."""
    notes.delete_note(session.desk, number)
    diagnostics.say(f"Note {number} deleted. Undo: researchdesk note restore {number}")


@note.command()
@_note_number
@pass_session
def restore(session: Session, number: int) -> None:
    """Bring a deleted note back."""
    notes.undelete_note(session.desk, number)
    diagnostics.say(f"Note {number} is back.")


@note.command()
@_note_number
@click.argument("text", required=False, default="", metavar="[TEXT|-]")
@json_option
@pass_session
def resolve(session: Session, number: int, text: str, as_json: bool) -> None:
    """Close a question; with TEXT, that becomes a note that answers it."""
    said = (words(text) or "") if text else ""
    with rescued(session, said, text):
        answer = notes.resolve(session.desk, number, said)
    if as_json:
        output.emit_json({"question": notes.get_note(session.desk, number), "answer": answer})
        return
    if answer is not None:
        output.emit_number("note", answer.id)
    by = f" by note {answer.id}" if answer else ""
    diagnostics.say(f"Question {number} is resolved{by}.")


@note.command()
@_note_number
@pass_session
def reopen(session: Session, number: int) -> None:
    """Open a question again; its answers stay."""
    notes.reopen(session.desk, number)
    diagnostics.say(f"Question {number} is open.")


def _told(session: Session, paper: Paper, kept: Note, as_json: bool) -> None:
    tell_dead_links(session.desk, kept.text)
    if kept.quote:
        found = quotes.find_quote(session.desk, paper, kept.quote, kept.version)
        if found.found is False:
            diagnostics.warn(
                f"The quote was not found in the text of {paper.name} v{kept.version}; "
                "it is kept as you gave it."
            )
        elif not found.stands_on(kept.page):
            diagnostics.warn(f"The quote stands on page {found.pages[0]}; kept with your page.")
    if as_json:
        output.emit_json(kept)
    else:
        output.emit_number("note", kept.id)
        diagnostics.say(f"Note {kept.id} kept: {paper.name} {note_history.place(kept)}.")
