"""The bench by itself, and runs that the test does in place of another process."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from researchdesk import assets
from researchdesk.domain.runs import Task
from researchdesk.domain.watching import Certainty, WatchFinding, WatchReport
from researchdesk.harness.history import RunConfig
from researchdesk.harness.open_run import OpenRun
from researchdesk.harness.store import RunStore
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for
from researchdesk.tui import app as shell
from researchdesk.tui.commands import bindings
from researchdesk.tui.screens.bench import BenchScreen
from researchdesk.tui.themes import load_themes
from researchdesk.tui.verbs import QUIT


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


def seen(app: App[None]) -> str:
    """What stands on the screen, line by line."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def status(app: App[None]) -> str:
    return str(app.screen_stack[-1].query_one("#status-words", Static).content)


async def until(pilot: Pilot[None], holds: Callable[[], bool], seconds: float = 120) -> None:
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
    config = RunConfig(found.name, found.digest, found.arxiv_id, found.bundled, False, tasks)
    run, _ = RunStore(desk.settings.runs, desk.clock).start(found, config, lambda event: None)
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


def predict(run: OpenRun, seed: int) -> None:
    """What a classifier says of thirty examples as it learns: each step one more is right."""
    task, truth = Task("ours", seed), [example % 3 for example in range(30)]
    for step in range(0, 21, 2):
        values = [t if n < 10 + step else (t + 1) % 3 for n, t in enumerate(truth)]
        run.record("predictions", task, {"step": step, "values": values, "truth": truth})
    run.record("timing", task, {"step": 20, "steps": 20, "data_ms": 0.4, "compute_ms": 2.5})


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


def watched_report(
    on: str, *findings: WatchFinding, began_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
) -> WatchReport:
    """A script's report, with what is likely in it where nothing else is given."""
    usual = WatchFinding(
        "softmax-before-cross-entropy", Certainty.LIKELY, "Softmax twice.", "train.py", 7
    )
    return WatchReport(
        ("train.py",), "/home/ada", "/usr/bin/python3", 0, "end", began_at, 1.0, "2.13",
        findings or (usual,), {}, {}, (), (), on=on,
    )  # fmt: skip
