"""Claim candidates out of a table."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from researchdesk.document.claims.grid import Grid, Result, Side, read_grid
from researchdesk.document.claims.labels import dataset_for, metric_for, part_of
from researchdesk.document.claims.names import Names, is_cited
from researchdesk.document.claims.words import (
    Caption,
    Speaks,
    caption_says,
    is_smaller_better,
    metric_in,
)
from researchdesk.domain.claims import ClaimCandidate
from researchdesk.domain.documents import Table

_LONGEST = 400
_MANY = 9
_TIMES = {"s", "sec", "ms", "min", "h", "hr", "hrs", "hour", "hours", "day", "days"}
_SIZES = frozenset("kKMBG")
_TOLD = {Speaks.METRIC, Speaks.NOTHING}
_NO_RIVAL = re.compile(r"\b(?:human|oracle|ground[- ]truth|upper bound|chance)\b", re.IGNORECASE)
_SIZE = re.compile(r"param|flops|madds|macs|mult-?adds", re.IGNORECASE)
_CHANGE = re.compile(r"[Δ∆]|\b(?:gain|diff(?:erence)?|improvement|drop|delta|gap)\b", re.IGNORECASE)
_NAMED = 0.6
_ANEW = 0.5
_UNCITED = 0.5
_ROUND = ("average", "avg", "mean", "map", "overall", "all", "total", "score")


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign adds to a candidate's score."""

    own: float = 1.5
    last: float = 0.5
    best: float = 0.35
    grade: float = 0.2
    metric: float = 0.3
    headline: float = 0.25
    cost: float = -0.5
    only_cost: float = -0.35
    sized: float = 0.3
    whole: float = -0.6
    summary: float = 0.35
    many: float = -0.4
    part: float = -0.45
    behind: float = -0.6
    result: float = 0.2
    details: float = -1.0
    foreign: float = -0.5
    later: float = -0.03
    spread: float = 0.2
    change: float = -0.6


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Setting:
    """A table's place in the paper: its rank among the tables; whether in the appendix."""

    order: int
    behind: bool


@dataclass(frozen=True, slots=True)
class _Seat:
    """A result with the side that names the method and the side that says what is measured."""

    result: Result
    subject: Side
    measure: Side
    line: int


@dataclass(frozen=True, slots=True)
class _View:
    """What the seats of a table, taken together, say of each."""

    own: dict[Side, float]
    best: frozenset[_Seat]
    grades: dict[_Seat, float]
    headline: Side | None
    counts: frozenset[int]
    lines: int
    says: Caption
    only_cost: bool


def table_candidates(table: Table, names: Names, setting: Setting) -> list[ClaimCandidate]:
    """The numbers of the table that may be claims, each with its score."""
    grid = read_grid(table.cells, names)
    seats = _seats(grid)
    if not seats:
        return []
    lines = _lines(seats)
    smaller = is_smaller_better(table.caption)
    own = _owners(seats, names)
    view = _View(
        own,
        frozenset(_best(lines, smaller)),
        _grades(_own_lines(lines, own), smaller),
        _headline(_own_lines(lines, own), smaller),
        frozenset(line for line, inside in lines.items() if _counts(inside)),
        len(lines),
        caption_says(table.caption),
        not any(s.measure.head.speaks in _TOLD for s in seats),
    )
    base = _base(view, setting)
    return [
        _candidate(table, grid, seat, base + _score(seat, view))
        for seat in seats
        if seat.measure.head.speaks is not Speaks.SETTING
    ]


def _base(view: _View, setting: Setting) -> float:
    told = {Caption.PART: WEIGHTS.part, Caption.RESULT: WEIGHTS.result}
    base = 1.0 + told.get(view.says, 0.0) + WEIGHTS.later * setting.order
    base += WEIGHTS.behind if setting.behind else 0.0
    return base + (0.0 if max(view.own.values()) > 0 else WEIGHTS.foreign)


def _seats(grid: Grid) -> list[_Seat]:
    seats = []
    for result in grid.results:
        row, column = grid.rows[result.row], grid.columns[result.column]
        subject, measure = (column, row) if grid.by_column else (row, column)
        along = result.row if grid.by_column else result.column
        seats.append(_Seat(result, subject, measure, along * 4 + result.part))
    return seats


def _lines(seats: Sequence[_Seat]) -> dict[int, list[_Seat]]:
    """The seats of each line that measures one thing."""
    lines: dict[int, list[_Seat]] = defaultdict(list)
    for seat in seats:
        lines[seat.line].append(seat)
    return lines


def _counts(seats: Sequence[_Seat]) -> bool:
    """Whether all are whole numbers without a unit, as counts and settings are."""
    return all(not s.result.number.decimals and not s.result.number.unit for s in seats)


def _own_lines(
    lines: Mapping[int, Sequence[_Seat]], own: Mapping[Side, float]
) -> dict[int, list[_Seat]]:
    """Of the lines that tell no cost, the seats of the subjects that are the paper's own."""
    most = max(own.values())
    return {
        line: [seat for seat in inside if own[seat.subject] == most > 0]
        for line, inside in lines.items()
        if inside[0].measure.head.speaks in _TOLD
    }


