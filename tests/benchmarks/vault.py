"""How long a desk of many papers takes to go into a vault, and to go there again.

    python tests/benchmarks/vault.py [--keep DIR] [--papers 1000] [--rounds 3]

Every paper has five notes with links and quotes and two claims; beside them stand surprises with
evidence, ideas, and runs with experiments. A time is of the whole command, from its start to its
end: into an empty folder, again with nothing changed, again after one note on each of ten papers,
and again with ten pages changed by hand and ten moved. Ends with 1 where a limit is not kept.

``--keep`` makes the desk in DIR, or takes the one that was made there before.
"""

import argparse
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

import full_desk

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support.many_papers import add_papers

from researchdesk.config import Settings
from researchdesk.domain.surprises import Side
from researchdesk.export.vault import DIALECTS
from researchdesk.services import claims, explaining, ideas, library, notes, surprises
from researchdesk.services.desk import Desk, open_desk

FIRST_S, AGAIN_S = 10.0, 2.0
_NOTES, _CLAIMS, _SURPRISES, _IDEAS, _INVESTIGATIONS = 5, 2, 200, 50, 5
_FEW = 10


@dataclass
class Times:
    """Seconds on the clock and of the processor of each kind of export, by the kind of vault."""

    found: dict[tuple[str, str], list[tuple[float, float]]] = field(default_factory=dict)

    def take(self, kind: str, what: str, seconds: tuple[float, float]) -> None:
        self.found.setdefault((kind, what), []).append(seconds)


def fill(desk: Desk, count: int) -> None:
    """Put all of it on an empty desk."""
    chance = random.Random(7)
    add_papers(desk, count)
    papers = [item.paper for item in library.list_papers(desk)]
    names = [paper.name for paper in papers]
    with desk.database.writing():
        for paper in papers:
            for number in range(_CLAIMS):
                claims.add_claim(desk, paper, f"It gains {number}.4 points", value=number + 0.4)
            for number in range(_NOTES):
                other = chance.choice(names)
                text = f"Like [[{other}]], see [[claim:{other}-1]]: `x` and **y**, 3 < 4, {number}"
                if not chance.randrange(10):
                    text += f" and [[funny:{chance.randint(1, _SURPRISES)}]]\n\n```\ncode\n```"
                quote = "We find that most of what is seen is noise." if number % 2 else ""
                notes.add_note(desk, paper, 1 + number % 3, text, quote=quote, page=number + 1)
        for number in range(_SURPRISES):
            on = chance.choice(names)
            one = surprises.add_surprise(desk, f"Funny {number}", "0.9", "0.7 ± 0.1", on=on)
            told = explaining.explain(desk, one.id, "a seed is lucky", "it goes with more seeds")
            explaining.file_evidence(desk, one.id, told.letter, Side.FOR, chance.choice(names), "x")
        for number in range(_IDEAS):
            ideas.add_idea(desk, f"Idea {number}", of=f"funny:{number + 1}", impact=3)
    full_desk.INVESTIGATIONS = _INVESTIGATIONS
    made = full_desk._runs(desk, chance)
    with desk.database.writing():
        full_desk._investigations(desk, chance, made)


def export(root: Path, kind: str) -> tuple[float, float]:
    """Seconds of one command, on the clock and of the processor."""
    command = [sys.executable, "-m", "researchdesk", "--desk", str(root / "desk"), "--offline"]
    command += ["export", "notes", "--all", "--vault", kind, "--to", str(root / kind)]
    began, worked = perf_counter(), _worked()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return perf_counter() - began, _worked() - worked


def _worked() -> float:
    """Seconds of the processor that ended processes of ours took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(root: Path, desk: Desk, kind: str, times: Times) -> None:
    """One round in a folder of its own."""
    folder = root / kind
    shutil.rmtree(folder, ignore_errors=True)
    steps: dict[str, Callable[[], None]] = {
        "first": lambda: None,
        "again": lambda: None,
        "10 noted": lambda: _note(desk),
        "10 edited, 10 moved": lambda: _by_hand(folder),
    }
    for what, before in steps.items():
        before()
        times.take(kind, what, export(root, kind))
    shutil.rmtree(folder)


def _note(desk: Desk) -> None:
    for listed in library.list_papers(desk)[:_FEW]:
        notes.add_note(desk, listed.paper, 1, "one more")


def _by_hand(folder: Path) -> None:
    pages = sorted(folder.rglob("[0-9]*.[0-9]*.md"))
    for page in pages[:_FEW]:
        page.write_text(page.read_text("utf-8").replace("**note**", "**my note**", 1), "utf-8")
    (folder / "read").mkdir(exist_ok=True)
    for page in pages[_FEW : 2 * _FEW]:
        page.rename(folder / "read" / page.name)


def told(times: Times, count: int) -> bool:
    """Print the table; whether the limits were kept."""
    kept = True
    print(f"{count:,} papers\n{'':32}{'median':>9}{'worst':>9}{'cpu':>9}{'limit':>9}")
    for (kind, what), found in times.found.items():
        limit = FIRST_S if what == "first" else AGAIN_S if what == "again" else None
        clock, cpu = [one for one, _ in found], median(one for _, one in found)
        good = limit is None or median(clock) <= limit
        kept = kept and good
        ends = f"{limit:7.1f} s" if limit else ""
        word = "" if good else "  too slow"
        print(
            f"{kind:10}{what:22}{median(clock):7.2f} s{max(clock):7.2f} s{cpu:7.2f} s{ends}{word}"
        )
    return kept


def main() -> int:
    """Prints the table; 1 where a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--papers", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    times = Times()
    with tempfile.TemporaryDirectory() as folder:
        root = given.keep or Path(folder)
        made = (root / "made").exists()
        desk = open_desk(Settings(desk=root / "desk", state=root / "state", offline=True))
        if not made:
            print("making the desk", file=sys.stderr)
            fill(desk, given.papers)
            (root / "made").touch()
        for _ in range(given.rounds):
            for kind in DIALECTS:
                measure(root, desk, kind, times)
        desk.close()
    return 0 if told(times, given.papers) else 1


if __name__ == "__main__":
    sys.exit(main())
