"""The pages of what is looked at."""

from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message

from researchdesk.domain.text import one_line
from researchdesk.tui.looked_at import LookPage
from researchdesk.tui.widgets.line_list import LineList, fit

_BAR, _COUNT = 6, 5


class PageList(LineList[LookPage]):
    """One page a line: its mark, its title, a bar or nothing, and its count."""

    COMPONENT_CLASSES = {"page-list--certain", "page-list--likely", "page-list--bar"}
    DEFAULT_CSS = """
    PageList > .page-list--certain { color: $text-error; text-style: bold; }
    PageList > .page-list--likely { color: $text-warning; text-style: bold; }
    PageList > .page-list--bar { color: $primary; }
    """

    @dataclass
    class Highlighted(Message):
        """The cursor came to this page, or there is none."""

        page: LookPage | None

    @dataclass
    class Opened(Message):
        """A double click on this page."""

        page: LookPage

    def key_of(self, item: LookPage) -> str:
        return item.key

    def announce(self) -> None:
        self.post_message(self.Highlighted(self.current))

    def announce_opened(self, item: LookPage) -> None:
        self.post_message(self.Opened(item))

    def segments(self, item: LookPage, width: int, base: Style, muted: Style) -> list[Segment]:
        drawn = "" if item.share is None else "━" * max(1, round(item.share * _BAR))
        room = _BAR + 1 if drawn else 0
        taken = max(cell_len(item.count), _COUNT if drawn else 0) + room + 5
        mark = base
        if item.mark and muted != base:
            kind = "certain" if item.mark == "!" else "likely"
            mark += self.get_component_rich_style(f"page-list--{kind}", partial=True)
        title = base + Style(bold=True) if item.head else base
        shade = base + self.get_component_rich_style("page-list--bar", partial=True)
        return [
            Segment(f"{item.mark:>2} ", mark),
            Segment(fit(one_line(item.title), max(width - taken, 1)), title),
            Segment(f" {drawn:<{room}}" if drawn else " ", shade),
            Segment(f"{item.count:>{_COUNT if drawn else 0}} ", muted),
        ]
