"""Keys of one's own: they do what the others did, wherever keys are named; bad ones are told."""

import re
import subprocess
import sys
from dataclasses import replace

import pytest
from support.bench import seen
from textual.widgets import Static

from researchdesk.services import library
from researchdesk.services.desk import open_desk
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.add import AddDialog
from researchdesk.tui.dialogs.find import FindDialog
from researchdesk.tui.dialogs.help import HelpDialog
from researchdesk.tui.key_names import parse_key
from researchdesk.tui.own_keys import check, every_command, places
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.widgets.key_bar import KeyBar
from researchdesk.tui.widgets.mode_bar import ModeBar

OWN = {
    "library.add": "ctrl+n",
    "app.help": ["alt+h", "?"],
    "app.bench": "f11",
    "dialog.cancel": "ctrl+g",
}
IN_SENTENCES = {
    "library.bench": "alt+b",
    "library.undo": "alt+z",
    "list.open": ["alt+o", "f11"],
    "bench.start": "alt+s",
    "bench.resume": "alt+r",
    "story.add": "alt+n",
    "text.down": "alt+d",
}


@pytest.fixture
def own_app(settings):
    desks = []

    def make(keys):
        desk = open_desk(replace(settings, offline=True, keys=keys))
        library.seed_bundled(desk)
        desks.append(desk)
        app = ResearchDeskApp(desk)
        app.animation_level = "none"
        return app

    yield make
    for desk in desks:
        desk.close()


async def test_a_key_of_ones_own_works_everywhere_and_the_old_one_does_not(own_app, until):
    app = own_app(OWN)
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen) and app.focused)
        await until(pilot, lambda: not [w for w in app.workers if not w.is_finished])
        assert app._notifications._notifications == {}
        assert "^n Add" in app.screen.query_one(KeyBar).text
        assert "F11 Bench" in app.screen.query_one(ModeBar).text
        await pilot.press("a")
        assert isinstance(app.screen, LibraryScreen)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: isinstance(app.screen, AddDialog))
        assert "ctrl+g" in str(app.screen.query_one("#cancel").label)
        await pilot.press("escape")
        assert isinstance(app.screen, AddDialog)
        await pilot.press("ctrl+g", "alt+h")
        await until(pilot, lambda: isinstance(app.screen, HelpDialog))
        rows = [str(item.content) for item in app.screen.query(Static)]
        assert rows[rows.index("Add a paper: arXiv id, address, or a PDF.") - 1] == "ctrl+n"
        assert "alt+h or ?" in rows


async def test_of_several_keys_the_first_is_shown_where_there_is_little_room(own_app, until):
    app = own_app({"app.help": ["alt+h", "?"], "library.add": ["ctrl+n", "a"]})
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen) and app.focused)
        bar = app.screen.query_one(ModeBar)
        assert bar.text.endswith(" alt+h Help  ^p ")
        assert len(bar.text) == 80
        assert "F2 Library" in bar.text
        assert "^n Add" in app.screen.query_one(KeyBar).text
        await pilot.resize_terminal(120, 30)
        await until(pilot, lambda: "alt+h or ? Help" in bar.text)
        await pilot.press("f8")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: app.screen.MODE == "ideas")
        assert app.screen.query_one(ModeBar).text.endswith(" alt+h Help  ^p ")


async def test_sentences_name_ones_own_keys(own_app, until):
    app = own_app(IN_SENTENCES)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen) and app.focused)
        await until(pilot, lambda: "press alt+b to run it" in seen(app))
        assert "alt+o" in seen(app)
        assert "Alt+o reads the one" in keyed(LibraryScreen.ABOUT)
        await pilot.press("f4")
        await until(pilot, lambda: "No run yet: alt+s starts all seeds, S takes a" in seen(app))
        await pilot.press("r")
        assert not app._notifications
        await pilot.press("alt+r")
        await until(pilot, lambda: len(app._notifications))
        told = [notice.message for notice in app._notifications]
        assert told == ["There is no run to resume; alt+s starts one."]
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpDialog))
        rows = [str(item.content) for item in app.screen.query(Static)]
        assert "Stop the run; finished seeds are kept, and alt+r goes on from there." in rows
        await pilot.press("escape", "f6")
        await until(pilot, lambda: "Press alt+n and give it a title." in seen(app))


