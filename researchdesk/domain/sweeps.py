"""Sweeps: many trials of one arm, each with settings drawn from a space, chosen on validation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from researchdesk.domain.runs import RunState


class Distribution(StrEnum):
    """How values of a setting are drawn."""

    UNIFORM = "uniform"
    LOG_UNIFORM = "log-uniform"
    INTEGER = "integer"
    LOG_INTEGER = "log-integer"
    NORMAL = "normal"
    LOG_NORMAL = "log-normal"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A setting of the space. ``low`` and ``high`` are both reached (uniform, log-uniform, integer,
    log-integer); ``mean`` and ``sd`` are of the value (normal) or of its natural logarithm
    (log-normal); ``values`` are those of a choice; ``step`` rounds a uniform or integer one;
    ``points`` is how many a grid takes of one that has no values."""

    name: str
    distribution: Distribution
    low: float = 0.0
    high: float = 0.0
    mean: float = 0.0
    sd: float = 0.0
    step: float = 0.0
    points: int = 0
    values: tuple[Any, ...] = ()


class Search(StrEnum):
    """How settings are chosen."""

    RANDOM = "random"
    GRID = "grid"
    OPTUNA = "optuna"


@dataclass(frozen=True, slots=True)
class Budget:
    """What a sweep may take, whichever comes first; 0: no limit. ``hours`` are by the clock while
    the sweep is under way, ``gpu_hours`` those of its trials, with the attempts that were lost,
    times the GPUs that each held."""

    trials: int = 0
    hours: float = 0.0
    gpu_hours: float = 0.0


@dataclass(frozen=True, slots=True)
class MedianRule:
    """Stop a trial whose best value so far is worse than the median, over the trials before it, of
    their running means at the same step. Not before ``after`` steps, nor where fewer than
    ``trials`` came to that step. Source: Golovin et al. (2017), Google Vizier, section 3.2.1."""

    after: int = 0
    trials: int = 5


@dataclass(frozen=True, slots=True)
class SweepSpec:
    """What a sweep sets out to do, as its TOML has it.

    ``recipe`` is a paper's id or a recipe's name. ``metric`` is the validation metric that trials
    are chosen by, ``better`` is ``"higher"`` or ``"lower"``. ``test`` names metrics that are kept
    back beside those whose names do not say that they are of validation or training data.
    ``width``: a trial is chosen, and held to a median, by the trials that lie so many before it,
    and never by one that may still be under way; hence the same trials on any engine. ``seed``
    decides all that is drawn.
    """

    name: str
    recipe: str
    arm: str
    metric: str
    better: str
    space: tuple[Dimension, ...]
    search: Search = Search.RANDOM
    seed: int = 0
    width: int = 16
    budget: Budget = field(default_factory=Budget)
    stop: MedianRule | None = None
    test: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


class TrialState(StrEnum):
    """``STOPPED``: early, by the median. ``CANCELLED``: before its end, with the sweep. ``LOST``:
    its process or node went more often than it may be tried again, by no fault of its own; nothing
    follows of its settings, and it is handed out again where the sweep is gone on with."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"

    @property
    def words(self) -> str:
        """For people: whoever goes on with a sweep goes on with what had not ended in it."""
        return "not ended" if self is TrialState.CANCELLED else self.value


@dataclass(frozen=True, slots=True)
class TrialCost:
    """What all attempts of a trial took, those that were lost or called off too, up to the last
    that was heard. ``gpu_seconds``: seconds times the GPUs that each attempt held; ``unsaid``:
    seconds of those of which that was not written, as by versions before. ``gpus`` are those of the
    latest one, None: not written. ``so_far``: the seconds that the trial counts by itself where an
    attempt is under way, else None."""

    gpu_seconds: float = 0.0
    unsaid: float = 0.0
    gpus: float | None = None
    so_far: float | None = None

    def in_all(self, gpus: float) -> float:
        """GPU-seconds, where those of which it was not written held so many ``gpus``."""
        return self.gpu_seconds + gpus * self.unsaid


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial of a sweep, numbered from 0. ``value`` is that of the validation metric;
    ``metrics`` has all that was measured, what is kept back too: only ``services/sweeps`` may show
    it. ``seconds`` it took by itself, without what was done twice, as ``cost`` has it.
    ``retries`` are the reasons why it was tried again."""

    number: int
    settings: Mapping[str, Any]
    state: TrialState
    value: float | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    step: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    error: str = ""
    node: str = ""
    retries: tuple[str, ...] = ()
    cost: TrialCost = TrialCost()


@dataclass(frozen=True, slots=True)
class SweepSummary:
    """A sweep as its folder tells it. ``engine`` is that of its latest stretch; ``budget`` the
    spec's, or what it was extended to; ``seconds`` by the clock while it was under way; ``looks``
    at a test metric, oldest first, each the number of the trial looked at and when. ``was_left``:
    an engine had trials of it at some time and nobody followed, which ``seconds`` lacks.
    ``stop_unused``: its trials log nothing that its early-stop rule could hold them to."""

    id: str
    spec: SweepSpec
    state: RunState
    started_at: datetime
    ended_at: datetime | None
    engine: str
    budget: Budget
    trials: tuple[Trial, ...] = ()
    seconds: float = 0.0
    looks: tuple[tuple[int, datetime], ...] = ()
    was_left: bool = False
    stop_unused: bool = False
