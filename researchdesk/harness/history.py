"""What a run's folder tells: its plan, and what its events add up to."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from researchdesk.domain.runs import Event, RunState, RunSummary, SeedResult, Task
from researchdesk.domain.verdicts import Verdict
from researchdesk.errors import BadInputError
from researchdesk.harness.claim_records import claims_of
from researchdesk.harness.events import number_of
from researchdesk.harness.jobs import MEASURE

_ENDS = ("run_finished", "run_interrupted", "run_detached")


@dataclass(frozen=True, slots=True)
class RunConfig:
    """What a run set out to do; ``recipe`` is the recipe's name, ``digest`` that of its files.

    ``device`` is what was asked for, ``data`` what was taken for each data need, ``missing`` why an
    arm could not be run here. ``engine`` is the name of the one that runs its trials. ``sweep`` is
    a sweep's TOML; ``tasks`` is empty then.
    """

    recipe: str
    digest: str
    arxiv_id: str
    bundled: bool
    quick: bool
    tasks: tuple[Task, ...]
    vary: str = ""
    device: str = "auto"
    data: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    engine: str = "local"
    sweep: str = ""

    def to_toml(self) -> str:
        """The configuration as TOML; basic strings of TOML are written as JSON writes them."""
        lines = [
            f"recipe = {_text(self.recipe)}",
            f"digest = {_text(self.digest)}",
            f"arxiv_id = {_text(self.arxiv_id)}",
            f"bundled = {str(self.bundled).lower()}",
            f"quick = {str(self.quick).lower()}",
            f"vary = {_text(self.vary)}",
            f"device = {_text(self.device)}",
            f"engine = {_text(self.engine)}",
        ]
        lines += [f"sweep = {_text(self.sweep)}"] if self.sweep else []
        for name, entries in (("data", self.data), ("missing", self.missing)):
            lines += ["", f"[{name}]"]
            lines += [f"{_text(key)} = {_text(value)}" for key, value in entries.items()]
        for task in self.tasks:
            lines += ["", "[[tasks]]", f"arm = {_text(task.arm)}", f"seed = {task.seed}"]
            lines += [f"vary = {_text(task.vary)}"] if task.vary else []
        return "\n".join(lines) + "\n"


def read_config(file: Path) -> RunConfig:
    """Read a run's ``config.toml``. Raises BadInputError where it is not one."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        tasks = tuple(
            Task(str(item["arm"]), int(item["seed"]), str(item.get("vary", "")))
            for item in table.get("tasks", [])
        )
        return RunConfig(
            _folder_name(str(table["recipe"])),
            str(table["digest"]),
            str(table["arxiv_id"]),
            bool(table["bundled"]),
            bool(table["quick"]),
            tasks,
            str(table.get("vary", "")),
            str(table.get("device", "cpu")),
            _texts(table.get("data")),
            _texts(table.get("missing")),
            str(table.get("engine", "local")),
            str(table.get("sweep", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise BadInputError(
            f"The run's {file} cannot be read: {error}", "Move the run's folder away."
        ) from error


def _folder_name(name: str) -> str:
    if name in ("", ".", "..") or any(letter in name for letter in "/\\\0"):
        raise ValueError(f"{name!r} is no name of a recipe")
    return name


def summarise(run_id: str, config: RunConfig, events: Sequence[Event], owned: bool) -> RunSummary:
    """Add the events up; ``owned`` says whether a living process keeps the run."""
    sums = _Sums()
    for event in events:
        sums.add(event)
    end, results = sums.end, sums.results
    seeds_there = sum(sums.there.values())
    finished = end is not None and end.kind == "run_finished"
    return RunSummary(
        id=run_id,
        recipe=config.recipe,
        recipe_digest=config.digest,
        arxiv_id=config.arxiv_id,
        state=state_of(
            end.kind if end else "",
            owned=owned,
            any_result=bool(results),
            any_there=bool(sums.there),
        ),
        started_at=events[0].at if events else moment_of(run_id),
        ended_at=events[-1].at if events and not owned else None,
        quick=config.quick,
        tasks=config.tasks,
        results=tuple(results[task] for task in config.tasks if task in results),
        failures=sums.failures,
        verdict=_verdict(end.data) if finished and end else None,
        claims=claims_of(end.data) if finished and end else (),
        data=config.data,
        missing=config.missing,
        checks=tuple(sums.checks.values()),
        device=config.device,
        engine=config.engine,
        at_engine=len(sums.there),
        waiting=max(0, len(config.tasks) - len(results) - len(sums.failures) - seeds_there),
        retries={task: tuple(reasons) for task, reasons in sums.retries.items()},
        nodes=sums.nodes,
    )


class _Sums:
    """What events add up to. ``there`` are the jobs that an engine has, with how many seeds."""

    def __init__(self) -> None:
        self.results: dict[Task, SeedResult] = {}
        self.failures: dict[Task, str] = {}
        self.checks: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.retries: dict[Task, list[str]] = {}
        self.nodes: dict[Task, str] = {}
        self.there: dict[str, int] = {}
        self.end: Event | None = None

    def add(self, event: Event) -> None:
        kind, data = event.kind, event.data
        if event.seed is not None:
            self._of_seed(Task(event.arm, event.seed, event.vary), kind, data)
        elif kind in _ENDS:
            self.end = event
        elif kind == "check":
            self.checks[str(data.get("name")), str(data.get("arm"))] = data
        elif kind in ("run_started", "run_resumed"):
            self.end = None
        elif kind == "trial_submitted":
            seeds = data.get("seeds") if data.get("job") == MEASURE else ()
            self.there[str(data.get("key"))] = len(seeds) if isinstance(seeds, list) else 0
        elif kind == "trial_over":
            self.there.pop(str(data.get("key")), None)

    def _of_seed(self, task: Task, kind: str, data: Mapping[str, Any]) -> None:
        if kind in ("seed_started", "seed_finished"):
            self.failures.pop(task, None)
        if kind == "seed_finished":
            self.results[task] = _seed_result(task, data)
        elif kind == "seed_failed":
            self.failures[task] = str(data.get("error", ""))
        elif kind == "seed_retried":
            self.retries.setdefault(task, []).append(str(data.get("reason", "")))
        elif kind == "seed_started" and data.get("node"):
            self.nodes[task] = str(data["node"])


def _verdict(data: Mapping[str, Any]) -> Verdict | None:
    word = data.get("verdict")
    return Verdict(word) if word in list(Verdict) else None


def _seed_result(task: Task, data: Mapping[str, Any]) -> SeedResult:
    given = data.get("metrics")
    metrics = given if isinstance(given, dict) else {}
    numbers = {name: number_of(value) for name, value in metrics.items()}
    kept = {name: number for name, number in numbers.items() if number is not None}
    return SeedResult(task, kept, float(number_of(data.get("seconds")) or 0.0))


def state_of(end: str, *, owned: bool, any_result: bool, any_there: bool) -> RunState:
    """How a run stands. ``end`` is the kind of the event that its last stretch ended with, ``""``
    for none; ``owned``: a living process keeps it; ``any_there``: an engine has trials of it."""
    if owned:
        return RunState.RUNNING
    if any_there and end in ("", "run_detached"):
        return RunState.AWAY
    if not end:
        return RunState.CRASHED
    if end in ("run_interrupted", "run_detached"):
        return RunState.INTERRUPTED
    return RunState.FINISHED if any_result else RunState.FAILED


def moment_of(run_id: str) -> datetime:
    """When a run began, as its id says."""
    return datetime.strptime(f"{run_id[:15]}+0000", "%Y%m%d-%H%M%S%z")


def _texts(table: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in dict(table or {}).items()}


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
