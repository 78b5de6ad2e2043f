"""The "that's funny" log."""

from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input
from textual.worker import get_current_worker

from researchdesk.domain.links import LinkKind
from researchdesk.domain.refs import names_run
from researchdesk.domain.surprises import OPEN_STATES, Case, Surprise
from researchdesk.errors import DeskError
from researchdesk.services import becoming, links, surprises
from researchdesk.services.desk import Desk
from researchdesk.services.evidence import state_of
from researchdesk.services.watching import watch_reports
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.dialogs.backlinks import Backlink, BacklinksDialog
from researchdesk.tui.messages import Follow, OpenInvestigation
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.findings import FindingsScreen
from researchdesk.tui.screens.surprises_acting import ActingScreen
from researchdesk.tui.screens.surprises_verbs import SURPRISES_VERBS
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.surprise_detail import Shown, SurpriseDetail
from researchdesk.tui.widgets.surprise_list import SurpriseList

_PAUSE = 0.06
_NOTHING = """No surprises yet.

A surprise is a delta: you expected one thing and observed another.
Press {app.add-surprise} on any screen, or {funny.add} here, when you think “that's funny”.

Then: can the experiment be trusted, and is the expectation well founded? Two explanations that \
oppose each other are held side by side until an experiment tells them apart."""
_ALL = " — {funny.back} shows all"
_BACK_TO_OPEN = " — {funny.all} shows the open ones"
_NONE_OPEN = "No open surprise. {funny.all} shows those that are closed."
_ON_IT = {"evidence", "withdraw", "explain", "resolve", "investigate", "links"}


