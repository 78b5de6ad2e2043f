"""Seeds a second: batched in one process, in processes, and plainly one after the other.

``python tests/benchmarks/throughput.py [--seeds N] [--steps N] [--rounds N]``

The three ways take turns in one run, round after round, on the same experiment (a 64-64 perceptron
on scikit-learn's digits), and each is timed from its first seed's beginning to its last one's end,
without the start of the processes. Printed are the median over the rounds, its ratio to plain
sequential, and the processor time where the machine is busy with other things. Last the cost of a
logged step.
"""

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import torch
from sklearn.datasets import load_digits
from support.recipe_maker import CLAIM, write_recipe
from torch import nn
from torch.nn import functional

from researchdesk.domain.runs import Task
from researchdesk.harness.executor import default_jobs, execute
from researchdesk.harness.jobs import ArmSetup, Plan, Shape

EXPERIMENT = """
import torch
from sklearn.datasets import load_digits
from torch import nn
from researchdesk.harness.training.experiment import Experiment, Split

class Digits(Experiment):
    task = "classification"
    batchable = True

    def data(self, run):
        digits = load_digits()
        x = torch.tensor(digits.data / 16, dtype=torch.float32)
        y = torch.tensor(digits.target)
        order = torch.randperm(len(x), generator=run.generator("split"))
        return Split((x[order[:1400]], y[order[:1400]]), (x[order[1400:]], y[order[1400:]]))

    def model(self, run):
        return nn.Sequential(
            nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)
        )
"""
LOGGING = """
import time
def measure(run):
    costs = []
    for step in range(20000):
        begun = time.perf_counter_ns()
        run.log(step, loss=1 / (step + 1), accuracy=step / 20000)
        costs.append(time.perf_counter_ns() - begun)
    costs.sort()
    run.result(median_us=costs[10000] / 1000, p99_us=costs[19800] / 1000)
"""
ARM = '[[arms]]\nname = "ours"\n[arms.settings]\nlr = 0.1\nbatch_size = 32\nsteps = {steps}\n'


class Timed:
    """When the first seed began and the last one ended; what the seeds measured."""

    def __init__(self) -> None:
        self.begun = self.ended = 0.0
        self.ends: list[float] = []
        self.metrics: dict[Task, Mapping[str, float]] = {}
        self.batched: set[bool] = set()

    def each(self, jobs: int) -> float:
        """Seconds a seed, of those that came after the first of each worker, which loads much."""
        return (self.ended - self.ends[jobs - 1]) / (len(self.ends) - jobs)

    def record(self, kind: str, task: Task | None, data: Mapping[str, Any]) -> None:
        if kind == "seed_started" and not self.begun:
            self.begun = time.perf_counter()
        if kind == "run_planned":
            self.batched.add(data["batched"])
        if kind == "seed_failed":
            raise SystemExit(f"{task} failed: {data['error']}")
        if kind == "seed_finished" and task:
            self.ended = time.perf_counter()
            self.ends.append(self.ended)
            self.metrics[task] = data["metrics"]


def one(recipe: Path, seeds: int, steps: int, jobs: int, shape: Shape) -> tuple[Timed, float]:
    """Run the seeds in one way; also the processor seconds of the workers."""
    with tempfile.TemporaryDirectory() as folder:
        timed = Timed()
        settings = {"lr": 0.1, "batch_size": 32, "steps": steps, "evaluate_every": steps}
        plan = Plan(
            recipe,
            [Task("ours", seed) for seed in range(seeds)],
            {"ours": ArmSetup(settings)},
            Path(folder) / "stdout.log",
            jobs,
            Path(folder) / "cache",
            shape=shape,
        )
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        execute(plan, timed.record, lambda: False, lambda engine: None)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return timed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def plainly(seeds: int, steps: int) -> float:
    """Seconds of the same training as a person writes it, seed after seed, in this process."""
    torch.set_num_threads(1)
    digits = load_digits()
    x = torch.tensor(digits.data / 16, dtype=torch.float32)
    y = torch.tensor(digits.target)
    begun = time.perf_counter()
    for seed in range(seeds):
        torch.manual_seed(seed)
        order = torch.randperm(len(x))
        train, test = order[:1400], order[1400:]
        model = nn.Sequential(
            nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)
        )
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        done = 0
        while done < steps:
            for batch in torch.randperm(len(train)).split(32)[: steps - done]:
                optimizer.zero_grad()
                loss = functional.cross_entropy(model(x[train[batch]]), y[train[batch]])
                loss.backward()
                optimizer.step()
                done += 1
        with torch.no_grad():
            (model(x[test]).argmax(1) == y[test]).float().mean().item()
    return time.perf_counter() - begun


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=16)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args(arguments)
    jobs = default_jobs()
    together = Shape(measure_seeds=True)  # all seeds of a process in one group, without planning
    ways = {
        "sequential": (1, Shape()),
        f"processes ({jobs})": (jobs, Shape()),
        "batched": (1, together),
        f"batched, processes ({jobs})": (jobs, together),
    }
    rates: dict[str, list[float]] = {way: [] for way in ways}
    spent: dict[str, list[float]] = {way: [] for way in ways}
    found: dict[str, Timed] = {}
    with tempfile.TemporaryDirectory() as folder:
        toml = ARM.format(steps=given.steps) + CLAIM
        recipe = write_recipe(Path(folder), EXPERIMENT, toml=toml)
        for _ in range(given.rounds):
            for way, (processes, shape) in ways.items():
                timed, seconds = one(recipe, given.seeds, given.steps, processes, shape)
                rates[way].append(given.seeds / (timed.ended - timed.begun))
                spent[way].append(seconds)
                found[way] = timed
        logging = write_recipe(Path(folder), LOGGING, name="logging")
        cost, _ = one(logging, 1, 1, 1, Shape())
    _print(given, rates, spent, found)
    (metrics,) = cost.metrics.values()
    print(f"a logged step: median {metrics['median_us']:.1f} µs, p99 {metrics['p99_us']:.1f} µs")


def _print(
    given: argparse.Namespace,
    rates: Mapping[str, Sequence[float]],
    spent: Mapping[str, Sequence[float]],
    found: Mapping[str, Timed],
) -> None:
    load = os.getloadavg()[0]
    print(
        f"{given.seeds} seeds of {given.steps} steps, median of {given.rounds} rounds; "
        f"load average {load:.1f}"
    )
    plain = statistics.median(rates["sequential"])
    print(f"{'way':28}{'seeds/s':>9}{'steps/s':>9}{'ratio':>7}{'cpu s':>8}  least … most seeds/s")
    for way, values in rates.items():
        rate = statistics.median(values)
        print(
            f"{way:28}{rate:9.2f}{rate * given.steps:9.0f}{rate / plain:7.2f}"
            f"{statistics.median(spent[way]):8.1f}  {min(values):.2f} … {max(values):.2f}"
        )
    print(f"greatest difference from sequential of any metric: {_apart(found):.2e}")


def _apart(found: Mapping[str, Timed]) -> float:
    plain = found["sequential"].metrics
    return max(
        abs(timed.metrics[task][name] - value)
        for timed in found.values()
        for task, metrics in plain.items()
        for name, value in metrics.items()
    )


if __name__ == "__main__":
    main()
