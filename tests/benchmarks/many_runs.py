"""What very many runs cost: ``python tests/benchmarks/many_runs.py [--runs 1000 5000 20000]``.

Desks of made-up finished runs, beside a desk with none: seconds of ``runs list`` as a process, of
the first reading of all runs, of the services' lists, of the look for a run to resume, and how long
Bench and Home take to open and stall. What is done again and again is told by the best of seven,
what is opened by the best of three apps, for others may use the machine too. ``added`` is what the
most runs add to the same on a desk of none, ``of none`` their ratio. Ends with 1 where a limit is
not kept: 0.3 s for a list of runs and for each screen with its rows, from the command or key on;
and 0.3 s for what the runs add to those, to a stall, and to the look for a run to resume.
"""

import argparse
import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.many_runs import EVERY, FIRST, add_runs

from researchdesk.config import Settings
from researchdesk.domain.run_rows import RunChoice
from researchdesk.domain.runs import RunState, Task
from researchdesk.harness.history import RunConfig
from researchdesk.harness.index_file import INDEX
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.recipes import recipes
from researchdesk.services.run_summaries import newest_written
from researchdesk.services.runs import listed, listed_by_recipe, store_of
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.screens.base import DeskScreen
from researchdesk.tui.screens.bench import BenchScreen
from researchdesk.tui.screens.home import HomeScreen
from researchdesk.tui.widgets.bench_run_list import RunList
from researchdesk.tui.widgets.home_list import HomeList

LIMIT_S = 0.3
_ROUNDS = 7
_SETTLE_S, _PATIENCE_S = 8.0, 60.0
_BLINK_S = 0.005
_APPS = 3
_OPEN = "open, with its rows"
LIMITED = (
    "runs list, process",
    f"first screen: {_OPEN}",
    f"bench: {_OPEN}",
    f"home: {_OPEN}",
)
LIMITED_MORE = (
    *LIMITED,
    "list, newest 50",
    "look for a run to resume",
    "bench: longest stall",
    "home: longest stall",
)


@dataclass
class Column:
    """A desk's seconds by what was measured, in the order they were taken."""

    runs: int
    seconds: dict[str, float] = field(default_factory=dict)


def main(counts: Sequence[int]) -> int:
    """Prints the table; 1 where a limit is not kept."""
    columns = []
    with tempfile.TemporaryDirectory() as folder:
        for count in (0, *counts):
            desk = desk_of_runs(Path(folder) / str(count), count)
            column = Column(count)
            for what, taken in _measured(desk):
                column.seconds[what] = taken
            columns.append(column)
            desk.close()
            shutil.rmtree(desk.root)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    return told(columns)


def told(columns: Sequence[Column]) -> int:
    """Prints the table and which limits are not kept; 1 where there are any."""
    heads = (*(f"{column.runs:,}" for column in columns), "added", "of none")
    print(f"{'seconds, by number of runs':42}" + "".join(f"{head:>10}" for head in heads))
    none, most = columns[0].seconds, columns[-1].seconds
    for what, taken in most.items():
        ratio = f"{taken / none[what]:.2f}" if none[what] > 0 else ""
        cells = [*(f"{column.seconds[what]:.3f}" for column in columns), ratio]
        cells.insert(-1, f"{taken - none[what]:.3f}")
        print(f"{what:42}" + "".join(f"{cell:>10}" for cell in cells))
    late = [f"{what}: takes more" for what in LIMITED if most[what] > LIMIT_S]
    late += [f"{what}: adds more" for what in LIMITED_MORE if most[what] - none[what] > LIMIT_S]
    for what in late:
        print(f"{what} than {LIMIT_S} s at {columns[-1].runs:,} runs")
    return 1 if late else 0


def desk_of_runs(folder: Path, count: int) -> Desk:
    """A desk whose last run ended an hour ago, by its clock."""
    now = FIRST + count * EVERY
    settings = Settings(desk=folder, state=folder / "state", offline=True)
    desk = open_desk(settings, lambda: now)
    print(f"making {count:,} runs", file=sys.stderr)
    if count:
        add_runs(settings.runs, count, of=recipes(desk))
    return desk


