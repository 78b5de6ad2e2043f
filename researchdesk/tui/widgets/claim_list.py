"""The list of claims and of what may be one."""

from collections.abc import Mapping
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.message import Message

from researchdesk.tui.claim_rows import ClaimRow
from researchdesk.tui.widgets.line_list import LineList, fit

_NUMBER, _WHERE, _PAGE = 16, 14, 6
_ROOMY = 96


class ClaimList(LineList[ClaimRow]):
    """Rows, one a line: accepted or not, number, what it is of, where it stands."""

    COMPONENT_CLASSES = {"claim-list--accepted", "claim-list--replaced"}
    DEFAULT_CSS = """
    ClaimList > .claim-list--accepted { color: $text-success; text-style: bold; }
    ClaimList > .claim-list--replaced { color: $text-warning; text-style: bold; }
    """

    @dataclass
    class Highlighted(Message):
        """The cursor came to this row, or the list became empty."""

        row: ClaimRow | None

    @dataclass
    class Toggled(Message):
        """A double click on this row."""

        row: ClaimRow

    marks: Mapping[tuple[int, int], str] = {}
    """What became of a paper's version since, by paper and version."""

    def since(self, item: ClaimRow) -> str:
        """What became of the version that the row's claim is of, or ``""``."""
        claim = item.claim
        return self.marks.get((claim.paper_id, claim.version), "") if claim else ""

    def key_of(self, item: ClaimRow) -> str:
        return item.key

    def announce(self) -> None:
        self.post_message(self.Highlighted(self.current))

    def announce_opened(self, item: ClaimRow) -> None:
        self.post_message(self.Toggled(item))

    def segments(self, item: ClaimRow, width: int, base: Style, muted: Style) -> list[Segment]:
        number = _NUMBER if width >= _ROOMY else _NUMBER - 3
        where = _WHERE if width >= _ROOMY else _WHERE - 3
        what = max(width - 4 - number - where - _PAGE - 2, 1)
        page = f"p. {item.page}" if item.page else ""
        style = base
        replaced = self.since(item) != ""
        if item.accepted and muted != base:
            kind = "replaced" if replaced else "accepted"
            style += self.get_component_rich_style(f"claim-list--{kind}", partial=True)
        sign = " ≠ " if replaced else " ✓ "
        return [
            Segment(sign if item.accepted else " · ", style if item.accepted else muted),
            Segment(fit(item.number, number) + " ", style),
            Segment(fit(item.what, what) + " ", base),
            Segment(fit(item.where, where) + " ", muted),
            Segment(fit(page, _PAGE), muted),
        ]
