"""How like the tables of a LaTeX source the found ones are, cell by cell."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

import latex_tables

from researchdesk.domain.documents import Table

ASIDE = re.compile(r"\[[\d,\s;–-]+\]|\^[\d−+-]+")
LIKE = 0.6
SOUND = 0.95

Grid = list[list[str]]
Pair = tuple[str, str, str]


@dataclass
class Count:
    """What was right of what was asked for."""

    right: int = 0
    wanted: int = 0

    def add(self, other: "Count") -> None:
        self.right += other.right
        self.wanted += other.wanted

    @property
    def share(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    def __str__(self) -> str:
        return f"{self.right}/{self.wanted}" if self.wanted else ""


@dataclass
class Likeness:
    """Of one source table: its cells found, its neighbours found, how many of the neighbours found
    it has, tabulars of its shape; ``note`` where something is amiss."""

    cells: Count = field(default_factory=Count)
    beside: Count = field(default_factory=Count)
    known: Count = field(default_factory=Count)
    shapes: Count = field(default_factory=Count)
    note: str = ""


def bare(cell: str) -> str:
    """A cell as it is compared."""
    text = unicodedata.normalize("NFKC", ASIDE.sub("", cell)).casefold()
    return "".join(c for c in text if c.isalnum() or c in ".%±").strip(".")


def pairs(grid: Grid) -> Counter[Pair]:
    """Cells that follow each other in a row or a column, empty ones passed over."""
    found: Counter[Pair] = Counter()
    lines = [("row", [bare(cell) for cell in line]) for line in grid]
    lines += [("column", [bare(cell) for cell in line]) for line in zip(*grid, strict=True)]
    for way, line in lines:
        held = [cell for at, cell in enumerate(line) if cell and (at == 0 or line[at - 1] != cell)]
        found.update((way, one, two) for one, two in pairwise(held))
    return found


def compare(source: latex_tables.SourceTable, tables: list[Table]) -> Likeness:
    """How well these tables agree with their source; cells that cite are left out."""
    grids = cells_in(tables)
    cited = {bare(c) for g in source.grids for line in g for c in line if latex_tables.CITE in c}
    wanted, have = cells_of(source.grids), cells_of(grids)
    near: Counter[Pair] = Counter()
    found: Counter[Pair] = Counter()
    for grid in source.grids:
        near.update({key: n for key, n in pairs(grid).items() if not set(key[1:]) & cited})
    for grid in grids:
        found.update(pairs(grid))
    ours = Counter({key: n for key, n in found.items() if set(key[1:]) <= set(wanted)})
    sizes = [(len(g), len(g[0])) for g in grids], [(len(g), len(g[0])) for g in source.grids]
    likeness = Likeness(
        Count(sum((wanted & have).values()), sum(wanted.values())),
        Count(sum((near & found).values()), sum(near.values())),
        Count(sum((near & ours).values()), sum(ours.values())),
        Count(sum(a == b for a, b in zip(*sizes, strict=False)), len(source.grids)),
    )
    shares = (likeness.cells.share, likeness.beside.share, likeness.known.share)
    if min(shares) < SOUND:
        lost = sorted((wanted - have).elements())[:6]
        likeness.note = (
            f"table {tables[0].number if tables else '?'}: cells {likeness.cells}, "
            f"beside {likeness.beside}, {likeness.known}; {sizes}; lost {lost}"
        )
    return likeness


def cells_of(grids: list[Grid]) -> Counter[str]:
    """The different cells of each grid, those that cite left out."""
    found: Counter[str] = Counter()
    for grid in grids:
        cells = (cell for line in grid for cell in line if latex_tables.CITE not in cell)
        found.update(set(filter(None, map(bare, cells))))
    return found


def match(
    sources: list[latex_tables.SourceTable], tables: list[Table]
) -> list[tuple[latex_tables.SourceTable, list[Table]]]:
    """Each source table with the found ones whose caption is most like its own.

    Among captions that are nearly the same, the cells decide.
    """
    captions = {table.number: table.caption for table in tables if table.number}
    matched = []
    for source in sources:
        wanted = source.caption.replace(latex_tables.CITE, "").casefold()[:120]
        rated = {number: alike(wanted, text.casefold()) for number, text in captions.items()}
        best = max(rated.values(), default=0.0)
        near = [number for number, rate in rated.items() if rate > max(LIKE, best - 0.1)]
        groups = [[table for table in tables if table.number == number] for number in near]
        cells = cells_of(source.grids)
        shared = [sum((cells & cells_of(cells_in(group))).values()) for group in groups]
        order = sorted(range(len(near)), key=lambda at: (shared[at], rated[near[at]]))
        matched.append((source, groups[order[-1]] if order else []))
    return matched


def cells_in(tables: list[Table]) -> list[Grid]:
    """The cells of these tables as lists."""
    return [[list(line) for line in table.cells] for table in tables]


def alike(wanted: str, caption: str) -> float:
    """From 0 to 1; what a found caption has beyond the wanted one does not count."""
    shortest = caption[: len(wanted) + 10]
    return SequenceMatcher(None, wanted, shortest, autojunk=False).ratio()
