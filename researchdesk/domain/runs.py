"""Runs of a recipe: arms times seeds, told by their events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from researchdesk.domain.verdicts import ClaimResult, Verdict


class RunState(StrEnum):
    """``INTERRUPTED``: it was stopped; ``CRASHED``: it died without a word; ``AWAY``: its trials
    are with an engine and nobody follows them. All three can be gone on with.

    ``FAILED``: it came to its end, and no seed of it finished.
    """

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    CRASHED = "crashed"
    FAILED = "failed"
    AWAY = "away"

    @property
    def can_go_on(self) -> bool:
        return self in (RunState.INTERRUPTED, RunState.CRASHED, RunState.AWAY)


@dataclass(frozen=True, slots=True)
class Task:
    """One seed of one arm. ``vary``: the only source of randomness that the seed is for, if one;
    ``trial``: the seed is the number of a sweep's trial."""

    arm: str
    seed: int
    vary: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of ``events.jsonl``. ``kind`` is one of

    ``run_started`` and ``run_resumed`` (``data``: run, its id; left, the seeds to go of each arm;
    steps, of each arm that says so; jobs; note; missing), ``run_planned`` (``data``: arm, plan, in
    words, batched, seed_steps_per_s of each way that was measured, processes, message), ``check``
    (``data``: arm, name, ok, None where it could not be made, message; of the ladder: rung, state,
    figure), ``seed_started`` (``data``: settings, where they were drawn; step, where it goes on
    from a checkpoint; node, where an engine put it), ``metric`` (``data``: step, name, value),
    ``predictions`` (``data``: step, values, truth), ``timing`` (``data``: step, steps, data_ms,
    compute_ms), ``seed_finished`` (``data``: metrics, seconds; stopped, the step at which the rule
    of a sweep ended it early), ``seed_failed`` (``data``: error; step, layer and checkpoint where
    numbers stopped being finite; lost, where its process or node went by no fault of its own; fate,
    ``"out of memory"`` where that was short), ``seed_retried`` (``data``: reason, in words; try,
    which one begins then; step), ``trial_submitted`` and ``trial_over`` (of a job that is with an
    engine: see ``harness.engines.recalled``), ``engine_lost`` (``data``: message), ``engine_back``,
    ``run_interrupted``, ``run_detached`` (the trials go on at the engine), ``run_finished``
    (``data``: verdict, claims). Values of metrics may be NaN or infinite. ``vary`` as in Task.
    """

    kind: str
    at: datetime
    arm: str = ""
    seed: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    vary: str = ""


@dataclass(frozen=True, slots=True)
class SeedResult:
    """What a finished seed measured: the last value of each metric."""

    task: Task
    metrics: Mapping[str, float]
    seconds: float


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run as its folder tells it. ``verdict`` and ``claims`` are there once it finished.

    ``data`` says for each data need what was taken: its own name, or the substitute's. ``missing``
    says why an arm could not be run here. ``checks`` are the ``data`` of events of that kind.
    ``engine`` is the name of the one that runs its trials, ``at_engine`` how many it has at the
    moment, ``waiting`` how many seeds nobody has yet, ``retries`` are the reasons why a seed was
    tried again, ``nodes`` where it ran last.
    """

    id: str
    recipe: str
    recipe_digest: str
    arxiv_id: str
    state: RunState
    started_at: datetime
    ended_at: datetime | None
    quick: bool
    tasks: tuple[Task, ...]
    results: tuple[SeedResult, ...]
    failures: Mapping[Task, str] = field(default_factory=dict)
    verdict: Verdict | None = None
    claims: tuple[ClaimResult, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Mapping[str, Any], ...] = ()
    device: str = "cpu"
    engine: str = "local"
    at_engine: int = 0
    waiting: int = 0
    retries: Mapping[Task, tuple[str, ...]] = field(default_factory=dict)
    nodes: Mapping[Task, str] = field(default_factory=dict)
