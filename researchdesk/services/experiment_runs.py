"""Running experiments for real, and the table that builds itself from what they measured."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from researchdesk.domain.derived_names import derived_name
from researchdesk.domain.investigations import Experiment
from researchdesk.domain.recipes import Arm, ArmKind, Recipe
from researchdesk.domain.runs import Event, RunState
from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import BusyError, NotOnDeskError, UsageProblemError
from researchdesk.services import recipes
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_records import base_of as base_of
from researchdesk.services.experiment_records import experiments_of
from researchdesk.services.experiment_tables import KINDS as KINDS
from researchdesk.services.experiment_tables import results_of as results_of
from researchdesk.services.experiment_tables import table_text as table_text
from researchdesk.services.experiment_tables import tables_of as tables_of
from researchdesk.services.experiment_trust import awaiting_yes as awaiting_yes
from researchdesk.services.experiment_trust import derived_of as derived_of
from researchdesk.services.experiment_trust import say_yes as say_yes
from researchdesk.services.reproduction import (
    INTERRUPTED,
    OnEvent,
    Report,
    ReproduceOptions,
    reproduce_recipe,
    resume_run,
)
from researchdesk.services.run_summaries import summary
from researchdesk.storage import experiments as stored
from researchdesk.storage import investigations


@dataclass(frozen=True, slots=True)
class ExperimentsRun:
    """What running experiments came to. ``experiments`` were chosen, as they are afterwards;
    ``reports`` are those of the runs that were made or gone on with, none where all was run.

    ``exit_code``: 0 done, whatever the hypotheses came to; 6 where these runs measured nothing of
    one; 130 interrupted.
    """

    experiments: tuple[Experiment, ...]
    reports: tuple[Report, ...]
    exit_code: int


def run_experiments(
    desk: Desk,
    number: int,
    names: Sequence[str] = (),
    options: ReproduceOptions | None = None,
    on_event: OnEvent | None = None,
    cancel: threading.Event | None = None,
    on_note: Callable[[str], None] | None = None,
    *,
    again: bool = False,
) -> ExperimentsRun:
    """Run the experiments that are not run yet; those of ``names``, and with ``again`` all, in any
    case. A run of them that was stopped goes on first, by its engine, unless another is named.

    With the baseline the recipe's free baselines are run, too. Each run is linked to its
    experiments as it begins. Raises UsageProblemError without a baseline, where the recipe is not
    trusted, or where an engine has the stopped run and another is named; BusyError where another
    process has them under way; and as ``reproduce_recipe``.
    """
    options = options or ReproduceOptions()
    base = base_of(desk, number)
    chosen = [item.name for item in _chosen(desk, number, names, options.quick, again)]
    while options.trust and chosen and (what := awaiting_yes(desk, number, chosen)).anything:
        say_yes(desk, number, what, chosen)
    recipes.require_trust(desk, base)
    reports: list[Report] = []
    left = chosen
    if unfinished := _unfinished(desk, number, chosen, base, options):
        heard = _Ear(desk, number, on_event)
        reports.append(
            resume_run(desk, unfinished, heard, cancel, options.jobs, detach=options.detach)
        )
        covered = {task.arm for task in reports[-1].run.tasks}
        left = [name for name in chosen if name not in covered]
    if left and not (reports and reports[-1].exit_code == INTERRUPTED):
        reports.append(_run(desk, number, left, options, on_event, cancel, on_note))
    return _outcome(desk, number, chosen, reports, quick=options.quick)


def _run(
    desk: Desk,
    number: int,
    names: Sequence[str],
    options: ReproduceOptions,
    on_event: OnEvent | None,
    cancel: threading.Event | None,
    on_note: Callable[[str], None] | None,
) -> Report:
    recipe = derived_of(desk, number)
    first = next((arm.name for arm in recipe.arms if not arm.parent), "")
    free = _free_baselines(recipe) if first in names else ()
    wanted = replace(options, arms=(*names, *(arm.name for arm in free)), trust=False)
    heard = _Ear(desk, number, on_event)
    return reproduce_recipe(desk, recipe, wanted, heard, cancel, on_note)


def _free_baselines(recipe: Recipe) -> list[Arm]:
    return [
        arm
        for arm in recipe.arms
        if arm.kind is ArmKind.BASELINE and arm.name.startswith("baseline:")
    ]


class _Ear:
    """Links the run as soon as it has an id, so that one that is stopped is linked, too, and keeps
    when each experiment's first result was there."""

    def __init__(self, desk: Desk, number: int, on_event: OnEvent | None) -> None:
        self._desk, self._number, self._on_event = desk, number, on_event
        self._run_id, self._told = "", set[str]()

    def __call__(self, event: Event) -> None:
        if event.kind in ("run_started", "run_resumed"):
            self._run_id = str(event.data.get("run", ""))
            _link(self._desk, self._number, self._run_id)
        elif event.kind == "seed_finished" and event.arm not in self._told:
            self._told.add(event.arm)
            with self._desk.database.writing() as db:
                stored.keep_first(db, self._run_id, event.arm, event.at)
        if self._on_event is not None:
            self._on_event(event)


