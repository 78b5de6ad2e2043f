"""What is done to one paper of the library or to all that are marked, and taken back."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.content import Content
from textual.message import Message
from textual.worker import Worker, WorkerState

from researchdesk.domain.search_query import parse_query
from researchdesk.errors import DeskError
from researchdesk.services import library_search
from researchdesk.services.desk import Desk
from researchdesk.tui.late import late, open_dialog
from researchdesk.tui.notices import say, tell, warn
from researchdesk.tui.screens.library_looking import LibraryLooking
from researchdesk.tui.widgets.paper_list import PaperList

if TYPE_CHECKING:
    from researchdesk.domain.labels import Change
    from researchdesk.tui.dialogs.labels import Wanted
    from researchdesk.tui.dialogs.merge import Decided

_CHANGING = "library-change"
_BACK = "ctrl+z takes it back."
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


class LibraryMarking(LibraryLooking):
    """Each change is made in its turn in a thread, told, and taken back by ctrl+z."""

    @dataclass
    class Changed(Message):
        done: Done

    @dataclass
    class NotChanged(Message):
        error: DeskError

    @dataclass
    class Found(Message):
        """The row numbers of all papers of the search."""

        text: str
        ids: list[int]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._made: list[Done] = []
        self._jobs: deque[Callable[[], Done]] = deque()
        self._changing = False

    @property
    def busy(self) -> bool:
        """Whether a change is being made, or waits for its turn."""
        return self._changing or bool(self._jobs)

    def at_hand(self) -> tuple[int, ...]:
        """Row numbers of the papers that are marked, else of the one under the cursor."""
        listed = self.papers
        if listed.marked:
            return tuple(sorted(listed.marked))
        return (listed.current.id,) if listed.current else ()

    def _spoken(self, ids: Sequence[int]) -> str:
        row = self.papers.current
        if row is not None and ids == (row.id,):
            return row.title
        spoken: str = late("domain.labels").papers(len(ids))
        return spoken

    # Marks

    def action_mark_all(self) -> None:
        """Mark all that the search finds; where all are, none."""
        if self.papers.marked and len(self.papers.marked) >= self.total:
            self.papers.mark(())
        else:
            self._find_all(self.shown_text)

    @work(thread=True, exclusive=True, group="library-all", exit_on_error=False)
    def _find_all(self, text: str) -> None:
        found = library_search.ids_of(self.desk, parse_query(text))
        self.post_message(self.Found(text, found))

    @on(Found)
    def _mark_found(self, message: Found) -> None:
        if message.text == self.shown_text:
            self.papers.mark(self.papers.marked.union(message.ids))

    @on(PaperList.Marked)
    def _tell_marks(self) -> None:
        self.tell_count()
        self.refresh_bindings()

    # Changes

    def action_stars(self, stars: int) -> None:
        self._change("Stars", lambda ids: [_labels().set_stars(self.desk, ids, stars)])

    def action_priority(self, by: int) -> None:
        """One step up or down from that of the paper under the cursor."""
        if (row := self.papers.current) is not None:
            new = max(0, min(row.priority + by, late("domain.labels").HIGHEST_PRIORITY))
            self._change("Priority", lambda ids: [_labels().set_priority(self.desk, ids, new)])

    def action_remove(self) -> None:
        """Take papers off the desk at once; ctrl+z brings them back."""
        self._change("Removed", lambda ids: [_labels().remove_papers(self.desk, ids)])

    def action_tag(self) -> None:
        self._ask_labels("tag")

    def action_collect(self) -> None:
        self._ask_labels("collection")

    def _ask_labels(self, kind: str) -> None:
        if ids := self.at_hand():
            dialog = late("tui.dialogs.labels").LabelsDialog(
                self.desk, kind, ids, self._spoken(ids)
            )
            self.app.push_screen(dialog, partial(self._label, kind, ids))

    def _label(self, kind: str, ids: tuple[int, ...], wanted: "Wanted | None") -> None:
        if wanted is not None and (wanted.on or wanted.off):
            put = late("tui.dialogs.labels").LabelKind(kind)
            self._change(put.title, lambda ids: put.apply(self.desk, ids, wanted), ids)

    def _change(
        self,
        title: str,
        make: Callable[[tuple[int, ...]], "list[Change]"],
        ids: tuple[int, ...] = (),
    ) -> None:
        wanted = ids or self.at_hand()
        row = self.papers.current
        if wanted:
            self._in_turn(lambda: Done(tuple(make(wanted)), title, row.id if row else 0))

    def action_undo(self) -> None:
        """Take the last change back; where none was made here the last of the desk, one of many
        papers after a question."""
        last = None if self._made or self.busy else _labels().next_back(self.desk)
        if last is None or not last.big:
            self._in_turn(self._take_back)
            return
        when = f"{last.at.astimezone():%Y-%m-%d %H:%M}"
        words = Content(f"{last.what[:1].upper()}{last.what[1:]}, {when}.")
        asked = ("Take this back?", words, "Yes, take it back")
        open_dialog(self, "bench_confirm", "ConfirmDialog", self._undo_if, *asked)

    def _undo_if(self, yes: bool | None) -> None:
        if yes:
            self._in_turn(self._take_back)

    def action_redo(self) -> None:
        """Make the change again that was taken back last."""
        self._in_turn(self._make_again)

    def _make_again(self) -> Done:
        """Runs in a thread."""
        row, made = self.papers.current, _labels().redo_last(self.desk)
        if made is None:
            return Done((), _MADE_AGAIN, words="There is nothing to make again.")
        return Done((made,), _MADE_AGAIN, row.id if row else 0)

    def _take_back(self) -> Done:
        """Runs in a thread."""
        while self._made and not (self._made[-1].back or self._left(self._made[-1])):
            self._made.pop()
        if not self._made:
            last = _labels().undo_last(self.desk)
            return Done((last,) if last else (), _TAKEN_BACK)
        done = self._made.pop()
        left, back = self._left(done), []
        try:
            if done.back is not None:
                done.back()
            while left:
                back.append(_labels().undo(self.desk, left[-1].id))
                left.pop()
        except DeskError:
            self._made.append(replace(done, changes=tuple(left)))
            raise
        return Done(tuple(back), _TAKEN_BACK, done.at, done.words)

    def _left(self, done: Done) -> "list[Change]":
        """Those of its changes that were not taken back elsewhere meanwhile."""
        found = [_labels().change_of(self.desk, item.id) for item in done.changes]
        return [item for item in found if item.undone_at is None]

    def action_merge(self) -> None:
        """Show the two papers that are marked side by side, to make one of them."""
        if len(self.papers.marked) != 2:
            warn(self, "Mark two records of one paper with space, then press m.", "Not merged")
            return
        one, other = sorted(self.papers.marked)
        open_dialog(self, "merge", "MergeDialog", self._merged, self.desk, [(one, other)])

    def _merged(self, decided: "Sequence[Decided] | None") -> None:
        for item in decided or ():
            self._made.append(Done((), "Merged", words=item.words, back=item.back))
            say(self, f"{item.words}\n{_BACK}", "Decided")
        if decided:
            self.papers.mark(())
            self.reload()

    # In their turn

    def _in_turn(self, job: Callable[[], Done]) -> None:
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
            self._made.append(Done(made, done.title, done.at))
        self.post_message(self.Changed(done))

    @on(Changed)
    def _tell_change(self, message: Changed) -> None:
        self._changing = False
        done = message.done
        told = [done.words] if done.words else []
        told += [item.what[:1].upper() + item.what[1:] for item in done.changes]
        undone = done.title == _TAKEN_BACK
        if any(item.id for item in done.changes) and not undone:
            told.append(_BACK)
        if told:
            say(self, "\n".join(told), done.title)
        else:
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


def _labels() -> Any:
    return late("services.labels")
