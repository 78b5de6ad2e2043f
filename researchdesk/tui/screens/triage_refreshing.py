"""Asking for what is new, while papers are looked at."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from textual import on, work
from textual.content import Content
from textual.message import Message
from textual.worker import get_current_worker

from researchdesk.domain.clock import local_day
from researchdesk.domain.feed_reports import FeedReport
from researchdesk.domain.feeds import Feed
from researchdesk.errors import DeskError
from researchdesk.services import feeds_refreshing
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import keyed
from researchdesk.tui.fetching import Fetching
from researchdesk.tui.notices import say, tell, warn
from researchdesk.tui.screens.triage_deciding import TriageDeciding
from researchdesk.tui.widgets.brief import Static


class TriageRefreshing(TriageDeciding):
    """Asks in a thread, says how far it is, and what came (``told``). ``busy`` while it asks.

    A subclass reads again what waits in ``reload``.
    """

    @dataclass
    class Progressed(Message):
        words: str

    @dataclass
    class Refreshed(Message):
        report: FeedReport | None
        error: DeskError | None = None

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.busy = False
        self.told: Sequence[str] = ()
        self.followed: list[Feed] = []
        self._unanswered = False

    @abstractmethod
    def reload(self) -> None:
        """Read again what waits."""

    def action_refresh(self) -> None:
        """Ask for what is new, in the background."""
        if not self.busy:
            self.busy = True
            self.show_progress(self.Progressed("asking for what is new"))
            self.refresh_bindings()
            self._refresh()

    @work(thread=True, exclusive=True, group="refresh", exit_on_error=False)
    def _refresh(self) -> None:
        worker = get_current_worker()

        def progress(what: str, done: int, total: int | None) -> None:
            if not worker.is_cancelled:
                self.post_message(self.Progressed(what))

        try:
            done = self.Refreshed(feeds_refreshing.refresh(self.desk, progress))
        except DeskError as error:
            done = self.Refreshed(None, error)
        if not worker.is_cancelled:
            self.post_message(done)

    @on(Progressed)
    def show_progress(self, message: Progressed) -> None:
        self.set_class(self.busy, "-busy")
        words = message.words[:1].upper() + message.words[1:]
        self.query_one("#doing", Static).update(Content(f"{words} …"))

    @on(Refreshed)
    def tell_outcome(self, message: Refreshed) -> None:
        self.busy = False
        self.remove_class("-busy")
        report = message.report
        if report is not None:
            self._tell_report(report)
        elif message.error is not None:
            tell(self, message.error)
        self.reload()

    def _tell_report(self, report: FeedReport) -> None:
        """What came; why others did not, each reason once."""
        self.told = [f"{item.feed.name}: {item.summary}." for item in report.outcomes]
        asked = [item for item in report.outcomes if item.asked]
        self._unanswered = bool(asked) and len(report.failed) == len(asked)
        reasons: defaultdict[str, list[str]] = defaultdict(list)
        for item in report.failed:
            reasons[f"{item.problem}\n{item.hint}".strip()].append(item.feed.name)
        for reason, names in reasons.items():
            warn(self, reason, f"{', '.join(names)} did not come")
        if report.came:
            say(self, f"{len(report.came)} came.", "New papers")

    def show_apart(self) -> None:
        """Say, above all else, where nobody is asked or nobody answered."""
        words = self._apart() if self.followed else ""
        self.set_class(bool(words), "-apart")
        if words and not self.busy:
            self.query_one("#doing", Static).update(Content(words))

    def _apart(self) -> str:
        if self.desk.settings.offline:
            moments = [feed.checked_at for feed in self.followed if feed.checked_at]
            asked = f" (asked on {local_day(max(moments))})" if moments else ""
            return f"Offline: nothing is asked; what is here came before{asked}."
        said = keyed("No source answered; what is here came before. {triage.refresh} asks again.")
        return said if self._unanswered else ""

    def show_fetching(self, fetching: Fetching) -> bool:
        """How far the PDF of what was kept is; a failure is told in the corner."""
        self.set_class(fetching.error is None, "-fetching")
        self.query_one("#fetching", Static).update(Content(fetching.words))
        return fetching.error is None
