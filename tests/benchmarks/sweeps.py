"""What thousands of empty trials cost: the scheduler, the store, and showing them afterwards.

Run: ``python tests/benchmarks/sweeps.py [5000 10000 20000]``. Each size is a sweep of its own, in a
process of its own, on the local engine with two workers. The trials do nothing, so that what is
left is ours. ``used s`` is the parent's processor time and ``peak MB`` its memory at the peak above
what it had before; both should be linear: ``time`` and ``memory`` are those of a trial over those
of the first size. Then how long a command takes that shows the sweep, the best of three. Ends with
1 where time or memory of a trial is more than 20 % above that of the first size.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

from researchdesk.config import Settings
from researchdesk.services import sweeps
from researchdesk.services.desk import open_desk
from researchdesk.services.sweeps import SweepHow, SweepOptions

SIZES = (5_000, 10_000, 20_000)
LINEAR = 1.2
RECIPE = """
title = "Nothing"
summary = "Trials that do nothing"
seeds = 1

[paper]
id = "2001.00001"
version = 1

[ranges.lr]
low = 0.001
high = 1.0
log = true

[[arms]]
name = "empty"
[arms.settings]
lr = 0.1

[[claims]]
id = "none"
text = "Nothing is measured"
kind = "count"
metric = "test_score"
arm = "empty"
where = "nowhere"
claimed = 0
printed = "0"
tolerance_rule = "last digit"
"""
EXPERIMENT = """
def measure(run):
    lr = run.settings["lr"]
    return {"valid_score": lr, "test_score": lr}
"""


def one(folder: Path, trials: int) -> dict[str, float]:
    """Run a sweep of so many trials in this process; what it took."""
    desk = open_desk(Settings(desk=folder))
    recipe_folder = desk.settings.recipes / "2001.00001-nothing"
    recipe_folder.mkdir(parents=True)
    (recipe_folder / "recipe.toml").write_text(RECIPE, "utf-8")
    (recipe_folder / "experiment.py").write_text(textwrap.dedent(EXPERIMENT), "utf-8")
    recipe, spec = sweeps.made(
        desk, "2001.00001", SweepOptions(metric="valid_score", trials=trials)
    )
    how = SweepHow(jobs=2, trust=True)
    before, begun, used = _peak_mb(), time.perf_counter(), time.process_time()
    done = sweeps.start_sweep(desk, recipe, spec, how, "cpu")
    seconds, used = time.perf_counter() - begun, time.process_time() - used
    peak = _peak_mb() - before
    assert done.page.spent.trials == trials
    desk.close()
    return {"seconds": seconds, "used": used, "peak_mb": peak}


def shown(folder: Path) -> dict[str, float]:
    """How long the commands that show sweeps take, each a process of its own; the best of three."""
    (sweep_id,) = (path.name for path in (folder / "sweeps").iterdir() if path.is_dir())
    found = {}
    for words in (("list",), ("show", sweep_id), ("trials", sweep_id, "--csv")):
        times = []
        for _ in range(3):
            begun = time.perf_counter()
            command = [sys.executable, "-m", "researchdesk", "--desk", str(folder), "sweep", *words]
            subprocess.run(command, check=True, capture_output=True)
            times.append(time.perf_counter() - begun)
        found[words[0]] = min(times)
    return found


def main(arguments: list[str]) -> int:
    """Print the table, or with ``--one FOLDER TRIALS`` do one of it; 1 where it is not linear."""
    if arguments[:1] == ["--one"]:
        print(json.dumps(one(Path(arguments[1]), int(arguments[2]))))
        return 0
    sizes = [int(argument) for argument in arguments] or SIZES
    heads = ("trials", "clock s", "used s", "ms each", "peak MB", "KB each", "time", "memory")
    print("".join(f"{head:>10}" for head in (*heads, "list s", "show s", "csv s")))
    first: tuple[float, float] | None = None
    steep = []
    for size in sizes:
        took, times = _measured(size)
        each = 1e3 * took["used"] / size, 1e3 * took["peak_mb"] / size
        first = first or each
        grown = {"time": each[0] / first[0], "memory": each[1] / first[1]}
        cells = (
            f"{size:,}",
            f"{took['seconds']:.1f}",
            f"{took['used']:.1f}",
            f"{each[0]:.2f}",
            f"{took['peak_mb']:.0f}",
            f"{each[1]:.2f}",
            *(f"{ratio:.2f}" for ratio in grown.values()),
            *(f"{seconds:.2f}" for seconds in times.values()),
        )
        print("".join(f"{cell:>10}" for cell in cells), flush=True)
        steep += [f"{what} at {size:,} trials" for what, by in grown.items() if by > LINEAR]
    for what in steep:
        print(f"{what}: a trial takes more than 20 % more than one of {sizes[0]:,}")
    return 1 if steep else 0


def _measured(size: int) -> tuple[dict[str, float], dict[str, float]]:
    """What a sweep of this size took, in a process of its own, and showing it."""
    with tempfile.TemporaryDirectory(prefix="sweeps-") as place:
        folder = Path(place) / "desk"
        command = [sys.executable, __file__, "--one", str(folder), str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return json.loads(done.stdout.splitlines()[-1]), shown(folder)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if _IN_BYTES else 1e3)


_IN_BYTES = os.uname().sysname == "Darwin"

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
