"""What a run says of a claim. Colour belongs to the widget; here are words and data only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

RUN_FAILED = 6
"""What the command ends with where a run could not be made: 1 is for a claim that is different."""


USUAL_LEVEL = 0.95
"""Of an interval, unless it was made wider by Holm's correction."""


class Verdict(StrEnum):
    REPRODUCED = "reproduced"
    IMPRECISE = "consistent, imprecise"
    DIFFERENT = "different"
    NOT_COMPARABLE = "not comparable"
    UNTESTED = "untested"


class Shortfall(StrEnum):
    """Why a claim could not be tested or compared, in a class that can be counted."""

    LEFT_OUT = "left out"
    MISSING = "needs what is not here"
    OTHER_DATA = "other data"
    NOT_RUN = "not run"
    FAILED = "every seed failed"
    NOT_MEASURED = "metric not measured"
    NOT_FINITE = "no finite number"
    ONE_SEED = "one seed only"
    NO_TOLERANCE = "no tolerance declared"
    SHORTENED = "shortened run"


_OURS_TO_MEND = (Shortfall.FAILED, Shortfall.NOT_MEASURED, Shortfall.NOT_FINITE)


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """The judgement of one claim; ``why`` says in one line how it was come to.

    ``sd`` is the sample standard deviation over ``n`` seeds. ``interval`` is a 95 % one: of a
    further run where ``test`` says *prediction interval*, else of the mean, or of the difference;
    where Holm's correction made it wider, ``level`` is more than 0.95.
    ``p`` is that of ``test``; None where it has none; ``p_adjusted`` is Holm's, over the difference
    tests of the claims of one table. ``effect`` is the effect size of a difference, in standard
    deviations. ``arithmetic`` are the lines that lead to the verdict, for who unfolds it.
    ``more_seeds`` is how many would decide, all told. ``causes`` are likely causes, from checks
    only. ``shortfall`` is there where the claim is untested or not comparable.
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
    shortfall: Shortfall | None = None
    p_adjusted: float | None = None
    effect: float | None = None
    arithmetic: tuple[str, ...] = ()
    more_seeds: int | None = None
    causes: tuple[str, ...] = ()
    level: float = USUAL_LEVEL


def overall(results: Iterable[ClaimResult]) -> Verdict:
    """One word for a run: the worst of what was tested; untested where nothing was."""
    found = {result.verdict for result in results}
    for verdict in (Verdict.DIFFERENT, Verdict.IMPRECISE, Verdict.REPRODUCED):
        if verdict in found:
            return verdict
    return Verdict.NOT_COMPARABLE if Verdict.NOT_COMPARABLE in found else Verdict.UNTESTED


def exit_code(results: Iterable[ClaimResult], *, failed: bool = False) -> int:
    """0 where every tested claim is reproduced, 1 where one is different, else 6.

    A run of which seeds ``failed``, or gave no number to judge a claim by, is never 0.
    """
    results = tuple(results)
    code = {Verdict.REPRODUCED: 0, Verdict.DIFFERENT: 1}.get(overall(results), 6)
    spoiled = failed or any(result.shortfall in _OURS_TO_MEND for result in results)
    return 6 if spoiled and code == 0 else code


def untested_note(results: Iterable[ClaimResult]) -> str:
    """How many claims were not tested or not comparable, and why; empty where there are none."""
    results = tuple(results)
    count = Counter(result.verdict for result in results)
    named = [word for word in (Verdict.NOT_COMPARABLE, Verdict.UNTESTED) if count[word]]
    if not named:
        return ""
    verb = "is" if count[named[0]] == 1 else "are"
    claims = "claim" if len(results) == 1 else "claims"
    parts = [f"{count[word]} {word}" for word in named]
    parts[0] = f"{count[named[0]]} of {len(results)} {claims} {verb} {named[0]}"
    why = Counter(result.shortfall for result in results if result.verdict in named)
    reasons = [f"{reason} ({number})" for reason, number in why.items() if reason]
    return ", ".join(parts) + (f": {', '.join(reasons)}." if reasons else ".")
