"""Keys that come in one burst, faster than the screen follows."""

import pytest
from textual import events
from textual.widgets import Input, TextArea

from researchdesk.services import documents, library, notes
from researchdesk.tui.dialogs.base import Dialog
from researchdesk.tui.dialogs.claim import ClaimDialog
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.widgets.paper_list import PaperList


def burst(app, text):
    """Type all of it before anything is dealt with."""
    names = {"/": "slash", "!": "exclamation_mark", " ": "space"}
    for letter in text:
        app.post_message(events.Key(names.get(letter, letter), letter))


async def test_words_typed_right_after_the_slash_go_into_the_filter(make_app, desk, paper, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(app.screen.query_one(PaperList)) == 3)
        burst(app, "/Adam defa")
        field = app.screen.query_one("#filter", Input)
        await until(pilot, lambda: field.value == "Adam defa")
        assert isinstance(app.screen, LibraryScreen)
        assert app.focused is field
        assert len(library.list_papers(desk)) == 3


@pytest.mark.parametrize(
    ("key", "field"),
    [("a", "#text"), ("f", "#words"), ("e", "#folder"), ("!", "#text")],
    ids=["add", "find", "export", "funny"],
)
async def test_words_typed_right_after_a_key_go_into_its_dialog(
    make_app, desk, paper, until, key, field
):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(app.screen.query_one(PaperList)) == 3)
        burst(app, f"{key}dad ae")
        await until(pilot, lambda: isinstance(app.screen, Dialog) and app.focused)
        await until(pilot, lambda: app.screen.query_one(field, Input).value.endswith("dad ae"))
        assert len(app.screen_stack) == 2
        assert len(library.list_papers(desk)) == 3


@pytest.mark.parametrize(("key", "field"), [("n", "#text"), ("f", "#why"), ("x", "#why")])
async def test_words_typed_right_after_a_key_of_the_reader(
    make_app, paper, desk, until, key, field
):
    app = make_app("2501.00001")
    async with app.run_test() as pilot:
        await until(pilot, lambda: getattr(app.screen, "position", None))
        await until(pilot, lambda: app.focused)
        burst(app, f"{key}next no fox")
        await until(pilot, lambda: isinstance(app.screen, Dialog) and app.focused)
        item = app.screen.query_one(field)
        await until(
            pilot,
            lambda: (item.text if isinstance(item, TextArea) else item.value) == "next no fox",
        )
        assert notes.notes_of(desk, paper) == []


async def test_a_pasted_id_goes_into_the_dialog_asked_for_just_before(make_app, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(app.screen.query_one(PaperList)) == 2)
        burst(app, "a")
        app.post_message(events.Paste("1706.03762"))
        await until(
            pilot,
            lambda: (
                isinstance(app.screen, Dialog)
                and app.focused
                and app.screen.query_one("#text", Input).value == "1706.03762"
            ),
        )


async def test_keys_typed_right_after_the_one_that_opens_a_screen_go_to_it(
    make_app, paper, until, monkeypatch
):
    monkeypatch.setattr(documents, "candidates_of", lambda *_: ())
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(app.screen.query_one(PaperList)) == 3)
        burst(app, "cna claim")
        await until(pilot, lambda: isinstance(app.screen, ClaimDialog) and app.focused)
        await until(pilot, lambda: app.screen.query_one("#text", Input).value == "a claim")
