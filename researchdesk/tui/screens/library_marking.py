"""What is done to one paper of the library or to all that are marked, and taken back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message

from researchdesk.domain.search_query import parse_query
from researchdesk.services import library_search
from researchdesk.tui.commands import keyed
from researchdesk.tui.late import late, open_dialog
from researchdesk.tui.notices import say, warn
from researchdesk.tui.screens.library_changing import BACK, Done, LibraryChanging, labels
from researchdesk.tui.widgets.paper_list import PaperList

if TYPE_CHECKING:
    from researchdesk.domain.labels import Change
    from researchdesk.tui.dialogs.labels import Wanted
    from researchdesk.tui.dialogs.merge import Decided


class LibraryMarking(LibraryChanging):
    """What is done to those at hand: the marked papers, else the one under the cursor."""

    @dataclass
    class Found(Message):
        """The row numbers of all papers of the search."""

        text: str
        ids: list[int]

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
        self._change("Stars", lambda ids: [labels().set_stars(self.desk, ids, stars)])

    def action_priority(self, by: int) -> None:
        """One step up or down from that of the paper under the cursor."""
        if (row := self.papers.current) is not None:
            self._change("Priority", partial(self._put_priority, row.id, by))

    def _put_priority(self, first: int, by: int, ids: tuple[int, ...]) -> "list[Change]":
        """Runs in a thread, after what was asked for before."""
        paper = late("services.library").paper_of(self.desk, first)
        most: int = late("domain.labels").HIGHEST_PRIORITY
        new = max(0, min((paper.priority if paper else 0) + by, most))
        return [labels().set_priority(self.desk, ids, new)]

    def action_remove(self) -> None:
        """Take papers off the desk at once; ctrl+z brings them back."""
        self._change("Removed", lambda ids: [labels().remove_papers(self.desk, ids)])

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
            self.in_turn(lambda: Done(tuple(make(wanted)), title, row.id if row else 0))

    def action_merge(self) -> None:
        """Show the two papers that are marked side by side, to make one of them."""
        if len(self.papers.marked) != 2:
            warn(
                self,
                keyed(
                    "Mark two records of one paper with {list.mark}, then press {library.merge}."
                ),
                "Not merged",
            )
            return
        one, other = sorted(self.papers.marked)
        open_dialog(self, "merge", "MergeDialog", self._merged, self.desk, [(one, other)])

    def _merged(self, decided: "Sequence[Decided] | None") -> None:
        for item in decided or ():
            self.made.append(Done((), "Merged", words=item.words, back=item.back))
            say(self, f"{item.words}\n{keyed(BACK)}", "Decided")
        if decided:
            self.papers.mark(())
            self.reload()
