"""The bench, driven by keys: real runs of small recipes, and runs that others do."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from support.faketime import FakeTime
from support.recipe_maker import ARM, CLAIM, write_recipe
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Button, Static

from researchdesk import assets
from researchdesk.config import Settings
from researchdesk.domain.runs import RunState, Task
from researchdesk.harness.store import OpenRun, RunStore
from researchdesk.services import reproduction
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.recipes import recipe_for, trust
from researchdesk.tui import app as shell
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.commands import bindings
from researchdesk.tui.screens.bench import BenchScreen
from researchdesk.tui.screens.library import LibraryScreen
from researchdesk.tui.themes import load_themes
from researchdesk.tui.verbs import QUIT

WIDE = (200, 60)
SMALL = (80, 24)
SLEEPY = """
import time

def measure(run):
    run.log(1, loss=0.5)
    if run.seed:
        time.sleep(120)
    return {"score": 0.5}
"""
FAILS = """
def measure(run):
    if run.seed == 1:
        raise ValueError("it burst [/b] here")
    return {"score": 0.5}
"""


class BenchApp(App[None]):
    """Only the bench."""

    BINDINGS = bindings([QUIT])
    CSS_PATH = Path(shell.__file__).with_name("app.tcss")

    def __init__(self, desk: Desk, arxiv_id: str | None = None) -> None:
        super().__init__()
        for theme in load_themes([assets.folder("themes")])[0]:
            self.register_theme(theme)
        self.theme = "desk-dark"
        self.bench = BenchScreen(desk, arxiv_id)

    async def on_mount(self) -> None:
        await self.push_screen(self.bench)


@pytest.fixture
def desk(
    settings: Settings, fake_time: FakeTime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    """A desk without bundled recipes, whose time does not pass."""
    data = tmp_path / "data"
    (data / "recipes").mkdir(parents=True)
    kinds = {"data": data, "themes": assets.folder("themes")}
    monkeypatch.setattr(assets, "folder", kinds.__getitem__)
    return open_desk(settings, fake_time.clock)


@pytest.fixture
def bundled(desk: Desk) -> Path:
    """Where recipes are bundled, so that nobody is asked about their code."""
    return assets.folder("data") / "recipes"


def seen(app: App[None]) -> str:
    """What stands on the screen, line by line."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def status(app: App[None]) -> str:
    return str(app.screen_stack[-1].query_one("#status-words", Static).content)


async def until(pilot: Pilot[None], holds: Callable[[], bool], seconds: float = 12) -> None:
    """Wait until it holds, or fail with what is on the screen."""
    for _ in range(int(seconds / 0.05)):
        if holds():
            return
        await pilot.pause(0.05)
    raise AssertionError(f"it never came about; on the screen:\n{seen(pilot.app)}")


def begun(desk: Desk, recipe: str = "2001.00001-tiny", seeds: int = 3) -> OpenRun:
    """A run that somebody else has under way: its lock is held, its events come from the test."""
    found = recipe_for(desk, recipe)
    tasks = tuple(Task("ours", seed) for seed in range(seeds))
    run, _ = RunStore(desk.settings.runs, desk.clock).start(found, tasks, False, lambda event: None)
    run.record("run_started")
    return run


def measure(run: OpenRun, seed: int, score: float = 0.5) -> None:
    """One seed as a worker would tell it."""
    task = Task("ours", seed)
    run.record("seed_started", task)
    for step in range(1, 21):
        value = {"step": step, "name": "loss", "value": (1 + seed / 10) / step}
        run.record("metric", task, value)
    metrics = {"score": score, "loss": (1 + seed / 10) / 20}
    run.record("seed_finished", task, {"metrics": metrics, "seconds": 1.0})


def finish(run: OpenRun) -> None:
    run.record("run_finished", data={"verdict": "reproduced", "claims": []})
    run.close()


