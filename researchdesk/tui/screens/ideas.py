"""Ideas in the order in which to take them up, and when to stop."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.worker import get_current_worker

from researchdesk.domain.ideas import Idea
from researchdesk.domain.text import one_line
from researchdesk.services import ideas
from researchdesk.services.desk import Desk
from researchdesk.tui.begun import changes
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.dialogs.idea import IdeaDialog, IdeaForm, form_of
from researchdesk.tui.messages import Follow, OpenInvestigation
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.ideas_doing import IdeasDoing
from researchdesk.tui.screens.ideas_verbs import IDEAS_VERBS
from researchdesk.tui.surprise_form import SurpriseForm
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.idea_detail import Around, around, detail
from researchdesk.tui.widgets.idea_list import HEAD, IdeaList

_NOTHING = """No ideas yet.

Press {idea.add} to keep one: what it would change (impact), how much work it is, how much fun \
it would be. What a day of work buys puts them in order; your own order ({idea.up} and \
{idea.down}) stands above that.

A surprise that nobody can explain ({app.funny}) is a good place to look for one."""
_NEW = 0
_STAYS = "The idea stays as it was; {idea.edit} goes on with the change."
_NOT_KEPT = "The idea is not kept; {idea.add} goes on with it."
_AWAY = (
    "No idea stands in the backlog: {closed}. Press {idea.add} to keep one, {idea.closed} to "
    "see the closed ones."
)


class IdeasScreen(IdeasDoing):
    """The backlog at the left, the marked idea at the right."""

    MODE = "ideas"
    ABOUT = (
        "Ideas in the order in which to take them up: yours first, then what a day of work buys."
    )
    VERBS = IDEAS_VERBS
    BINDINGS = bindings(IDEAS_VERBS)
    CSS_PATH = ["base.tcss", "ideas.tcss"]

    @dataclass
    class Read(Message):
        """What belongs to an idea."""

        around: Around

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._list = IdeaList(desk.today())
        self._with_closed = False
        self._begun: dict[int, dict[str, Any]] = {}
        """By the number of the idea, 0 for a new one, what was written of it and not kept: what it
        would change, so that the rest is as it stands when it is gone on with."""

    def compose_body(self) -> ComposeResult:
        yield Static("", id="about", markup=False)
        yield Static(Content(keyed(_NOTHING)), id="nothing")
        with Horizontal(id="columns"):
            with Vertical(id="list"):
                yield Static(Content(HEAD), id="head")
                yield self._list
            with VerticalScroll(id="detail", can_focus=False):
                yield Static(id="detail-text", markup=False)

    def on_mount(self) -> None:
        self._list.focus()

    def resumed(self) -> None:
        self.reload()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        idea = self.current
        if action in {"shift", "top", "investigate"}:
            return idea is not None and idea.is_at_hand(self.desk.today())
        if action in {"edit", "settle_idea", "review_idea"}:
            return idea is not None
        if action == "go":
            return idea is not None and bool(idea.of)
        if action == "by_score":
            return any(item.place for item in self.ideas)
        return True

    def look_at(self, number: int) -> None:
        """Show the idea of this number. Raises NotOnDeskError."""
        found = ideas.get_idea(self.desk, number)
        self._with_closed = self._with_closed or found.state.is_closed
        self.reload(number)

    def surprise_at_hand(self) -> SurpriseForm:
        return SurpriseForm(on=self.current.ref if self.current else "")

    @property
    def current(self) -> Idea | None:
        return self._list.current

    # What stands there

    def reload(self, prefer: int = 0) -> None:
        """Read the ideas again; the cursor stays on its idea, or goes to the number ``prefer``."""
        today = self.desk.today()
        with telling(self):
            self.ideas = ideas.list_ideas(self.desk, every=True)
        shown = [idea for idea in self.ideas if self._with_closed or not idea.state.is_closed]
        self.set_class(not shown, "-empty")
        self.query_one("#about", Static).update(Content(self._counts()))
        if not shown and self.ideas:
            closed = _counted(len(self.ideas), "is closed", "are closed")
            self.query_one("#nothing", Static).update(Content(keyed(_AWAY, closed=closed)))
        elif not shown:
            self.query_one("#nothing", Static).update(Content(keyed(_NOTHING)))
        self._list.show(shown, today, prefer)
        self.refresh_bindings()

    def _counts(self) -> str:
        today = self.desk.today()
        waiting = [idea for idea in self.ideas if idea.is_at_hand(today)]
        closed = sum(idea.state.is_closed for idea in self.ideas)
        parked = len(self.ideas) - len(waiting) - closed
        own = sum(idea.place is not None for idea in waiting)
        parts = [
            f"{len(waiting)} in the backlog",
            own and f"◆ {own} in your order",
            parked and f"‖ {parked} parked",
            closed
            and f"{closed} closed{'' if self._with_closed else keyed(' ({idea.closed} shows)')}",
        ]
        return " · ".join(part for part in parts if part) if self.ideas else ""

    @on(IdeaList.Looked)
    def look(self, event: IdeaList.Looked) -> None:
        self._show(Around(event.idea)) if event.idea else None
        self.query_one("#detail").scroll_home(animate=False)
        self.refresh_bindings()
        if event.idea:
            self._read(event.idea)

    @work(thread=True, exclusive=True, group="around", exit_on_error=False)
    def _read(self, idea: Idea) -> None:
        found = around(self.desk, idea)
        if not get_current_worker().is_cancelled:
            self.post_message(self.Read(found))

    @on(Read)
    def show_around(self, message: Read) -> None:
        if message.around.idea == self.current:
            self._show(message.around)

    def _show(self, found: Around) -> None:
        self.query_one("#detail-text", Static).update(detail(found, self.desk.today()))

    # What keys do

    def action_add(self) -> None:
        self._ask(_NEW, "Keep an idea", IdeaForm(), self._add)

    def _add(self, form: IdeaForm) -> None:
        kept = ideas.add_idea(self.desk, **changes(IdeaForm(), form))
        self.reload(kept.id)
        at = [idea.id for idea in self.ideas].index(kept.id) + 1
        say(self, one_line(kept.text), f"Kept: place {at}")

    def _ask(
        self, number: int, title: str, before: IdeaForm, save: Callable[[IdeaForm], object]
    ) -> None:
        begun = self._begun.get(number)
        dialog = IdeaDialog(title, before, replace(before, **begun) if begun else None)
        self.app.push_screen(dialog.saved_by(save), partial(self._left, number, before))

    def _left(self, number: int, before: IdeaForm, form: IdeaForm | None) -> None:
        """What is on the desk, or is as it was before, was not begun."""
        self._begun.pop(number, None)
        if form is not None and not form.saved and (begun := changes(before, form)):
            self._begun[number] = begun
            say(self, keyed(_STAYS if number else _NOT_KEPT))

    @on(IdeaList.Opened)
    def open(self) -> None:
        self.action_edit()

    def action_edit(self) -> None:
        """Change it as it stands now, which may be otherwise than it is shown."""
        if self.current is not None:
            with telling(self):
                idea = ideas.get_idea(self.desk, self.current.id)
                before = form_of(idea)
                self._ask(idea.id, f"Change idea {idea.id}", before, partial(self._edit, idea))

    def _edit(self, idea: Idea, form: IdeaForm) -> None:
        """Write what the person changed, and that alone."""
        new = changes(form_of(idea), form)
        self.do("The change", idea, partial(ideas.edit_idea, self.desk, idea.id, **new))

    def action_review_idea(self) -> None:
        if self.current is not None:
            self.review(self.current.ref)

    def action_investigate(self) -> None:
        if self.current is not None:
            self.post_message(OpenInvestigation(of=self.current.ref))

    def action_go(self) -> None:
        if self.current is not None and self.current.of:
            self.post_message(Follow(self.current.of))

    def action_closed(self) -> None:
        """Show those stopped and done too, or not."""
        self._with_closed = not self._with_closed
        self.reload()


def _counted(count: int, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{count} {many}"
