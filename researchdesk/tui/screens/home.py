"""Home: what there is to do today, and one key to each of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from researchdesk.domain.reading import ReadingPass
from researchdesk.services import postponing
from researchdesk.services.desk import Desk
from researchdesk.services.reading import Due
from researchdesk.services.today import today
from researchdesk.tui.commands import bindings
from researchdesk.tui.dialogs.add import AddDialog
from researchdesk.tui.dialogs.find import FindDialog
from researchdesk.tui.fetching import Fetching
from researchdesk.tui.home_rows import Row, rows_of
from researchdesk.tui.messages import LibraryChanged
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.home_verbs import HOME_VERBS
from researchdesk.tui.widgets.home_list import HomeList

_WEEK = timedelta(days=7)
_NOTHING = """Nothing waits for you today.

Read something: F2 shows the library; enter on a paper opens its first pass.

Find something: f searches arXiv; a adds a paper by its id.

Test something: F4 shows what can be reproduced.

What you put off stands here on its day, beside passes half done, runs that ended, and what made \
you think “that's funny”."""


class HomeScreen(DeskScreen):
    """What waits at the left, more of the marked one at the right."""

    MODE = "home"
    ABOUT = "What there is to do today. The number of a row, or enter on it, goes there."
    VERBS = HOME_VERBS
    BINDINGS = bindings(HOME_VERBS)
    CSS_PATH = ["base.tcss", "home.tcss"]

    @dataclass
    class Loaded(Message):
        day: date
        rows: list[Row]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._moved: list[Due] = []

    def compose_body(self) -> ComposeResult:
        yield Static("", id="day", markup=False)
        yield Static(Content(_NOTHING), id="nothing")
        with Horizontal(id="columns"):
            yield HomeList()
            with VerticalScroll(id="detail", can_focus=False):
                yield Static(id="detail-text", markup=False)

    def on_mount(self) -> None:
        self.query_one(HomeList).focus()
        self.reload()

    def on_screen_resume(self) -> None:
        self.reload()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"put_off", "let_go"}:
            row = self._current()
            return row is not None and row.due is not None
        return True

    def paper_at_hand(self) -> str:
        row = self._current()
        return row.ref if row else ""

    # What stands there

    @work(thread=True, exclusive=True, group="today", exit_on_error=False)
    def reload(self) -> None:
        """Read again what waits."""
        found = rows_of(self.desk, today(self.desk))
        if not get_current_worker().is_cancelled:
            self.post_message(self.Loaded(self.desk.today(), found))

    @on(Loaded)
    def show(self, message: Loaded) -> None:
        self.set_class(not message.rows, "-empty")
        self.query_one("#day", Static).update(_heading(message.day, len(message.rows)))
        self.query_one(HomeList).show(message.rows)
        self.refresh_bindings()

    @on(HomeList.Looked)
    def look(self, event: HomeList.Looked) -> None:
        words = event.row.detail if event.row else Content("")
        self.query_one("#detail-text", Static).update(words)
        self.query_one("#detail").scroll_home(animate=False)
        self.refresh_bindings()

    def show_fetching(self, fetching: Fetching) -> bool:
        """Papers that come are told of by notices; how far one is stands in the heading."""
        if fetching.added is None and fetching.error is None:
            self.query_one("#day", Static).update(Content(fetching.words))
        else:
            self.reload()
        return False

    def _current(self) -> Row | None:
        found = self.query(HomeList)
        return found.first().current if found else None

    # What keys do

    @on(HomeList.Chosen)
    def choose(self, event: HomeList.Chosen) -> None:
        self.post_message(event.row.target)

    def action_go(self, number: int) -> None:
        if row := self.query_one(HomeList).numbered(number):
            self.post_message(row.target)

    def action_put_off(self) -> None:
        """Bring the marked paper back seven days from now; ctrl+z takes that back."""
        day = self.desk.today() + _WEEK
        self._move(lambda item: postponing.put_off(self.desk, item, day), f"Again on {day}")

    def action_let_go(self) -> None:
        """Do not bring the marked paper back; ctrl+z takes that back."""
        self._move(lambda item: postponing.let_go(self.desk, item), "Not brought back any more")

    def _move(self, how: Callable[[ReadingPass], object], done: str) -> None:
        row = self._current()
        if row is None or row.due is None:
            return
        with telling(self):
            how(row.due.reading_pass)
            self._moved.append(row.due)
            say(self, f"{row.title}\nctrl+z takes it back.", done)
            self.post_message(LibraryChanged())

    def action_undo(self) -> None:
        if not self._moved:
            say(self, "Nothing was put off here.")
            return
        with telling(self):
            due = self._moved.pop()
            postponing.as_it_was(self.desk, due.reading_pass)
            say(self, due.paper.title, "Back on today's list")
            self.post_message(LibraryChanged())

    def action_add(self) -> None:
        self.app.push_screen(AddDialog())

    def action_find(self) -> None:
        self.app.push_screen(FindDialog(self.desk))


def _heading(day: date, count: int) -> Content:
    things = {0: "nothing waits", 1: "1 thing waits"}.get(count, f"{count} things wait")
    return Content.assemble(
        (f"{day:%A} {day.day} {day:%B}", "bold"), (f" — {things}", "$text-muted")
    )
