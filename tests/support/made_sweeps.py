"""Sweeps made by hand: no trial was run."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from researchdesk.domain.runs import Event, RunState
from researchdesk.domain.seeding import TRIAL
from researchdesk.domain.sweeps import (
    Budget,
    Dimension,
    Distribution,
    Search,
    SweepSpec,
    SweepSummary,
    Trial,
    TrialState,
)
from researchdesk.harness.events import EventLog
from researchdesk.harness.history import RunConfig
from researchdesk.harness.sweeps.spec import spec_toml

BEGUN = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
SPACE = Dimension("lr", Distribution.LOG_UNIFORM, 1e-5, 1e-1)


def sweep_of(
    values: Sequence[float | None],
    *,
    id: str = "20260314-150926-made",  # noqa: A002 - the field's name
    name: str = "made",
    seconds: Sequence[float] | None = None,
    states: Sequence[TrialState] | None = None,
    search: Search = Search.RANDOM,
    better: str = "higher",
    metric: str = "valid_accuracy",
) -> SweepSummary:
    """A sweep whose trials have these values; None: failed."""
    took = [60.0] * len(values) if seconds is None else seconds
    ends = [TrialState.FAILED if one is None else TrialState.FINISHED for one in values]
    trials = [
        Trial(number, {"lr": 0.1}, state, value, seconds=spent)
        for number, (value, spent, state) in enumerate(
            zip(values, took, states or ends, strict=True)
        )
    ]
    space = (replace(SPACE, points=3 if search is Search.GRID else 0),)
    budget = Budget(len(trials))
    spec = SweepSpec(
        name, "1909.03004", "logistic", metric, better, space, search=search, budget=budget
    )
    return SweepSummary(id, spec, RunState.FINISHED, BEGUN, BEGUN, "local", budget, tuple(trials))


def drawn(n: int, seed: int, *, worse: float = 0.0, slower: float = 1.0) -> SweepSummary:
    """A random search of ``n`` trials: most are near 0.9, some are bad, one in eleven failed."""
    random = np.random.default_rng(seed)
    values: list[float | None] = (1 - worse - 0.2 * random.gamma(1.2, size=n)).tolist()
    values[5::11] = [None] * len(values[5::11])
    seconds = (slower * random.lognormal(3, 0.6, n)).tolist()
    return sweep_of(values, id=f"20260314-150926-{seed}", name=f"search {seed}", seconds=seconds)


def write_sweep(folder: Path, made: SweepSummary) -> None:
    """Its folder, as a sweep that came to its end leaves it."""
    folder.mkdir(parents=True)
    spec = made.spec
    config = RunConfig(
        "made", "0" * 64, spec.recipe, bundled=True, quick=False, tasks=(), sweep=spec_toml(spec)
    )
    (folder / "config.toml").write_text(config.to_toml(), "utf-8")
    log, at = EventLog(folder / "events.jsonl"), made.started_at
    log.append(Event("run_started", at))
    for trial in made.trials:
        place = {"arm": spec.arm, "seed": trial.number, "vary": TRIAL}
        log.append(Event("seed_started", at, data={"settings": dict(trial.settings)}, **place))
        at += timedelta(seconds=trial.seconds)
        if trial.value is None:
            log.append(Event("seed_failed", at, data={"error": "made to fail"}, **place))
        else:
            told = {"metrics": {spec.metric: trial.value}, "seconds": trial.seconds}
            log.append(Event("seed_finished", at, data=told, **place))
    log.append(Event("run_finished", at))
    log.close()
