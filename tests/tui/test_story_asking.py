"""What is asked of a storyline: sections, the four questions, what is missing, a file."""

from pathlib import Path

import pytest
from support.story_screen import begun, opened, words
from textual.widgets import Input, OptionList, TextArea

from researchdesk.services import library, stories
from researchdesk.services.investigations import get_investigation, list_investigations
from researchdesk.services.surprises import add_surprise
from researchdesk.tui.dialogs.choice import ChoiceDialog
from researchdesk.tui.dialogs.story_export import ExportDialog
from researchdesk.tui.dialogs.story_missing import MissingDialog
from researchdesk.tui.dialogs.story_questions import QuestionsDialog
from researchdesk.tui.messages import OpenInvestigation

pytestmark = pytest.mark.slow

_TEXT = """A maximum over the second moment remembers.

## Problem

Without the maximum the loss is 0.44 higher [[funny:1]]. It always forgets.
"""


@pytest.fixture
def story(desk):
    """A story that states things, of which little is shown."""
    library.seed_bundled(desk)
    add_surprise(desk, "loss rises [red]", "it falls", "0.31, then 0.44")
    stories.new_story(desk, "Why")
    stories.save_draft(desk, "why", _TEXT)
    return stories.get_story(desk, "why")


async def test_a_section_is_put_where_the_cursor_is(make_app, desk, until):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await begun(app, pilot, until)
        await pilot.press(*"Thread.", "ctrl+t")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        assert "Who should care" in str(app.screen.query_one(OptionList).options[0].prompt)
        await pilot.press("enter")
        await until(pilot, lambda: "## Motivation" in screen.text.text)
        assert screen.text.text.startswith("Thread.\n\n## Motivation\n\n<!-- Who should care")
        assert screen.text.has_focus
        assert stories.get_draft(desk, "why-it-fails").text == screen.text.text
        await pilot.press("ctrl+z")
        await until(pilot, lambda: screen.text.text == "Thread.")


async def test_the_four_questions_are_written_below_their_sentence(make_app, desk, story, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        screen.text.move_cursor((4, 60))
        await pilot.press("ctrl+underscore")
        await until(pilot, lambda: isinstance(app.screen, QuestionsDialog))
        dialog = app.screen
        assert dialog.query_one("#box").region.bottom <= 24
        await pilot.press(*"ten [b] seeds", "tab", *"one that does not")
        assert dialog.unsaved()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is screen)
        assert screen.text.text.rstrip().endswith(
            "It always forgets.\n? proof: ten [b] seeds\n? refuted by: one that does not"
        )
        screen.text.move_cursor((5, 0))
        await pilot.press("ctrl+underscore")
        await until(pilot, lambda: isinstance(app.screen, QuestionsDialog))
        assert app.screen.query_one("#proof", TextArea).text == "ten [b] seeds"
        assert not app.screen.unsaved()
        app.screen.query_one("#proof", TextArea).text = ""
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "? proof" not in screen.text.text)
        assert "? refuted by: one that does not" in screen.text.text


async def test_answers_go_below_their_sentence_where_another_program_moved_it(
    make_app, desk, story, until
):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        screen.text.move_cursor((4, 60))
        await pilot.press("ctrl+underscore")
        await until(pilot, lambda: isinstance(app.screen, QuestionsDialog))
        await pilot.press(*"ten seeds")
        before = screen.text.text
        screen.write(f"# Put in before\n\nAnother sentence.\n\n{before}")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is screen)
        assert screen.text.text.rstrip().endswith("It always forgets.\n? proof: ten seeds")


async def test_answers_to_a_sentence_that_is_gone_stay_where_they_are(make_app, desk, story, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        screen.text.move_cursor((4, 60))
        await pilot.press("ctrl+underscore")
        await until(pilot, lambda: isinstance(app.screen, QuestionsDialog))
        dialog = app.screen
        await pilot.press(*"ten seeds")
        screen.write("Something else.")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert app.screen is dialog
        assert "not in the draft any more" in str(dialog.query_one("#problem").content)
        assert dialog.query_one("#proof", TextArea).text == "ten seeds"
        assert screen.text.text == "Something else."


async def test_a_heading_is_asked_nothing(make_app, story, until):
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot, until)
        screen.text.move_cursor((2, 3))
        await pilot.press("ctrl+underscore")
        await until(pilot, lambda: list(app._notifications))
        assert app.screen is screen


