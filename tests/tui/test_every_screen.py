"""Every screen as it is drawn: in ASCII where that is asked for, and readable in every theme."""

from collections import defaultdict
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len
from support import every_screen
from textual.color import Color

from researchdesk.assets import folder
from researchdesk.domain.contrast import ENOUGH, HIGH, LARGE, contrast
from researchdesk.services.desk import open_desk
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.themes import load_themes

NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
LEAST = 40
"""Screens and dialogs that the walk comes to, at least."""
THEMES = [theme.name for theme in load_themes([folder("themes")])[0]]


@pytest.fixture
def full(settings, tmp_path):
    desk = open_desk(settings, clock=lambda: NOW)
    every_screen.fill(desk, tmp_path)
    yield desk
    desk.close()


def _made(desk, **given):
    app = ResearchDeskApp(desk, **given)
    app.animation_level = "none"
    return app


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (160, 48)], ids=["80x24", "160x48"])
async def test_in_ascii_every_cell_of_every_screen_is(full, size):
    app = _made(full, only_ascii=True)
    faults, seen = [], []
    async with app.run_test(size=size) as pilot:
        async for name in every_screen.walk(app, pilot):
            seen.append(name)
            for line, strip in enumerate(app.screen._compositor.render_strips()):
                if not strip.text.isascii() or len(strip.text) != size[0]:
                    faults.append((name, line, strip.text))
    assert not faults
    assert len(seen) >= LEAST


@pytest.mark.slow
async def test_ascii_keeps_every_cell_where_it_stood(full):
    app = _made(full)
    plain = _made(full, only_ascii=True)._ascii
    faults = []
    async with app.run_test(size=(120, 40)) as pilot:
        plain._app = app
        async for name in every_screen.walk(app, pilot):
            for strip in app.screen._compositor.render_strips():
                made = plain.apply(list(strip), app.screen.styles.background)
                widths = [len(segment.text) for segment in made]
                if widths != [cell_len(segment.text) for segment in strip]:
                    faults.append((name, strip.text))
    assert not faults


@pytest.mark.slow
async def test_every_word_can_be_read_in_every_theme(full):
    """WCAG 2.2: text 4.5 (AA), in the high contrasts 7 (AAA); what is switched off 3."""
    app = _made(full)
    faults = defaultdict(set)
    async with app.run_test(size=(120, 40)) as pilot:
        async for name in every_screen.walk(app, pilot):
            for theme in THEMES if name != "CommandPalette" else THEMES[-1:]:
                app.theme = theme
                await pilot.pause()
                await pilot.pause()
                wanted = HIGH if "contrast" in theme else ENOUGH
                for fault in _faint(app, wanted):
                    faults[(theme, *fault)].add(name)
    assert not dict(faults)


def _faint(app, wanted):
    """What stands with less contrast: its colours, the contrast, an example."""
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        x = 0
        for segment in strip:
            ratio, colours = _ratio(segment.style)
            words = any(sign.isalnum() for sign in segment.text)
            if words and ratio < wanted and ratio < _wanted(app, x, y, wanted):
                yield colours, round(ratio, 1), segment.text.strip()[:30]
            x += cell_len(segment.text)


def _ratio(style):
    if style is None or style.color is None or style.bgcolor is None:
        return 21.0, ""
    over, below = (Color.from_rich_color(one) for one in (style.color, style.bgcolor))
    if over == below:
        return 21.0, ""  # nothing is written there
    return contrast(over.normalized, below.normalized), f"{over.hex} on {below.hex}"


def _wanted(app, x, y, wanted):
    """What is switched off needs less, what lies behind a dialog nothing."""
    widget, _ = app.screen.get_widget_at(x, y)
    if widget is app.screen:
        return 0.0
    off = any(getattr(node, "disabled", False) for node in widget.ancestors_with_self)
    return LARGE if off else wanted
