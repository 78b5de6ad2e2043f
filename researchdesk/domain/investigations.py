"""Investigations: steps to answer, and experiments that differ in one thing each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from researchdesk.domain.expectations import Expectation as Expectation
from researchdesk.domain.expectations import Hypothesis as Hypothesis
from researchdesk.domain.expectations import Relation as Relation
from researchdesk.domain.expectations import parse_expectation as parse_expectation
from researchdesk.domain.runs import RunState
from researchdesk.domain.settings import Difference as Difference
from researchdesk.domain.settings import differences as differences
from researchdesk.domain.verdicts import ClaimResult, Verdict

LATE = "written after the result"
"""What stands by a hypothesis that was stated when a result was there already."""


class InvestigationState(StrEnum):
    """``PARKED`` waits for its day; ``STOPPED`` and ``DONE`` are closed, until opened again."""

    OPEN = "open"
    PARKED = "parked"
    STOPPED = "stopped"
    DONE = "done"

    @property
    def is_closed(self) -> bool:
        return self in (InvestigationState.STOPPED, InvestigationState.DONE)


@dataclass(frozen=True, slots=True)
class Investigation:
    """``of`` is the ref of the surprise or idea that it follows up, or ``""``.

    ``workflow`` names its steps, ``recipe`` the recipe whose arms its experiments begin from, or
    ``""`` where there is no baseline yet. ``answers`` are the newest by the key of their step.
    ``why`` is the reason of its ``state``, ``again_on`` the day a parked one comes back.
    """

    id: int
    title: str
    of: str
    workflow: str
    recipe: str
    state: InvestigationState
    why: str
    again_on: date | None
    created_at: datetime
    touched_at: datetime
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        return f"investigation:{self.id}"

    def is_back(self, today: date) -> bool:
        """Whether it was parked, and its day has come."""
        parked = self.state is InvestigationState.PARKED
        return parked and self.again_on is not None and self.again_on <= today

    def is_at_hand(self, today: date) -> bool:
        """Whether it is open, or back from parking."""
        return self.state is InvestigationState.OPEN or self.is_back(today)


class OutcomeKind(StrEnum):
    """What the runs say of a hypothesis."""

    HELD = "held"
    REFUTED = "refuted"
    UNDECIDED = "undecided"
    NOT_TESTED = "not tested"


_KINDS = {
    Verdict.REPRODUCED: OutcomeKind.HELD,
    Verdict.DIFFERENT: OutcomeKind.REFUTED,
    Verdict.IMPRECISE: OutcomeKind.UNDECIDED,
    Verdict.NOT_COMPARABLE: OutcomeKind.UNDECIDED,
    Verdict.UNTESTED: OutcomeKind.NOT_TESTED,
}


def outcome_kind(verdict: Verdict) -> OutcomeKind:
    """What a verdict on a hypothesis, judged as a claim is, says of it."""
    return _KINDS[verdict]


@dataclass(frozen=True, slots=True)
class SeedMean:
    """The mean of a metric over ``n`` seeds; ``sd`` is the sample standard deviation, None for one
    seed."""

    mean: float
    sd: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """``why`` is in the harness's own words; ``result`` has its numbers where there are any: its
    mean is the difference to the parent's where that is what is expected.

    ``measured`` is what the experiment's own seeds gave of the metric.
    """

    kind: OutcomeKind
    why: str = ""
    result: ClaimResult | None = None
    measured: SeedMean | None = None

    @property
    def words(self) -> str:
        """``held: the difference is 0.02 … 0.05 at 95 %``."""
        return f"{self.kind.value}: {self.why}" if self.why else self.kind.value

    def is_of_difference(self, stated: Hypothesis | None) -> bool:
        """Whether the result's mean and interval are of the difference to the parent's."""
        return self.result is not None and stated is not None and stated.relation.is_to_parent

    @property
    def basis(self) -> str:
        """The test that it rests on, ``one-sided Welch t, p = 0.03``, or ``""``."""
        if self.result is None or not self.result.test:
            return ""
        p = self.result.p
        return self.result.test if p is None else f"{self.result.test}, p = {p:.2g}"


NO_OUTCOME = Outcome(OutcomeKind.NOT_TESTED, "no hypothesis is stated")


def outcome_of(result: ClaimResult) -> Outcome:
    """What the judgement of a claim says of the hypothesis that the claim stands for."""
    return Outcome(_KINDS[result.verdict], result.why, result)


@dataclass(frozen=True, slots=True)
class LinkedRun:
    """A run of an experiment, and the run's arm that is meant.

    ``done`` of its ``planned`` seeds finished. ``state`` is None where the run is gone.
    ``first_at`` is when the first of them did, as it was kept; it stays when the run goes.
    """

    run_id: str
    arm: str
    linked_at: datetime
    state: RunState | None = None
    quick: bool = False
    done: int = 0
    planned: int = 0
    first_at: datetime | None = None

    @property
    def is_cut_short(self) -> bool:
        """Whether seeds of it are to come still, or never came as the run was stopped."""
        return self.state is not RunState.FINISHED and self.done < self.planned

    @property
    def is_whole(self) -> bool:
        """Whether the run came to its end with something measured of the experiment."""
        return self.state is RunState.FINISHED and self.done > 0


@dataclass(frozen=True, slots=True)
class Experiment:
    """``number`` counts from 1 within the investigation; ``parent`` is that of another, None for
    the baseline.

    ``arm`` is the recipe's arm that it begins from, ``settings`` are whole, ``changed`` says in
    words what differs from the parent. ``hypothesis`` is the newest of ``versions`` (oldest first).
    ``runs`` are linked, the newest last; ``outcome`` is what they say of the hypothesis.
    """

    investigation: int
    number: int
    parent: int | None
    title: str
    arm: str
    changed: str
    settings: Mapping[str, Any]
    created_at: datetime
    versions: tuple[Hypothesis, ...] = ()
    runs: tuple[LinkedRun, ...] = ()
    outcome: Outcome = NO_OUTCOME

    @property
    def name(self) -> str:
        """``3.2``: the second experiment of investigation 3."""
        return f"{self.investigation}.{self.number}"

    @property
    def ref(self) -> str:
        return f"experiment:{self.name}"

    @property
    def parent_name(self) -> str:
        return "" if self.parent is None else f"{self.investigation}.{self.parent}"

    @property
    def hypothesis(self) -> Hypothesis | None:
        return self.versions[-1] if self.versions else None

    @property
    def is_late(self) -> bool:
        """Whether what is expected was written down after a result was there."""
        return self.hypothesis is not None and self.hypothesis.late

    def is_run(self, *, quick: bool = False) -> bool:
        """Whether a run of it came to its end; a quick one counts where only that is asked for."""
        return any(run.is_whole and (quick or not run.quick) for run in self.runs)

    @property
    def label(self) -> str:
        """Its title, else what it changes."""
        return self.title or self.changed or ("baseline" if self.parent is None else self.arm)


def as_tree(experiments: Sequence[Experiment]) -> list[tuple[int, Experiment]]:
    """The experiments with their depth, each followed by those that begin from it."""
    found: list[tuple[int, Experiment]] = []
    numbers = {item.number for item in experiments}

    def place(item: Experiment, depth: int) -> None:
        found.append((depth, item))
        for child in experiments:
            if child.parent == item.number:
                place(child, depth + 1)

    for item in experiments:
        if item.parent not in numbers:
            place(item, 0)
    return found
