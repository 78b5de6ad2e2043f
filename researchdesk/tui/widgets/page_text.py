"""One page's share of a passage."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from researchdesk.domain.documents import Block


class PageText(Static):
    """Paragraphs of one page, to be selected with the mouse. ``page`` counts from 1; 0: none."""

    DEFAULT_CSS = """
    PageText { width: 100%; max-width: 90; height: auto; padding: 0 1 1 1; }
    """

    def __init__(self, page: int, blocks: Sequence[Block]) -> None:
        super().__init__(_content(blocks), markup=False)
        self.page = page


def _content(blocks: Sequence[Block]) -> Content:
    parts = [
        Content.styled(block.text, "bold $text-primary") if block.heading else Content(block.text)
        for block in blocks
    ]
    return Content("\n\n").join(parts)
