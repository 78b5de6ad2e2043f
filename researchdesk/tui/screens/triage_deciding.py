"""Decisions about new papers, taken at a key and taken back."""

from abc import abstractmethod
from functools import partial
from typing import ClassVar

from textual.content import Content

from researchdesk.domain.feeds import EntryState, FeedEntry
from researchdesk.services import feeds
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.triage_decision import Decided, TriageDecisionDialog
from researchdesk.tui.messages import Fetch, LibraryChanged
from researchdesk.tui.notices import say, telling
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.widgets.brief import Static

_WORDS = {
    EntryState.KEPT: ("✓ Kept", "$text-success"),
    EntryState.LATER: ("↻ Again", "$text-warning"),
    EntryState.NO: ("✗ No", "$text-error"),
    EntryState.NEW: ("↶ Waits again", "$text-primary"),
}


class TriageDeciding(DeskScreen):
    """Knows the papers that wait (``entries``) and which is looked at (``at``).

    A subclass shows them in ``show_current``.
    """

    FETCH_AFTER_S: ClassVar[float] = 4.0
    """Seconds in which a paper that was kept can be taken back before its PDF is asked for."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.entries: list[FeedEntry] = []
        self.at = 0
        self.decided: list[tuple[FeedEntry, EntryState, int]] = []
        self._unfetched: dict[int, str] = {}

    @property
    def current(self) -> FeedEntry | None:
        """The paper that is looked at."""
        return self.entries[self.at] if self.at < len(self.entries) else None

    @abstractmethod
    def show_current(self) -> None:
        """Show the paper at ``at``, or that none is left."""

    def count(self, state: EntryState) -> int:
        """How many were decided on so since the screen was opened."""
        return sum(given is state for _, given, _ in self.decided)

    def action_decide(self, state: str) -> None:
        """Decide on the paper at once, and show the next."""
        self._decide(self.current, EntryState(state), Decided(""))

    def action_explain(self, state: str) -> None:
        """Decide on the paper with a reason."""
        entry, wanted = self.current, EntryState(state)
        if entry is not None:
            dialog = TriageDecisionDialog(wanted, entry.title, self.desk.today())
            self.app.push_screen(dialog.saved_by(partial(self._decide, entry, wanted)))

    def _decide(self, entry: FeedEntry | None, state: EntryState, given: Decided) -> None:
        numbers = [item.id for item in self.entries]
        if entry is None or entry.id not in numbers:
            return
        done = feeds.decide(self.desk, entry.id, state, given.why, given.again_on, given.tags)
        place = numbers.index(entry.id)
        del self.entries[place]
        self.decided.append((entry, state, place))
        self.at = min(place, max(len(self.entries) - 1, 0))
        if state is EntryState.KEPT:
            self._fetch_soon(done)
            self.post_message(LibraryChanged())
        self.show_current()
        self._tell(done)

    def action_undo(self) -> None:
        """Take back what was decided last since the screen was opened; nothing older."""
        if not self.decided:
            say(self, "Nothing was decided here yet.")
            return
        with telling(self):
            decided, _, place = self.decided[-1]
            entry = feeds.undo_decision(self.desk, decided.id)
            self.decided.pop()
            if entry is None:
                say(self, "That was taken back already.", decided.title)
                self.show_current()
                return
            self._unfetched.pop(entry.id, None)
            self.post_message(LibraryChanged())
            if entry.before is None or entry.announced.is_replacement:
                self.at = min(place, len(self.entries))
                self.entries.insert(self.at, entry)
                self._tell(entry)
            else:
                say(self, f"{entry.title}\nIt was worked on, and stays on the desk.", "Undecided")
            self.show_current()

    def _tell(self, entry: FeedEntry) -> None:
        """What was done last, in a line that is in nobody's way."""
        word, style = _WORDS[entry.state]
        until = f" on {entry.again_on}" if entry.again_on else ""
        undo = keyed(", {triage.undo} takes it back") if entry.state is not EntryState.NEW else ""
        words = Content.assemble((f"{word}{until}", f"bold {style}"), undo, f"  {entry.title}")
        self.query_one("#last", Static).update(words)
        self.add_class("-decided")

    # The PDFs of what was kept

    def _fetch_soon(self, entry: FeedEntry) -> None:
        """Ask for the PDF in a moment, so that undoing is not followed by a paper that comes."""
        if self.desk.settings.offline:
            return
        self._unfetched[entry.id] = f"{entry.arxiv_id}v{entry.words.version}"
        self.set_timer(self.FETCH_AFTER_S, partial(self._fetch_kept, entry.id))

    def _fetch_kept(self, entry_id: int) -> None:
        text = self._unfetched.pop(entry_id, "")
        if text:
            self.app.post_message(Fetch((text,)))

    def fetch_the_rest(self) -> None:
        """Ask for what was not asked for yet: the screen is left."""
        texts = tuple(self._unfetched.values())
        self._unfetched.clear()
        if texts:
            self.app.post_message(Fetch(texts))
