"""Home: what there is to do today, and one key to each of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.worker import get_current_worker

from researchdesk.domain.reading import ReadingPass
from researchdesk.services import postponing
from researchdesk.services.desk import Desk
from researchdesk.services.today import today
from researchdesk.services.way_back import with_way_back
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.fetching import Fetching
from researchdesk.tui.home_rows import Row, rows_of
from researchdesk.tui.late import late, open_dialog
from researchdesk.tui.messages import FirstShown, Follow, LibraryChanged
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.home_finished import HomeFinished
from researchdesk.tui.screens.home_verbs import HOME_VERBS
from researchdesk.tui.surprise_form import SurpriseForm
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.home_list import HomeList

_WEEK = timedelta(days=7)
_NOTHING = """Nothing waits for you today.

Read something: {app.library} shows the library; {list.open} on a paper opens its first pass.

Find something: {home.find} searches arXiv; {home.add} adds a paper by its id.

Test something: {app.bench} shows what can be reproduced.

Ask arXiv: {home.ask-arxiv} asks what became of your papers; newer versions and withdrawals \
then stand here.

What you put off or parked stands here on its day, beside passes half done, runs that ended, \
reviews that are due, and what made you think “that's funny”."""


class HomeScreen(HomeFinished):
    """What waits at the left, more of the marked one at the right."""

    MODE = "home"
    ABOUT = "What there is to do today. The number of a row, or {home.open} on it, goes there."
    VERBS = HOME_VERBS
    BINDINGS = bindings(HOME_VERBS)
    CSS_PATH = ["base.tcss", "home.tcss"]

    @dataclass
    class Loaded(Message):
        day: date
        rows: list[Row]
        more: int = 0

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._list = HomeList()

    def compose_body(self) -> ComposeResult:
        yield Static("", id="day", markup=False)
        yield Static(Content(keyed(_NOTHING)), id="nothing")
        with Horizontal(id="columns"):
            yield self._list
            with VerticalScroll(id="detail", can_focus=False):
                yield Static(id="detail-text", markup=False)

    def on_mount(self) -> None:
        self._list.focus()

    def resumed(self) -> None:
        self.reload()

    def library_changed(self) -> None:
        self.reload()

    def surprise_kept(self) -> None:
        self.reload()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        row = self.current_row()
        if action in {"put_off", "let_go"}:
            return row is not None and row.due is not None
        if action == "review":
            return row is not None and bool(row.review)
        if action == "celebrate":
            return row is not None and bool(row.story)
        if action in {"seen", "all_seen"}:
            return row is not None and bool(row.news)
        return True

    def paper_at_hand(self) -> str:
        row = self.current_row()
        return row.ref if row else ""

    def surprise_at_hand(self) -> SurpriseForm:
        row = self.current_row()
        leads_to = row.target.target if row and isinstance(row.target, Follow) else ""
        of_ref = late("tui.at_hand").of_ref
        form: SurpriseForm = of_ref(self.desk, leads_to, self.paper_at_hand())
        return form

    # What stands there

    @work(thread=True, exclusive=True, group="today", exit_on_error=False)
    def reload(self) -> None:
        """Read again what waits."""
        waiting = today(self.desk)
        found = rows_of(self.desk, waiting)
        more = waiting.unseen - len(waiting.news) + waiting.pairs - len(waiting.proposals)
        if not get_current_worker().is_cancelled:
            self.post_message(self.Loaded(self.desk.today(), found, more))

    @on(Loaded)
    def show(self, message: Loaded) -> None:
        self.set_class(not message.rows, "-empty")
        self.query_one("#day", Static).update(
            _heading(message.day, len(message.rows) + message.more)
        )
        self._list.show(message.rows)
        self.refresh_bindings()
        self.post_message(FirstShown())

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

    def current_row(self) -> Row | None:
        return self._list.current

    # What keys do

    @on(HomeList.Chosen)
    def choose(self, event: HomeList.Chosen) -> None:
        self.post_message(event.row.target)

    def action_go(self, number: int) -> None:
        if row := self._list.numbered(number):
            self.post_message(row.target)

    def action_review(self) -> None:
        """Ask whether to go on with the marked idea or investigation."""
        if (row := self.current_row()) is not None and row.review:
            self.review(row.review)

    def reviewed(self) -> None:
        self.reload()

    def action_put_off(self) -> None:
        """Bring the marked paper back seven days from now; ctrl+z takes that back."""
        day = self.desk.today() + _WEEK
        self._move(lambda item: postponing.put_off(self.desk, item, day), f"Again on {day}")

    def action_let_go(self) -> None:
        """Do not bring the marked paper back; ctrl+z takes that back."""
        self._move(lambda item: postponing.let_go(self.desk, item), "Not brought back any more")

    def _move(self, how: Callable[[ReadingPass], object], done: str) -> None:
        row = self.current_row()
        if row is None or row.due is None:
            return
        with telling(self):
            item = row.due.reading_pass
            _, back = with_way_back(
                self.desk,
                "When this paper comes back",
                partial(postponing.parts_of, self.desk, item),
                partial(how, item),
                partial(postponing.put_back, self.desk, item),
            )
            if back is not None:
                self._undoable.append((("Back on today's list", row.title), back))
                say(self, keyed("{title}\n{home.undo} takes it back.", title=row.title), done)
            self.post_message(LibraryChanged())

    def action_add(self) -> None:
        open_dialog(self, "add", "AddDialog", None)

    def action_find(self) -> None:
        open_dialog(self, "find", "FindDialog", None, self.desk)


def _heading(day: date, count: int) -> Content:
    things = {0: "nothing waits", 1: "1 thing waits"}.get(count, f"{count} things wait")
    return Content.assemble(
        (f"{day:%A} {day.day} {day:%B}", "bold"), (f" — {things}", "$text-muted")
    )