async def missing(app, pilot, until):
    await pilot.press("ctrl+f")
    await until(pilot, lambda: isinstance(app.screen, MissingDialog))
    dialog = app.screen
    await until(pilot, lambda: dialog.query_one(OptionList).option_count)
    return dialog, [str(item.prompt) for item in dialog.query_one(OptionList).options]


async def test_enter_goes_to_the_line_where_something_is_missing(make_app, story, until):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        screen.text.move_cursor((0, 0))
        dialog, found = await missing(app, pilot, until)
        at = next(at for at, words in enumerate(found) if "It always forgets." in words)
        assert found[at].startswith("Line 5: ")
        assert "\n▷ " in found[at] or "\n✎ " in found[at]
        dialog.query_one(OptionList).highlighted = at
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        assert screen.text.cursor_location[0] == 4
        assert screen.text.has_focus


async def test_what_is_missing_becomes_an_investigation_by_one_key(
    make_app, desk, story, until, monkeypatch
):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, until)
        shown, post = [], screen.post_message
        monkeypatch.setattr(
            screen,
            "post_message",
            lambda m: shown.append(m.number) if isinstance(m, OpenInvestigation) else post(m),
        )
        dialog, found = await missing(app, pilot, until)
        run = next(at for at, words in enumerate(found) if "\n▷ " in words)
        dialog.query_one(OptionList).highlighted = run
        await pilot.press("v")
        await until(pilot, lambda: shown)
        begun_now = get_investigation(desk, shown[0])
        experiment = found[run].split("\n▷ ")[1]
        assert any(experiment in answer for answer in begun_now.answers.values())
        dialog, found = await missing(app, pilot, until)
        assert f"in investigation {shown[0]}" in found[run]
        dialog.query_one(OptionList).highlighted = run
        await pilot.press("v")
        await until(pilot, lambda: shown == [begun_now.id] * 2)
        assert len(list_investigations(desk)) == 1


async def test_what_is_mended_by_writing_is_not_investigated(make_app, desk, story, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, until)
        dialog, found = await missing(app, pilot, until)
        write = next(at for at, words in enumerate(found) if "\n✎ " in words)
        dialog.query_one(OptionList).highlighted = write
        await pilot.press("v")
        await until(pilot, lambda: "mended by writing" in words(dialog, "#problem"))
        assert list_investigations(desk) == []


async def test_where_nothing_is_missing_it_says_what_it_looks_for(
    make_app, story, until, monkeypatch
):
    monkeypatch.setattr("researchdesk.services.story_missing.missing_of", lambda *_: [])
    app = make_app()
    async with app.run_test() as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("ctrl+f")
        await until(pilot, lambda: isinstance(app.screen, MissingDialog))
        await until(pilot, lambda: "Nothing is missing" in words(app.screen, "#state"))
        await pilot.press("v", "escape")
        await until(pilot, lambda: app.screen is screen)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the program was started."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def test_a_story_is_written_as_markdown_where_one_says(
    make_app, desk, story, until, folder: Path
):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, ExportDialog))
        assert app.screen.query_one(Input).value == str(folder / "why.md")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is screen)
        written = (folder / "why.md").read_text("utf-8")
        assert "remembers." in written
        assert "[[" not in written
        await until(pilot, lambda: any("why.md" in n.message for n in app._notifications))


async def test_latex_comes_with_its_bibtex(make_app, desk, story, until, folder: Path):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, ExportDialog))
        await pilot.press("up", "enter")
        field = app.screen.query_one(Input)
        await until(pilot, lambda: field.value == str(folder / "why.tex"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is screen)
        assert sorted(path.name for path in folder.glob("why.*")) == ["why.bib", "why.tex"]


async def test_a_file_of_somebody_else_is_left_alone(make_app, desk, story, until, folder: Path):
    (folder / "why.md").write_text("mine", "utf-8")
    app = make_app()
    async with app.run_test() as pilot:
        await opened(app, pilot, until)
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, ExportDialog))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "not written by researchdesk" in words(app.screen, "#problem"))
        app.screen.query_one(Input).value = ""
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "which file" in words(app.screen, "#problem"))
    assert (folder / "why.md").read_text("utf-8") == "mine"