def _link(desk: Desk, number: int, run_id: str) -> None:
    arms = {task.arm for task in summary(desk, run_id).tasks}
    with desk.database.writing() as db:
        now = desk.clock()
        for item in stored.of(db, number):
            if item.name in arms:
                stored.link(db, item, run_id, item.name, now)
        investigations.touch(db, number, now)


def _chosen(
    desk: Desk, number: int, names: Sequence[str], quick: bool, again: bool
) -> list[Experiment]:
    found = experiments_of(desk, number, judge=False)
    by_name = {item.name: item for item in found}
    asked = [one_line(name) if "." in name else f"{number}.{one_line(name)}" for name in names]
    if unknown := [name for name in asked if name not in by_name]:
        raise NotOnDeskError(
            f"Investigation {number} has no experiment {', '.join(unknown)}. Nothing was run.",
            f"It has: {', '.join(by_name)}.",
        )
    wanted = [item for item in found if not asked or item.name in asked]
    if asked or again:
        return wanted
    return [item for item in wanted if not item.is_run(quick=quick)]


def _unfinished(
    desk: Desk, number: int, chosen: Sequence[str], base: Recipe, options: ReproduceOptions
) -> str:
    """The run to go on with: the newest of one of these, if it was stopped and is of this sort."""
    found: set[str] = set()
    for item in experiments_of(desk, number, judge=False):
        if item.name not in chosen or not item.runs:
            continue
        last = max(item.runs, key=lambda run: run.run_id)
        if last.state is RunState.RUNNING:
            raise BusyError(
                f"Experiment {item.name} is under way in another process; nothing was changed.",
                f"Wait for it, or stop it with `researchdesk runs cancel {last.run_id}`.",
            )
        if last.state is not None and last.state.can_go_on:
            found.add(last.run_id)
    for run_id in sorted(found, reverse=True):
        run = summary(desk, run_id)
        arms = [task.arm for task in run.tasks]
        ours = run.recipe == derived_name(base.name, number)
        seeds = options.seeds in (None, max(map(arms.count, arms), default=0))
        same = (run.quick, run.device) == (options.quick, options.device)
        elsewhere = options.engine not in ("", run.engine)
        if ours and seeds and same and elsewhere and run.state is RunState.AWAY:
            raise UsageProblemError(
                f"Trials of the run {run_id} are with {run.engine} and go on there; nothing was "
                f"handed to {options.engine}.",
                f"Stop them there first: researchdesk runs cancel {run_id}",
            )
        if ours and seeds and same and not elsewhere:
            return run_id
    return ""


def _outcome(
    desk: Desk, number: int, chosen: Sequence[str], reports: Sequence[Report], *, quick: bool
) -> ExperimentsRun:
    after = [item for item in experiments_of(desk, number) if item.name in chosen]
    if reports and reports[-1].exit_code == INTERRUPTED:
        code = INTERRUPTED
    else:
        done = {one.task.arm for report in reports for one in report.run.results}
        whole = all(item.is_run(quick=quick) and item.name in done for item in after)
        code = 0 if whole else RUN_FAILED
    return ExperimentsRun(tuple(after), tuple(reports), code)
