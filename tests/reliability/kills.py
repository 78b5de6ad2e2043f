"""Kill -9 of every command that writes, at any moment: what was acknowledged is there.

    python tests/reliability/kills.py --kills 500 --seed 1 --jobs 2

A kill counts where it hit: one that came after the command's end is a try, and is told as such.
A table on stdout, progress on stderr; ends with 1 where anything was wrong, or fewer hit than were
wanted in four times as many tries. ``--replay K`` does the ten tries of one desk up to number K
again, ``--only NAME`` kills operations of that name alone.
"""

import argparse
import platform
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from reliability.killing import catalogue
from reliability.killing.attempts import Operation
from reliability.killing.hatched import Hatchery, build_shim
from reliability.killing.judging import Verdict
from reliability.killing.series import KILLS, dealt, series

import researchdesk

Tell = Callable[[Verdict], None]
_TRIES = 4
"""For each kill that is to hit, at the most."""


def main() -> int:
    asked = _arguments()
    operations = [one for one in catalogue.OPERATIONS if (asked.only or "") in one.name]
    if not operations:
        print(f"No operation is called so. There are: {catalogue.names()}", file=sys.stderr)
        return 2
    numbers, hits = range(_TRIES * asked.kills), asked.kills
    if asked.replay is not None:
        numbers, hits = range(asked.replay // KILLS * KILLS, asked.replay + 1), 0
    begun = time.monotonic()
    verdicts = kill(asked.seed, numbers, operations, asked.jobs, _tell, hits=hits)
    print(table(verdicts, asked.seed, time.monotonic() - begun))
    faulty = [one for one in verdicts if one.faults]
    only = f" --only '{asked.only}'" if asked.only else ""
    for one in faulty:
        print(f"\nkill {one.number}: {one.operation}, killed {one.death}")
        print("\n".join(f"  {fault}" for fault in one.faults))
        print(f"  again: python {sys.argv[0]} --seed {asked.seed} --replay {one.number}{only}")
    if hit(verdicts) < hits:
        print(f"\n{hit(verdicts)} kills hit where {hits} were wanted; the tries are at their end.")
    return 1 if faulty or hit(verdicts) < hits else 0


def kill(
    seed: int,
    numbers: range,
    operations: Sequence[Operation],
    jobs: int = 1,
    tell: Tell = lambda verdict: None,
    *,
    hits: int = 0,
) -> list[Verdict]:
    """Try the kills of these numbers, ten on each desk, so many desks at a time; where ``hits`` are
    wanted, no desk is begun when so many have hit."""
    order = dealt(seed, operations, numbers.stop)
    waiting: SimpleQueue[range] = SimpleQueue()
    for first in range(numbers.start, numbers.stop, KILLS):
        waiting.put(range(first, min(first + KILLS, numbers.stop)))
    done: list[Verdict] = []
    errors: list[BaseException] = []
    with tempfile.TemporaryDirectory(prefix="kills-shim-") as folder:
        shim = build_shim(Path(folder))

        def work() -> None:
            try:
                with Hatchery(shim) as hatchery:
                    while not hits or hit(done) < hits:
                        part = waiting.get_nowait()
                        own = order[part.start : part.stop]
                        for one in series(hatchery, seed, part.start, own):
                            done.append(one)
                            tell(one)
            except Empty:
                return
            except BaseException as error:
                errors.append(error)
                raise

        threads = [threading.Thread(target=work) for _ in range(jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]
    return sorted(done, key=lambda one: one.number)


def hit(verdicts: Iterable[Verdict]) -> int:
    """How many of the commands were killed before their end."""
    return sum(not one.ended for one in verdicts)


def table(verdicts: Iterable[Verdict], seed: int, seconds: float) -> str:
    """The kills by operation, as plain text."""
    verdicts = [*verdicts]
    rows = [("operation", "tries", "hit", "faults")]
    for name in dict.fromkeys(one.name for one in catalogue.OPERATIONS):
        own = [one for one in verdicts if one.operation == name]
        if own:
            rows.append(_row(name, own))
    rows.append(_row("all", verdicts))
    lines = [f"{a:<26}{b:>6}{c:>6}{d:>8}" for a, b, c, d in rows]
    versions = (
        f"researchdesk {researchdesk.__version__}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )
    head = f"{datetime.now(UTC):%Y-%m-%d}, seed {seed}, {versions}, {seconds / 60:.1f} minutes"
    return "\n".join([head, "", *lines])


def _row(name: str, own: Sequence[Verdict]) -> tuple[str, str, str, str]:
    faulty = sum(bool(one.faults) for one in own)
    return name, str(len(own)), str(hit(own)), str(faulty)


def _tell(one: Verdict) -> None:
    sign = f"FAULT: {one.faults[0]}" if one.faults else "well"
    ended = ", had ended" if one.ended else ""
    whole = f"(whole: {one.calls} calls, {one.whole:.2f} s)"
    told = (
        f"{one.number:>4} {one.seconds:5.1f} s  {one.operation}, {one.death}{ended}: {sign} {whole}"
    )
    print(told, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=500, help="that hit")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", metavar="NAME", help=catalogue.names())
    parser.add_argument("--replay", type=int, metavar="K", help="the kill of this number again")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