def _measured(desk: Desk) -> Iterator[tuple[str, float]]:
    fresh, index = desk.settings.runs / INDEX, store_of(desk).index
    yield "first list, newest 50, no index", _once(lambda: listed(desk, limit=50))
    fresh.unlink(missing_ok=True)
    yield "first reading of all (once)", _once(index.catch_up)
    yield "researchdesk --version, process", _process(desk.root, "--version")
    yield "runs list, process", _process(desk.root, "runs", "list")
    yield "runs list --json (all), process", _process(desk.root, "runs", "list", "--json")
    crashed = RunChoice(state=RunState.CRASHED)
    yield "list, newest 50", _best(lambda: listed(desk, limit=50))
    yield "list, newest 50 that crashed", _best(lambda: listed(desk, crashed, 50))
    yield "list, all", _best(lambda: listed(desk))
    yield "list, 100 of each recipe", _best(lambda: listed_by_recipe(desk, 100))
    yield "twelve written last", _best(lambda: list(newest_written(desk, 12)))
    yield "look for a run to resume", _best(lambda: look_for_a_run(desk))
    opened = [dict(asyncio.run(_screens(desk, settle=not number))) for number in range(_APPS)]
    for what, taken in opened[0].items():
        yield what, min(one[what] for one in opened) if what.endswith(_OPEN) else taken


def look_for_a_run(desk: Desk) -> None:
    """Begin a run that there was none like, and take it away."""
    recipe = recipes(desk)[0]
    task = Task("ours", time.perf_counter_ns())
    config = RunConfig(recipe.name, recipe.digest, recipe.arxiv_id, True, False, (task,))
    run, _ = store_of(desk).start(recipe, config, lambda event: None)
    run.close()
    shutil.rmtree(run.folder)


def _process(desk: Path, *args: str) -> float:
    environ = {**os.environ, "RESEARCHDESK_DESK": str(desk)}
    command = [sys.executable, "-m", "researchdesk", *args]
    return _best(lambda: subprocess.run(command, env=environ, capture_output=True, check=True))


async def _screens(desk: Desk, *, settle: bool) -> list[tuple[str, float]]:
    """The app from its start: at its first screen, then the bench, then Home. ``settle``: each is
    watched for a while."""
    app = ResearchDeskApp(desk)
    app.animation_level = "none"
    shown: dict[str, Callable[[], bool]] = {
        "first screen": lambda: isinstance(app.screen, DeskScreen),
        "bench": lambda: (
            isinstance(app.screen, BenchScreen)
            and app.screen.query_one(RunList).border_subtitle != ""
        ),
        "home": lambda: (
            isinstance(app.screen, HomeScreen)
            and (app.screen.has_class("-empty") or app.screen.query_one(HomeList).option_count > 0)
        ),
    }
    found, begun = list[tuple[str, float]](), time.perf_counter()
    async with app.run_test(size=(160, 48)):
        for name, is_there in shown.items():
            async with _watched() as (stalls, works):
                if name in ("bench", "home"):
                    begun = time.perf_counter()
                    await app.switch_mode(name)
                while not is_there() and time.perf_counter() - begun < _PATIENCE_S:
                    await asyncio.sleep(_BLINK_S)
                found.append((f"{name}: {_OPEN}", time.perf_counter() - begun))
                await asyncio.sleep(_SETTLE_S if settle else 1.0)
            found.append((f"{name}: longest stall", max(stalls)))
            found.append((f"{name}: longest work of the screen", max(works)))
    return found


@contextlib.asynccontextmanager
async def _watched() -> AsyncIterator[tuple[list[float], list[float]]]:
    """Gives how long nothing of the screen was heard, each time, and how much of that its thread
    worked, in seconds."""
    stalls, works = [0.0], [0.0]

    async def watch() -> None:
        while True:
            begun, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(_BLINK_S)
            stalls.append(time.perf_counter() - begun - _BLINK_S)
            works.append(time.thread_time() - worked)

    watching = asyncio.create_task(watch())
    try:
        yield stalls, works
    finally:
        watching.cancel()


def _best(work: Callable[[], object]) -> float:
    return min(_once(work) for _ in range(_ROUNDS))


def _once(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, nargs="+", default=[1000, 5000, 20_000])
    sys.exit(main(parser.parse_args().runs))
