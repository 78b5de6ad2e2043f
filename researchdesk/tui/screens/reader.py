"""The reader: one step of a pass at a time, the paper at its place, the pass's notes."""

from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import ContentSwitcher

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note, NoteKind
from researchdesk.domain.text import one_line
from researchdesk.domain.version_marks import version_words
from researchdesk.domain.workflows import Place
from researchdesk.services import notes
from researchdesk.services.version_marks import marks_of
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.fetching import Fetching
from researchdesk.tui.late import late
from researchdesk.tui.messages import Fetch, OpenBench, OpenChanges, OpenClaims, OpenCode
from researchdesk.tui.notices import say, telling, warn
from researchdesk.tui.position import Position, moved, position_of
from researchdesk.tui.screens.noting import Noting
from researchdesk.tui.screens.questioning import Questioning
from researchdesk.tui.screens.reader_ends import Endings
from researchdesk.tui.screens.reader_pictures import Picturing
from researchdesk.tui.screens.reader_time import Timing
from researchdesk.tui.screens.reader_verbs import READER_VERBS
from researchdesk.tui.surprise_form import SurpriseForm
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.gallery import Gallery
from researchdesk.tui.widgets.note_list import SIGNS, NoteList
from researchdesk.tui.widgets.page_picture import PagePicture
from researchdesk.tui.widgets.page_text import PageText, Pin
from researchdesk.tui.widgets.passage_view import PassageView
from researchdesk.tui.widgets.question_list import QuestionList
from researchdesk.tui.widgets.step_header import StepHeader
from researchdesk.tui.widgets.step_list import StepList

_NOTHING = """No paper is open.

Press {reader.back} for the library, and {list.open} on a paper there."""
_NO_NOTES = """No notes in this pass yet.

{reader.note} writes one. {text.mark} marks a sentence first: it becomes the quote, or, with \
{reader.unclear}, what was not understood.
The mouse selects too."""

_NEWER = "{new} is on the desk now. This pass goes on with {old}; the next is over {new}."


