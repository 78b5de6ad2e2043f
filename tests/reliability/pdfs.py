"""Real PDFs changed at random: ``python tests/reliability/pdfs.py [--count 1000] [--seed 0]``.

Takes the PDFs of ``../shared/corpus`` where they are (small ones more often, their first pages) and
ours; changes bytes, objects, numbers, streams, names and references; and does with each what the
product does: put on a desk of its own, taken apart, its tables, pictures and claims, searched. It
is read or refused with words and a hint, in time, and nothing is left behind. On standard output
comes a table; ends with 1 where that does not hold, and says how to see it again.
"""

import argparse
import multiprocessing
import platform
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import pymupdf
from reliability.pdf_mutations import KINDS, mutated, prepared
from support.made_paper import write_paper
from support.tiny_pdf import tiny_pdf

from researchdesk import __version__
from researchdesk.config import Settings
from researchdesk.domain.documents import Document
from researchdesk.errors import BadInputError
from researchdesk.services import documents
from researchdesk.services.acquire import add
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.searching import search_desk
from researchdesk.storage import soundness

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
LONGEST_S = 45.0
"""For one job: its own limit is 30 s, and the machine may be busy."""
MOST_MEMORY_MB = 900.0
_FURTHEST = 1e6


@dataclass(frozen=True)
class Told:
    """What came of one PDF; ``fault`` is empty where all holds. ``memory`` is in MB, of the process
    that has the desk."""

    number: int
    kind: str
    source: str
    outcome: str
    seconds: float
    memory: float
    fault: str = ""


def sources() -> list[Path]:
    """The PDFs of the corpus."""
    return sorted(path for room in ("pdf", "edge") for path in (CORPUS / room).glob("*.pdf"))


def one(number: int, seed: int) -> Told:
    """Make PDF number ``number`` of this seed, and do with it what is done with any."""
    begun = time.monotonic()
    chance = random.Random(f"{seed}:{number}")
    with tempfile.TemporaryDirectory(prefix="researchdesk-pdfs-") as name:
        place = Path(name)
        source, content = _chosen(place, chance)
        kind, content = mutated(content, f"{seed}:{number}:change")
        pdf = place / "paper.pdf"
        pdf.write_bytes(content)
        outcome, fault = looked_at(pdf, place)
    memory = _most_memory()
    if memory > MOST_MEMORY_MB:
        fault = fault or f"{memory:.0f} MB of memory"
    return Told(number, kind, source, outcome, time.monotonic() - begun, memory, fault)


