"""Home and the library's news: arXiv asked, changes marked as seen, two records made one."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.content import Content
from textual.message import Message

from researchdesk.errors import DeskError
from researchdesk.services import merging, news
from researchdesk.services.desk import Desk
from researchdesk.services.way_back import ChangedSinceError
from researchdesk.tui.commands import keyed
from researchdesk.tui.home_row import OpenMerge, Row
from researchdesk.tui.late import late, open_dialog
from researchdesk.tui.messages import LibraryChanged
from researchdesk.tui.notices import say, telling, warn, words_of
from researchdesk.tui.reviewing import Reviewing
from researchdesk.tui.widgets.brief import Static

if TYPE_CHECKING:
    from researchdesk.services.syncing import SyncReport
    from researchdesk.tui.dialogs.merge import Decided


class _StoppedError(Exception):
    """The app ends; what came is kept."""


class HomeNews(Reviewing):
    """The part of Home that is about news and pairs. ``current_row`` is the marked row."""

    @dataclass
    class Asking(Message):
        """How far the asking of arXiv is."""

        words: str

    @dataclass
    class Asked(Message):
        """arXiv answered, or did not (``error``); ``pairs`` is how many pairs are new."""

        report: "SyncReport | None"
        error: DeskError | None = None
        pairs: int = 0

    @dataclass
    class PairsFound(Message):
        pairs: list[tuple[int, int]]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._undoable: list[tuple[tuple[str, str], Callable[[], object]]] = []
        """Of what was done here the title and the words of what it is when it is taken back, and
        how that is done."""
        self._stop = threading.Event()
        self._asking = False

    def current_row(self) -> Row | None:
        """The row that is marked."""
        raise NotImplementedError

    def settle(self) -> None:
        self._stop.set()

    def on_unmount(self) -> None:
        self._stop.set()

    # What changed

    def action_seen(self) -> None:
        """Mark what changed, where the mark is, as seen; ctrl+z takes that back."""
        if (row := self.current_row()) is None or not row.news:
            return
        with telling(self):
            self._saw(news.see(self.desk, [row.news]), row.title)

    def action_all_seen(self) -> None:
        """Mark everything that changed as seen; ctrl+z takes that back."""
        with telling(self):
            seen = news.see_all(self.desk)
            if not seen:
                say(self, "Nothing changed that you have not seen.")
                return
            count = "1 change" if len(seen) == 1 else f"{len(seen)} changes"
            self._saw(seen, count)

    def _saw(self, seen: Sequence[int], what: str) -> None:
        if seen:
            told = ("Not seen yet", "It stands here again.")
            self._undoable.append((told, lambda: news.unsee(self.desk, seen)))
            say(self, keyed("{what}\n{home.undo} takes it back.", what=what), "Seen")
            self.post_message(LibraryChanged())

    # arXiv asked

    def action_ask_arxiv(self) -> None:
        """Ask arXiv what became of the desk's papers, while everything else goes on."""
        if self._asking:
            say(self, "arXiv is being asked already.")
            return
        self._asking = True
        self._ask_arxiv()

    @work(thread=True, group="sync", exit_on_error=False)
    def _ask_arxiv(self) -> None:
        try:
            sync = late("services.syncing").sync
            report = sync(self.desk, self._progress, sleep=self._sleep)
            new = merging.propose(self.desk) if report.asked else []
        except DeskError as error:
            self.post_message(self.Asked(None, error))
        except _StoppedError:
            return
        else:
            self.post_message(self.Asked(report, pairs=len(new)))

    def _progress(self, what: str, done: int, total: int | None) -> None:
        self._sleep(0)
        self.post_message(self.Asking(what))

    def _sleep(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise _StoppedError

    @on(Asking)
    def show_asking(self, message: Asking) -> None:
        if self._asking:
            self.query_one("#day", Static).update(Content(f"{message.words} …"))

    @on(Asked)
    def show_answer(self, message: Asked) -> None:
        self._asking = False
        self.post_message(LibraryChanged())
        if message.report is None or message.report.error is not None:
            error = message.error or (message.report and message.report.error)
            came = f"{_said(message.report)}\n" if message.report else ""
            warn(self, f"{came}{words_of(error) if error else ''}", "arXiv was not asked about all")
            return
        pairs = f"\n{_count(message.pairs, 'pair')} may be one paper." if message.pairs else ""
        words = f"{_said(message.report)}{pairs}"
        if message.report.problems or message.report.missing:
            troubles = "\n".join([*message.report.problems, *_gone(message.report)])
            warn(self, f"{words}\n{troubles}", "News from arXiv, but not of all")
        else:
            say(self, words, "News from arXiv")

    # Two records of one paper

    @on(OpenMerge)
    def open_merge(self, message: OpenMerge) -> None:
        """Show a pair first, then those that wait beside it."""
        message.stop()
        with telling(self):
            first = (message.one, message.other)
            self._decide([first, *(p for p in merging.waiting(self.desk) if set(p) != set(first))])

    def action_merge(self) -> None:
        """Look for papers that may be one, and show them side by side."""
        say(self, "Looking for papers that may be one …")
        self._find_pairs()

    @work(thread=True, exclusive=True, group="pairs", exit_on_error=False)
    def _find_pairs(self) -> None:
        merging.propose(self.desk)
        self.post_message(self.PairsFound(list(merging.waiting(self.desk))))

    @on(PairsFound)
    def show_pairs(self, message: PairsFound) -> None:
        if message.pairs:
            self._decide(message.pairs)
        else:
            say(self, "No two papers here look like one.")

    def _decide(self, pairs: Sequence[tuple[int, int]]) -> None:
        open_dialog(self, "merge", "MergeDialog", self._decided, self.desk, pairs)

    def _decided(self, done: "Sequence[Decided] | None") -> None:
        if not done:
            return
        for item in done:
            self._undoable.append((("Taken back", item.words), item.back))
        say(self, keyed("{what}.\n{home.undo} takes it back.", what=done[-1].words), "Decided")
        self.post_message(LibraryChanged())

    def action_undo(self) -> None:
        """Take back what was done here last."""
        if not self._undoable:
            say(self, "Nothing was put off or decided here.")
            return
        with telling(self):
            (title, words), back = self._undoable[-1]
            try:
                back()
            except ChangedSinceError:
                self._undoable.pop()
                self.post_message(LibraryChanged())
                raise
            self._undoable.pop()
            say(self, words, title)
            self.post_message(LibraryChanged())


def _said(report: "SyncReport") -> str:
    if not report.asked and report.skipped and not report.left:
        return "Every paper was asked about today already."
    changes = _count(len(report.news), "change") if report.news else "nothing changed"
    return f"{_count(report.asked, 'paper')} asked about: {changes}."


def _gone(report: "SyncReport") -> list[str]:
    return [f"arXiv has no paper {name}." for name in report.missing]


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
