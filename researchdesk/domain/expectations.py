"""Hypotheses of experiments, stated so that a run can refute them: metric, relation, value."""

import math
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from researchdesk.domain.text import one_line
from researchdesk.errors import UsageProblemError

_NUMBER = r"[-+−]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+−]?\d+)?"
_METRIC = r"(?P<metric>[^\s<>=≥≤±]{1,100})"
_COMPARED = re.compile(
    rf"{_METRIC}\s+(?:is\s+)?(?P<relation>higher|lower)(?:\s+by\s+(?P<value>{_NUMBER}))?"
)
_BOUND = re.compile(
    rf"{_METRIC}\s*(?P<relation>>=?|≥|(?<=\s)at least|<=?|≤|(?<=\s)at most)\s*(?P<value>{_NUMBER})"
)
_VALUE = re.compile(
    rf"{_METRIC}\s*(?:==?|(?<=\s)equals)\s*(?P<value>{_NUMBER})"
    rf"(?:\s*(?:\+-|\+/-|±)\s*(?P<within>{_NUMBER}))?"
)
_HINT = (
    'Say it as "test_accuracy higher" or "loss lower by 0.1" (than the parent), '
    '"test_accuracy >= 0.9", "loss <= 0.3" or "x = 1 +- 0.1".'
)


class Relation(StrEnum):
    """How the metric is expected to stand: to the parent's mean, or to a number."""

    HIGHER = "higher"
    LOWER = "lower"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    EQUALS = "equals"

    @property
    def is_to_parent(self) -> bool:
        return self in (Relation.HIGHER, Relation.LOWER)


_SIGNS = {Relation.AT_LEAST: ">=", Relation.AT_MOST: "<="}


@dataclass(frozen=True, slots=True)
class Expectation:
    """``value`` is in the metric's unit: the bound, the number, or by how much at least it is
    higher or lower than the parent's (None: by anything). ``within`` is the ± of a number."""

    metric: str
    relation: Relation
    value: float | None = None
    within: float | None = None

    @property
    def words(self) -> str:
        """As ``parse_expectation`` reads it."""
        if self.relation.is_to_parent:
            by = f" by {_written(self.value)}" if self.value else ""
            return f"{self.metric} {self.relation.value}{by}"
        number = _written(self.value or 0.0)
        if self.relation is Relation.EQUALS:
            within = "" if self.within is None else f" +- {_written(self.within)}"
            return f"{self.metric} = {number}{within}"
        return f"{self.metric} {_SIGNS[self.relation]} {number}"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One version of what is expected of an experiment; ``text`` says why, in the person's words.

    ``late``: it was written down after a run had given the experiment's first result; that was
    at ``result_at``, where it was known as the hypothesis was kept.
    """

    text: str
    metric: str
    relation: Relation
    value: float | None
    within: float | None
    stated_at: datetime
    late: bool = False
    result_at: datetime | None = None

    @property
    def expectation(self) -> Expectation:
        return Expectation(self.metric, self.relation, self.value, self.within)

    @property
    def words(self) -> str:
        return self.expectation.words


def parse_expectation(text: str) -> Expectation:
    """What a person expects: ``test_accuracy higher``, ``loss <= 0.3``, ``x = 1 +- 0.1``.

    A number without ± is taken to half a unit of its last digit. Raises UsageProblemError for what
    no run could refute.
    """
    line = one_line(text)
    if found := _COMPARED.fullmatch(line):
        return _compared(found["metric"], Relation(found["relation"]), found["value"])
    if found := _BOUND.fullmatch(line):
        low = found["relation"] in (">", ">=", "≥", "at least")
        relation = Relation.AT_LEAST if low else Relation.AT_MOST
        return Expectation(found["metric"], relation, _read(found["value"]))
    if found := _VALUE.fullmatch(line):
        return _valued(found["metric"], found["value"], found["within"])
    raise UsageProblemError(
        f"No run could refute {line!r}; it was not kept." if line else "Nothing is expected.", _HINT
    )


def _compared(metric: str, relation: Relation, by: str | None) -> Expectation:
    value = None if by is None else _read(by)
    if value is not None and value <= 0:
        raise UsageProblemError(
            f"{relation.value} by {by} is no step that way; it was not kept.",
            f"Say by how much it is {relation.value} with a number above 0.",
        )
    return Expectation(metric, relation, value)


def _valued(metric: str, number: str, within: str | None) -> Expectation:
    spread = _half_digit(number) if within is None else _read(within)
    if spread < 0:
        raise UsageProblemError(f"± {within} is below 0; it was not kept.", _HINT)
    return Expectation(metric, Relation.EQUALS, _read(number), spread)


def _read(number: str) -> float:
    value = float(_plain(number))
    if not math.isfinite(value):
        raise UsageProblemError(f"{number} is too large for a number here.", _HINT)
    return value + 0.0


def _half_digit(number: str) -> float:
    """Half a unit of the last digit as it was typed: 0.005 for ``0.58``, 0.5 for ``1``."""
    exponent = Decimal(_plain(number)).as_tuple().exponent
    places = exponent if isinstance(exponent, int) else 0
    value = float(Decimal(5).scaleb(places - 1))
    if not math.isfinite(value):
        raise UsageProblemError(f"{number} is too large for a number here.", _HINT)
    return value


def _plain(number: str) -> str:
    return number.replace("−", "-")


def _written(value: float | None) -> str:
    return repr(float(value or 0.0)).removesuffix(".0")