def workers_of(folder: Path) -> list[str]:
    """The worker processes that work below ``folder``."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(folder) in words and "training.worker" in words:
            found.append(words)
    return found


async def test_a_run_fills_in_the_claims_and_ends_with_a_verdict(settings: Settings) -> None:
    app = BenchApp(open_desk(settings), "1512.03385v1")
    async with app.run_test(size=(200, 60), notifications=True) as pilot:
        await until(pilot, lambda: seen(app).count("· untested") >= 6)
        await pilot.press("s")
        await until(pilot, lambda: "running" in status(app) or "finished" in status(app))
        await until(pilot, lambda: "finished" in status(app) and "reproduced" in status(app), 60)
        await until(pilot, lambda: seen(app).count("✓ reproduced") >= 7)
        await until(pilot, lambda: "quote checked against" in seen(app))
        text = seen(app)
    assert "6/6 seeds" in text
    assert text.count("✓ reproduced") >= 7
    assert "19,421,274" in text
    assert "quote checked against the paper's text" in text
    assert [run.state for run in reproduction.runs(app.bench.desk)] == [RunState.FINISHED]


async def test_cancel_keeps_finished_seeds_and_resume_goes_on(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled, SLEEPY)
    app = BenchApp(desk)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: "A tiny experiment" in seen(app))
        await pilot.press("s")
        await until(pilot, lambda: "1/3 seeds" in status(app))
        await pilot.press("c")
        await until(pilot, lambda: "interrupted" in status(app))
        (run,) = reproduction.runs(desk)
        assert [result.task.seed for result in run.results] == [0]
        assert workers_of(desk.root) == []
        await until(pilot, lambda: "1 of 3 seeds are kept" in seen(app))
        await pilot.press("r")
        await until(pilot, lambda: "running" in status(app))
        assert "1/3 seeds" in status(app)
        await pilot.press("c")
        await until(pilot, lambda: "interrupted" in status(app))
        assert [run.id] == [again.id for again in reproduction.runs(desk)]


async def test_quitting_ends_the_workers_and_keeps_what_finished(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled, SLEEPY)
    app = BenchApp(desk)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: "A tiny experiment" in seen(app))
        await pilot.press("s")
        await until(pilot, lambda: "1/3 seeds" in status(app))
        assert workers_of(desk.root)
        await pilot.press("ctrl+q")
    for _ in range(200):
        if reproduction.runs(desk)[0].state is RunState.INTERRUPTED:
            break
        await asyncio.sleep(0.05)
    (run,) = reproduction.runs(desk)
    assert (run.state, len(run.results)) == (RunState.INTERRUPTED, 1)
    assert workers_of(desk.root) == []


async def test_a_run_goes_on_while_another_screen_is_looked_at(settings: Settings) -> None:
    write_recipe(settings.recipes, SLEEPY)
    desk = open_desk(settings)
    trust(desk, recipe_for(desk, "2001.00001"))
    app = ResearchDeskApp(desk)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("f4")
        await until(pilot, lambda: "A tiny experiment" in seen(app))
        await pilot.press("S")
        await until(pilot, lambda: "1/3 seeds" in status(app))
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        assert reproduction.runs(desk)[0].state is RunState.RUNNING
        await pilot.press("f4")
        await until(pilot, lambda: "quick" in status(app))
        await pilot.press("ctrl+q", "y")
    for _ in range(200):
        (run,) = reproduction.runs(desk)
        if not workers_of(desk.root) and run.state is not RunState.RUNNING:
            break
        await asyncio.sleep(0.05)
    assert (run.state, run.quick, len(run.results)) == (RunState.INTERRUPTED, True, 1)


async def test_code_that_is_not_ours_runs_only_after_yes(desk: Desk) -> None:
    folder = write_recipe(desk.settings.recipes, seeds=1)
    app = BenchApp(desk)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: "A tiny experiment" in seen(app))
        await pilot.press("s")
        await until(pilot, lambda: "Run this code?" in seen(app))
        words = seen(app).replace("\n", "").replace(" ", "").replace("│", "")
        assert "experiment.py,recipe.toml" in words
        assert recipe_for(desk, folder.name).digest in words
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen))
        await until(pilot, lambda: "Nothing was run." in seen(app))
        assert reproduction.runs(desk) == []
        await pilot.press("s")
        await until(pilot, lambda: "Run this code?" in seen(app))
        await pilot.press("y")
        await until(pilot, lambda: "finished" in status(app))
        (run,) = reproduction.runs(desk)
        assert run.state is RunState.FINISHED


async def test_a_run_of_another_process_is_followed_and_stopped(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled)
    app = BenchApp(desk)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: "No run yet" in status(app))
        run = begun(desk)
        await until(pilot, lambda: "running" in status(app))
        measure(run, 0)
        await until(pilot, lambda: "1/3 seeds" in status(app))
        await until(pilot, lambda: "1━ ours" in seen(app))
        run.record("seed_started", Task("ours", 1))
        await until(pilot, lambda: "1 running" in seen(app))
        await pilot.press("c")
        assert run.stop_asked()
        run.record("run_interrupted")
        run.close()
        await until(pilot, lambda: "interrupted" in status(app))
        assert "1 stopped" in seen(app)


async def test_a_failed_seed_is_shown_with_its_error_as_it_is(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled, FAILS)
    app = BenchApp(desk)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: "A tiny experiment" in seen(app))
        await pilot.press("s")
        await until(pilot, lambda: "finished" in status(app))
        await until(pilot, lambda: "✗ ours seed 1 failed" in seen(app))
        assert "it burst [/b] here" in seen(app)
        assert "✗ 1 failed" in status(app)


async def test_text_from_a_recipe_is_never_markup(desk: Desk, bundled: Path) -> None:
    claim = CLAIM.replace("The score is 0.5", "The [b]score[/] [/b] is $x 0.5")
    write_recipe(bundled, toml=ARM + claim + 'quote = "so [link=x]bold[/i]"\n')
    app = BenchApp(desk)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: "[b]score[/] [/b] is $x" in seen(app))
        await until(pilot, lambda: "so [link=x]bold[/i]" in seen(app))
        assert "? quote not checked against the paper's text" in seen(app)


async def test_a_run_is_removed_only_after_yes(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled)
    run = begun(desk)
    measure(run, 0)
    finish(run)
    app = BenchApp(desk)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: "finished" in status(app))
        await pilot.press("d")
        await until(pilot, lambda: "Remove this run?" in seen(app))
        await pilot.press("n")
        assert len(reproduction.runs(desk)) == 1
        await pilot.press("d")
        await until(pilot, lambda: "Remove this run?" in seen(app))
        await pilot.press("y")
        await until(pilot, lambda: "No run yet" in status(app))
        assert reproduction.runs(desk) == []


async def test_without_a_recipe_it_says_how_to_begin_one(desk: Desk) -> None:
    app = BenchApp(desk)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: "researchdesk recipe new ID" in seen(app))
        await pilot.press("s", "c", "r", "d", "m", "l", "a", "e")
        write_recipe(desk.settings.recipes)
        await until(pilot, lambda: "A tiny experiment" in seen(app))


async def test_without_a_run_there_is_nothing_to_resume(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled)
    app = BenchApp(desk)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: "No run yet" in status(app))
        await pilot.press("r")
        await until(pilot, lambda: "no run to resume" in seen(app))
        assert reproduction.runs(desk) == []


async def test_a_paper_without_a_recipe_is_told_about(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled)
    app = BenchApp(desk, "1234.56789")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: "There is no recipe for 1234.56789" in seen(app))


async def test_runs_of_a_recipe_that_was_removed_are_still_there(desk: Desk, bundled: Path) -> None:
    folder = write_recipe(bundled)
    run = begun(desk)
    measure(run, 0)
    finish(run)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    app = BenchApp(desk)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: "finished" in status(app))
        assert "removed; its runs are kept" in seen(app)
        await pilot.press("s")
        await until(pilot, lambda: "There is no recipe for" in seen(app))


async def test_tab_goes_through_every_part_on_a_small_screen(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled)
    run = begun(desk)
    for seed in range(3):
        measure(run, seed)
    finish(run)
    app = BenchApp(desk)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: "finished" in status(app))
        visited = []
        for _ in range(7):
            await pilot.press("tab")
            await pilot.pause(0.1)
            focused = app.focused
            assert focused is not None
            assert focused.region.width
            visited.append(focused.id)
    assert visited == ["runs", "curves", "claims", "claim-detail", "seeds", "about", "recipes"]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45), (200, 60)])
async def test_the_buttons_do_what_the_keys_do(
    desk: Desk, bundled: Path, size: tuple[int, int]
) -> None:
    write_recipe(bundled, SLEEPY)
    app = BenchApp(desk)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: "A tiny experiment" in seen(app))
        assert app.screen.query_one("#cancel", Button).disabled
        run = begun(desk)
        await until(pilot, lambda: not app.screen.query_one("#cancel", Button).disabled)
        await pilot.click("#cancel")
        assert run.stop_asked()
        run.close()


@pytest.mark.parametrize(
    ("size", "keys"),
    [
        ((80, 24), []),
        ((80, 24), ["tab", "tab"]),
        ((80, 24), ["tab", "tab", "tab"]),
        ((120, 36), ["l"]),
        ((200, 60), []),
    ],
    ids=["small-runs", "small-curves", "small-claims", "middle", "large"],
)
def test_looks(
    desk: Desk,
    bundled: Path,
    fake_time: FakeTime,
    snap_compare: Callable[..., bool],
    size: tuple[int, int],
    keys: list[str],
) -> None:
    write_recipe(bundled)
    run = begun(desk)
    for seed in range(3):
        measure(run, seed, 0.5 + seed / 50)
    finish(run)
    fake_time.now += timedelta(minutes=20)
    app = BenchApp(desk)

    async def look(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "finished" in status(app) and "reproduced" in status(app))
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.2)
        await pilot.pause(0.5)

    assert snap_compare(app, terminal_size=size, run_before=look)
