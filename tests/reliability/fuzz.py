"""Fuzzes every parser: ``python tests/reliability/fuzz.py [--examples 20000] [--seed 0]``.

Each parser is given what stands in ``fuzzing.WHOLE``, sound inputs cut off everywhere and with
values of other kinds, as many made-up inputs as are asked for, and the same thing again and again.
Where ``../shared/corpus`` is there, real replies and libraries are changed, too. On standard output
comes a table; ends with 1 where a parser did what it must not, and says how to see it again.
"""

import argparse
import platform
import sqlite3
import sys
import time
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from hypothesis import HealthCheck, given, seed, settings
from reliability import fuzz_bench, fuzz_files, fuzz_papers, fuzz_replies, fuzz_writing
from reliability.fuzzing import BrokenError, Target, evil, given_to, inputs, steady

from researchdesk import __version__

_ROOMS = (fuzz_papers, fuzz_replies, fuzz_bench, fuzz_files, fuzz_writing)
TARGETS: tuple[Target, ...] = tuple(target for room in _ROOMS for target in room.TARGETS)
_EVIL = 10_000


@dataclass
class Told:
    """What came of one parser; ``slowest`` is in seconds."""

    name: str
    given: int = 0
    refused: int = 0
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)

    def take(self, target: Target, text: str | bytes) -> None:
        begun = time.process_time()
        self.given += 1
        self.refused += given_to(target, text) == "refused"
        self.slowest = max(self.slowest, time.process_time() - begun)


def fuzz(target: Target, examples: int, number: int, size: int = _EVIL) -> Told:
    """Everything that a parser is given."""
    told = Told(target.name)
    seen: set[str] = set()
    for text in steady(target, max(200, examples)):
        try:
            told.take(target, text)
        except BrokenError as error:
            if str(error)[:100] not in seen:
                told.failures.append(f"{str(error)[:300]}\n    of {text[:200]!r}")
            seen.add(str(error)[:100])
    told.failures += made_up(target, examples, number, told)
    try:
        told.failures += evil(target, size) if size else []
    except BrokenError as error:
        told.failures.append(str(error))
    return told


def made_up(target: Target, examples: int, number: int, told: Told) -> Iterable[str]:
    """The failures among so many inputs made by hypothesis, each with its smallest input."""

    @seed(number)
    @settings(max_examples=examples, database=None, deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(inputs(target))
    def run(text: str | bytes) -> None:
        told.take(target, text)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            run()
    except Exception as error:  # noqa: BLE001 - hypothesis raises what was raised
        for one in getattr(error, "exceptions", [error]):
            notes = " ".join(getattr(one, "__notes__", []))[:1500]
            yield f"{str(one)[:300]}\n    {notes}"


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    chosen = [target for target in TARGETS if options.only.lower() in target.name.lower()]
    begun, rows = time.monotonic(), []
    for number, target in enumerate(chosen, 1):
        print(f"{number}/{len(chosen)} {target.name}", file=sys.stderr, flush=True)
        rows.append(fuzz(target, options.examples, options.seed, options.size))
        for failure in rows[-1].failures:
            print(f"  {failure}", file=sys.stderr, flush=True)
    failed = [row for row in rows if row.failures]
    _print_table(rows, options.seed, time.monotonic() - begun)
    for row in failed:
        again = f"--seed {options.seed} --examples {options.examples} --only {row.name!r}"
        print(f"again: python tests/reliability/fuzz.py {again}")
    return 1 if failed or not chosen else 0


def _print_table(rows: Sequence[Told], number: int, seconds: float) -> None:
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, seed {number}, researchdesk {__version__}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {seconds:.0f} s\n"
    )
    width = max((len(row.name) for row in rows), default=6)
    print(f"{'parser':<{width}}  {'given':>8}  {'refused':>8}  {'slowest':>8}  failures")
    for row in rows:
        counts = f"{row.given:>8}  {row.refused:>8}  {row.slowest * 1000:>5.0f} ms"
        print(f"{row.name:<{width}}  {counts}  {len(row.failures):>8}")
    total, failures = sum(row.given for row in rows), sum(len(row.failures) for row in rows)
    print(f"\n{len(rows)} parsers, {total} inputs, {failures} failures")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--examples", type=int, default=20_000, help="made-up inputs a parser")
    words = "signs of one thing again and again, at first; 0 for none"
    parser.add_argument("--size", type=int, default=_EVIL, help=words)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="parsers whose name has this in it")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
