"""The bench writes a run's page, opens it, and says where it is."""

import stat
from pathlib import Path

import pytest
from support.bench import BenchApp, begun, finish, measure, seen, status, until
from support.recipe_maker import write_recipe

from researchdesk import assets
from researchdesk.services.desk import Desk
from researchdesk.services.surprises import add_surprise

WIDE = (200, 60)


TEMPLATES = assets.folder("data") / "templates"


@pytest.fixture
def desk(bare_desk: Desk) -> Desk:
    (assets.folder("data") / "templates").symlink_to(TEMPLATES)
    return bare_desk


@pytest.mark.slow
async def test_one_key_writes_the_page_and_opens_it(
    desk: Desk, bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_recipe(bundled)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    app = BenchApp(desk)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: "No run yet" in status(app))
        await pilot.press("R")
        await until(pilot, lambda: "There is no run yet; s starts one." in seen(app))
        run = begun(desk)
        for seed in range(3):
            measure(run, seed)
        finish(run)
        await until(pilot, lambda: "finished" in status(app))
        await pilot.press("R")
        await until(pilot, lambda: "The report is written, not opened" in seen(app))
        assert any("without a display" in notice.message for notice in app._notifications)
        page = desk.root / "reports" / f"{run.id}.html"
        assert "A tiny experiment" in page.read_text("utf-8")
        page.write_text(page.read_text("utf-8").replace("</h1>", " (mine)</h1>"), "utf-8")
        add_surprise(desk, "odd", "even", "odd", f"run:{run.id}")
        await pilot.press("R")
        words = "was changed by hand and stays as it is"
        await until(pilot, lambda: any(words in one.message for one in app._notifications))
        assert "(mine)" in page.read_text("utf-8")
        page.unlink()
        page.mkdir()
        await pilot.press("R")
        await until(pilot, lambda: "That did not work" in seen(app))
        page.rmdir()
        _browser(tmp_path, monkeypatch)
        await pilot.press("R")
        await until(pilot, lambda: (tmp_path / "opened").exists())
        assert (tmp_path / "opened").read_text("utf-8").strip() == str(page)


def _browser(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in place of the one that opens files."""
    tool = folder / "bin" / "xdg-open"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\necho "$1" > {folder}/part; mv {folder}/part {folder}/opened\n')
    tool.chmod(tool.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", str(tool.parent), prepend=":")
    monkeypatch.setenv("DISPLAY", ":7")
