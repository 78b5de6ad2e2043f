"""The bench and the engines: who is to run, how it stands there, why seeds were tried again."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.away_runs import listening, run_at, sweep_at
from support.bench import BenchApp, seen, status, until
from support.recipe_maker import write_recipe
from support.sweep_maker import ID as SWEPT
from support.sweep_maker import spec, swept_recipe
from textual.pilot import Pilot
from textual.widgets import Button, Select, Static

from researchdesk.config import Settings
from researchdesk.domain.runs import RunState, Task
from researchdesk.harness.history import RunConfig
from researchdesk.harness.store import RunStore
from researchdesk.services import reproduction, runs, sweeps
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for
from researchdesk.services.reproduction import ReproduceOptions
from researchdesk.services.sweeps import SweepHow
from researchdesk.tui.dialogs.start_run import StartDialog
from researchdesk.tui.screens.sweep_runs import SweepKeeper
from researchdesk.tui.screens.sweeps import SweepsScreen

WIDE = (200, 60)
ENGINES = {"here": {"kind": "slurm", "launcher": "local", "at_once": 3}}
GATED = """
import time
from pathlib import Path

def measure(run):
    gate = Path(__file__).parents[4] / "gate"
    while not gate.exists():
        time.sleep(0.05)
    return {"score": 0.5, "valid_score": 0.5}
