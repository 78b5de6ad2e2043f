"""The configuration that a sweep chose, measured with fresh seeds."""

import math
import threading
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.run_rows import RunChoice
from researchdesk.domain.runs import Event, RunState
from researchdesk.domain.sweeps import SweepSummary, Trial
from researchdesk.domain.trial_choice import chosen, is_kept_back
from researchdesk.domain.verdicts import RUN_FAILED, Interval
from researchdesk.errors import DeskError
from researchdesk.harness.events import LOOKED
from researchdesk.harness.recipes import FILE
from researchdesk.harness.statistics.means import mean_interval
from researchdesk.harness.statistics.samples import sample
from researchdesk.harness.toml_writing import toml_of
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_recipes import kept_derived
from researchdesk.services.planning import ReproduceOptions
from researchdesk.services.recipes import require_trust, trust
from researchdesk.services.reports import Report, report_of
from researchdesk.services.reproduction import OnEvent, reproduce_recipe
from researchdesk.services.runs import store_of as run_store_of
from researchdesk.services.sweep_following import SweepHow
from researchdesk.services.sweep_notes import of_no_validation
from researchdesk.services.sweep_pages import Looks, looks_of, without_test
from researchdesk.services.sweep_reading import recipe_of_sweep
from researchdesk.services.sweep_store import read_one, store_of

USUAL_SEEDS = 10
_OF_BASE = ("seeds", "data", "notes", "varies", "limits", "data_needs")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A metric over the fresh seeds. ``interval`` is that of the mean, 95 %; it and ``sd`` are None
    for a single seed. ``kept_back``: it is of the test. ``in_sweep`` is what the trial had. Where
    ``not_finite`` of the ``n`` values are NaN or infinite, ``mean`` is NaN, without spread."""

    metric: str
    n: int
    mean: float
    sd: float | None
    interval: Interval | None
    kept_back: bool
    in_sweep: float | None
    not_finite: int = 0


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The chosen trial of ``of`` trials, measured anew by the run of ``report``.

    ``exit_code`` is 6, too, where a seed failed, or gave no finite number of the sweep's metric or
    of the test.
    """

    sweep_id: str
    metric: str
    trial: Trial
    of: int
    sweep_seed: int
    report: Report
    rows: tuple[Confirmed, ...]
    looks: Looks
    exit_code: int


def confirm_sweep(
    desk: Desk,
    sweep_id: str,
    seeds: int = USUAL_SEEDS,
    how: SweepHow | None = None,
    on_event: OnEvent | None = None,
    cancel: threading.Event | None = None,
) -> Confirmation:
    """Run the trial that validation chose with so many fresh seeds, none of them the sweep's, as a
    run of the desk, and count that as a look at the test. A run of them that came to its end is not
    made again.

    Raises NotOnDeskError, DeskError (exit code 6) where no trial is chosen yet or
    the settings of the one that is are not known, and as ``reproduce_recipe`` does.
    """
    how = how or SweepHow()
    sweep = read_one(desk, sweep_id)
    trial = _chosen(sweep)
    recipe = _derived(desk, sweep, trial, how)
    look = _Look(desk, sweep_id, trial.number, on_event)
    report = _made_before(desk, recipe, seeds, sweep.spec.seed) or reproduce_recipe(
        desk, recipe, _options(desk, sweep, recipe, seeds, how), look, cancel
    )
    rows = _rows(sweep, trial, report)
    if rows:
        look.count()
    looks = looks_of(read_one(desk, sweep_id))
    over = report.run.state in (RunState.FINISHED, RunState.FAILED)
    code = (0 if _is_whole(sweep, rows, report) else RUN_FAILED) if over else report.exit_code
    seen = without_test(sweep.spec, trial)
    return Confirmation(
        sweep_id, sweep.spec.metric, seen, len(sweep.trials), sweep.spec.seed, report, rows, looks,
        code,
    )  # fmt: skip


def _chosen(sweep: SweepSummary) -> Trial:
    trial = chosen(sweep.spec, sweep.trials)
    if trial is None:
        raise DeskError(
            f"No trial of {sweep.id} has come to its end with a value to choose by.",
            f"See `researchdesk sweep show {sweep.id}`.",
            exit_code=RUN_FAILED,
        )
    if not trial.settings:
        raise DeskError(
            f"Trial {trial.number} of {sweep.id} was chosen, and its settings were not written: "
            "with others it would be another configuration. Nothing was run.",
            "Begin the sweep anew with another seed: `researchdesk sweep start`.",
            exit_code=RUN_FAILED,
        )
    return trial


