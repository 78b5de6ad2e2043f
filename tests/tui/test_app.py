"""What holds on every screen."""

import importlib
import pkgutil
from collections import Counter

import pytest
from rich.cells import cell_len
from textual.command import CommandList, CommandPalette
from textual.dom import DOMNode
from textual.widgets import Button, Input, Static

import researchdesk.tui
from researchdesk.services import notes
from researchdesk.services.surprises import list_surprises
from researchdesk.tui.commands import Command
from researchdesk.tui.dialogs.help import HelpDialog
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.verbs import EVERYWHERE, HELP, PALETTE, SCREENS, SELDOM
from researchdesk.tui.widgets.key_bar import KeyBar
from researchdesk.tui.widgets.mode_bar import ModeBar


def owners():
    """Every class of ours that has commands."""
    for item in pkgutil.walk_packages(researchdesk.tui.__path__, "researchdesk.tui."):
        module = importlib.import_module(item.name)
        for thing in vars(module).values():
            if (
                isinstance(thing, type)
                and issubclass(thing, DOMNode)
                and thing.__module__ == item.name
            ):
                yield thing


def test_every_binding_has_an_id_and_a_tooltip_and_comes_from_a_command():
    found = 0
    for owner in owners():
        for binding in vars(owner).get("BINDINGS", []):
            found += 1
            assert binding.id, (owner, binding)
            assert len(binding.tooltip) > 3, (owner, binding)
            assert binding.description, (owner, binding)
            assert binding.id in {command.id for command in owner.VERBS}, (owner, binding)
    assert found > 40


