"""How fast the library is searched: ``python tests/benchmarks/library.py [--papers 100000]``.

Prints a table: keystrokes, memory, a cold search of 10,000 papers beside papis, cobib and bare
SQLite, the first rows of the terminal app beside an empty one. Ends with 1 where a limit is not
held. The rivals are installed into an environment of their own where the registry has them;
``--rivals DIR`` names a folder with their programs. ``--keep DIR`` keeps the made desks.

Times are the clock's. Beside them stands the processor's time of this process alone: on a machine
that is busy with other work only that says what a search costs.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import library_rivals
from library_desk import make_desk, typed
from library_start import LIMIT as START_LIMIT
from library_start import measure_start

from researchdesk.services.desk import Desk
from researchdesk.services.library_search import page, parse_query

PARTS = ("keys", "memory", "cold", "start")
QUERIES = (
    "attention is all",
    "neural network",
    "learning rate warmup",
    "graph neural networks",
    '"large language',
    "reinforcement learning from human feedback",
    "author:vaswani transformer",
    "cat:cs.LG diffusion",
    "year:2016 robust",
    "tag:topic-3 learning",
    "contrastive -survey",
    "optimization has:note",
    "batch normalization",
    "status:unread training",
    "quantum",
    "1501.0",
)
KEY_MS, MEMORY_MB, SHARE = 30.0, 250.0, 0.25
FROM = 3
"""The letter from which on a keystroke has a limit."""
_MEMORY = """
import resource, sys
from pathlib import Path
from researchdesk.tui.app import LATER
from researchdesk.tui.late import late
from researchdesk.config import Settings
from researchdesk.services.desk import open_desk
from researchdesk.services.library_search import page, parse_query
for name in LATER:
    late(name)
desk = open_desk(Settings(desk=Path(sys.argv[1]), state=Path(sys.argv[1])))
for text in sys.argv[2:]:
    for offset in (0, 1000, 20000):
        page(desk, parse_query(text), offset, 200)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@dataclass(frozen=True, slots=True)
class Row:
    """``value`` in ``unit``; at most ``limit``, where there is one."""

    what: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def held(self) -> bool:
        return self.limit is None or self.value <= self.limit


def keystrokes(desk: Desk) -> Iterator[Row]:
    """Each query letter by letter, as it is typed."""
    taken: dict[str, list[tuple[float, float]]] = {"early": [], "late": []}
    slowest = (0.0, "")
    for text in (part for query in QUERIES for part in typed(query)):
        began, spent = time.perf_counter(), time.process_time()
        page(desk, parse_query(text), 0, 50)
        clock, processor = time.perf_counter() - began, time.process_time() - spent
        taken["late" if len(text) >= FROM else "early"].append((1000 * clock, 1000 * processor))
        slowest = max(slowest, (1000 * processor, text))
    for name, words in (("early", "one and two letters"), ("late", "from the third letter on")):
        for at, kind in enumerate(("clock", "processor")):
            values = sorted(pair[at] for pair in taken[name])
            limit = KEY_MS if (name, kind) == ("late", "clock") else None
            yield Row(f"keystroke, {words}, {kind}, p50", statistics.median(values), "ms")
            p95 = values[int(0.95 * (len(values) - 1))]
            yield Row(f"keystroke, {words}, {kind}, p95", p95, "ms", limit)
    yield Row(f"slowest, processor: {slowest[1]}", slowest[0], "ms")


def memory(folder: Path) -> Iterator[Row]:
    """The most that a process holds that has the terminal app loaded and pages through searches."""
    asked = [sys.executable, "-c", _MEMORY, str(folder), "", *QUERIES]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    yield Row("memory at most", float(done.stdout), "MB", MEMORY_MB)


def cold(folder: Path, rivals: Path | None, rounds: int) -> Iterator[Row]:
    """A program started for one search of two words, in turn with the others."""
    words = "neural attention"
    environ = {**os.environ, "RESEARCHDESK_DESK": str(folder), "RESEARCHDESK_OFFLINE": "1"}
    ours = [sys.executable, "-m", "researchdesk", "search", words, "--json"]
    found = subprocess.run(ours, env=environ, capture_output=True, text=True, check=True)
    if not json.loads(found.stdout)["total"]:
        raise RuntimeError("nothing was found")
    programs: dict[str, tuple[list[str], Mapping[str, str]]] = {
        "researchdesk": (ours, environ),
        **library_rivals.programs(folder, rivals, words),
    }
    times = _in_turn(programs, rounds)
    share = SHARE * times["papis"] if "papis" in times else None
    for name, seconds in times.items():
        limit = None if share is None or name != "researchdesk" else 1000 * share
        yield Row(f"cold search, {name}", 1000 * seconds, "ms", limit)


def _in_turn(
    programs: Mapping[str, tuple[Sequence[str], Mapping[str, str]]], rounds: int
) -> dict[str, float]:
    """Medians in seconds; the first round fills caches and is not counted."""
    times: dict[str, list[float]] = {name: [] for name in programs}
    for number in range(rounds + 1):
        for name, (command, environ) in programs.items():
            began = time.perf_counter()
            subprocess.run(command, env=environ, capture_output=True, check=True)
            if number:
                times[name].append(time.perf_counter() - began)
    return {name: statistics.median(values) for name, values in times.items()}


def start(desk: Desk, rounds: int) -> Iterator[Row]:
    first = page(desk, parse_query(""), 0, 1).rows[0].name
    taken = measure_start(desk.root, first, rounds)
    yield Row("an empty Textual app", 1000 * taken.empty, "ms")
    yield Row("the terminal app to its first rows", 1000 * taken.rows, "ms")
    yield Row("as a ratio", taken.ratio, "", START_LIMIT)


def main() -> int:
    """Prints the table; 1 where a limit is not held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--texts", type=int, default=1_000, help="Full texts among them.")
    parser.add_argument("--cold", type=int, default=10_000, help="Papers of the cold search.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--keep", type=Path, help="Where the made desks stay.")
    parser.add_argument("--rivals", type=Path, help="A folder with the programs papis and cobib.")
    given = parser.parse_args()
    wanted = given.parts.split(",")
    with tempfile.TemporaryDirectory() as folder:
        root = given.keep or Path(folder)
        rows = [row for part in _measured(root, given, wanted) for row in part]
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for row in rows:
        limit = "" if row.limit is None else f"limit {row.limit:.4g}"
        broken = "" if row.held else "  NOT HELD"
        print(f"{row.what:58}{row.value:10.2f} {row.unit:3}  {limit}{broken}")
    return 0 if all(row.held for row in rows) else 1


def _measured(root: Path, given: argparse.Namespace, wanted: Sequence[str]) -> Iterator[list[Row]]:
    if {"keys", "memory", "start"} & set(wanted):
        large = root / f"desk-{given.papers}"
        desk = make_desk(large, given.papers, given.texts)
        parts: dict[str, Callable[[], Iterator[Row]]] = {
            "keys": lambda: keystrokes(desk),
            "memory": lambda: memory(large),
            "start": lambda: start(desk, given.rounds),
        }
        yield from (list(measure()) for name, measure in parts.items() if name in wanted)
        desk.close()
    if "cold" in wanted:
        small = root / f"desk-{given.cold}"
        make_desk(small, given.cold).close()
        yield list(cold(small, given.rivals, given.rounds))


if __name__ == "__main__":
    sys.exit(main())
