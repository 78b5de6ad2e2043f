"""What stands in the middle of the reader: the text at its place, figures, questions, a page."""

from dataclasses import dataclass

from textual import on, work
from textual.message import Message
from textual.widget import Widget
from textual.widgets import ContentSwitcher
from textual.worker import get_current_worker

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note
from researchdesk.services.desk import Desk
from researchdesk.tui.messages import OpenCode
from researchdesk.tui.notices import say
from researchdesk.tui.position import Position
from researchdesk.tui.reader_material import Material, View, material_of
from researchdesk.tui.screens.reader_base import ReaderBase
from researchdesk.tui.widgets.gallery import Gallery
from researchdesk.tui.widgets.note_list import NoteList
from researchdesk.tui.widgets.page_picture import PagePicture
from researchdesk.tui.widgets.passage_view import PassageView
from researchdesk.tui.widgets.question_list import QuestionOptions

_PATIENCE_S = 0.25
_TAKING_APART = "Taking the paper apart …"
_NOT_FOUND = "Its place is not in the text of this version."


@dataclass(frozen=True, slots=True)
class Goal:
    """Where in the text to go: to the quote, else to the page."""

    quote: str = ""
    page: int | None = None


class Places(ReaderBase):
    """The part of the reader that brings places into view."""

    @dataclass
    class Taken(Message):
        """What there is to show at a place."""

        position: Position
        whole: bool
        material: Material

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._view = View.TEXT
        self._home = View.TEXT
        self._whole = False
        self._goal: Goal | None = None
        self._at_hand: Paper | None = None
        self._materials: dict[tuple[str, int, int, bool], Material] = {}
        self._shown: tuple[int, int, int] | None = None
        self._spots: dict[tuple[int, int, int], int] = {}

    @property
    def view(self) -> View:
        """What stands in the middle now."""
        return self._view

    @property
    def at_home(self) -> bool:
        """Whether what is shown is what the step opens with."""
        return self._view is self._home and not self._whole

    def page_at_hand(self) -> int | None:
        if self._view is View.FIGURES:
            figure = self.query_one(Gallery).figure
            return (figure.page or None) if figure else None
        return self.query_one(PagePicture).page if self._view is View.PAGE else self.text.page

    # To a place

    def show_place(self, position: Position, *, whole: bool = False) -> None:
        """Bring the step's place into view as soon as it is there; ``whole``: the whole paper."""
        self._remember()
        self._whole, self.material = whole, None
        if self._at_hand == position.paper:  # taken apart and in memory: no thread is worth it
            key = (position.workflow.name, position.plan.number, position.step, whole)
            if key not in self._materials:
                self._materials[key] = material_of(self.desk, position, whole=whole)
            self.show_material(self.Taken(position, whole, self._materials[key]))
        else:
            self.show_notes()
            self.set_timer(_PATIENCE_S, lambda: self._say_waiting(position))
            self._take(position, whole)

    def _remember(self) -> None:
        """Where in the step's text one is, to come back to it."""
        if self.material is not None and not self._whole and self._shown is not None:
            self._spots[self._shown] = self.text.spot

    def _say_waiting(self, position: Position) -> None:
        here = self.position is not None and self.position.current is position.current
        if self.material is None and here:
            self.text.show((), _TAKING_APART)
            self._switch(View.TEXT)

    @work(thread=True, exclusive=True, group="passage", exit_on_error=False)
    def _take(self, position: Position, whole: bool) -> None:
        material = material_of(self.desk, position, whole=whole)
        if not get_current_worker().is_cancelled:
            self.post_message(self.Taken(position, whole, material))

    @on(Taken)
    def show_material(self, message: Taken) -> None:
        position, material = self.position, message.material
        if position is None or message.whole != self._whole:
            return
        if message.position.paper != position.paper or message.position.current != position.current:
            return
        self.material, self._home = material, material.view
        at_hand = position.paper if material.pages else None
        if at_hand != self._at_hand:
            self._at_hand = at_hand
            self._materials.clear()
        self._shown = (position.paper.id, position.plan.number, position.step)
        self.text.show(material.blocks, material.note, material.appendix, material.source)
        self.query_one(Gallery).show(material.figures)
        self.show_notes()
        self._switch(View.TEXT if self._goal else material.view)
        goal, self._goal = self._goal, None
        if goal is not None:
            self.take_focus()
            self._reach(goal)
        elif not self._whole:
            self.text.go_to_spot(self._spots.get(self._shown, 0))

    def _reach(self, goal: Goal) -> None:
        found = self.text.go_to_quote(goal.quote, goal.page)
        if not found and goal.page:
            found = self.text.go_to_page(goal.page)
        if not found:
            say(self, _NOT_FOUND)

    def go_to_note(self, note: Note) -> None:
        """Its quote where it stands in the step's text, else in the whole paper."""
        if self.position is None:
            return
        if note.code is not None:
            self.post_message(OpenCode(self.position.paper.name))
            return
        if not note.quote and not note.page:
            self.edit_note(note)
            return
        self.remove_class("-show-notes")
        if self.text.go_to_quote(note.quote, note.page):
            self._switch(View.TEXT)
            self.text.focus()
        elif self._whole:
            self._switch(View.TEXT)
            self._reach(Goal(note.quote, note.page))
        else:
            self._go_whole(Goal(note.quote, note.page))

    def go_to_quote(self, quote: str, page: int | None) -> None:
        """Bring words of the paper into view, in its whole text; else their page."""
        self._go_whole(Goal(quote, page))

    def _go_whole(self, goal: Goal) -> None:
        if self.position is not None:
            self._goal = goal
            self.show_place(self.position, whole=True)

    @on(PassageView.PinChosen)
    def mark_note(self, event: PassageView.PinChosen) -> None:
        """A click on a quote in the text marks its note in the list."""
        self.query_one(NoteList).mark_note(event.note)

    # What stands in the middle

    def _switch(self, view: View) -> None:
        before, self._view = self._view, view
        self.query_one("#views", ContentSwitcher).current = f"view-{view.value}"
        if view is View.FIGURES:
            self.query_one(Gallery).wake()
        if self._may_take_focus() or before is not view:
            self.take_focus()
        self.refresh_bindings()

    def _may_take_focus(self) -> bool:
        focused = self.focused
        return focused is None or (focused.id != "steps" and not isinstance(focused, NoteList))

    def take_focus(self) -> None:
        """Hand the keys to what stands in the middle."""
        if self.has_class("-show-notes"):
            return
        self.query_one(_FOCUS[self._view]).focus()

    def to_home(self) -> None:
        """Back to what the step opens with."""
        if self._whole and self.position is not None:
            self.show_place(self.position)
        else:
            self._switch(self._home)

    def _toggle(self, view: View) -> None:
        if self._view is view:
            self._switch(View.TEXT if self._home is view else self._home)
        else:
            self._switch(view)

    def action_questions(self) -> None:
        self._toggle(View.QUESTIONS)

    def action_figures(self) -> None:
        if self.material is not None and not self.material.figures:
            say(self, "No figures or tables were found in this paper.")
            return
        page = self.text.page if self._view is View.TEXT and self._whole else None
        if page is not None:
            self.query_one(Gallery).go_to_page(page)
        self._toggle(View.FIGURES)

    def action_whole(self) -> None:
        if self._whole:
            self.to_home()
            return
        row = self.text.row_in_view if self._view is View.TEXT else None
        quote = self.text.blocks[row.block].text[row.start : row.start + 80] if row else ""
        self._go_whole(Goal(quote, self.page_at_hand()))

    def action_page(self) -> None:
        """The printed page at hand; from there back to the text at that page."""
        if self._view is View.PAGE:
            page = self.query_one(PagePicture).page
            back = View.FIGURES if self._home is View.FIGURES else View.TEXT
            self._switch(back)
            if back is View.TEXT and page != self.text.page:
                self.text.go_to_page(page)
            return
        pages = self.material.pages if self.material else 0
        if not pages:
            say(self, "There is no PDF of this paper on the desk yet.")
            return
        self.query_one(PagePicture).show(self.page_at_hand() or 1, pages)
        self._switch(View.PAGE)


_FOCUS: dict[View, type[Widget]] = {
    View.TEXT: PassageView,
    View.FIGURES: Gallery,
    View.QUESTIONS: QuestionOptions,
    View.PAGE: PagePicture,
}
