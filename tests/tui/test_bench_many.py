"""The bench where there are very many runs."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from support.bench import BenchApp, until
from support.many_runs import add_runs
from support.recipe_maker import write_recipe
from textual.message import Message

from researchdesk.domain.runs import Event, RunState
from researchdesk.harness.events import encode
from researchdesk.harness.recipes import load_recipe
from researchdesk.services import runs
from researchdesk.services.desk import Desk
from researchdesk.tui.dialogs.choice import ChoiceDialog
from researchdesk.tui.screens.bench_shelf import BenchShelf
from researchdesk.tui.widgets.bench_run_list import RunList

COUNT = 120


@pytest.fixture
def desk(bare_desk: Desk, bundled: Path) -> Desk:
    one = load_recipe(write_recipe(bundled), bundled=True)
    other = load_recipe(write_recipe(bundled, arxiv_id="2001.00002", name="other"), bundled=True)
    add_runs(bare_desk.settings.runs, COUNT, steps=1, of=[one])
    add_runs(bare_desk.settings.runs, 1, COUNT, steps=1, of=[other])
    return bare_desk


async def test_the_newest_are_listed_and_older_ones_can_be_gone_to(desk: Desk) -> None:
    mine = [row.id for row in runs.listed(desk, runs.RunChoice(recipe="2001.00001-tiny")).rows]
    app = BenchApp(desk, "2001.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        shown = app.bench.query_one(RunList)
        await until(pilot, lambda: [option.id for option in shown.options] == mine[:100])
        assert shown.border_subtitle == "and 20 older"
        shutil.copytree(
            desk.settings.runs / mine[0] / "recipe", desk.settings.runs / mine[-1] / "recipe"
        )
        app.bench.show_run(runs.get_run(desk, mine[-1]))
        await until(pilot, lambda: app.bench._detail.run_id == mine[-1])
        await until(pilot, lambda: shown.highlighted is None)
        await pilot.press("equals_sign")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))


async def test_the_paper_asked_for_stays_where_two_readings_come_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = BenchShelf.post_message

    def twice(self: BenchShelf, message: Message) -> bool:
        return once(self, message) and (
            not isinstance(message, BenchShelf.Listed) or once(self, replace(message))
        )

    monkeypatch.setattr(BenchShelf, "post_message", twice)
    app = BenchApp(desk, "2001.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        shown = app.bench.query_one(RunList)
        await until(pilot, lambda: shown.option_count > 0)
        await pilot.pause()
        assert (app.bench.paper_at_hand(), shown.option_count) == ("2001.00001", 100)


async def test_what_is_written_to_a_run_elsewhere_is_seen_in_the_list(desk: Desk) -> None:
    interrupted = runs.RunChoice(recipe="2001.00001-tiny", state=RunState.INTERRUPTED)
    left = runs.listed(desk, interrupted).rows[0]
    app = BenchApp(desk, "2001.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        shown = app.bench.query_one(RunList)
        await until(pilot, lambda: shown.option_count == 100)
        assert "interrupted" in str(shown.get_option(left.id).prompt)
        with (desk.settings.runs / left.id / "events.jsonl").open("a") as file:
            file.write(
                encode(Event("run_finished", left.started_at, data={"verdict": "different"}))
            )
        app.bench.resumed()
        await until(pilot, lambda: "different" in str(shown.get_option(left.id).prompt))


async def test_how_far_the_first_reading_is_stands_at_the_list(desk: Desk) -> None:
    app = BenchApp(desk, "2001.00001")
    async with app.run_test(size=(200, 60)) as pilot:
        shown = app.bench.query_one(RunList)
        await until(pilot, lambda: shown.option_count == 100)
        app.bench.query_one(BenchShelf).post_message(BenchShelf.Reading(3_000, 20_000))
        await until(pilot, lambda: shown.border_subtitle == "reading 3,000 of 20,000")
