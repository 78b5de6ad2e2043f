"""N, U, M and A lead to further papers from wherever one is."""

import pytest

from researchdesk.tui.screens.citations import CitationsScreen
from researchdesk.tui.screens.home import HomeScreen
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.screens.recommended import RecommendedScreen
from researchdesk.tui.screens.triage import TriageScreen
from researchdesk.tui.widgets.paper_list import PaperList


@pytest.mark.parametrize(
    ("key", "screen"),
    [
        ("N", TriageScreen),
        ("U", RecommendedScreen),
        ("M", RecommendedScreen),
        ("A", CitationsScreen),
    ],
)
async def test_from_the_library_and_back(make_app, paper, until, key, screen):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await until(pilot, lambda: app.screen.query_one(PaperList).current)
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, screen))
        depth = len(app.screen_stack)
        if key in "NU":
            await pilot.press(key)
            await pilot.pause()
            assert len(app.screen_stack) == depth, "asked for again it is there already"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))


async def test_without_a_paper_it_says_what_to_do(make_app, until):
    app = make_app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.press("A")
        await until(pilot, lambda: any("Mark a paper" in n.message for n in app._notifications))
