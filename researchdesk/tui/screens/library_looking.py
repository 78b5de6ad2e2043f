"""The paper under the cursor, looked at more closely beside the list."""

from dataclasses import dataclass

from textual import on, work
from textual.message import Message
from textual.timer import Timer
from textual.worker import get_current_worker

from researchdesk.domain.library_rows import LibraryRow
from researchdesk.services.desk import Desk
from researchdesk.tui.late import late
from researchdesk.tui.screens.library_paging import LibraryPaging
from researchdesk.tui.widgets.paper_list import PaperList
from researchdesk.tui.widgets.paper_preview import Known, PaperPreview

_SOON_S = 0.05


class LibraryLooking(LibraryPaging):
    """Reads what the preview tells once the cursor rests."""

    @dataclass
    class Looked(Message):
        known: Known

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._look_soon: Timer | None = None

    @on(PaperList.Highlighted)
    def look_soon(self, event: PaperList.Highlighted) -> None:
        if self._look_soon is not None:
            self._look_soon.stop()
        if event.row is None:
            self.query_one(PaperPreview).show(None)
        else:
            row = event.row
            self._look_soon = self.set_timer(_SOON_S, lambda: self._look(row))
        self.refresh_bindings()

    @work(thread=True, exclusive=True, group="look", exit_on_error=False)
    def _look(self, row: LibraryRow) -> None:
        # What it reads of recipes and runs is imported only now: the list comes first.
        known: Known | None = late("tui.paper_known").known_of(self.desk, row, self.total)
        if known is not None and not get_current_worker().is_cancelled:
            self.post_message(self.Looked(known))

    @on(Looked)
    def show_known(self, message: Looked) -> None:
        current = self.papers.current
        if current is not None and current.id == message.known.paper.id:
            self.query_one(PaperPreview).show(message.known)
