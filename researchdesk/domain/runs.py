"""Runs of a recipe: arms times seeds, told by their events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from researchdesk.domain.verdicts import ClaimResult, Verdict


class RunState(StrEnum):
    """``INTERRUPTED``: not finished and nobody owns it; the same command resumes it.

    ``FAILED``: it came to its end, and no seed of it finished.
    """

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Task:
    """One seed of one arm."""

    arm: str
    seed: int


@dataclass(frozen=True, slots=True)
class Event:
    """One line of ``events.jsonl``. ``kind`` is one of

    ``run_started`` and ``run_resumed`` (``data``: note), ``seed_started``, ``metric`` (``data``:
    step, name, value), ``seed_finished`` (``data``: metrics, seconds), ``seed_failed`` (``data``:
    error), ``run_interrupted``, ``run_finished`` (``data``: verdict, claims). Values of metrics may
    be NaN or infinite.
    """

    kind: str
    at: datetime
    arm: str = ""
    seed: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SeedResult:
    """What a finished seed measured: the last value of each metric."""

    task: Task
    metrics: Mapping[str, float]
    seconds: float


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run as its folder tells it. ``verdict`` and ``claims`` are there once it finished."""

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
