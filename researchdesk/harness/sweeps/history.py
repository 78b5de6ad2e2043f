"""What a sweep's folder tells: its spec, its trials, and what it may still take."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from researchdesk.domain.json_text import parse_json
from researchdesk.domain.runs import Event, RunState, RunSummary
from researchdesk.domain.seeding import TRIAL
from researchdesk.domain.sweeps import (
    Budget,
    SweepSpec,
    SweepSummary,
    Trial,
    TrialCost,
    TrialState,
)
from researchdesk.errors import BadInputError
from researchdesk.harness.events import ASIDE, EXTENDED, LOOKED, number_of
from researchdesk.harness.history import read_config, summarise
from researchdesk.harness.open_run import CONFIG, EVENTS
from researchdesk.harness.outline import read_outline
from researchdesk.harness.sweeps.attempts import Attempts
from researchdesk.harness.sweeps.spec import read_spec

_BEGINS = ("run_started", "run_resumed")
_METRIC = b'{"kind": "metric"'
_OF_SEEDS = b'{"kind": "seed_'


def read_sweep(folder: Path, owned: bool) -> SweepSummary:
    """The sweep of a folder; ``owned`` says whether a living process keeps it.

    Its events are those of a run, and ``sweep_extended`` (data: budget), ``test_looked`` (data:
    trial) and ``stop_unused``. A trial comes to one end: of two that are told, the first counts;
    where it was lost it may begin again. The trials are in the order of their numbers. Time and
    memory are linear in them. Raises BadInputError where the folder cannot be read or is no
    sweep's.
    """
    config = read_config(folder / CONFIG)
    if not config.sweep:
        raise BadInputError(f"{folder} is a run's folder and no sweep's.", "See `runs show`.")
    spec = read_spec(config.sweep, folder / CONFIG)
    try:
        events = read_outline(folder / EVENTS)
    except OSError as error:
        raise damaged(folder / EVENTS, error) from error
    told = Told(spec)
    for event in events:
        told.take(event)
    return told.sweep(summarise(folder.name, config, events, owned))


def is_lost(kind: str, data: Mapping[str, Any]) -> bool:
    """Whether an event says that a trial was lost: that is no end of it, it may be gone on with."""
    return kind == "seed_failed" and bool(data.get("lost"))


def damaged(path: Path, error: OSError) -> BadInputError:
    """The refusal where the events of a sweep cannot be read."""
    return BadInputError(
        f"The sweep's {path} cannot be read: {error.strerror}.", "Move the sweep's folder away."
    )


def read_curves(folder: Path, spec: SweepSpec) -> Iterator[tuple[int, Mapping[int, float]]]:
    """The curves of the sweep's metric, value by step, with the number of the trial of each.

    First those of trials that ended, in the order that they did, then those of the others. Only
    the curves of trials that have no end yet are in memory. Raises BadInputError where the events
    cannot be read.
    """
    curves: dict[int, dict[int, float]] = {}
    name = json.dumps(spec.metric, ensure_ascii=False).encode()
    try:
        with (folder / EVENTS).open("rb") as lines:
            for line in lines:
                if line.startswith(_METRIC) and name in line:
                    _add_point(curves, _parsed(line), spec.metric)
                elif line.startswith(_OF_SEEDS):
                    yield from _end_of_one(curves, _parsed(line))
    except FileNotFoundError:
        return
    except OSError as error:
        raise damaged(folder / EVENTS, error) from error
    yield from curves.items()


def _parsed(line: bytes) -> Mapping[str, Any]:
    """The record of a line of a trial; empty for any other, or one that is torn."""
    try:
        record = parse_json(line)
    except ValueError:
        return {}
    whole = isinstance(record, dict) and isinstance(record.get("data", {}), dict)
    of_trial = whole and record.get("vary") == TRIAL and isinstance(record.get("seed"), int)
    return record if of_trial else {}


def _add_point(curves: dict[int, dict[int, float]], record: Mapping[str, Any], metric: str) -> None:
    data = record.get("data", {})
    step, value = data.get("step"), number_of(data.get("value"))
    if data.get("name") == metric and isinstance(step, int) and value is not None:
        curves.setdefault(record["seed"], {})[step] = value


def _end_of_one(
    curves: dict[int, dict[int, float]], record: Mapping[str, Any]
) -> Iterator[tuple[int, Mapping[int, float]]]:
    kind, number = record.get("kind"), record.get("seed")
    if not isinstance(number, int):
        return
    if kind == "seed_started" and "step" not in record.get("data", {}):
        curves.pop(number, None)  # it began anew
    elif kind in ("seed_finished", "seed_failed") and not is_lost(kind, record.get("data", {})):
        yield number, curves.pop(number, {})


@dataclass(slots=True)
class _Made:
    """A trial as far as it was told of."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    started: datetime | None = None
    begun: datetime | None = None
    node: str = ""
    retries: tuple[str, ...] = ()
    end: Event | None = None
    ended: Trial | None = None

    @property
    def is_lost(self) -> bool:
        return self.end is not None and is_lost(self.end.kind, self.end.data)

    def trial_now(self, number: int, metric: str, cost: TrialCost, *, goes_on: bool) -> Trial:
        """The trial; one that ended is made once, for it stays as it is."""
        if self.end is None:
            return self._trial(number, metric, cost, goes_on)
        self.ended = self.ended or self._trial(number, metric, cost, goes_on)
        return self.ended

    def _trial(self, number: int, metric: str, cost: TrialCost, goes_on: bool) -> Trial:
        data = self.end.data if self.end else {}
        given = data.get("metrics")
        found = given if isinstance(given, dict) else {}
        numbers = {name: number_of(value) for name, value in found.items()}
        metrics = {name: value for name, value in numbers.items() if value is not None}
        step = data.get("stopped", data.get("step"))
        return Trial(
            number=number,
            settings=self.settings,
            state=self._state(goes_on),
            value=metrics.get(metric),
            metrics=metrics,
            seconds=self._seconds(),
            step=step if isinstance(step, int) else None,
            started_at=self.started,
            ended_at=self.end.at if self.end else None,
            error=str(data.get("error", "")),
            node=self.node,
            retries=self.retries,
            cost=cost,
        )

    def _state(self, goes_on: bool) -> TrialState:
        if self.end is None:
            return TrialState.RUNNING if goes_on else TrialState.CANCELLED
        if self.end.kind == "seed_failed":
            return TrialState.LOST if self.is_lost else TrialState.FAILED
        return TrialState.STOPPED if "stopped" in self.end.data else TrialState.FINISHED

    def _seconds(self) -> float:
        """What its worker measured; of one that failed, from its last beginning to its end."""
        said = number_of(self.end.data.get("seconds")) if self.end else None
        if said is not None or self.end is None or self.begun is None:
            return float(said or 0.0)
        return max(0.0, (self.end.at - self.begun).total_seconds())


