"""Trials by engine: the same verdicts whoever runs them, and what more workers buy.

``python tests/benchmarks/engines.py speed [--seeds N] [--seconds S] [--engines local slurm ray]``
``python tests/benchmarks/engines.py verdicts [--recipe NAME]... [--quick] [--engines ...]``

``speed``: N seeds of a training of about S seconds of one core, by one worker and by two. The
speed-up is over the same engine with one worker, "of bare" compares all with
the bare trainings in one process. ``slurm`` is its path through submitit with processes of this
machine, ``ray`` a cluster of this machine made for it. ``verdicts``: the recipes' runs on each
engine, and whether every claim comes to the same numbers and verdict as on the first one; ends
with 1 where one does not.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import torch
from support.recipe_maker import CLAIM, write_recipe

PORT = "6399"
BURN = """
import torch

def measure(run):
    torch.manual_seed(run.seed)
    a = torch.randn(64, 64)
    for _ in range(run.settings["loops"]):
        a = torch.tanh(a @ a.T / 64)
    return {"score": 0.5}
"""
ARM = (
    """
[[arms]]
name = "ours"
[arms.settings]
loops = {loops}
"""
    + CLAIM
)
TABLES = """
[engines.slurm]
launcher = "local"
at_once = {workers}
seeds_per_trial = {together}
[engines.ray]
address = "{address}"
at_once = {workers}
seeds_per_trial = {together}
"""
RECIPES = ("2001.05016-neural-arithmetic-units", "1909.03004-show-your-work")


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("speed", "verdicts"))
    parser.add_argument("--engines", nargs="+", default=["local", "slurm", "ray"])
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--together", type=int, default=1)
    parser.add_argument("--recipe", action="append", default=[])
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="rd-engines-") as folder:
        home = Path(folder)
        address = _ray_up() if "ray" in given.engines else ""
        try:
            if given.what == "speed":
                _speed(home, given, address)
            elif not same_verdicts(home, given, address):
                sys.exit(1)
        finally:
            if address:
                subprocess.run(["ray", "stop", "--force"], capture_output=True, check=False)


def _speed(home: Path, given: argparse.Namespace, address: str) -> None:
    loops = _loops(given.seconds)
    bare = _bare(given.seeds, loops)
    print(f"{given.seeds} seeds of about {given.seconds:g} s of one core; bare: {bare:.1f} s")
    print(
        f"{'engine':<8}{'workers':>8}{'seconds':>9}{'speed-up':>10}{'efficiency':>12}{'of bare':>9}"
    )
    for engine in given.engines:
        one = 0.0
        for workers in (1, 2):
            desk = home / f"{engine}-{workers}"
            config = _settings(home, address, workers, given.together)
            write_recipe(desk / "recipes", BURN, seeds=given.seeds, toml=ARM.format(loops=loops))
            begun = time.perf_counter()
            _run(desk, config, "2001.00001", engine, "--jobs", str(workers))
            took = time.perf_counter() - begun
            one = one or took
            print(
                f"{engine:<8}{workers:>8}{took:>9.1f}{one / took:>10.2f}"
                f"{one / took / workers:>11.0%}{bare / workers / took:>10.0%}",
                flush=True,
            )


def same_verdicts(home: Path, given: argparse.Namespace, address: str) -> bool:
    """Run the recipes on each engine, and print whether their claims come to the same."""
    every = True
    quick = ["--quick"] if given.quick else []
    config = _settings(home, address, os.cpu_count() or 1, given.together)
    for recipe in given.recipe or RECIPES:
        first: dict[str, Any] | None = None
        for engine in given.engines:
            begun = time.perf_counter()
            report = _run(home / "desk", config, recipe, engine, *quick)
            took = time.perf_counter() - begun
            first = first or report
            same = _table(report) == _table(first)
            every = every and same
            equal = _metrics(report) == _metrics(first)
            print(
                f"{recipe:<38}{engine:<8}by {report['environment']['engine']:<7}{took:>7.0f} s  "
                f"{report['verdict']:<24} {len(report['claims'])} claims "
                f"{'the same' if same else 'NOT THE SAME'}, seeds "
                f"{'equal to the last bit' if equal else 'differ'}",
                flush=True,
            )
        for claim in (first or {"claims": []})["claims"]:
            print(f"    {claim['id']:<34}{claim['verdict']}")
    return every


def _table(report: dict[str, Any]) -> list[dict[str, Any]]:
    return report["claims"]


def _metrics(report: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(seed["arm"], seed["seed"], seed["metrics"]) for seed in report["seeds"]]


def _run(desk: Path, config: Path, ref: str, engine: str, *more: str) -> dict[str, Any]:
    words = ["--desk", str(desk), "reproduce", ref, "--on", engine, "--trust", "--no-check"]
    done = subprocess.run(
        [sys.executable, "-m", "researchdesk", *words, "--json", *more],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"RESEARCHDESK_CONFIG": str(config)},
    )
    if not done.stdout:
        sys.exit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _settings(home: Path, address: str, workers: int, together: int) -> Path:
    config = home / f"config-{workers}.toml"
    config.write_text(TABLES.format(workers=workers, together=together, address=address))
    return config


def _loops(seconds: float) -> int:
    begun = time.perf_counter()
    _burn(2_000)
    return max(1, int(2_000 * seconds / (time.perf_counter() - begun)))


def _bare(seeds: int, loops: int) -> float:
    begun = time.perf_counter()
    for _ in range(seeds):
        _burn(loops)
    return time.perf_counter() - begun


def _burn(loops: int) -> None:
    a = torch.randn(64, 64)
    for _ in range(loops):
        a = torch.tanh(a @ a.T / 64)


def _ray_up() -> str:
    """A cluster of this machine; its address."""
    cpus = str(os.cpu_count() or 1)
    words = ["--head", "--port", PORT, "--num-cpus", cpus, "--include-dashboard", "false"]
    subprocess.run(
        ["ray", "start", *words, "--disable-usage-stats", "--object-store-memory", "100000000"],
        check=True,
        capture_output=True,
    )
    return f"127.0.0.1:{PORT}"


if __name__ == "__main__":
    main()
