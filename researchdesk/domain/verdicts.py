"""What a run says of a claim. Colour belongs to the widget; here are words and data only."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    REPRODUCED = "reproduced"
    IMPRECISE = "consistent, imprecise"
    DIFFERENT = "different"
    NOT_COMPARABLE = "not comparable"
    UNTESTED = "untested"


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """The judgement of one claim; ``why`` says in one line how it was come to.

    ``sd`` is the sample standard deviation over ``n`` seeds. ``interval`` is a 95 % one: of a
    further run where ``test`` says *prediction interval*, else of the mean, or of the difference.
    """

    claim_id: str
    verdict: Verdict
    why: str
    n: int = 0
    mean: float | None = None
    sd: float | None = None
    interval: Interval | None = None
    test: str = ""
    p: float | None = None


def overall(results: Iterable[ClaimResult]) -> Verdict:
    """One word for a run: the worst of what was tested; untested where nothing was."""
    found = {result.verdict for result in results}
    for verdict in (Verdict.DIFFERENT, Verdict.IMPRECISE, Verdict.REPRODUCED):
        if verdict in found:
            return verdict
    return Verdict.NOT_COMPARABLE if Verdict.NOT_COMPARABLE in found else Verdict.UNTESTED


def exit_code(results: Iterable[ClaimResult]) -> int:
    """0 where every tested claim is reproduced, 1 where one is different, else 6."""
    return {Verdict.REPRODUCED: 0, Verdict.DIFFERENT: 1}.get(overall(results), 6)
