"""What a budget buys: the best of a sweep's trials against how much was spent on them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from researchdesk.domain.text import one_line


class Against(StrEnum):
    """What the budget is counted in: trials, hours of one trial after another, or those times the
    GPUs that each holds."""

    TRIALS = "trials"
    TIME = "time"
    GPU_HOURS = "gpu-hours"


@dataclass(frozen=True, slots=True)
class BudgetPoint:
    """The best value that ``budget`` (trials, hours or GPU-hours) buys in expectation.

    ``low`` and ``high`` are the band's edges, ``sd`` is how far the best of one such search lies
    from its mean; None where only what happened is known. ``by_average``: the same over hours,
    were each trial as long as the average.
    """

    budget: float
    best: float
    low: float | None = None
    high: float | None = None
    sd: float | None = None
    by_average: float | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """The budget at which a value is reached in expectation, with its band; None: not within what
    was spent. ``share`` of the resamples reach it; None where only what happened is known. ``sure``
    is the number of trials of which one at least is as good with probability 0.95."""

    value: float
    budget: float | None
    low: float | None
    high: float | None
    share: float | None
    sure: int | None


@dataclass(frozen=True, slots=True)
class SweepSource:
    """The sweep that numbers come from."""

    sweep: str
    name: str
    recipe: str
    arm: str
    search: str
    seed: int
    trials: int
    begun: date
    state: str

    @property
    def words(self) -> str:
        """All of it on one line."""
        state = "" if self.state == "finished" else f", {self.state}"
        return one_line(
            f"sweep {self.sweep}: {self.name}, arm {self.arm} of recipe {self.recipe}, "
            f"{self.search} search with seed {self.seed}, begun {self.begun}, "
            f"{self.trials} trials{state}"
        )


@dataclass(frozen=True, slots=True)
class BudgetCurve:
    """The curve of one sweep.

    ``better`` is ``"higher"`` or ``"lower"``. ``expected``: points are expectations over the order
    of trials; else the best so far as they came, and ``notes`` say why. ``trials`` count; of them
    ``stopped`` did so early, ``failed`` have no value. ``left_out`` do not count, nor do those that
    were ``lost`` with their process or node. ``hours`` is a trial's average, in the unit
    of ``against``. ``told`` are the budgets that a short table tells of.
    """

    source: SweepSource
    label: str
    metric: str
    better: str
    against: Against
    replacement: bool
    expected: bool
    points: tuple[BudgetPoint, ...]
    trials: int
    stopped: int
    failed: int
    left_out: int
    hours: float
    told: tuple[float, ...] = ()
    reach: Reach | None = None
    lost: int = 0
    notes: tuple[str, ...] = ()

    @property
    def table(self) -> tuple[BudgetPoint, ...]:
        """The points that a short table tells of."""
        return tuple(point for point in self.points if point.budget in self.told)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one budget to another, ``better`` names the sweep whose curve is better by more than the
    band of the difference; empty: neither is."""

    first: float
    last: float
    better: str


@dataclass(frozen=True, slots=True)
class BudgetComparison:
    """Two curves over the budgets at which they can be judged: ``points`` are the difference, first
    less second, with a band that holds at all of them at once; none where too little is known of
    the sweeps. ``from_on`` is the budget from which ``better`` stays better up to ``up_to``, the
    largest that is judged. ``seeds`` are those of the two sweeps: a recipe that cuts its data by
    the seed measured the trials of each on a validation part of its own, where they differ."""

    first: str
    second: str
    against: Against
    points: tuple[BudgetPoint, ...]
    stretches: tuple[Stretch, ...]
    seeds: tuple[int, int] = (0, 0)

    @property
    def one_part(self) -> bool:
        """Whether both were measured on one validation part, as far as their seeds say."""
        return self.seeds[0] == self.seeds[1]

    @property
    def better(self) -> str:
        """The sweep that is better at the largest budget that is judged; empty: neither, or they
        may have been measured on different validation parts, which forbids to say so."""
        return self.stretches[-1].better if self.stretches and self.one_part else ""

    @property
    def from_on(self) -> float | None:
        """The budget from which that one stays better; None where neither does."""
        return self.stretches[-1].first if self.better else None

    @property
    def up_to(self) -> float | None:
        """The largest budget that is judged; None where none is."""
        return self.points[-1].budget if self.points else None


def budget_words(budget: float, against: Against) -> str:
    """A budget as a person reads it: ``20``, ``5 min``, ``2 h``, ``0.5 GPU-hours``."""
    if against is Against.TRIALS:
        return f"{budget:,.0f}"
    if against is Against.GPU_HOURS:
        return f"{budget:.3g} GPU-hours"
    for unit, hours in (("h", 1.0), ("min", 1 / 60), ("s", 1 / 3600)):
        if budget >= hours * 0.9995:
            return f"{budget / hours:,.3g} {unit}"
    return f"{budget * 3_600_000:.3g} ms"
