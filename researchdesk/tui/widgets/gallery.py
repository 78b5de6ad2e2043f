"""The figures and tables of a paper, one at a time, with what stands below them in print."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import ContentSwitcher

from researchdesk.domain.documents import Figure, FigureKind, Table
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.reader_material import label_of
from researchdesk.tui.widgets.brief import Static
from researchdesk.tui.widgets.picture import Picture
from researchdesk.tui.widgets.table_grid import TableGrid

_READING = "Reading the cells of the tables …"
_NO_CELLS = "No cells were found in this table. Press {gallery.cells} for its picture."
_DRAWING = "Drawing …"


class Gallery(Vertical, can_focus=True):
    """Asks for the picture of the figure in sight alone, and for cells when a table comes up."""

    VERBS: ClassVar[tuple[Command, ...]] = (
        Command("gallery.next", "down,j", "turn(1)", "Next", "The next figure or table.",
                True, key_label="↓"),
        Command("gallery.previous", "up,k", "turn(-1)", "Figure before",
                "The figure or table before.", key_label="↑"),
        Command("gallery.first", "home", "turn(-10000)", "First", "The first one.", moves=True),
        Command("gallery.last", "end", "turn(10000)", "Last", "The last one.", moves=True),
        Command("gallery.large", "enter", "screen.large", "Large",
                "The picture as large as it goes.", True),
        Command("gallery.cells", "t", "cells", "Cells",
                "A table's cells, or its picture.", True),
        Command("gallery.right", "greater_than_sign,shift+right", "sideways(1)", "Right",
                "Cells further right.", True, moves=True, key_label=">"),
        Command("gallery.left", "less_than_sign,shift+left", "sideways(-1)", "Left",
                "Cells further left.", True, moves=True, key_label="<"),
        Command("gallery.page-down", "pagedown,space", "scroll(1)", "Down",
                "Rows further down.", moves=True, key_label="space"),
        Command("gallery.page-up", "pageup", "scroll(-1)", "Up", "Rows further up.", moves=True),
    )  # fmt: skip
    BINDINGS = bindings(VERBS)
    DEFAULT_CSS = """
    Gallery {
        height: 1fr; padding: 1 1 0 1;
        #strip { height: auto; max-height: 3; color: $text-muted; padding: 0 1; }
        #caption { height: auto; max-height: 40%; padding: 0 1; margin-bottom: 1; max-width: 96; }
        #shown { height: 1fr; }
        #no-cells { padding: 0 1; height: auto; }
    }
    """

    @dataclass
    class PictureWanted(Message):
        figure: Figure

    class TablesWanted(Message):
        """A table came up whose cells are not here."""

    class Turned(Message):
        """Another figure came up."""

    def __init__(self) -> None:
        super().__init__(id="view-figures")
        self._figures: tuple[Figure, ...] = ()
        self._at = 0
        self._tables: tuple[Table, ...] | None = None
        self._problem = ""
        self._cells = self._stale = True

    def compose(self) -> ComposeResult:
        yield Static(id="strip", markup=False)
        yield Static(id="caption", markup=False)
        with ContentSwitcher(id="shown", initial="figure-picture"):
            with Vertical(id="figure-picture"):
                yield Picture()
            with Vertical(id="figure-cells"):
                yield Static("", id="no-cells", markup=False)
                yield TableGrid()

    @property
    def figure(self) -> Figure | None:
        """The one in sight."""
        return self._figures[self._at] if self._figures else None

    @property
    def text(self) -> str:
        """Number and caption of the one in sight."""
        return str(self.query_one("#caption", Static).content)

    def show(self, figures: Sequence[Figure]) -> None:
        """Show these, from the first, when it is woken; the same ones stay where they are."""
        if tuple(figures) == self._figures:
            return
        self._figures, self._at, self._tables = tuple(figures), 0, None
        self._problem, self._cells, self._stale = "", True, True

    def wake(self) -> None:
        """It comes into sight: only now is anything drawn."""
        if self._stale:
            self._show()

    def go_to_page(self, page: int) -> None:
        """To the first one on this page or after it, when it is woken."""
        at = next((n for n, item in enumerate(self._figures) if item.page >= page), None)
        if at is not None and at != self._at:
            self._at, self._stale = at, True

    def show_picture(self, figure: Figure, path: Path | None, problem: str = "") -> None:
        """The picture that was wanted, or why there is none."""
        if figure == self.figure:
            picture = self.query_one(Picture)
            if path is None:
                picture.say(problem or "There is no picture of it.")
            else:
                picture.show(path, keyed("Press {reader.outside} to open it in a viewer."))

    def show_tables(self, tables: Sequence[Table], problem: str = "") -> None:
        """The cells that were wanted, or why there are none."""
        self._tables, self._problem = tuple(tables), problem
        if self.figure is not None:
            self._show_cells(self.figure)

    def action_turn(self, by: int) -> None:
        at = max(0, min(self._at + by, len(self._figures) - 1))
        if at != self._at:
            self._at, self._cells = at, True
            self._show()

    def action_cells(self) -> None:
        self._cells = not self._cells
        self._show()

    def action_sideways(self, by: int) -> None:
        self.query_one(TableGrid).scroll_relative(x=12 * by, animate=False)

    def action_scroll(self, by: int) -> None:
        grid = self.query_one(TableGrid)
        grid.scroll_relative(y=by * max(1, grid.size.height - 1), animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        table = self.figure is not None and self.figure.kind is FigureKind.TABLE
        if action == "sideways":
            grid = self.query_one(TableGrid)
            return table and self._cells and grid.wide
        return table if action == "cells" else True

    @on(TableGrid.Laid)
    def _laid(self, event: TableGrid.Laid) -> None:
        event.stop()
        self.refresh_bindings()

    def on_click(self, event: events.Click) -> None:
        """A click on a number goes to that figure."""
        strip = self.query_one("#strip", Static)
        if event.widget is not strip:
            return
        place = event.style.meta.get("figure") if event.style else None
        if isinstance(place, int):
            self._at, self._cells = place, True
            self._show()

    def _show(self) -> None:
        figure = self.figure
        if figure is None:
            return
        self._stale = False
        self.query_one("#strip", Static).update(self._strip())
        page = f"page {figure.page}" if figure.page else "page unknown"
        count = f"{self._at + 1} of {len(self._figures)}"
        head = (label_of(figure), "bold $text-accent")
        self.query_one("#caption", Static).update(
            Content.assemble(head, (f"  {page} · {count}\n", "$text-muted"), figure.caption)
        )
        cells = figure.kind is FigureKind.TABLE and self._cells
        self.query_one(ContentSwitcher).current = "figure-cells" if cells else "figure-picture"
        if cells:
            self._show_cells(figure)
        else:
            self.query_one(Picture).say(_DRAWING)
            self.post_message(self.PictureWanted(figure))
        self.refresh_bindings()
        self.post_message(self.Turned())

    def _show_cells(self, figure: Figure) -> None:
        cells = figure.cells
        if not cells and self._tables is None:
            self.post_message(self.TablesWanted())
        found = [item.cells for item in self._tables or () if item.number == figure.number]
        cells = cells or (found[0] if found else ())
        words = _READING if self._tables is None else self._problem or keyed(_NO_CELLS)
        note = self.query_one("#no-cells", Static)
        note.update(Content("" if cells else words))
        note.display = not cells
        self.query_one(TableGrid).show(cells)

    def _strip(self) -> Content:
        parts = []
        for at, figure in enumerate(self._figures):
            here = at == self._at
            style = Style(bold=here, reverse=here) + Style.from_meta({"figure": at})
            parts.append((f" {_short(figure)} ", style))
        return Content.assemble(*parts)


def _short(figure: Figure) -> str:
    kind = {FigureKind.FIGURE: "Fig", FigureKind.TABLE: "Tab"}.get(figure.kind, "Alg")
    return f"{kind} {figure.number}"