def test_a_sentence_has_values_and_the_forms_of_keys():
    text = "{what}: {library.undo}, {^story.beside}, {*note.take}. {Home.open} {Claims.back}"
    told = keyed(text, what="{bench.start} [/b]")
    assert told == "{bench.start} [/b]: ctrl+z, ^l, tab or enter. Enter Escape"
    with pytest.raises(KeyError):
        keyed("{no.such}")


async def test_bad_lines_are_told_at_once_and_the_others_hold(own_app, until):
    app = own_app({"library.add": "f", "library.ad": "x", "app.home": "ctrl+1", "library.tag": "T"})
    async with app.run_test(notifications=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen) and app.focused)
        await until(pilot, lambda: len(app._notifications))
        (notice,) = app._notifications
        assert (
            "library.add: f is not free: library screen has it for library.find" in notice.message
        )
        assert "did you mean library.add?" in notice.message
        assert "app.home: few terminals can send ctrl+1" in notice.message
        assert "config.toml" in notice.message
        assert dict(app.own_keys) == {"library.tag": "T"}
        await pilot.press("f")
        await until(pilot, lambda: isinstance(app.screen, FindDialog))


def test_the_ids_of_commands_are_unique_and_all_are_listed():
    meant = {}
    for commands in places().values():
        for command in commands:
            assert meant.setdefault(command.id, command) == command
            assert re.fullmatch(r"[a-z-]+\.[a-z0-9-]+", command.id)
    listed = every_command()
    assert [item.command.id for item in listed] == sorted(meant)
    assert all(item.where and item.command.help.endswith((".", "…", "?")) for item in listed)


def test_what_the_app_comes_with_could_be_written_in_the_settings():
    for item in every_command():
        for key in item.command.keys.split(","):
            assert parse_key(key) == key.strip()


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"library.add": "f", "library.find": "a"}, []),
        ({"library.add": "d"}, ["library screen has it for"]),
        ({"bench.start": "N"}, ["everywhere has it for app.triage"]),
        ({"app.triage": "s"}, ["screen has it for"]),
        ({"list.down": "J", "library.add": "J"}, ["J is not free"] * 2),
        ({"app.quit": "tab"}, ["it goes to the next part"]),
        ({"library.add": "enter"}, ["lists and texts take it"]),
        ({"dialog.accept": "s"}, ["it is typed into the text"]),
        ({"library.add": "shift+a"}, ["what is typed with shift: write A"]),
        ({"library.add": "ctrl+i"}, ["sends ctrl+i as tab"]),
        ({"library.add": "ctrl+enter"}, ["few terminals can send"]),
        ({"library.add": "hyper+a"}, ["there is no 'hyper' to hold"]),
        ({"library.add": "nosuch"}, ["there is no key 'nosuch'"]),
        ({"library.add": []}, ["neither a key nor a list"]),
        ({"library.add": 3}, ["neither a key nor a list"]),
        ({"library.add": ""}, ["one key at least"]),
    ],
)
def test_each_kind_of_bad_line_has_its_words(keys, told):
    found = check(keys)
    assert len(found.problems) == len(told)
    for problem, words in zip(found.problems, told, strict=True):
        assert words in problem.words
        assert problem.command not in found.keymap


def test_what_shares_a_key_with_a_changed_one_keeps_it():
    assert check({"text.down": "e"}).keymap == {"text.down": "e", "text.sentence": "down,j"}


def test_a_sentence_that_names_a_command_of_another_screen_loads_few_modules() -> None:
    """All of them take a second, which the screen that says it would stand still."""
    names = ("list.open", "library.add", "reader.note", "bench.start", "funny.add", "tinker.new")
    said = "; ".join(f"{{{name}}}" for name in names)
    code = (
        "import sys; from researchdesk.tui.commands import keyed; "
        f"print(keyed({said!r})); print('researchdesk.tui.own_keys' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["enter; a; n; s; a; a", "False"]
