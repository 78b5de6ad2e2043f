"""The bench: runs that others do, what is removed, and how it looks."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from support.bench import BenchApp, begun, finish, measure, predict, seen, status, until
from support.faketime import FakeTime
from support.recipe_maker import write_recipe
from support.story_screen import at_rest
from textual.pilot import Pilot
from textual.widgets import Button

from researchdesk.domain.runs import Task
from researchdesk.services import reproduction
from researchdesk.services.desk import Desk
from researchdesk.tui.screens.bench_shelf import BenchShelf

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


@pytest.fixture
def desk(bare_desk: Desk) -> Desk:
    return bare_desk


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
        await until(pilot, run.stop_asked)
        run.record("run_interrupted")
        run.close()
        await until(pilot, lambda: "interrupted" in status(app))
        await until(pilot, lambda: "1 stopped" in seen(app))


async def test_a_template_is_told_in_one_line_and_once(desk: Desk, bundled: Path) -> None:
    write_recipe(bundled)
    file = write_recipe(bundled, arxiv_id="2001.00002", name="begun") / "recipe.toml"
    file.write_text(f"template = true\n{file.read_text('utf-8')}", "utf-8")
    app = BenchApp(desk)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: len(app._notifications))
        (notice,) = app._notifications
        assert notice.message == f"1 recipe is still a template: {file.parent.name}"
        assert notice.severity == "information"
        file.write_text(f"{file.read_text('utf-8')}\n", "utf-8")
        app.clear_notifications()
        app.screen.query_one(BenchShelf).reload()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app._notifications


async def test_it_begins_with_the_paper_at_hand_else_the_newest_run_else_the_quickest(
    desk: Desk, bundled: Path
) -> None:
    first = write_recipe(bundled, name="a-slow")
    quick = write_recipe(bundled, arxiv_id="2001.00002", name="quick")
    last = write_recipe(bundled, arxiv_id="2001.00003", name="slow")
    for folder, minutes in ((first, 30), (quick, 0.2), (last, 10)):
        file = folder / "recipe.toml"
        file.write_text(f"budget = {{ minutes = {minutes} }}\n{file.read_text('utf-8')}", "utf-8")

    async def begins_with(ref: str) -> str:
        app = BenchApp(desk)
        app.bench.came_from(ref)
        async with app.run_test(size=WIDE, notifications=True) as pilot:
            await until(pilot, lambda: bool(app.bench.paper_at_hand()))
            return app.bench.paper_at_hand()

    assert await begins_with("2001.00003v2") == "2001.00003"
    assert await begins_with("2009.00009") == "2001.00002"
    finish(begun(desk, first.name, 1))
    assert await begins_with("a-key-of-the-desk") == "2001.00001"


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
        await until(pilot, lambda: "removed; its runs are kept" in seen(app))
        await pilot.press("s")
        await until(pilot, lambda: "There is no recipe for" in seen(app))


@pytest.mark.slow
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


@pytest.mark.slow
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
        await until(pilot, run.stop_asked)
        run.close()


@pytest.mark.parametrize(
    ("size", "keys"),
    [
        ((80, 24), []),
        ((80, 24), ["tab", "tab"]),
        ((80, 24), ["tab"] * 4),
        ((120, 36), ["l"]),
        ((200, 60), []),
        ((80, 24), ["tab", "tab", "tab"]),
    ],
    ids=["small-runs", "small-curves", "small-claims", "middle", "large", "small-strip"],
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
        predict(run, seed)
    run.record("check", data={"name": "same seed, same result", "ok": True, "message": ""})
    finish(run)
    fake_time.now += timedelta(minutes=20)
    app = BenchApp(desk)

    async def look(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "finished" in status(app) and "reproduced" in status(app))
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.2)
        await at_rest(app, pilot)

    assert snap_compare(app, terminal_size=size, run_before=look)
