"""No key runs code that did not come with the program before a yes to it."""

from pathlib import Path

import pytest
from support.bench import BenchApp, begun, measure, seen, until
from support.small_experiment import write_fit

from researchdesk.harness.training.places import checkpoint_file
from researchdesk.services import reproduction
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import is_trusted, recipe_for
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog
from researchdesk.tui.screens.bench import BenchScreen

ID = "2001.00001"


@pytest.fixture
def desk(bare_desk: Desk) -> Desk:
    return bare_desk


@pytest.mark.slow
async def test_every_key_of_the_bench_that_runs_code_asks_first(desk: Desk, tmp_path: Path) -> None:
    marker = tmp_path / "it ran"
    write_fit(desk.settings.recipes, more=f"    open({str(marker)!r}, 'w').close()")
    stopped = begun(desk)
    measure(stopped, 0)
    stopped.record("run_interrupted")
    stopped.close()
    model = checkpoint_file(desk.settings.runs / stopped.id, "ours", 0)
    model.parent.mkdir(parents=True)
    model.write_bytes(b"")
    app = BenchApp(desk)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(pilot, lambda: "interrupted" in seen(app))
        for key in ("s", "S", "r", "v", "K", "w"):
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
            await until(pilot, lambda: "Run this code?" in seen(app))
            await pilot.press("n")
            await until(pilot, lambda: "Nothing was run" in seen(app))
            if not isinstance(app.screen, BenchScreen):
                await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, BenchScreen))
    assert not marker.exists()
    assert not is_trusted(desk, recipe_for(desk, ID))
    assert [run.id for run in reproduction.runs(desk)] == [stopped.id]
