"""What the parts of the reader share: the place, the text, and how to show them again."""

from researchdesk.domain.reading import Note
from researchdesk.services.desk import Desk
from researchdesk.tui.position import Position
from researchdesk.tui.reader_material import Material
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.widgets.passage_view import PassageView


class ReaderBase(DeskScreen):
    """The reader is made of parts, each a class of its own over this one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.position: Position | None = None
        self.material: Material | None = None

    @property
    def text(self) -> PassageView:
        return self.query_one(PassageView)

    def open(self, ref: str, number: int | None = None) -> None:
        """Show this paper at the pass, or where it was left."""
        raise NotImplementedError

    def go_to(self, position: Position) -> None:
        """Show this place."""
        raise NotImplementedError

    def go_to_note(self, note: Note) -> None:
        """Show the place that a note is about."""
        raise NotImplementedError

    def edit_note(self, note: Note) -> None:
        """Open a note to be changed."""
        raise NotImplementedError

    def after_change(self, note: Note) -> None:
        """A note was added: the pass may have begun with it."""
        raise NotImplementedError

    def show_notes(self, prefer: int | None = None) -> None:
        """Read the notes of the paper again."""
        raise NotImplementedError

    def show_header(self) -> None:
        """Say again where one is."""
        raise NotImplementedError

    def page_at_hand(self) -> int | None:
        """The page that is looked at."""
        raise NotImplementedError

    def keep_time(self) -> None:
        """Add the time spent to the pass at hand."""
        raise NotImplementedError