def test_ids_of_commands_are_unique():
    commands: set[Command] = set()
    for owner in owners():
        commands.update(vars(owner).get("VERBS", ()))
    counts = Counter(command.id for command in commands)
    assert [name for name, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("command", [*SCREENS, *SELDOM], ids=lambda command: command.id)
@pytest.mark.parametrize("width", [80, 120])
async def test_every_screen_is_reached_by_key_and_by_mouse_and_left_by_escape(
    make_app, until, command, width
):
    app = make_app()
    name = command.id.removeprefix("app.")
    async with app.run_test(size=(width, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await pilot.press(command.keys)
        await until(pilot, lambda: name == app.screen.MODE)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen.MODE in ("library", "home"))
        bar = app.screen.query_one(ModeBar)
        at = bar.place_of(command)
        assert (at is not None) is (width > 80 or command in SCREENS)
        if at is not None:
            await pilot.hover(bar, offset=(at + 2, 0))
            await until(pilot, lambda: bar.tooltip == command.help)
            await pilot.click(bar, offset=(at + 2, 0))
            await until(pilot, lambda: name == app.screen.MODE)


@pytest.mark.parametrize("command", [*SCREENS, *SELDOM], ids=lambda command: command.id)
async def test_nothing_in_bar_and_footer_is_cut_off_at_eighty_columns(make_app, until, command):
    app = make_app("1904.09237")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await pilot.press(command.keys)
        await until(pilot, lambda: command.id.removeprefix("app.") == app.screen.MODE)
        bar = app.screen.query_one(KeyBar)
        await until(pilot, lambda: bar.text)
        assert cell_len(bar.text.rstrip()) <= 80
        if (
            command.id != "app.reader"
        ):  # which has more keys than fit; what does not fit is left out
            shown = [item[1] for item in app.screen.active_bindings.values() if item[1].show]
            assert [item for item in shown if item.description not in bar.text] == []
        names = app.screen.query_one(ModeBar).text
        assert cell_len(names) == 80
        shown = [item for item in (*SCREENS, command, HELP, PALETTE) if item.key_words in names]
        assert shown == [*SCREENS, command, HELP, PALETTE]
        assert names.endswith(" ? Help  ^p ")
        assert f"{command.key_words} {command.label}" in names
        assert bar.region.y == 23


async def test_help_lists_the_keys_of_the_screen_and_of_everywhere(make_app, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpDialog)
        words = "\n".join(str(item.content) for item in app.screen.query(Static))
        assert "Search arXiv and add from it." in words
        assert all(command.help in words for command in EVERYWHERE)
        await pilot.press("escape")
        assert isinstance(app.screen, DeskScreen)


def _marked(app):
    """What the palette would run now."""
    found = app.screen.query_one(CommandList)
    return "" if found.highlighted is None else str(found.highlighted_option.prompt)


async def test_palette_runs_a_command_of_the_screen(make_app, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await pilot.press(*"find on")
        await until(pilot, lambda: "Find" in _marked(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query("#words"))


async def test_surprise_is_kept_from_any_screen_with_what_was_looked_at(make_app, desk, until):
    app = make_app("1904.09237")
    async with app.run_test() as pilot:
        await until(pilot, lambda: getattr(app.screen, "position", None))
        await pilot.press("exclamation_mark")
        assert app.screen.query_one("#on", Input).value == "1904.09237"
        await pilot.press("ctrl+s")
        assert "delta" in str(app.screen.query_one("#problem", Static).content)
        await pilot.press(*"a[b]", "enter", *"one", "enter", *"two")
        await pilot.click("#accept")
        await until(pilot, lambda: list_surprises(desk))
        (item,) = list_surprises(desk)
        assert (item.text, item.expected, item.observed) == ("a[b]", "one", "two")
        await pilot.press("f5")
        await until(pilot, lambda: app.screen.MODE == "funny")
        await until(
            pilot, lambda: "a[b]" in str(app.screen.query_one("#detail-text", Static).content)
        )


async def test_dialogs_are_left_with_the_mouse(make_app, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        for key in ("a", "f", "exclamation_mark", "question_mark"):
            await pilot.press(key)
            cancel = app.screen.query_one("#cancel", Button)
            assert cancel.region.bottom <= 24
            await pilot.click(cancel)
            await until(pilot, lambda: isinstance(app.screen, DeskScreen))


async def test_a_fault_in_a_worker_is_told_and_does_not_end_the_app(make_app, until):
    app = make_app()

    def broken():
        raise ZeroDivisionError("see [/b]")

    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        app.screen.run_worker(broken, thread=True, exit_on_error=False)
        await until(pilot, lambda: app._notifications)
        (notice,) = app._notifications
        assert "ZeroDivisionError: see [/b]" in notice.message
        assert app.is_running


async def test_a_paper_that_is_not_there_is_told(make_app, until):
    app = make_app("2401.99999")
    async with app.run_test() as pilot:
        await until(pilot, lambda: app._notifications)
        assert any("no paper" in notice.message for notice in app._notifications)


async def test_no_color_is_honoured(make_app, monkeypatch, until):
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        assert app.no_color
        grey = {
            part
            for line in app.screen._compositor.render_strips()
            for segment in line
            if segment.style and segment.style.color and segment.style.color.triplet
            for part in [tuple(segment.style.color.triplet)]
        }
        assert grey
        assert all(red == green == blue for red, green, blue in grey)


def row_of(text, words):
    """The line of the reader's text on which words stand."""
    lines = range(text.size.height)
    return next((y for y in lines if words in text.render_line(y).text), None)


async def test_a_click_on_a_key_keeps_the_text_that_is_selected(make_app, paper, desk, until):
    app = make_app("2501.00001", 2)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "material", None))
        text = app.screen.text
        await until(pilot, lambda: row_of(text, "Paragraph 1") is not None)
        row = row_of(text, "Paragraph 1")
        await pilot.mouse_down(text, offset=(4, row))
        await pilot.hover(text, offset=(20, row))
        await pilot.mouse_up(text, offset=(20, row))
        selected = app.screen.get_selected_text()
        assert selected
        bar = app.screen.query_one(KeyBar)
        await pilot.click(bar, offset=(bar.text.index("u Unclear"), 0))
        await until(pilot, lambda: notes.notes_of(desk, paper))
        assert notes.notes_of(desk, paper)[0].quote == selected
        await pilot.click(text, offset=(4, row + 1))
        await until(pilot, lambda: not app.screen.get_selected_text())


async def test_text_that_is_selected_can_be_read(make_app, paper, until):
    app = make_app("2501.00001", 2)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: getattr(app.screen, "material", None))
        text = app.screen.text
        await until(pilot, lambda: row_of(text, "Paragraph 1") is not None)
        row = row_of(text, "Paragraph 1")
        await pilot.mouse_down(text, offset=(4, row))
        await pilot.hover(text, offset=(20, row))
        await pilot.mouse_up(text, offset=(20, row))
        await pilot.pause()
        inks = [item.style for item in text.render_line(row) if item.style and item.text.strip()]
        assert all(style.color != style.bgcolor for style in inks)


async def test_ctrl_c_says_once_which_key_ends_the_desk(make_app, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await pilot.press("ctrl+c", "ctrl+c")
        await until(pilot, lambda: app._notifications)
        (notice,) = app._notifications
        assert (notice.message, notice.title) == ("Ctrl+q ends the desk.", "")