"""


@pytest.fixture
def desk(bare_desk: Desk) -> Desk:
    return bare_desk


def _with_engine(desk: Desk) -> Desk:
    return replace(desk, settings=replace(desk.settings, engines=ENGINES, engine="here"))


def _at_engine(desk: Desk) -> str:
    """A run of which an engine has one seed, one was tried again, and nobody follows it."""
    found = recipe_for(desk, "2001.00001")
    tasks = tuple(Task("ours", seed) for seed in range(3))
    config = RunConfig(
        found.name, found.digest, found.arxiv_id, found.bundled, False, tasks, engine="cluster"
    )
    run, _ = RunStore(desk.settings.runs, desk.clock).start(found, config, lambda event: None)
    run.record("run_started")
    for seed, task in enumerate(tasks):
        run.record("trial_submitted", data={"key": f"k{seed}"})
        run.record("seed_started", task, {"node": f"node-{seed % 2}"})
    run.record("seed_retried", tasks[1], {"reason": "its node [n1] was lost", "try": 2})
    for task in tasks[:2]:
        run.record("seed_finished", task, {"metrics": {"score": 0.5}, "seconds": 1.0})
        run.record("trial_over", data={"key": f"k{task.seed}"})
    run.record("run_detached")
    run.close()
    return run.id


async def test_a_run_that_is_away_says_where_it_is_and_why_seeds_were_tried_again(
    desk: Desk, bundled: Path
) -> None:
    write_recipe(bundled)
    run_id = _at_engine(desk)
    app = BenchApp(desk)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: "⇄ away" in status(app))
        await until(pilot, lambda: "2/3 seeds" in status(app))
        await until(
            pilot, lambda: "1 trial with cluster  r follows them, c calls them off" in status(app)
        )
        await until(pilot, lambda: "Seeds by node: node-0 2, node-1 1" in seen(app))
        words = " ".join(seen(app).split())
        assert "↻ ours seed 1 tried 2 times, last on node-1:" in words
        assert "1 running" in words
        assert not app.bench.query_one("#cancel", Button).disabled
        await pilot.press("c")
        await until(pilot, lambda: "There is no engine 'cluster'" in seen(app))
        assert runs.get_run(desk, run_id).state is RunState.AWAY


@pytest.mark.slow
async def test_an_engine_is_asked_for_only_where_there_is_a_choice(
    desk: Desk, bundled: Path
) -> None:
    write_recipe(bundled)
    for of, names in ((desk, None), (_with_engine(desk), ["here", "local"])):
        app = BenchApp(of)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda app=app: bool(app.bench.paper_at_hand()))
            await pilot.press("o")
            await until(pilot, lambda app=app: isinstance(app.screen, StartDialog))
            found = app.screen.query("#engine")
            assert bool(found) is (names is not None)
            if names:
                chosen = found.first(Select)
                assert [value for _, value in chosen._options] == names
                chosen.value = "local"
                await pilot.press("ctrl+s")
                await until(pilot, lambda app=app: "finished" in status(app), 60)
                (run,) = runs.runs(of)
                assert run.engine == "local"


async def test_offline_a_run_by_a_far_engine_is_answered_with_the_key_that_chooses(
    desk: Desk, bundled: Path
) -> None:
    write_recipe(bundled)
    far = {"far": {"kind": "ray", "address": "ray://127.0.0.1:9"}}
    settings = replace(desk.settings, engines=far, engine="far", offline=True)
    app = BenchApp(replace(desk, settings=settings))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: bool(app.bench.paper_at_hand()))
        await pilot.press("s")
        await until(pilot, lambda: app._notifications)
        assert "o on the bench lets you choose it" in next(iter(app._notifications)).message
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, StartDialog))
        await pilot.press("ctrl+s")
        told = app.screen.query_one("#problem", Static)
        await until(pilot, lambda: "The engine local needs no network" in str(told.content))
        assert isinstance(app.screen, StartDialog)


@pytest.mark.slow
async def test_offline_no_engine_is_called_from_the_bench_or_the_sweeps(desk: Desk) -> None:
    with listening() as listener:
        far = {"far": {"kind": "ray", "address": listener.address}}
        of = replace(desk, settings=replace(desk.settings, engines=far, offline=True))
        run_id, sweep_id = run_at(of, "far"), sweep_at(of, "far")
        app = BenchApp(of, "2001.00001")
        async with app.run_test(size=WIDE, notifications=True) as pilot:
            await until(pilot, lambda: "⇄ away" in status(app))
            await _told_offline(pilot, "c", "r")
            await pilot.press("h")
            await until(pilot, lambda: getattr(app.screen, "page", None) is not None)
            await _told_offline(pilot, "c", "r")
        assert not listener.called
        assert runs.get_run(of, run_id).state is RunState.AWAY
        assert sweeps.sweep_head(of, sweep_id).state is RunState.AWAY


async def _told_offline(pilot: Pilot[None], *keys: str) -> None:
    """Each of these keys is answered by that."""
    for key in keys:
        await pilot.press(key)
        await until(pilot, lambda: "The desk is offline" in seen(pilot.app))
        pilot.app.clear_notifications()
        await until(pilot, lambda: "The desk is offline" not in seen(pilot.app))


@pytest.mark.slow
async def test_what_an_engine_has_is_called_off_on_the_bench_and_followed_in_a_sweep(
    desk: Desk, bundled: Path, settings: Settings
) -> None:
    of = _with_engine(desk)
    write_recipe(bundled, GATED)
    swept_recipe(of, GATED)
    report = reproduction.reproduce(of, "2001.00001-tiny", ReproduceOptions(detach=True))
    assert report.run.state is RunState.AWAY
    recipe = recipe_for(of, SWEPT)
    how = SweepHow(detach=True, trust=True)
    begun = sweeps.start_sweep(of, recipe, spec(), how)
    assert begun.page.state is RunState.AWAY
    app = BenchApp(of, "2001.00001")
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: "⇄ away" in status(app))
        await pilot.press("c")
        await until(pilot, lambda: "interrupted" in status(app), 60)
        screen = SweepsScreen(of, SweepKeeper())
        await app.push_screen(screen)
        await until(pilot, lambda: screen.page is not None)
        await until(pilot, lambda: "trials with here" in seen(app))
        await until(pilot, lambda: "r follows them" in seen(app))
        (desk.root / "gate").touch()
        await pilot.press("r")
        await until(pilot, lambda: _finished(screen), 120)
        assert screen.page is not None
        assert screen.page.engine == "here"


def _finished(screen: SweepsScreen) -> bool:
    return screen.page is not None and screen.page.state is RunState.FINISHED