class _Look:
    """Hears the events of the fresh seeds, and writes the look down once, before anything of them
    is told: a run that is interrupted, or that an engine goes on with, shows its test as well."""

    def __init__(self, desk: Desk, sweep_id: str, number: int, on_event: OnEvent | None) -> None:
        self._store, self._sweep_id, self._number = store_of(desk), sweep_id, number
        self._on_event = on_event
        self._counted = False

    def __call__(self, event: Event) -> None:
        if event.seed is not None or event.kind == "trial_submitted":
            self.count()
        if self._on_event is not None:
            self._on_event(event)

    def count(self) -> None:
        if not self._counted:
            self._store.note(self._sweep_id, LOOKED, {"trial": self._number})
            self._counted = True


def _options(
    desk: Desk, sweep: SweepSummary, recipe: Recipe, seeds: int, how: SweepHow
) -> ReproduceOptions:
    """The seeds of the one arm, on the device that the sweep was asked to run on: not the sweep's
    own, whose split is the one on which the trial was chosen."""
    return ReproduceOptions(
        seeds=seeds,
        arms=(recipe.arms[0].name,),
        jobs=how.jobs,
        device=store_of(desk).config(sweep.id).device,
        engine=how.engine,
        detach=how.detach,
        without=sweep.spec.seed,
    )


def _derived(desk: Desk, sweep: SweepSummary, trial: Trial, how: SweepHow) -> Recipe:
    """The recipe whose one arm is the trial, with the code of the sweep's own copy."""
    base = recipe_of_sweep(desk, sweep.id)
    if how.trust:
        trust(desk, base, (sweep.spec.arm,))
    require_trust(desk, base)
    folder = store_of(desk).folder_of(sweep.id) / "confirm" / f"{base.name}-trial{trial.number}"
    return kept_derived(desk, base, folder, toml_of(_tables(sweep, trial, base)), "The trial")


def _tables(sweep: SweepSummary, trial: Trial, base: Recipe) -> dict[str, Any]:
    known = tomllib.loads((base.folder / FILE).read_text(encoding="utf-8"))
    like = base.arm(sweep.spec.arm)
    arm: dict[str, Any] = {
        "name": f"trial-{trial.number}",
        "description": f"trial {trial.number} of the sweep {sweep.id}",
        "settings": {**(like.settings if like else {}), **sweep.spec.settings, **trial.settings},
    }
    for key in ("needs", "needs_minutes", "needs_gpu"):
        if value := getattr(like, key, None):
            arm[key] = list(value) if isinstance(value, tuple) else value
    doubt = of_no_validation(sweep.spec.metric)
    by = f"{doubt}," if doubt else "validation"
    return {
        "title": f"Trial {trial.number} of the sweep {sweep.id}",
        "summary": f"What {by} chose of {len(sweep.trials)} trials, with fresh seeds.",
        **{key: known[key] for key in _OF_BASE if key in known},
        "arms": [arm],
    }


def _made_before(desk: Desk, recipe: Recipe, seeds: int, without: int) -> Report | None:
    for row in run_store_of(desk).index.newest(RunChoice(recipe=recipe.name)).rows:
        same = row.recipe_digest == recipe.digest and not row.quick
        if same and row.state is RunState.FINISHED and row.planned == seeds:
            report = report_of(desk, row.id)
            if all(task.seed != without for task in report.run.tasks):
                return report
    return None


def _rows(sweep: SweepSummary, trial: Trial, report: Report) -> tuple[Confirmed, ...]:
    """The validation metric first, the others of validation and training, then the test's."""
    values: dict[str, list[float]] = {}
    for result in report.run.results:
        for name, value in result.metrics.items():
            values.setdefault(name, []).append(float(value))
    spec = sweep.spec
    found = [_row(name, values[name], is_kept_back(spec, name), trial.metrics) for name in values]
    return tuple(sorted(found, key=lambda row: (row.kept_back, row.metric != spec.metric)))


def _is_whole(sweep: SweepSummary, rows: Sequence[Confirmed], report: Report) -> bool:
    """Whether every seed gave what the trial was to be confirmed by."""
    asked = {row.metric: row for row in rows if row.kept_back or row.metric == sweep.spec.metric}
    seeds = len(report.run.results)
    odd = any(row.not_finite or row.n < seeds for row in asked.values())
    return sweep.spec.metric in asked and not odd and not report.run.failures


def _row(
    name: str, values: list[float], kept_back: bool, in_sweep: Mapping[str, float]
) -> Confirmed:
    odd = sum(not math.isfinite(value) for value in values)
    if odd:
        in_it = in_sweep.get(name)
        return Confirmed(name, len(values), math.nan, None, None, kept_back, in_it, odd)
    told = sample(values)
    several = len(values) > 1
    return Confirmed(
        name,
        len(values),
        told.mean,
        told.sd if several else None,
        mean_interval(values) if several else None,
        kept_back,
        in_sweep.get(name),
    )
