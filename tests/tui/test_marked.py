"""A key does what it does to the marked one, also while that before it is still shown."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.recipe_maker import write_recipe
from textual.widgets import OptionList, Static

from researchdesk.domain.surprises import SurpriseState
from researchdesk.services import investigations, surprises
from researchdesk.services.desk import Desk
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.dialogs.choice import ChoiceDialog
from researchdesk.tui.dialogs.question import QuestionDialog
from researchdesk.tui.screens.bench import BenchScreen
from researchdesk.tui.screens.bench_detail import RunDetail
from researchdesk.tui.screens.bench_follower import RunFollower
from researchdesk.tui.screens.investigations import InvestigationsScreen
from researchdesk.tui.screens.surprises import SurprisesScreen

Until = Callable[..., Any]


async def test_the_marked_surprise_is_resolved_and_named(
    make_app: Callable[..., ResearchDeskApp],
    desk: Desk,
    until: Until,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for text in ("the one before", "the one [b]marked[/b]"):
        surprises.add_surprise(desk, text, "a", "b")
    monkeypatch.setattr("researchdesk.tui.screens.surprises._PAUSE", 60.0)
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: app.screen_stack)
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, SurprisesScreen))
        screen = app.screen
        assert isinstance(screen, SurprisesScreen)
        await until(pilot, lambda: screen.case)
        shown = screen.marked
        await pilot.press("down")
        marked = screen.marked
        assert shown is not None
        assert marked is not None
        assert marked.id != shown.id
        await pilot.press("r")
        assert isinstance(app.screen, ChoiceDialog)
        assert str(app.screen.query_one("#about", Static).content) == marked.text
        choices = app.screen.query_one("#choices", OptionList)
        choices.highlighted = choices.get_option_index(SurpriseState.DROPPED.value)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, QuestionDialog))
        await pilot.press(*"known", "enter")
        await until(pilot, lambda: not isinstance(app.screen, QuestionDialog))
    assert surprises.get_surprise(desk, marked.id).state is SurpriseState.DROPPED
    assert surprises.get_surprise(desk, shown.id).state is SurpriseState.NOTICED


async def test_what_comes_late_of_another_run_is_not_taken_for_the_marked_one(
    bare_desk: Desk, bundled: Path, until: Until
) -> None:
    write_recipe(bundled)
    app = ResearchDeskApp(bare_desk)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen))
        detail = app.screen.query_one(RunDetail)
        other: Any = SimpleNamespace(id="20260101-000000-other", claims=())
        detail.post_message(RunFollower.Changed(None, other))
        await pilot.pause()
        assert detail.run is None


async def test_the_marked_investigation_is_run(
    bare_desk: Desk, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in ("the first", "the second"):
        investigations.begin(bare_desk, title)
    app = ResearchDeskApp(bare_desk)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(app.screen, InvestigationsScreen))
        screen = app.screen
        assert isinstance(screen, InvestigationsScreen)
        await until(pilot, screen.at_hand)
        ran: list[int] = []
        monkeypatch.setattr(screen, "_ask_and_start", lambda number, names: ran.append(number))
        monkeypatch.setattr(screen, "_load", lambda number: None)
        shown = screen.subject_at_hand()
        await pilot.press("down", "R")
        assert screen.subject_at_hand() != shown
        assert [f"investigation:{number}" for number in ran] == [screen.subject_at_hand()]