class SurprisesScreen(ActingScreen):
    """Surprises at the left, the one under the cursor at the right."""

    MODE = "funny"
    ABOUT = "What was expected and what was observed. {Funny.go} goes to where it was met."
    VERBS = SURPRISES_VERBS
    BINDINGS = bindings(SURPRISES_VERBS)
    CSS_PATH = ["base.tcss", "surprises.tcss"]

    @dataclass
    class Loaded(Message):
        items: list[Surprise]
        closed: int
        newest: int
        words: str

    @dataclass
    class Read(Message):
        shown: Shown

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._every = False
        self._newest = self._prefer = 0
        self._soon: Timer | None = None
        self._look_soon: Timer | None = None

    def compose_body(self) -> ComposeResult:
        yield Input(placeholder="words of what is funny, expected, observed", id="filter")
        yield Static(Content(keyed(_NOTHING)), id="nothing")
        with Horizontal(id="columns"):
            with Vertical(id="list-side"):
                yield Static("", id="count", markup=False)
                yield SurpriseList()
            yield SurpriseDetail()

    def on_mount(self) -> None:
        self.query_one("#filter", Input).compact = True
        self.query_one(SurpriseList).focus()
        self.query_one(SurpriseDetail).clear()

    def resumed(self) -> None:
        self.reload()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.marked is not None if action in _ON_IT else True

    @property
    def marked(self) -> Surprise | None:
        return next((items.current for items in self.query(SurpriseList)), None)

    def look_at(self, number: int) -> None:
        """Show the surprise of this number. Raises NotOnDeskError."""
        self._every = self._every or not surprises.get_surprise(self.desk, number).is_open
        self._forget_words()
        self.reload(number)

    # The list

    def surprise_kept(self) -> None:
        self.reload()

    def reload(self, prefer: int = 0) -> None:
        """Read the log again; the highlight stays on its surprise or goes to ``prefer``."""
        self._prefer = prefer or self._prefer
        self._load(self.query_one("#filter", Input).value.strip(), self._every)

    @work(thread=True, exclusive=True, group="list", exit_on_error=False)
    def _load(self, words: str, every: bool) -> None:
        found = surprises.list_surprises(self.desk, words=words)
        opened = [item for item in found if item.state in OPEN_STATES]
        closed = [item for item in found if item.state not in OPEN_STATES]
        if not get_current_worker().is_cancelled:
            shown = [*opened, *closed] if every or words else opened
            newest = max((item.id for item in found), default=0)
            self.post_message(self.Loaded(shown, len(closed), newest, words))

    @on(Loaded)
    def show_list(self, message: Loaded) -> None:
        new = message.newest if 0 < self._newest < message.newest else 0
        self._newest = max(self._newest, message.newest)
        self.query_one(SurpriseList).show(message.items, self.desk.clock(), self._prefer or new)
        self._prefer = 0
        none = not message.items and not message.words
        self.set_class(none and not message.closed, "-empty")
        self.query_one("#count", Static).update(self._counted(message))
        self.refresh_bindings()

    def _counted(self, message: Loaded) -> Content:
        count = len(message.items)
        items = "1 surprise" if count == 1 else f"{count:,} surprises"
        if message.words:
            return Content(f"{items} with “{message.words}”{keyed(_ALL)}")
        if self._every:
            return Content(f"{items}{keyed(_BACK_TO_OPEN)}")
        if not count:
            return Content(keyed(_NONE_OPEN))
        more = (
            keyed(" — {funny.all} shows {closed} closed, too", closed=f"{message.closed:,}")
            if message.closed
            else ""
        )
        return Content(f"{count:,} open{more}")

    @on(Input.Changed, "#filter")
    def filter_soon(self) -> None:
        if self._soon is not None:
            self._soon.stop()
        self._soon = self.set_timer(2 * _PAUSE, self.reload)

    @on(Input.Submitted, "#filter")
    def to_list(self) -> None:
        self.query_one(SurpriseList).focus()

    def action_filter(self) -> None:
        field = self.query_one("#filter", Input)
        field.add_class("-shown")
        self.set_focus(field)

    async def action_back(self) -> None:
        """Out of the finding; where there is none, to the library."""
        field = self.query_one("#filter", Input)
        if field.has_class("-shown"):
            self._forget_words()
            self.query_one(SurpriseList).focus()
            self.reload()
        else:
            await self.app.run_action("app.mode('library')")

    def _forget_words(self) -> None:
        field = self.query_one("#filter", Input)
        field.remove_class("-shown")
        with self.prevent(Input.Changed):
            field.value = ""

    def action_all(self) -> None:
        self._every = not self._every
        self.reload()

    # The one under the cursor

    @on(SurpriseList.Looked)
    def look(self, event: SurpriseList.Looked) -> None:
        if self._look_soon is not None:
            self._look_soon.stop()
        item = event.surprise
        if item is None:
            self.case = None
            self.query_one(SurpriseDetail).clear()
            self.refresh_bindings()
        elif self.case is None or self.case.surprise.id == item.id:
            self._read(item)
        else:
            self._look_soon = self.set_timer(_PAUSE, lambda: self._read(item))

    @work(thread=True, exclusive=True, group="case", exit_on_error=False)
    def _read(self, item: Surprise) -> None:
        try:
            case = surprises.case_of(self.desk, item.id)
        except DeskError:
            return
        after = becoming.followed_up(self.desk, case.surprise)
        found = {ref: state_of(self.desk, ref) for ref in (*_refs(case), *after)}
        bare = names_run(item.on) or item.on
        watched = [one for one in watch_reports(self.desk) if bare and one.on in (bare, item.on)]
        if not get_current_worker().is_cancelled:
            self.post_message(self.Read(Shown(case, found, after, watched)))

    @on(Read)
    def show_case(self, message: Read) -> None:
        current = self.marked
        case = message.shown.case
        number = case.surprise.id
        if current is None or current.id != number:
            return
        again = self.case is not None and self.case.surprise.id == number
        self.case = case
        self.query_one(SurpriseDetail).show(message.shown, self.desk.clock(), again=again)
        self.refresh_bindings()

    # Around it

    @on(SurpriseList.Chosen)
    def go(self, event: SurpriseList.Chosen) -> None:
        """To where it was met."""
        if event.surprise.on:
            self.post_message(Follow(event.surprise.on))
        else:
            say(self, "It was not said where it was met.")

    def action_follow(self, ref: str) -> None:
        """To what was clicked."""
        self.post_message(Follow(ref))

    def action_links(self) -> None:
        """To one of the things that it links, or that link to it."""
        case = self.at_hand()
        if case is None:
            return
        with telling(self):
            after = becoming.followed_up(self.desk, case.surprise)
            found = [self._link(ref) for ref in (*_refs(case), *after)]
            number = str(case.surprise.id)
            for note in links.backlinks(self.desk, LinkKind.FUNNY, number):
                found.append(Backlink(f"note:{note.id}", f"note:{note.id}", note.text))
            self.app.push_screen(
                BacklinksDialog(case.surprise.ref, case.surprise.text, found), self._go_to
            )

    def _link(self, ref: str) -> Backlink:
        state = state_of(self.desk, ref)
        return Backlink(ref, f"{ref} · {state.said}", state.title)

    def _go_to(self, ref: str | None) -> None:
        if ref is not None:
            self.post_message(Follow(ref))

    def action_investigate(self) -> None:
        if self.marked is not None:
            self.post_message(OpenInvestigation(of=self.marked.ref))

    def action_findings(self) -> None:
        """What was found in watched scripts, those that belong to the marked surprise first."""
        current = self.marked
        on_ref = current.on if current else ""
        self.app.push_screen(FindingsScreen(self.desk, names_run(on_ref) or on_ref))


def _refs(case: Case) -> list[str]:
    """What it was met on, then what its evidence links, each once."""
    found = [case.surprise.on, *(item.ref for item in case.evidence if item.counts)]
    return list(dict.fromkeys(ref for ref in found if ref))
