"""From one thing to another: links, and screens that lie over others."""

import pytest
from textual.widgets import Button

from researchdesk.domain.reading import NoteKind
from researchdesk.domain.runs import Task
from researchdesk.harness.history import RunConfig
from researchdesk.harness.store import RunStore
from researchdesk.services import notes
from researchdesk.services.recipes import recipe_for
from researchdesk.services.surprises import add_surprise
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog
from researchdesk.tui.messages import Fetch, Follow, OpenChanges, OpenCode, OpenPaper
from researchdesk.tui.screens.bench import BenchScreen
from researchdesk.tui.screens.bench_detail import RunDetail
from researchdesk.tui.screens.changes import ChangesScreen
from researchdesk.tui.screens.code import CodeScreen
from researchdesk.tui.screens.home import HomeScreen
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.screens.reader import ReaderScreen
from researchdesk.tui.screens.surprises import SurprisesScreen
from researchdesk.tui.widgets.home_list import HomeList


@pytest.fixture
def ended(desk):
    """Makes a run of a bundled recipe that has ended."""

    def make(seeds):
        recipe = recipe_for(desk, "1904.09237")
        tasks = tuple(Task(recipe.arms[0].name, seed) for seed in range(seeds))
        config = RunConfig(
            recipe.name, recipe.digest, recipe.arxiv_id, recipe.bundled, False, tasks
        )
        run, _ = RunStore(desk.settings.runs, desk.clock).start(recipe, config, lambda event: None)
        run.record("run_started")
        run.record("run_finished", data={"verdict": "reproduced", "claims": []})
        run.close()
        return run.id

    return make


def told(app):
    return " ".join(notice.message for notice in app._notifications)


async def test_a_link_to_a_paper_opens_it(make_app, paper, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        app.post_message(Follow("2501.00001"))
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)
        assert app.screen.position.paper.name == "2501.00001"


async def test_a_paper_that_is_not_here_is_offered_to_be_fetched(make_app, until, monkeypatch):
    app = make_app()
    asked = []
    monkeypatch.setattr(type(app), "_fetch", lambda _, texts: asked.append(texts))
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        app.post_message(Follow("1412.6980"))
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        assert asked == []
        app.post_message(Follow("1412.6980"))
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.click(app.screen.query_one("#accept", Button))
        await until(pilot, lambda: asked == [Fetch(("1412.6980",)).texts])


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("claim:nothing-1", "no claim"),
        ("run:nothing", "no run"),
        ("funny:77", "no surprise 77"),
        ("note:77", "no note 77"),
        ("a b]c", "no link"),
        ("nobody2020", "no paper"),
    ],
)
async def test_a_link_that_leads_nowhere_says_so(make_app, until, target, words):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        app.post_message(Follow(target))
        await until(pilot, lambda: words in told(app).replace("There is ", ""))


async def test_a_link_to_a_surprise_and_to_a_note(make_app, desk, paper, until):
    first = add_surprise(desk, "first", "one", "two")
    add_surprise(desk, "second", "one", "two")
    note = notes.add_note(
        desk, paper, 2, "why", kind=NoteKind.QUESTION, quote="Paragraph 2 of the method", page=3
    )
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        app.post_message(Follow(f"funny:{first.id}"))
        await until(pilot, lambda: isinstance(app.screen, SurprisesScreen))
        await until(pilot, lambda: "first" in str(app.screen.query_one("#detail-text").content))
        app.post_message(Follow(f"note:{note.id}"))
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.position)
        assert app.screen.position.plan.number == 2


async def test_a_run_that_ended_stands_on_home_and_leads_to_the_bench(make_app, desk, ended, until):
    older, newer = ended(1), ended(2)
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        items = app.screen.query_one(HomeList)
        await until(pilot, lambda: items.numbered(2))
        assert "✓ reproduced" in "".join(str(option.prompt) for option in items.options)
        keys = [items.numbered(number).key for number in (1, 2)]
        assert set(keys) == {f"run:{older}", f"run:{newer}"}
        for number, key in enumerate(keys, start=1):
            await pilot.press("f1")
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))
            await pilot.press(str(number))
            await until(pilot, lambda: isinstance(app.screen, BenchScreen))
            run_id = key.removeprefix("run:")
            await until(
                pilot, lambda run_id=run_id: app.screen.query_one(RunDetail).run_id == run_id
            )


@pytest.mark.parametrize("key", ["N", "U", "A"])
async def test_a_mode_is_shown_as_it_was_left_and_once_more_it_alone(make_app, paper, until, key):
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await until(pilot, lambda: app.screen.paper_at_hand())
        await pilot.press(key)
        await until(pilot, lambda: len(app.screen_stack) == 2)
        over = app.screen
        await pilot.press("f5", "f2")
        await until(pilot, lambda: app.screen is over)
        assert "F2 again shows Library itself." in told(app)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))


@pytest.mark.parametrize(
    ("message", "screen"), [(OpenCode, CodeScreen), (OpenChanges, ChangesScreen)]
)
async def test_what_lies_over_a_screen_is_left_with_its_key_or_escape(
    make_app, paper, until, message, screen
):
    app = make_app("2501.00001")
    async with app.run_test() as pilot:
        await until(pilot, lambda: getattr(app.screen, "position", None))
        for key in ("escape", "f3"):
            app.post_message(message("2501.00001"))
            await until(pilot, lambda: isinstance(app.screen, screen))
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        app.post_message(message("2501.00001"))
        await until(pilot, lambda: isinstance(app.screen, screen))
        app.post_message(OpenPaper("1904.09237"))
        await until(
            pilot,
            lambda: (
                isinstance(app.screen, ReaderScreen)
                and app.screen.position.paper.name == "1904.09237"
            ),
        )


async def test_the_theme_that_was_chosen_is_there_at_the_next_start(make_app, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        app.theme = "desk-light"
        await until(pilot, lambda: make_app().theme == "desk-light")