class Told:
    """What the events of a sweep add up to. ``last`` is when it last did something."""

    def __init__(self, spec: SweepSpec) -> None:
        self._spec = spec
        self._made: dict[int, _Made] = {}
        self._begun: datetime | None = None
        self._before = 0.0
        self._first: datetime | None = None
        self._attempts = Attempts()
        self.budget = spec.budget
        self.looks: list[tuple[int, datetime]] = []
        self.last: datetime | None = None
        self._was_left = self._stop_unused = False

    def take(self, event: Event) -> None:
        if event.kind in ASIDE:
            self._aside(event)
            return
        if event.kind in _BEGINS:
            self._attempts.broke_off(self._at(self.last or event.at))
            self._before, self._begun = self.seconds, event.at
        self.last = event.at
        if event.kind == "run_detached":  # what comes now, as of one that calls it off, is no part
            self._was_left = True
            self._before, self._begun = self.seconds, None
        if event.seed is not None and event.vary == TRIAL and event.arm == self._spec.arm:
            self._of_trial(event.seed, self._made.setdefault(event.seed, _Made()), event)
        elif event.seed is None:
            self._attempts.hear(event.kind, event.data, self._at(event.at))

    def _aside(self, event: Event) -> None:
        if event.kind == LOOKED:
            number = event.data.get("trial")
            self.looks += [(number, event.at)] if isinstance(number, int) else []
        elif event.kind == EXTENDED:
            self.budget = _budget(event.data.get("budget"), self.budget)
        else:
            self._stop_unused = True

    def _at(self, moment: datetime) -> float:
        """Seconds since the first event."""
        self._first = self._first or moment
        return (moment - self._first).total_seconds()

    @property
    def seconds(self) -> float:
        """By the clock, over all stretches, each up to the last that was heard of it; one in which
        the clock was set back counts as none."""
        if self._begun is None or self.last is None:
            return self._before
        return self._before + max(0.0, (self.last - self._begun).total_seconds())

    def sweep(self, run: RunSummary) -> SweepSummary:
        """The sweep so far; ``run`` is what the same events say of a run."""
        goes_on = run.state in (RunState.RUNNING, RunState.AWAY)
        return SweepSummary(
            id=run.id,
            spec=self._spec,
            state=run.state,
            started_at=run.started_at,
            ended_at=None if goes_on else self.last,
            engine=run.engine,
            budget=self.budget,
            trials=self._trials(goes_on=goes_on),
            seconds=self.seconds,
            looks=tuple(self.looks),
            was_left=self._was_left or run.state is RunState.AWAY,
            stop_unused=self._stop_unused,
        )

    def _trials(self, *, goes_on: bool) -> tuple[Trial, ...]:
        metric, cost = self._spec.metric, self._attempts.cost
        made: Sequence[tuple[int, _Made]] = sorted(self._made.items(), key=lambda one: one[0])
        last = self._at(self.last) if self.last else 0.0
        return tuple(
            one.trial_now(number, metric, cost(number, last), goes_on=goes_on)
            for number, one in made
        )

    def _of_trial(self, number: int, made: _Made, event: Event) -> None:
        if made.end is not None and not made.is_lost:
            return
        self._attempts.take(event.kind, number, event.data, self._at(event.at))
        if event.kind == "seed_started":
            settings = event.data.get("settings")
            made.settings = settings if isinstance(settings, dict) else made.settings
            made.end = made.ended = None
            made.started, made.begun = made.started or event.at, event.at
            made.node = str(event.data.get("node") or made.node)
        elif event.kind in ("seed_finished", "seed_failed"):
            made.end, made.ended = event, None
            made.node = str(event.data.get("node") or made.node)
        elif event.kind == "seed_retried":
            made.retries += (str(event.data.get("reason", "")),)


def _budget(table: Any, before: Budget) -> Budget:
    if not isinstance(table, dict):
        return before
    found = (number_of(table.get(key)) or 0.0 for key in ("trials", "hours", "gpu_hours"))
    trials, hours, gpu = (float(one) if math.isfinite(one) else 0.0 for one in found)
    return Budget(int(trials), hours, gpu)
