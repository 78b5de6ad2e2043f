"""Pictures of figures and pages in the reader: drawn in threads, only those in sight."""

from dataclasses import dataclass
from pathlib import Path

from textual import on, work
from textual.message import Message
from textual.worker import get_current_worker

from researchdesk.domain.documents import Box, Figure, Table
from researchdesk.domain.papers import Paper
from researchdesk.errors import DeskError
from researchdesk.services import documents
from researchdesk.services.viewer import open_outside
from researchdesk.tui.commands import keyed
from researchdesk.tui.notices import say, telling, words_of
from researchdesk.tui.reader_material import View, label_of
from researchdesk.tui.screens.large_picture import LargePicture, Subject
from researchdesk.tui.screens.reader_places import Places
from researchdesk.tui.widgets.gallery import Gallery
from researchdesk.tui.widgets.page_picture import PagePicture

_DPI = 130
_DPI_OUTSIDE = 220


class Picturing(Places):
    """The part of the reader that has to do with pictures."""

    _cautioned = ""
    """The PDF of which it was said what it holds."""

    @dataclass
    class FigureDrawn(Message):
        figure: Figure
        path: Path | None
        problem: str = ""

    @dataclass
    class PageDrawn(Message):
        page: int
        path: Path | None
        problem: str = ""

    @dataclass
    class TablesRead(Message):
        paper: Paper
        tables: tuple[Table, ...]
        problem: str = ""

    @on(Gallery.PictureWanted)
    def want_figure(self, event: Gallery.PictureWanted) -> None:
        event.stop()
        if self.position is not None:
            self._draw_figure(self.position.paper, event.figure)

    @work(thread=True, exclusive=True, group="figure", exit_on_error=False)
    def _draw_figure(self, paper: Paper, figure: Figure) -> None:
        path, problem = None, ""
        try:
            path = documents.pictures(self.desk, paper, [figure], _DPI)[0]
        except DeskError as error:
            problem = words_of(error)
        if not get_current_worker().is_cancelled:
            self.post_message(self.FigureDrawn(figure, path, problem))

    @on(FigureDrawn)
    def show_figure(self, message: FigureDrawn) -> None:
        self.query_one(Gallery).show_picture(message.figure, message.path, message.problem)

    @on(Gallery.TablesWanted)
    def want_tables(self, event: Gallery.TablesWanted) -> None:
        event.stop()
        if self.position is not None:
            self._read_tables(self.position.paper)

    @work(thread=True, group="tables", exit_on_error=False)
    def _read_tables(self, paper: Paper) -> None:
        try:
            message = self.TablesRead(paper, documents.tables_of(self.desk, paper))
        except DeskError as error:
            message = self.TablesRead(paper, (), words_of(error))
        self.post_message(message)

    @on(TablesRead)
    def show_tables(self, message: TablesRead) -> None:
        if self.position is not None and self.position.paper == message.paper:
            self.query_one(Gallery).show_tables(message.tables, message.problem)

    @on(PagePicture.Wanted)
    def want_page(self, event: PagePicture.Wanted) -> None:
        event.stop()
        if self.position is not None:
            self._draw_page(self.position.paper, event.page)

    @work(thread=True, exclusive=True, group="page", exit_on_error=False)
    def _draw_page(self, paper: Paper, page: int) -> None:
        path, problem = None, ""
        try:
            path = documents.picture(self.desk, paper, page, None, _DPI)
        except DeskError as error:
            problem = words_of(error)
        if not get_current_worker().is_cancelled:
            self.post_message(self.PageDrawn(page, path, problem))

    @on(PageDrawn)
    def show_page(self, message: PageDrawn) -> None:
        self.query_one(PagePicture).show_picture(message.page, message.path, message.problem)

    # Large, and outside

    def action_large(self) -> None:
        subject = self._subject()
        if subject is None or self.position is None:
            say(
                self,
                keyed(
                    "There is no picture here. {reader.figures} shows the figures, "
                    "{reader.page} the printed page."
                ),
            )
        else:
            self.app.push_screen(LargePicture(self.desk, self.position.paper, subject))

    def _subject(self) -> Subject | None:
        """What of the paper is pictured here."""
        if self.view is View.FIGURES:
            figure = self.query_one(Gallery).figure
            if figure is not None and figure.page:
                return Subject(label_of(figure), figure.page, figure.box)
            return None
        page = self.page_at_hand()
        if self.view is View.PAGE or (self.view is View.TEXT and page):
            return Subject(f"Page {page}", page or 1, None)
        return None

    def action_outside(self) -> None:
        """A figure as a picture, all else as the PDF."""
        if self.position is None:
            return
        subject = self._subject() if self.view is View.FIGURES else None
        self._open_outside(self.position.paper, self.page_at_hand(), subject and subject.box)

    @work(thread=True, group="outside", exit_on_error=False)
    def _open_outside(self, paper: Paper, page: int | None, box: Box | None) -> None:
        with telling(self):
            if box is not None and page is not None:
                open_outside(documents.picture(self.desk, paper, page, box, _DPI_OUTSIDE))
                return
            held = paper.pdf_of(paper.version)
            if not held:
                raise DeskError(
                    "The PDF of this paper is not on this desk.",
                    keyed("Press {reader.fetch} to fetch it."),
                )
            document = documents.parsed(self.desk, paper)
            if document is not None and document.caution and self._cautioned != held:
                self._cautioned = held
                raise DeskError(
                    document.caution,
                    keyed("It was not opened. Press {reader.outside} again to open it."),
                )
            open_outside(self.desk.root / held, page)
