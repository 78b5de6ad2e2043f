"""A checklist answered by keys."""

import pytest
from support.funny_runs import ended_run
from support.recipe_maker import write_recipe
from textual.geometry import Size
from textual.widgets import OptionList, Static

from researchdesk.domain.checklists import Answer
from researchdesk.services import stories
from researchdesk.services.checklists import sheet_of
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.checklist import ChecklistScreen
from researchdesk.tui.screens.story import StoryScreen

SIZES = pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])


@pytest.fixture
def slug(desk):
    write_recipe(desk.settings.recipes)
    run_id = ended_run(desk)
    slug = stories.new_story(desk, "Why [b]it[/b] falls").slug
    stories.save_draft(desk, slug, f"It falls [[run:{run_id}]] [[2009.99999]].\n")
    return slug


def words(screen):
    return str(screen.query_one("#detail-words", Static).content)


@SIZES
async def test_a_story_is_asked_and_answered(
    make_app, until, desk, slug, size, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(app.screen, StoryScreen) and app.screen.story)
        await pilot.press("Y")
        await until(pilot, lambda: isinstance(app.screen, ChecklistScreen) and app.screen.sheet)
        screen = app.screen
        about = str(screen.query_one("#about", Static).content)
        assert about.endswith("· Why [b]it[/b] falls")
        assert screen.item.item.id == "literature"
        assert "2009.99999 (2009.99999): not on this desk" in words(screen)
        assert "researchdesk add 2009.99999" in words(screen)
        for name in ("#items", "#detail"):
            region = screen.query_one(name).region
            assert region.right <= size[0]
            assert region.size >= Size(30, 8)
        await pilot.press("down", "y")
        await until(pilot, lambda: app.screen is not screen)
        await pilot.press(*"one", "enter")
        await until(pilot, lambda: app.screen is screen and screen.item.is_own)
        assert screen.item.item.id == "motivating-examples"
        assert "You: yes\none\n" in words(screen)
        assert "(you)" in str(screen.query_one("#items", OptionList).get_option_at_index(2).prompt)
        await pilot.press("n", "enter")
        await until(pilot, lambda: screen.item.answer is Answer.NO)
        kept = {one.item.id: one for one in sheet_of(desk, "scientist", slug).items}
        assert kept["motivating-examples"].answer is Answer.NO
        await pilot.press("u")
        await until(pilot, lambda: not screen.item.is_own)
        assert "taken back" not in words(screen)
        assert "You said before" in words(screen)
        await pilot.press("w", "enter")
        await until(pilot, lambda: (tmp_path / "scientist.md").exists())
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, StoryScreen))


async def test_another_list_is_put_to_the_paper_at_hand(make_app, until, desk, slug):
    app = make_app("1512.03385")
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: app.current_mode == "reader")
        await pilot.press("Y")
        await until(pilot, lambda: isinstance(app.screen, ChecklistScreen) and app.screen.sheet)
        screen = app.screen
        assert screen.sheet.of == "1512.03385"
        await pilot.press("l", "up", "up", "enter")
        await until(
            pilot,
            lambda: (
                app.screen is screen and screen.sheet and screen.sheet.checklist.name == "release"
            ),
        )
