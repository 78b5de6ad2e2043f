"""A list of lines: as wide as there is room for, and no wider."""

import pytest
from rich.segment import Segment
from textual.app import App

from researchdesk.tui.widgets.line_list import LineList, fit

WIDTH = 40


class Lines(LineList[str]):
    """Lines that fill all the room that they are given."""

    def key_of(self, item):
        return item

    def segments(self, item, width, base, muted):
        return [Segment(fit(item * WIDTH, width), base)]

    def announce(self):
        """Nobody asks."""


class Shown(App[None]):
    """The list, and nothing else."""

    CSS = "Lines { scrollbar-size-vertical: 1; }"

    def compose(self):
        yield Lines()


@pytest.mark.parametrize(("count", "width"), [(3, WIDTH), (50, WIDTH - 1)])
async def test_lines_end_before_the_scroll_bar(count, width):
    app = Shown()
    async with app.run_test(size=(WIDTH, 10)) as pilot:
        app.query_one(Lines).put([f"{number} " for number in range(count)])
        await pilot.pause()
        drawn = app.query_one(Lines).render_line(0).text
        assert len(drawn.rstrip()) == width
        assert drawn.rstrip().endswith("…")
