"""What is new in the feeds, one paper at a time: keep it, later, no."""

from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.worker import get_current_worker

from researchdesk.domain.feeds import EntryState, Feed, FeedEntry
from researchdesk.services import feeds
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import bindings, keyed
from researchdesk.tui.dialogs.follow import FollowDialog
from researchdesk.tui.dialogs.followed import Chosen, FollowedDialog
from researchdesk.tui.notices import say
from researchdesk.tui.screens.triage_refreshing import TriageRefreshing
from researchdesk.tui.screens.triage_verbs import TRIAGE_VERBS
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.triage_card import TriageCard
from researchdesk.tui.widgets.triage_queue import TriageQueue

_HOW = """Nothing is followed yet.

Press {triage.follow} to follow arXiv categories (cs.LG), authors, searches, or another feed by \
its address: a subreddit, a lab's page. What is new there comes here, best first, one paper at a \
time."""
_OTHERS = "Press {triage.filter} for the other feeds."
_SHOWS_ALL = "({triage.filter} shows all)"
_UNDO = "Press {triage.undo} to take the last one back."
_AGAIN = "Press {triage.refresh} to ask again, {triage.follow} to follow more."
_OFFLINE = """Start without --offline (and RESEARCHDESK_OFFLINE) to ask for what is new. What you \
follow with a meanwhile is asked for then."""
_STEPS = 20


