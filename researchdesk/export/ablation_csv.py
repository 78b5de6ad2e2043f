"""Tables as CSV for other programs: a line for each number, in full, and the run it comes from."""

import csv
import math
from collections.abc import Iterator, Sequence
from io import StringIO

from researchdesk.domain.ablation import (
    AblationTable,
    Cell,
    Change,
    Check,
    MadeFrom,
    Measured,
    Raw,
    Words,
)
from researchdesk.domain.text import one_line, sheet_cell

_FIRST, _OWN = ("table", "run"), ("metric", "mean", "sd", "n", "bold")
_CHANGE = ("difference", "difference_low", "difference_high", "difference_to")
_SOURCE = (
    "recipe", "recipe_sha256", "paper", "begun", "seeds_done", "seeds_planned", "state", "quick",
    "substituted",
)  # fmt: skip
_Line = dict[str, Raw]


def write_csv(tables: Sequence[AblationTable]) -> str:
    """One head line, then a line for each row and metric; of a table without metrics, each row.

    There is no remark in it: pandas reads it as it is. Text that a spreadsheet would take for a
    formula has an apostrophe before it.
    """
    lines = [line for table in tables for line in _lines(table)]
    names = list(dict.fromkeys(name for line in lines for name in line)) or list(_FIRST)
    order = [
        *(name for name in _FIRST if name in names),
        *(name for name in names if name not in {*_FIRST, *_OWN, *_CHANGE, *_SOURCE}),
        *(name for name in (*_OWN, *_CHANGE, *_SOURCE) if name in names),
    ]
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([sheet_cell(name) for name in order])
    writer.writerows([_text(line.get(name)) for name in order] for line in lines)
    return out.getvalue().rstrip("\n")


def _lines(table: AblationTable) -> Iterator[_Line]:
    sources = {source.run: source for source in table.made_from}
    names = _names(table)
    measured = [at for at in range(len(names)) if _has(table, at, Measured)]
    changes = [at for at in range(len(names)) if _has(table, at, Change)]
    for place, row in enumerate(table.rows):
        run = table.runs[place] if place < len(table.runs) else ""
        source = _source(sources.get(run))
        line: _Line = {"table": table.title, "run": run}
        for at, cell in enumerate(row):
            if at not in measured and at not in changes:
                line |= _words(names[at], table.heads[at], cell)
        change = _change(row[changes[0]]) if changes else {}
        numbers = [_measured(table.heads[at], row[at]) for at in measured]
        for own in numbers or [{}]:
            yield line | own | change | source


def _names(table: AblationTable) -> list[str]:
    """The heads as names of columns, none twice, none of them ours."""
    taken = {*_FIRST, *_OWN, *_CHANGE, *_SOURCE}
    found: list[str] = []
    for head in table.heads:
        name = one_line(head)
        while name in taken:
            name += "_"
        taken.add(name)
        found.append(name)
    return found


def _has(table: AblationTable, at: int, kind: type[Measured] | type[Change]) -> bool:
    return any(isinstance(row[at], kind) for row in table.rows)


def _words(name: str, head: str, cell: Cell) -> _Line:
    if isinstance(cell, Check):
        return {name: cell.on}
    if not isinstance(cell, Words):
        return {name: None}
    if list(cell.raw) == [head]:
        return {name: cell.raw[head]}
    return dict(cell.raw) or {name: cell.text}


def _measured(metric: str, cell: Cell) -> _Line:
    if not isinstance(cell, Measured):
        return {"metric": metric, "mean": None, "sd": None, "n": 0, "bold": False}
    return {
        "metric": metric, "mean": cell.mean, "sd": cell.sd, "n": cell.n, "bold": cell.best
    }  # fmt: skip


def _change(cell: Cell) -> _Line:
    if not isinstance(cell, Change):
        return dict.fromkeys(_CHANGE)
    ends = (cell.interval.low, cell.interval.high) if cell.interval else (None, None)
    return dict(zip(_CHANGE, (cell.by, *ends, cell.versus), strict=True))


def _source(source: MadeFrom | None) -> _Line:
    if source is None:
        return {}
    paper = f"arXiv:{source.arxiv_id}" if source.arxiv_id else ""
    return {
        "recipe": source.recipe, "recipe_sha256": source.digest, "paper": paper,
        "begun": str(source.begun), "seeds_done": source.seeds[0],
        "seeds_planned": source.seeds[1], "state": source.state or "finished",
        "quick": source.quick, "substituted": "; ".join(source.substitutes),
    }  # fmt: skip


def _text(value: Raw) -> str:
    if isinstance(value, str):
        return sheet_cell(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return "" if value is None else str(value)
