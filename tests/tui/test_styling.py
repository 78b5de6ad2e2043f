"""Styles are made once, and again only where the theme changed."""

from pathlib import Path

import pytest
from textual.css import stylesheet as textual_stylesheet
from textual.screen import Screen
from textual.widgets import Label, Static

from researchdesk.tui import styling
from researchdesk.tui.styling import DeskStylesheet, QuickStyles


class Other(Screen[None]):
    CSS = "Other Static { background: $secondary; }"

    def compose(self):
        yield Static("other")


class Painted(QuickStyles):
    CSS_PATH = []
    CSS = "Static { background: $primary; }"

    def compose(self):
        yield Static("one")


@pytest.fixture
def parsed(monkeypatch):
    """What was parsed, by the text of its source."""
    found = []
    plain = textual_stylesheet.parse

    def parse(scope, css, *args, **named):
        found.append(css)
        return plain(scope, css, *args, **named)

    monkeypatch.setattr(textual_stylesheet, "parse", parse)
    return found


def test_a_source_is_parsed_once_until_a_variable_changes(parsed):
    sheet = DeskStylesheet(variables={"colour": "red"})
    for number in range(100):
        sheet.add_source(f"A{number} {{ color: $colour; }}", read_from=("", f"{number}"))
        sheet.reparse()
    assert len(parsed) == 100
    sheet.set_variables({"colour": "red"})
    sheet.reparse()
    assert len(parsed) == 100
    sheet.set_variables({"colour": "blue"})
    sheet.reparse()
    assert len(parsed) == 200
    assert "#0000FF" in sheet.rules[0].css.upper() or "BLUE" in sheet.rules[0].css.upper()


async def test_a_theme_paints_what_is_shown_and_what_comes_later():
    app = Painted()
    async with app.run_test() as pilot:
        before = app.query_one(Static).styles.background
        app.theme = "textual-light"
        await pilot.pause()
        assert app.query_one(Static).styles.background != before
        first = app.theme_variables["primary"]
        assert app.query_one(Static).styles.background.hex.lower() == first.lower()
        await app.push_screen(Other())
        await pilot.pause()
        second = app.screen.query_one(Static).styles.background
        assert second.hex.lower() == app.theme_variables["secondary"].lower()
        app.theme = "nord"
        await pilot.pause()
        await app.pop_screen()
        await pilot.pause()
        shown = app.query_one(Static).styles.background.hex.lower()
        assert shown == app.theme_variables["primary"].lower()


async def test_what_is_mounted_later_has_its_styles():
    app = Painted()
    async with app.run_test() as pilot:
        await app.mount(Static("two"), Label("three"))
        await pilot.pause()
        colours = {item.styles.background.hex for item in app.query(Static)}
        assert len(colours) == 1


class Late(Screen[None]):
    CSS_PATH = []

    def compose(self):
        yield Static("late")


async def test_the_styles_of_all_screens_are_read_with_the_second():
    app = QuickStyles()
    async with app.run_test() as pilot:
        await app.push_screen(First())
        await pilot.pause()
        names = _sources(app)
        assert {"app.tcss", "base.tcss", "home.tcss"} <= names
        assert "ideas.tcss" not in names
        await app.push_screen(Late())
        assert {"ideas.tcss", "dialogs.tcss", "follow.tcss"} <= _sources(app)
        rules = len(app.stylesheet.rules)
        app.read_styles()
        assert len(app.stylesheet.rules) == rules


class First(Screen[None]):
    CSS_PATH = [Path(styling.__file__).parent / "screens" / "home.tcss"]

    def compose(self):
        yield Static("first")


def _sources(app):
    return {Path(path).name for path, _ in app.stylesheet.source}