class TriageScreen(TriageRefreshing):
    """The paper that is looked at; where there is room, those that wait at the left."""

    ABOUT = "What is new in the feeds, one paper at a time: keep it, later, no."
    VERBS = TRIAGE_VERBS
    BINDINGS = bindings(TRIAGE_VERBS)
    CSS_PATH = ["base.tcss", "triage.tcss"]
    AUTO_FOCUS = "TriageCard"

    @dataclass
    class Loaded(Message):
        """What waits; ``due``: there are feeds to be asked."""

        entries: list[FeedEntry]
        followed: list[Feed]
        due: bool

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._feed: Feed | None = None
        self._loaded = False

    def compose_body(self) -> ComposeResult:
        yield Static("", id="about", markup=False)
        yield Static("", id="doing", markup=False)
        yield Static("", id="nothing", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="waiting"):
                yield Static("", id="waiting-head", markup=False)
                yield TriageQueue()
            yield TriageCard()
        yield Static("", id="last", markup=False)
        yield Static("", id="fetching", markup=False)

    def on_mount(self) -> None:
        self.reload()

    def on_unmount(self) -> None:
        self.fetch_the_rest()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"decide", "explain", "browser"}:
            return self.current is not None
        if action == "step":
            return len(self.entries) > 1
        if action == "feeds":
            return bool(self.followed)
        if action == "refresh":
            return bool(self.followed) and not self.busy
        return True

    def paper_at_hand(self) -> str:
        return self.current.arxiv_id if self.current else ""

    # What waits

    def reload(self) -> None:
        """Read again what waits; what is looked at stays, where it still waits."""
        self._read(self._feed)

    @work(thread=True, exclusive=True, group="waiting", exit_on_error=False)
    def _read(self, feed: Feed | None) -> None:
        entries = feeds.waiting(self.desk, limit=None, feed=feed)
        followed = feeds.feeds(self.desk)
        due = not self.desk.settings.offline and bool(feeds.due(self.desk, daily=True))
        if not get_current_worker().is_cancelled:
            self.post_message(self.Loaded(entries, followed, due))

    @on(Loaded)
    def take(self, message: Loaded) -> None:
        before, first = self.current, not self._loaded
        gone = {entry.id for entry, _, _ in self.decided}
        self.entries = [entry for entry in message.entries if entry.id not in gone]
        self.followed, self._loaded = message.followed, True
        numbers = [entry.id for entry in self.entries]
        self.at = numbers.index(before.id) if before and before.id in numbers else 0
        self.show_current()
        if first and message.due:
            self.action_refresh()

    def show_current(self) -> None:
        entry = self.current
        self.set_class(entry is None, "-empty")
        self.query_one("#about", Static).update(self._about())
        self.show_apart()
        ranked = any(item.score is not None for item in self.entries)
        order = f"Waiting, {'best' if ranked else 'newest'} first"
        self.query_one("#waiting-head", Static).update(order)
        self.query_one(TriageQueue).show(self.entries, self.at)
        if entry is not None:
            card = self.query_one(TriageCard)
            card.show(entry, self.at + 1, len(self.entries))
            if self.focused is None:
                card.focus()
        else:
            self.query_one("#nothing", Static).update(Content(self._nothing()))
        self.refresh_bindings()

    def _about(self) -> Content:
        left, seen = len(self.entries), len(self.decided)
        if not self.followed and not left:
            return Content.styled("New papers", "bold")
        done = round(_STEPS * seen / (left + seen)) if left + seen else 0
        kept = self.count(EntryState.KEPT)
        parts = [f"{left} left", f"{seen} seen" if seen else "", f"{kept} kept" if kept else ""]
        parts.append(f"only {self._feed.name} {keyed(_SHOWS_ALL)}" if self._feed else "")
        return Content.assemble(
            ("New papers  ", "bold"),
            ("━" * done, "$text-success"),
            ("━" * (_STEPS - done), "$border-blurred"),
            "  ",
            " · ".join(filter(None, parts)),
        )

    def _nothing(self) -> str:
        if not self._loaded:
            return ""
        if not self.followed:
            return keyed(_HOW)
        seen, kept = len(self.decided), self.count(EntryState.KEPT)
        if self._feed:
            head = f"Nothing more from {self._feed.name}. {keyed(_OTHERS)}"
        elif seen:
            head = f"Nothing left. {seen} seen, {kept} kept."
        else:
            head = "Nothing waits." if self.has_class("-apart") else "Nothing new."
        put_off = feeds.count_put_off(self.desk)
        off = f"{put_off} put off to a later day." if put_off else ""
        again = _OFFLINE if self.desk.settings.offline else keyed(_AGAIN)
        keys = f"{keyed(_UNDO)}\n{again}" if seen else again
        quiet = feeds.quiet_day(self.desk)
        problems = [f"{feed.name}: {feed.problem}" for feed in self.followed if feed.problem]
        said = "\n".join(self.told or [*([f"{quiet}."] if quiet else []), *problems])
        return "\n\n".join(filter(None, (head, off, said, keys)))

    def action_step(self, by: int) -> None:
        """Look at another one; all of them go round."""
        if self.entries:
            self.at = (self.at + by) % len(self.entries)
            self.show_current()

    @on(TriageQueue.Chosen)
    def look_at(self, message: TriageQueue.Chosen) -> None:
        numbers = [entry.id for entry in self.entries]
        if message.entry_id in numbers:
            self.at = numbers.index(message.entry_id)
            self.show_current()

    def action_browser(self) -> None:
        if self.current is not None:
            self.app.open_url(self.current.link)
            say(self, self.current.link, "Opened in the browser")

    def action_back(self) -> None:
        self.dismiss()

    # Asking for more

    def action_follow(self) -> None:
        self.app.push_screen(FollowDialog(self.desk), self._followed_more)

    def _followed_more(self, followed: tuple[Feed, ...] | None) -> None:
        if followed:
            say(self, ", ".join(feed.name for feed in followed), "Followed")
            self.followed = feeds.feeds(self.desk)
            if self.desk.settings.offline:
                self.reload()
            else:
                self.action_refresh()

    def action_feeds(self) -> None:
        """Choose whose papers are shown; drop one, follow more."""
        self.app.push_screen(FollowedDialog(self.desk, self._feed), self._choose)

    def _choose(self, chosen: Chosen | None) -> None:
        if chosen is None:
            return
        self._feed = chosen.feed
        self.reload()
        if chosen.more:
            self.action_follow()