class ReaderScreen(Picturing, Noting, Questioning, Endings, Timing):
    """Steps at the left, text in the middle, notes at the right; narrow, one after the other."""

    MODE = "reader"
    ABOUT = "Read a paper pass by pass. Each step asks one question; leaving is a good end."
    VERBS = READER_VERBS
    BINDINGS = bindings(READER_VERBS)
    AUTO_FOCUS = ""
    CSS_PATH = ["base.tcss", "reader.tcss"]

    def compose_body(self) -> ComposeResult:
        yield Static(Content(keyed(_NOTHING)), id="nothing")
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield Static(id="aim", markup=False)
                yield StepList()
            with Vertical(id="middle"):
                yield StepHeader()
                with ContentSwitcher(id="views", initial="view-text"):
                    yield PassageView()
                    yield Gallery()
                    yield QuestionList()
                    yield PagePicture()
            with Vertical(id="right"):
                yield Static("Notes of this pass", classes="heading")
                yield Static(Content(keyed(_NO_NOTES)), id="no-notes")
                yield NoteList()

    def on_mount(self) -> None:
        if self.position is None:
            self.add_class("-empty")

    def on_screen_resume(self) -> None:
        """What was over the reader may have left notes."""
        self.show_notes()

    def paper_at_hand(self) -> str:
        return self.position.paper.name if self.position else ""

    def surprise_at_hand(self) -> SurpriseForm:
        """What is marked or selected was expected."""
        return replace(super().surprise_at_hand(), expected=one_line(self.text.taken().quote))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        position = self.position
        if position is None:
            verbs = {verb.action.split("(")[0] for verb in READER_VERBS}
            return action == "back" or action not in verbs
        if action == "pass" and parameters:
            number = parameters[0]
            return isinstance(number, int) and number <= len(position.workflow.passes)
        if action == "enter":
            return Place.CODE in position.current.places
        return not (action == "step" and self.text.marking)

    # Where in the paper one is

    def open(self, ref: str, number: int | None = None) -> None:
        """Show this paper at the pass, or where it was left."""
        with telling(self):
            position = position_of(self.desk, ref, number)
            self.forget_time()
            if self.has_class("-show-notes"):
                self.remove_class("-show-notes")
                self.set_focus(None)
            self.go_to(position)

    def go_to(self, position: Position) -> None:
        """Show this place: step, question, notes, and what it looks at as soon as it is there."""
        self.touch()
        self.remove_class("-empty")
        plan = position.plan
        aim = Content.assemble((f"Pass {plan.number}: {plan.title}", "bold"), "\n", plan.aim)
        line = self.query_one("#aim", Static)
        if line.content != aim:
            line.update(aim)
        self.position = position
        self.text.let_go()
        self.show_place(position)

    def show_notes(self, prefer: int | None = None) -> None:
        """Read the notes of the paper again: the pass's list, the questions, the signs in the
        text, the counts."""
        if self.position is None:
            return
        paper, number = self.position.paper, self.position.plan.number
        every = notes.notes_of(self.desk, paper)
        found = [note for note in every if note.pass_number == number]
        since = marks_of(self.desk, [(note.paper_id, note.version) for note in found])
        self.query_one(NoteList).show(found, prefer, since)
        self.query_one("#right").set_class(not found, "-none")
        self.text.pin([Pin(note.id, SIGNS[note.kind], note.quote, note.page) for note in every])
        answers: dict[int, list[Note]] = {}
        for note in every:
            if note.answers is not None:
                answers.setdefault(note.answers, []).append(note)
        asked = [note for note in every if note.kind is NoteKind.QUESTION]
        self.query_one(QuestionList).show(asked, answers)
        noted = frozenset(note.step for note in found)
        self.position = replace(self.position, noted=noted)
        self._counts = (len(found), sum(note.resolved_at is None for note in asked))
        self.query_one(StepList).show(self.position)
        self.show_header()

    _counts = (0, 0)

    def show_header(self) -> None:
        if self.position is not None:
            self.query_one(StepHeader).show(self.position, *self._counts)

    @on(PageText.Moved)
    def _moved(self) -> None:
        self.touch()

    def action_step(self, by: int) -> None:
        if self.position is None:
            return
        if by > 0 and self.position.is_last:
            say(self, keyed("That was the last step. Press {reader.finish} to finish the pass."))
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
        if shown:
            self.query_one(NoteList).focus()
        else:
            self.take_focus()

    def action_back(self) -> None:
        """To the text where notes stand over it, to the step's place, to the library."""
        if self.has_class("-narrow") and self.has_class("-show-notes"):
            self.action_notes()
        elif self.position is not None and not self.at_home:
            self.to_home()
        else:
            self.run_worker(self.run_action("app.mode('library')"), exit_on_error=False)

    # To the neighbours of the paper

    def action_bench(self) -> None:
        if self.position is not None:
            self.post_message(OpenBench(self.position.paper.name))

    def action_claims(self) -> None:
        if self.position is not None:
            self.post_message(OpenClaims(self.position.paper.name))

    def action_code(self) -> None:
        if self.position is not None:
            self.post_message(OpenCode(self.position.paper.name))

    def action_changes(self) -> None:
        if self.position is None:
            return
        if len(self.position.versions) < 2:
            say(self, "Only one version of this paper is on this desk: nothing to compare it with.")
        else:
            self.post_message(OpenChanges(self.position.paper.name))

    def action_export(self) -> None:
        if self.position is not None:
            paper = self.position.paper
            late("tui.notes_exporting").ask_of_paper(self, paper.name, paper.title)

    def action_enter(self) -> None:
        """At the step that dives into the code: there."""
        self.action_code()

    def action_fetch(self) -> None:
        if self.position is not None:
            paper = self.position.paper
            self.post_message(Fetch((str(paper.arxiv or paper.name),)))

    def show_fetching(self, fetching: Fetching) -> bool:
        """The text appears as soon as its PDF is there."""
        if self.position is None:
            return False
        if fetching.error is not None:
            self.show_header()
        elif fetching.added is not None:
            if fetching.added.paper.id == self.position.paper.id:
                self._take_up(fetching.added.paper)
        elif fetching.text == str(self.position.paper.arxiv):
            self.query_one("#pass-line", Static).update(Content(fetching.words))
        return False

    def _take_up(self, paper: Paper) -> None:
        """Show what came. A pass under way goes on with the version it is over."""
        position = self.position
        if position is None:
            return
        was = position.paper
        if paper.version == was.version:
            self.go_to(replace(position, paper=paper))
        elif not position.under_way:
            self.open(paper.name, position.plan.number)
        else:
            known = replace(was, versions=paper.versions, latest=paper.latest)
            self.go_to(replace(position, paper=known))
            words = _NEWER.format(new=version_words(paper.version), old=version_words(was.version))
            warn(self, words)
