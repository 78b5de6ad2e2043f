"""What a logged step costs, and how many seeds a second are trained."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import throughput
import torch
from support.recipe_maker import CLAIM, write_recipe

from parts.rows import Place, Row
from researchdesk.harness.jobs import Shape
from researchdesk.harness.training.answers import Answers
from researchdesk.harness.training.assignment import SeedGiven
from researchdesk.harness.training.run import Run
from researchdesk.harness.training.steplog import StepLog

LOG_LIMIT_US = 15.0
_LINE = b'{"s":12345,"m":{"loss":0.6931471805599453}}\n'


def logged_steps(place: Place) -> Iterator[Row]:
    """A step in its file, beside a write and flush of the same line."""
    steps = 5_000 if place.quick else 20_000
    loss = torch.tensor(0.6931471805599453)
    with tempfile.TemporaryDirectory() as name, Path(name, "bare").open("ab") as bare:
        run = Run("ours", 0, {}, None, steps=StepLog(Path(name) / "steps"))
        many = Run("ours", 0, {}, None, steps=StepLog(Path(name) / "many"))
        emit = _answers().of(SeedGiven(0))
        told = Run("ours", 0, {}, emit, steps=StepLog(Path(name) / "told"))
        names = {f"metric_{number}": number / 7 for number in range(8)}

        def write(step: int) -> None:
            bare.write(_LINE)
            bare.flush()

        base = _median_us(write, steps)
        for words, log in {
            "one metric": lambda step: run.log(step, loss=step / 7),
            "8 metrics": lambda step: many.log(step, **names),
            "a tensor, told": lambda step: told.log(step, loss=loss),
        }.items():
            taken = _median_us(log, steps)
            base = min(base, _median_us(write, steps))
            yield Row(
                f"a logged step, {words}", taken, "µs", "write and flush", base,
                LOG_LIMIT_US, taken,
            )  # fmt: skip


def _answers() -> Answers:
    """Into a pipe that a thread empties, as a parent process does."""
    ours, theirs = os.pipe()

    def empty() -> None:
        while os.read(ours, 65_536):
            pass

    Thread(target=empty, daemon=True).start()
    return Answers(theirs)


def _median_us(log: Callable[[int], object], steps: int) -> float:
    taken = []
    for step in range(steps + 200):
        begun = time.perf_counter_ns()
        log(step)
        taken.append(time.perf_counter_ns() - begun)
    return statistics.median(taken[200:]) / 1e3


def seeds(place: Place) -> Iterator[Row]:
    """A seed of the harness, with one worker and two, beside a plain loop of PyTorch's. The first
    seed of each worker, which loads the libraries, is not counted."""
    count, steps = (6, 400) if place.quick else (8, 1200)
    ways = {"one worker": (1, Shape()), "two workers": (2, Shape())}
    taken: dict[str, list[float]] = {name: [] for name in (*ways, "plain")}
    with tempfile.TemporaryDirectory() as folder:
        toml = throughput.ARM.format(steps=steps) + CLAIM
        recipe = write_recipe(Path(folder), throughput.EXPERIMENT, toml=toml)
        for _ in range(2 if place.quick else 3):
            taken["plain"].append(throughput.plainly(count, steps) / count)
            for name, (jobs, shape) in ways.items():
                timed, _ = throughput.one(recipe, count, steps, jobs, shape)
                taken[name].append(timed.each(jobs))
    plain = 1000 * min(taken["plain"])
    for name in ways:
        mine = 1000 * min(taken[name])
        yield Row(f"a seed, {name}", mine, "ms", "a plain loop", plain, note=f"{1000 / mine:.2f}/s")
