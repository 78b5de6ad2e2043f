"""Texts written from what is looked at."""

import pytest
from textual.widgets import Input

from researchdesk.services import notes, stories
from researchdesk.tui.dialogs.writing import WritingDialog
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.screens.reader import ReaderScreen


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def test_a_review_is_written_from_the_reader(make_app, desk, paper, here, until):
    app = make_app("2501.00001")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)
        await pilot.press("R")
        await until(pilot, lambda: isinstance(app.screen, WritingDialog))
        dialog = app.screen
        assert dialog.chosen.name == "review"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: dialog.query_one("#problem").has_class("-shown"))
        assert "There are no notes of 2501.00001" in str(dialog.query_one("#problem").content)
        notes.add_note(desk, paper, 3, "No seeds [b]at all[/b].", step="critique")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        text = (here / "2501.00001-review.md").read_text("utf-8")
        assert "- No seeds [b]at all[/b]." in text


async def test_a_thread_and_a_rebuttal_are_written_from_the_story(make_app, desk, here, until):
    stories.save_draft(desk, stories.new_story(desk, "Why").slug, "# Why\n\nIt falls.")
    (here / "points.md").write_text("Does it fall?", "utf-8")
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f6", "w")
        await until(pilot, lambda: isinstance(app.screen, WritingDialog))
        dialog = app.screen
        names = [one.name for one in dialog._templates]
        assert names[-1] == "rebuttal"
        assert "review" not in names
        await pilot.press(*["down"] * names.index("thread"))
        await until(pilot, lambda: dialog.query_one("#path", Input).value.endswith("why-thread.md"))
        assert not dialog.query_one("#points").display
        await pilot.press(*["down"] * (len(names) - 1 - names.index("thread")))
        await until(pilot, lambda: dialog.query_one("#points").display)
        dialog.query_one("#points", Input).value = str(here / "none.md")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: dialog.query_one("#problem").has_class("-shown"))
        dialog.query_one("#points", Input).value = "points.md"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is not dialog)
        assert "> Does it fall?" in (here / "why-rebuttal.md").read_text("utf-8")


async def test_the_library_writes_of_the_paper_at_hand(make_app, desk, paper, here, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(
            pilot, lambda: isinstance(app.screen, LibraryScreen) and app.screen.papers.current
        )
        name = app.screen.paper_at_hand()
        await pilot.press("R")
        await until(pilot, lambda: isinstance(app.screen, WritingDialog))
        assert app.screen.query_one("#path", Input).value == str(here / f"{name}-review.md")
