"""The reader: one step of a pass at a time, the paper's text at its place, the pass's notes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from researchdesk.domain.documents import Block
from researchdesk.domain.reading import NoteKind
from researchdesk.domain.workflows import Place
from researchdesk.errors import DeskError
from researchdesk.services import notes, reading, workflows
from researchdesk.services.desk import Desk
from researchdesk.services.documents import document_of, passage
from researchdesk.tui.commands import bindings
from researchdesk.tui.dialogs.choice import Choice, ChoiceDialog
from researchdesk.tui.dialogs.ending import Ending, EndingDialog
from researchdesk.tui.fetching import Fetching
from researchdesk.tui.messages import Fetch, LibraryChanged, OpenBench
from researchdesk.tui.notices import say, telling, words_of
from researchdesk.tui.position import Position, begun, moved, position_of
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.noting import Noting
from researchdesk.tui.screens.reader_verbs import READER_VERBS
from researchdesk.tui.widgets.note_list import NoteList
from researchdesk.tui.widgets.passage_view import PassageView
from researchdesk.tui.widgets.step_header import StepHeader
from researchdesk.tui.widgets.step_list import StepList

_NOTHING = """No paper is open.

Press esc for the library, and enter on a paper there."""
_NO_NOTES = (
    "No notes in this pass yet. Select words of the text with the mouse if you like, then n."
)


class ReaderScreen(Noting, DeskScreen):
    """Steps at the left, text in the middle, notes at the right; narrow, one after the other."""

    MODE = "reader"
    ABOUT = "Read a paper pass by pass. Each step asks one question; leaving is a good end."
    VERBS = READER_VERBS
    BINDINGS = bindings(READER_VERBS)
    AUTO_FOCUS = ""
    CSS_PATH = ["base.tcss", "reader.tcss"]

    @dataclass
    class Taken(Message):
        """The text of a step's place; ``note`` says what stands in for it, or why it is missing."""

        position: Position
        blocks: Sequence[Block]
        note: str

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.position: Position | None = None

    def compose_body(self) -> ComposeResult:
        yield Static(Content(_NOTHING), id="nothing")
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield Static(id="aim", markup=False)
                yield StepList(markup=False)
            with Vertical(id="middle"):
                yield StepHeader()
                yield PassageView()
            with Vertical(id="right"):
                yield Static("Notes of this pass", classes="heading")
                yield Static(_NO_NOTES, id="no-notes")
                yield NoteList()

    def on_mount(self) -> None:
        if self.position is None:
            self.add_class("-empty")

    def paper_at_hand(self) -> str:
        return self.position.paper.name if self.position else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.position is None and action in {verb.action.split("(")[0] for verb in READER_VERBS}:
            return action == "back"
        if action == "pass" and parameters and self.position is not None:
            number = parameters[0]
            return isinstance(number, int) and number <= len(self.position.workflow.passes)
        return True

    # Where in the paper one is

    def open(self, ref: str, number: int | None = None) -> None:
        """Show this paper at the pass, or where it was left."""
        with telling(self):
            position = position_of(self.desk, ref, number)
            same = self.position is not None and self.position.paper.id == position.paper.id
            if not same:
                self.forget_note()
            self.go_to(position)
            if not self.has_class("-show-notes"):
                self.query_one(PassageView).focus()

    def go_to(self, position: Position) -> None:
        """Show this place: step, question, notes, and its text as soon as it is there."""
        self.position = position
        self.remove_class("-empty")
        plan = position.plan
        self.query_one("#aim", Static).update(
            Content.assemble((f"Pass {plan.number}: {plan.title}", "bold"), "\n", plan.aim)
        )
        self.clear_selection()
        self.show_notes()
        self.refresh_bindings()
        self._take(position)

    def show_notes(self, prefer: int | None = None) -> None:
        """Read the notes of the pass again."""
        if self.position is None:
            return
        found = notes.notes_of(self.desk, self.position.paper, self.position.plan.number)
        self.query_one(NoteList).show(found, prefer)
        self.query_one("#right").set_class(not found, "-none")
        self.position = replace(self.position, noted=frozenset(note.step for note in found))
        self.query_one(StepList).show(self.position)
        self.query_one(StepHeader).show(self.position, len(found))

    @work(thread=True, exclusive=True, group="passage", exit_on_error=False)
    def _take(self, position: Position) -> None:
        blocks: Sequence[Block] = ()
        try:
            found = passage(self.desk, position.paper, position.current)
        except DeskError as error:
            note = words_of(error)
        else:
            blocks, note = found.blocks, self._with_way_out(position, found.fallback)
        if not position.paper.pdf_of(position.paper.version):
            note = _without_pdf(position, bool(blocks))
            blocks = [replace(block, page=0) for block in blocks]
        if Place.QUESTIONS in position.current.places:
            asked = self._questions(position)
            blocks, note = [*asked, *blocks], note if asked else _NO_QUESTIONS
        if not get_current_worker().is_cancelled:
            self.post_message(self.Taken(position, blocks, note))

    def _with_way_out(self, position: Position, note: str) -> str:
        """What can be done about a PDF in which no section was found."""
        try:
            fine = not note or document_of(self.desk, position.paper).sections
        except DeskError:
            return note
        return note if fine else f"{note} {_BETTER_PDF}"

    def _questions(self, position: Position) -> list[Block]:
        return [
            Block(note.page or 0, f"{note.text}\n“{note.quote}”" if note.quote else note.text)
            for note in notes.notes_of(self.desk, position.paper)
            if note.kind is NoteKind.QUESTION
        ]

    @on(Taken)
    async def show_passage(self, message: Taken) -> None:
        if self.position is not None and message.position.current == self.position.current:
            await self.query_one(PassageView).show(message.blocks, message.note)

    def action_step(self, by: int) -> None:
        if self.position is None:
            return
        if by > 0 and self.position.is_last:
            say(self, "That was the last step. Press f to finish the pass.")
            return
        self._move(self.position.step + by)

    @on(StepList.Chosen)
    def to_step(self, event: StepList.Chosen) -> None:
        self._move(event.step)

    def _move(self, step: int) -> None:
        if self.position is not None:
            with telling(self):
                self.go_to(moved(self.desk, self.position, step))

    def action_pass(self, number: int) -> None:
        if self.position is not None:
            self.open(self.position.paper.name, number)

    def action_notes(self) -> None:
        """Show or hide the notes; narrow they take the place of the text."""
        if self.has_class("-narrow"):
            shown = self.toggle_class("-show-notes").has_class("-show-notes")
        else:
            shown = not self.toggle_class("-hide-notes").has_class("-hide-notes")
        self.query_one(NoteList if shown else PassageView).focus()

    def action_back(self) -> None:
        """To the text where notes stand over it, else to the library."""
        if self.has_class("-narrow") and self.has_class("-show-notes"):
            self.action_notes()
        else:
            self.run_worker(self.run_action("app.mode('library')"), exit_on_error=False)

    def action_bench(self) -> None:
        if self.position is not None:
            self.post_message(OpenBench(self.position.paper.name))

    def action_fetch(self) -> None:
        if self.position is not None:
            paper = self.position.paper
            self.post_message(Fetch((str(paper.arxiv or paper.name),)))

    def show_fetching(self, fetching: Fetching) -> bool:
        """The text appears as soon as its PDF is there."""
        if self.position is None or fetching.error is not None:
            return False
        if fetching.added is not None:
            if fetching.added.paper.id == self.position.paper.id:
                self.go_to(replace(self.position, paper=fetching.added.paper))
        elif fetching.text == str(self.position.paper.arxiv):
            self.query_one("#pass-line", Static).update(Content(fetching.words))
        return False

    # How to read, and how it ends

    def action_workflow(self) -> None:
        if self.position is None:
            return
        choices = [
            Choice(name, item.title, f"{len(item.passes)} passes. {item.source}")
            for name, item in workflows.workflows(self.desk).items()
        ]
        dialog = ChoiceDialog("How to read this paper", choices, self.position.workflow.name)
        self.app.push_screen(dialog, self._read_by)

    def _read_by(self, name: str | None) -> None:
        if name is None or self.position is None or name == self.position.workflow.name:
            return
        with telling(self):
            paper = self.position.paper
            plan = workflows.workflows(self.desk)[name]
            number = min(self.position.plan.number, len(plan.passes))
            reading.start_pass(self.desk, paper, number, workflow=name)
            self.open(paper.name, number)
            self.post_message(LibraryChanged())

    def action_finish(self) -> None:
        self._ask_ending(dropped=False)

    def action_drop(self) -> None:
        self._ask_ending(dropped=True)

    def _ask_ending(self, *, dropped: bool) -> None:
        if self.position is None:
            return
        dialog = EndingDialog(self.position, self.desk.clock().date(), dropped=dropped)
        self.app.push_screen(dialog, lambda ending: self._end(ending, dropped=dropped))

    def _end(self, ending: Ending | None, *, dropped: bool) -> None:
        if ending is None or self.position is None:
            return
        with telling(self):
            position = begun(self.desk, self.position)
            paper, number = position.paper, position.plan.number
            if dropped:
                reading.drop_pass(self.desk, paper, number, ending.why, ending.again_on)
            else:
                reading.finish_pass(self.desk, paper, number, ending.why, ending.again_on)
            following = position.next_pass if ending.go_on else None
            if following:
                reading.start_pass(
                    self.desk, paper, following.number, workflow=position.workflow.name
                )
            self.open(paper.name, following.number if following else number)
            self.post_message(LibraryChanged())
            word = "Left" if dropped else "Finished"
            say(self, f"{word} pass {number}. Your notes are kept.")


_NO_QUESTIONS = (
    "No questions are noted yet. A note of the kind “question” (press n) keeps what you did not "
    "understand, and it stands here."
)


_BETTER_PDF = "Is it a scan or a draft? Press a in the library to add a better PDF of it."


def _without_pdf(position: Position, has_text: bool) -> str:
    here = "This is arXiv's own wording; the" if has_text else "The"
    if position.paper.arxiv is None:
        return f"{here} PDF is not on this desk. Add the file in the library with a."
    return (
        f"{here} PDF is not on this desk. Press g to fetch it from arXiv, and the text stands here."
    )
