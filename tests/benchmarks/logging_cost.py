"""What a logged step costs: `run.log`, durable in its file, beside a bare write of the same line.

    python tests/benchmarks/logging_cost.py [STEPS]

Median and 99th percentile in microseconds by the clock of the processor, and the mean by the time
that the process used. ``answers`` also tells thinned points to a parent over a pipe, as a worker
does; ``tensor`` takes the loss as a tensor of one element.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import torch

from researchdesk.harness.training.answers import Answers
from researchdesk.harness.training.assignment import SeedGiven
from researchdesk.harness.training.run import Run
from researchdesk.harness.training.steplog import StepLog

LIMIT_US = 15.0
LINE = b'{"s":12345,"m":{"loss":0.6931471805599453}}\n'


def timed(log: Callable[[int], None], steps: int) -> tuple[float, float, float]:
    """Median and 99th percentile of a call, and its mean in processor time, in µs."""
    for step in range(200):
        log(step)
    taken = []
    begun = time.process_time_ns()
    for step in range(steps):
        before = time.perf_counter_ns()
        log(step)
        taken.append(time.perf_counter_ns() - before)
    used = time.process_time_ns() - begun
    taken.sort()
    return statistics.median(taken) / 1e3, taken[int(0.99 * steps)] / 1e3, used / steps / 1e3


def answering() -> Answers:
    """Answers into a pipe that a thread empties."""
    ours, theirs = os.pipe()

    def empty() -> None:
        while os.read(ours, 65_536):
            pass

    Thread(target=empty, daemon=True).start()
    return Answers(theirs)


def main(steps: int) -> int:
    torch.set_num_threads(1)
    answers = answering()
    loss = torch.tensor(0.6931471805599453)
    names = {f"metric_{number}": number / 7 for number in range(8)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

        def run(file: str, told: bool = True) -> Run:
            emit = answers.of(SeedGiven(0)) if told else None
            return Run("ours", 0, {}, emit, steps=StepLog(folder / file))

        silent, plain, tensor, many = run("0", told=False), run("1"), run("2"), run("3")
        rows: dict[str, Callable[[int], object]] = {
            "bare os.write": lambda step: os.write(bare, LINE),
            "run.log(loss)": lambda step: silent.log(step, loss=step / 7),
            "run.log(loss), answers": lambda step: plain.log(step, loss=step / 7),
            "run.log(loss), answers, tensor": lambda step: tensor.log(step, loss=loss),
            "run.log of 8 metrics, answers": lambda step: many.log(step, **names),
        }
        print(f"{'':32} {'median':>8} {'p99':>8} {'cpu':>8}   µs a step, {steps} steps")
        worst = 0.0
        for words, log in rows.items():
            median, high, used = timed(lambda step, log=log: log(step), steps)
            worst = max(worst, median)
            print(f"{words:32} {median:8.2f} {high:8.2f} {used:8.2f}")
    print(f"limit {LIMIT_US} µs median: {'held' if worst <= LIMIT_US else 'exceeded'}")
    return int(worst > LIMIT_US)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
