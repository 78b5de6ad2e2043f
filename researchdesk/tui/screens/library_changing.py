"""Changes of the library, made one after the other, taken back and made again."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.content import Content
from textual.message import Message
from textual.worker import Worker, WorkerState

from researchdesk.domain.clock import local_minute
from researchdesk.errors import DeskError, NotOnDeskError
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import keyed
from researchdesk.tui.late import late, open_dialog
from researchdesk.tui.notices import say, tell
from researchdesk.tui.screens.library_looking import LibraryLooking

if TYPE_CHECKING:
    from researchdesk.domain.labels import Change

_CHANGING = "library-change"
BACK = "{library.undo} takes it back."
_TAKEN_BACK, _MADE_AGAIN = "Taken back", "Made again"


@dataclass(frozen=True, slots=True)
class Done:
    """What a change came to: those that it was made of, and the paper to go back to.

    ``back`` takes it back where it is none of labels; ``words`` say what it was.
    """

    changes: "tuple[Change, ...]"
    title: str
    at: int = 0
    words: str = ""
    back: Callable[[], object] | None = None


_ASKED = Done((), "")
"""Nothing was done: a question was asked."""


class LibraryChanging(LibraryLooking):
    """Each change is made in its turn in a thread, told, and taken back by ctrl+z."""

    @dataclass
    class Changed(Message):
        done: Done

    @dataclass
    class NotChanged(Message):
        error: DeskError

    @dataclass
    class Asks(Message):
        """A change of many papers, not made here, would be taken back next."""

        change: "Change"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.made: list[Done] = []
        self._jobs: deque[Callable[[], Done]] = deque()
        self._changing = False

    @property
    def busy(self) -> bool:
        """Whether a change is being made, or waits for its turn."""
        return self._changing or bool(self._jobs)

    def in_turn(self, job: Callable[[], Done]) -> None:
        self._jobs.append(job)
        self._begin_next()

    def _begin_next(self) -> None:
        if self._jobs and not self._changing:
            self._changing = True
            self._run(self._jobs.popleft())

    @work(thread=True, group=_CHANGING, exit_on_error=False)
    def _run(self, job: Callable[[], Done]) -> None:
        try:
            done = job()
        except DeskError as error:
            self.post_message(self.NotChanged(error))
            return
        made = tuple(item for item in done.changes if item.id and item.undone_at is None)
        if made:
            self.made.append(Done(made, done.title, done.at))
        self.post_message(self.Changed(done))

    @on(Changed)
    def _tell_change(self, message: Changed) -> None:
        self._changing = False
        done = message.done
        told = [done.words] if done.words else []
        told += [item.what[:1].upper() + item.what[1:] for item in done.changes]
        undone = done.title == _TAKEN_BACK
        if any(item.id for item in done.changes) and not undone:
            told.append(keyed(BACK))
        if told:
            say(self, "\n".join(told), done.title)
        elif done is not _ASKED:
            say(self, "There is nothing to take back.")
        if done.title == "Removed":
            self.papers.mark(())
        self.reload(done.at if undone else 0)
        self._begin_next()

    @on(NotChanged)
    def _tell_not_changed(self, message: NotChanged) -> None:
        self._changing = False
        tell(self, message.error)
        self._begin_next()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.worker.group == _CHANGING and event.state is WorkerState.ERROR:
            self._changing = False
            self._begin_next()

    # Taken back, made again

    def action_undo(self) -> None:
        """Take the last change back; where none was made here the last of the desk, one of many
        papers after a question."""
        self.in_turn(self._take_back)

    @on(Asks)
    def _ask(self, message: Asks) -> None:
        change = message.change
        when = local_minute(change.at) if change.at else ""
        words = Content(f"{change.what[:1].upper()}{change.what[1:]}, {when}.")
        then = partial(self._undo_if, change.id)
        asked = ("Take this back?", words, "Yes, take it back")
        open_dialog(self, "bench_confirm", "ConfirmDialog", then, *asked)

    def _undo_if(self, number: int, yes: bool | None) -> None:
        if yes:
            self.in_turn(lambda: Done((labels().undo(self.desk, number),), _TAKEN_BACK))

    def action_redo(self) -> None:
        """Make the change again that was taken back last."""
        self.in_turn(self._make_again)

    def _make_again(self) -> Done:
        """Runs in a thread."""
        row, made = self.papers.current, labels().redo_last(self.desk)
        if made is None:
            return Done((), _MADE_AGAIN, words="There is nothing to make again.")
        return Done((made,), _MADE_AGAIN, row.id if row else 0)

    def _take_back(self) -> Done:
        """Runs in a thread."""
        while self.made:
            done = self.made.pop()
            left = [item for item in done.changes if self._is_left(item)]
            if left or done.back is not None:
                return self._take_back_own(done, left)
        last = labels().next_back(self.desk)
        if last is None:
            return Done((), _TAKEN_BACK)
        if last.big:
            self.post_message(self.Asks(last))
            return _ASKED
        return Done((labels().undo(self.desk, last.id),), _TAKEN_BACK)

    def _take_back_own(self, done: Done, left: "list[Change]") -> Done:
        back = []
        try:
            if done.back is not None:
                done.back()
            while left:
                back.append(labels().undo(self.desk, left[-1].id))
                left.pop()
        except DeskError:
            self.made.append(replace(done, changes=tuple(left)))
            raise
        return Done(tuple(back), _TAKEN_BACK, done.at, done.words)

    def _is_left(self, made: "Change") -> bool:
        """Whether it stands in the history as it was made here, and was not taken back there."""
        try:
            known = labels().change_of(self.desk, made.id)
        except NotOnDeskError:
            return False
        same: bool = (known.what, known.at) == (made.what, made.at)
        return same and known.undone_at is None


def labels() -> Any:
    """The service of tags, stars and the rest; loaded with the first change."""
    return late("services.labels")
