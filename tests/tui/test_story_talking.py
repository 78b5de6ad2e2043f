"""From a story to its talk."""

from support.story_screen import begun, opened

from researchdesk.services import stories
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.screens.rehearsal import RehearsalScreen


async def test_a_talk_is_outlined_and_rehearsed_from_the_story(desk, make_app, until):
    slug = stories.new_story(desk, "Why it fails").slug
    stories.save_draft(desk, slug, "It fails, as it is cold.")
    path = desk.root / "talks" / f"{slug}.md"
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, until)
        await pilot.press("p", "P")
        assert screen.text.text.count("p") == 1
        await pilot.press("escape", "p")
        await until(pilot, lambda: any("No talk" in one.message for one in app._notifications))
        await pilot.press("P")
        await until(pilot, lambda: isinstance(app.screen, QuestionDialog))
        await pilot.press("enter")
        await until(pilot, path.is_file)
        await until(pilot, lambda: any(str(path) in one.message for one in app._notifications))
        assert "minutes: 30\n" in path.read_text("utf-8")
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, RehearsalScreen))
        await pilot.press("q")
        await until(pilot, lambda: app.screen is screen)


async def test_minutes_that_are_none_are_told(desk, make_app, until):
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await begun(app, pilot, until)
        await pilot.press("x", "escape", "P")
        await until(pilot, lambda: isinstance(app.screen, QuestionDialog))
        await pilot.press("h", "enter")
        await until(pilot, lambda: any("1 to 600" in one.message for one in app._notifications))
    assert not (desk.root / "talks").exists()