def looked_at(pdf: Path, place: Path) -> tuple[str, str]:
    """What came of a PDF on a desk in ``place``, and what is wrong with that, ``""`` if nothing."""
    try:
        outcome, fault = _done_with(pdf, place), ""
    except BadInputError as error:
        outcome, fault = _refusal(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must be told of its PDF
        outcome, fault = "fault", f"{type(error).__name__}: {str(error)[:300]}"
    return outcome, fault or _left_behind()


def _chosen(place: Path, chance: random.Random) -> tuple[str, bytes]:
    found = sources()
    if not found or chance.random() < 0.1:
        pages = [f"Page {page}. We show 9{page}.5 % in Table 1." for page in range(3)]
        made = chance.random() < 0.5
        return "made", write_paper(place / "x.pdf").read_bytes() if made else tiny_pdf(*pages)
    path = chance.choices(found, [1 / (50_000 + one.stat().st_size) for one in found])[0]
    try:
        return path.name, prepared(path)
    except (RuntimeError, ValueError):
        return path.name, path.read_bytes()


def _done_with(pdf: Path, place: Path) -> str:
    desk = open_desk(Settings(desk=place / "desk", state=place / "state", offline=True))
    try:
        documents.forget()
        paper = _in_time(lambda: add(desk, str(pdf)).paper)
        document = _in_time(lambda: documents.document_of(desk, paper))
        _is_fit(document)
        if not document.problem:
            _taken_apart(desk, paper, document)
        _is_sound(desk)
        return "no text" if document.problem else "read"
    finally:
        desk.close()


def _taken_apart(desk: Desk, paper: Any, document: Document) -> None:
    """What else is done with a paper; each part may be refused with words."""
    for do in (
        lambda: documents.candidates_of(desk, paper),
        lambda: documents.pictures(desk, paper, document.figures[:4], 60),
        lambda: documents.picture(desk, paper, 1, None, 60),
        lambda: search_desk(desk, " ".join(document.title.split()[:2]) or "the"),
    ):
        try:
            _is_fit(_in_time(do))
        except BadInputError as error:
            _, fault = _refusal(error)
            if fault:
                raise AssertionError(fault) from error


def _in_time(do: Any) -> Any:
    begun = time.monotonic()
    try:
        return do()
    finally:
        seconds = time.monotonic() - begun
        assert seconds < LONGEST_S, f"one job took {seconds:.0f} s"


def _refusal(error: BadInputError) -> tuple[str, str]:
    """How it was refused, and what is wrong with that."""
    if not error.message.strip() or not error.hint.strip():
        return "refused", f"refused without a hint: {error.message}"
    if "exit code" in error.message:
        return "reader stopped", f"the reader has a slip: {error.message}"
    if "signal" in error.message:
        return "reader stopped", ""
    return ("too long" if " seconds" in error.message else "refused"), ""


def _is_fit(value: Any, name: str = "") -> None:
    """No control characters in any text, boxes of finite numbers, the right way round."""
    if isinstance(value, str):
        bad = [sign for sign in value if (ord(sign) < 32 and sign not in "\n\t") or sign == "\x7f"]
        assert not bad, f"{name} holds {bad[0]!r}"
        assert not any(0xD800 <= ord(sign) < 0xE000 for sign in value), f"{name}: half a sign"
    elif name in ("box", "caption_box") and value is not None:
        low, high = value[:2], value[2:]
        ends = all(a <= b for a, b in zip(low, high, strict=True))
        ends = ends and all(abs(edge) < _FURTHEST for edge in value)
        assert ends, f"a box {value}"
    elif is_dataclass(value):
        for part in fields(value):
            _is_fit(getattr(value, part.name), part.name)
    elif isinstance(value, list | tuple):
        for part in value:
            _is_fit(part, name)


def _is_sound(desk: Desk) -> None:
    raw = desk.database.connection.conn
    assert not (found := soundness.damage(raw)), f"the desk is damaged: {found}"
    assert not (lost := soundness.dangling(raw)), f"the desk has loose ends: {lost}"


def _left_behind() -> str:
    """What processes are left of those that opened the PDF."""
    children = Path("/proc/self/task")
    if not children.is_dir():
        return ""
    pids = [pid for task in children.iterdir() for pid in (task / "children").read_text().split()]
    names = [_command(pid) for pid in pids]
    left = [name for name in names if "researchdesk.document" in name]
    return f"a worker is left: {left[0]}" if left else ""


def _most_memory() -> float:
    """The peak of this process in MB, without that of the one that it was forked from."""
    status = Path("/proc/self/status")
    if status.exists():
        said = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(said["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _command(pid: str) -> str:
    try:
        return Path("/proc", pid, "cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def run(first: int, count: int, seed: int, jobs: int) -> Iterator[Told]:
    """The PDFs from number ``first`` on, in any number of processes."""
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(jobs, maxtasksperchild=100) as pool:
        yield from pool.imap(partial(one, seed=seed), range(first, first + count))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first PDF")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    begun, told = time.monotonic(), []
    for item in run(options.first, options.count, options.seed, options.jobs):
        told.append(item)
        if item.fault or len(told) % 50 == 0:
            words = f"{item.number} {item.kind} of {item.source}: {item.outcome} {item.fault}"
            print(f"{len(told)}/{options.count} {words}", file=sys.stderr, flush=True)
    _print_table(told, options.seed, time.monotonic() - begun)
    for item in told:
        if item.fault:
            print(f"{item.kind} of {item.source}: {item.fault}")
            print(f"again: python tests/reliability/pdfs.py --seed {options.seed} "
                  f"--first {item.number} --count 1")  # fmt: skip
    return 1 if any(item.fault for item in told) else 0


def _print_table(told: Sequence[Told], seed: int, seconds: float) -> None:
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, seed {seed}, researchdesk {__version__}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"PyMuPDF {pymupdf.VersionBind}, {seconds:.0f} s\n"
    )
    outcomes = ("read", "no text", "refused", "reader stopped", "too long", "fault")
    width = max(map(len, KINDS))
    print(
        f"{'changed':<{width}}  {'PDFs':>5}  {'  '.join(f'{one:>8}' for one in outcomes)}  slowest"
    )
    for kind in (*sorted(KINDS), ""):
        of_kind = [item for item in told if item.kind == kind or not kind]
        counts = Counter(item.outcome for item in of_kind)
        cells = "  ".join(f"{counts[one]:>{max(8, len(one))}}" for one in outcomes)
        slowest = max((item.seconds for item in of_kind), default=0.0)
        print(f"{kind or 'all':<{width}}  {len(of_kind):>5}  {cells}  {slowest:>5.1f} s")
    memory = max((item.memory for item in told), default=0.0)
    faults = sum(bool(item.fault) for item in told)
    print(f"\n{len(told)} PDFs, {faults} faults, {memory:.0f} MB at most in the desk's process")


if __name__ == "__main__":
    raise SystemExit(main())