def _falls(line: Sequence[_Seat], smaller: bool) -> bool:
    """Whether the line's smaller numbers are the better; ``smaller``: what the caption says, for a
    line whose own head names no metric."""
    head = line[0].measure.head
    return head.smaller or (not head.metric and smaller)


def _best(lines: Mapping[int, Sequence[_Seat]], smaller: bool) -> list[_Seat]:
    """The best number of each line of two or more, in the order of the table."""
    best: list[_Seat] = []
    for line in lines.values():
        inside = [seat for seat in line if not _NO_RIVAL.search(seat.subject.label)]
        if len(inside) >= 2:
            values = [seat.result.number.value for seat in inside]
            top = min(values) if _falls(inside, smaller) else max(values)
            best.extend(seat for seat in inside if seat.result.number.value == top)
    return best


def _grades(lines: Mapping[int, Sequence[_Seat]], smaller: bool) -> dict[_Seat, float]:
    """The share of the others in its line that each number is better than."""
    grades: dict[_Seat, float] = {}
    for inside in lines.values():
        values = [seat.result.number.value for seat in inside]
        for seat in inside if len(inside) >= 2 else ():
            value, falls = seat.result.number.value, _falls(inside, smaller)
            beaten = sum(1 for other in values if (other > value if falls else other < value))
            grades[seat] = beaten / (len(inside) - 1)
    return grades


def _headline(lines: Mapping[int, Sequence[_Seat]], smaller: bool) -> Side | None:
    """The subject that is best in most of the lines."""
    wins = Counter(seat.subject for seat in _best(lines, smaller))
    return max(wins, key=lambda side: wins[side]) if wins else None


def _owners(seats: Sequence[_Seat], names: Names) -> dict[Side, float]:
    """How surely each subject is the paper's own.

    A subject that is only called ours, beside others that bear the paper's name, is a baseline
    run anew. Where none bears a name, those without a citation beside cited ones are likelier.
    """
    subjects = list(dict.fromkeys(seat.subject for seat in seats))
    called = {s: max(names.called(s.label), 0.9 * names.own(s.group)) for s in subjects}
    own = {s: max(names.own(s.label), called[s]) for s in subjects}
    if max(called.values()) >= _NAMED:
        own = {s: own[s] if called[s] >= _NAMED else min(own[s], _ANEW) for s in subjects}
    cited = [s for s in subjects if is_cited(s.label)]
    own = {s: 0.4 * value if s in cited else value for s, value in own.items()}
    if max(own.values()) == 0 and cited:
        own = {s: 0.0 if s in cited else _UNCITED for s in subjects}
    return own


def _score(seat: _Seat, view: _View) -> float:
    head, score = seat.measure.head, WEIGHTS.own * view.own[seat.subject]
    if max(view.own.values()) == 0 and seat.subject == list(view.own)[-1]:
        score += WEIGHTS.last
    sized = bool(_SIZE.search(seat.measure.label))
    score += WEIGHTS.best if seat in view.best and not sized else 0.0
    score += WEIGHTS.grade * view.grades.get(seat, 0.0)
    score += WEIGHTS.headline if seat.subject == view.headline else 0.0
    if _is_cost(seat):
        cost = WEIGHTS.only_cost if view.only_cost else WEIGHTS.cost
        return score + cost + (WEIGHTS.sized if sized else 0.0)
    score += WEIGHTS.metric if head.speaks is Speaks.METRIC or head.dataset else 0.0
    heads = f"{seat.measure.label} {seat.subject.label}"
    score += WEIGHTS.change if _CHANGE.search(heads) else 0.0
    score += WEIGHTS.whole if seat.line in view.counts else 0.0
    score += WEIGHTS.details if view.says is Caption.SETTING else 0.0
    if view.lines > _MANY:
        short = any(word in _ROUND for word in seat.measure.label.lower().split())
        score += WEIGHTS.summary if short else WEIGHTS.many
    return score + (WEIGHTS.spread if seat.result.number.spread is not None else 0.0)


def _candidate(table: Table, grid: Grid, seat: _Seat, score: float) -> ClaimCandidate:
    number = seat.result.number
    part = seat.result.part if seat.result.parts > 1 else -1
    label = part_of(seat.measure.label, part, seat.result.parts)
    metric = _metric(seat, label) or metric_in(table.caption)
    dataset = dataset_for(seat.subject, seat.measure, label, table.caption)
    percent = "%" if "%" in seat.measure.label and not number.unit else number.unit
    quote = grid.quotes.get(seat.result.row, "")[:_LONGEST]
    return ClaimCandidate(
        printed=number.printed,
        value=number.value,
        metric=metric,
        dataset=dataset,
        where=f"Table {table.number}" if table.number else "table",
        page=table.page,
        quote=quote,
        spread=number.spread,
        unit=percent,
        row=seat.subject.label,
        column=label,
        score=round(score, 4),
    )


def _metric(seat: _Seat, label: str) -> str:
    """What the heads of the number say it is."""
    if _is_cost(seat) and seat.measure.head.speaks is not Speaks.COST:
        return "time" if seat.result.number.unit in _TIMES else "size"
    return metric_for(seat.subject, seat.measure, label)


def _is_cost(seat: _Seat) -> bool:
    head, unit = seat.measure.head.speaks, seat.result.number.unit
    sized = unit in _SIZES and head is not Speaks.METRIC
    return head is Speaks.COST or unit in _TIMES or sized
