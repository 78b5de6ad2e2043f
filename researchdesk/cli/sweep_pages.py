"""A sweep as the command line shows it: for people, and as JSON and CSV."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

from researchdesk.cli import diagnostics, output
from researchdesk.cli.sweep_words import (
    budget_words,
    number_words,
    settings_words,
    trials_words,
)
from researchdesk.domain.sampling import grid_size
from researchdesk.domain.sweeps import Trial, TrialState
from researchdesk.domain.text import one_line, sheet_cell
from researchdesk.services.sweep_pages import Looks, SweepPage

_SHOWN = 10
_REASONS = 5


def sweep_record(page: SweepPage) -> dict[str, Any]:
    """A sweep as JSON has it; nothing of the test is in it."""
    return {
        "sweep": page.id,
        "name": page.spec.name,
        "recipe": page.spec.recipe,
        "arm": page.spec.arm,
        "search": page.spec.search,
        "seed": page.spec.seed,
        "metric": page.spec.metric,
        "better": page.spec.better,
        "state": page.state,
        "engine": page.engine,
        "at_engine": page.at_engine,
        "started": page.started_at,
        "ended": page.ended_at,
        "budget": page.budget,
        "spent": page.spent,
        "best": trial_record(page.best) if page.best else None,
        "trials": [trial_record(trial) for trial in page.trials],
        "states": page.states,
        "failures": page.failures,
        "looks": looks_record(page.looks),
        "warning": page.warning,
        "notes": page.notes,
        "environment": page.environment,
    }


def trial_record(trial: Trial) -> dict[str, Any]:
    """A trial, without what is kept back, as JSON has it."""
    return {
        "trial": trial.number,
        "value": trial.value,
        "settings": trial.settings,
        "metrics": trial.metrics,
        "state": trial.state,
        "seconds": trial.seconds,
        "gpus": trial.cost.gpus,
        "step": trial.step,
        "started": trial.started_at,
        "ended": trial.ended_at,
        "node": trial.node,
        "tries": 1 + len(trial.retries),
        "retries": trial.retries,
        "error": trial.error,
    }


def looks_record(looks: Looks) -> dict[str, Any]:
    """How often the test was looked at, as JSON has it."""
    return {
        "count": looks.count,
        "different_trials": len(looks.trials),
        "trials": looks.trials,
        "last": looks.last,
        "words": looks.words,
    }


def print_sweep(page: SweepPage, *, everything: bool = False) -> None:
    """The sweep: how it stands, its best trial, and the ten best with those under way, or all."""
    spec = page.spec
    output.emit(f"{page.id}  {page.state.value}  on {page.engine}")
    output.emit(f"{spec.recipe}, arm {spec.arm}; {spec.search.value} search, seed {spec.seed}")
    output.emit(f"Chosen by {spec.metric}, {spec.better} is better.")
    output.emit(f"Taken: {budget_words(page.budget, page.spent, grid_size(spec))}.")
    if page.best is not None:
        value = number_words(page.best.value)
        output.emit(f"Best: trial {page.best.number} with {spec.metric} {value}.")
        output.emit(f"      {settings_words(page.best.settings)}")
    by_number = {trial.number: trial for trial in page.trials}
    best = [by_number.pop(number) for number in page.ranked]
    going = [one for one in by_number.values() if one.state is TrialState.RUNNING]
    some = [*best[:_SHOWN], *going[:_SHOWN]]
    shown = [*best, *by_number.values()] if everything else some
    if shown:
        output.emit()
        print_trials(spec.metric, shown)
    if len(shown) < len(page.trials):
        output.emit(f"{_left_out(page, shown)}; shown with --all.")
    _tell_troubles(page)


def _left_out(page: SweepPage, shown: Sequence[Trial]) -> str:
    """``12 trials more: 3 finished, 9 failed``."""
    left = Counter(page.states) - Counter(trial.state for trial in shown)
    states = ", ".join(f"{count} {state.words}" for state, count in left.items())
    more = "more " if shown else ""
    return f"{left.total()} {more}{'trial' if left.total() == 1 else 'trials'}: {states}"


def print_trials(metric: str, trials: Sequence[Trial]) -> None:
    """A table of trials, by what was measured on validation."""
    rows = [
        (
            str(trial.number),
            number_words(trial.value),
            f"{trial.seconds:.1f} s",
            _state(trial),
            str(1 + len(trial.retries)),
            settings_words(trial.settings),
        )
        for trial in trials
    ]
    output.emit_table(("trial", one_line(metric), "took", "state", "tries", "settings"), rows)


def trials_csv(page: SweepPage) -> str:
    """All trials as CSV, one a row, without what is kept back."""
    settings = sorted({name for trial in page.trials for name in trial.settings})
    metrics = sorted({name for trial in page.trials for name in trial.metrics})
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(
        ["trial", "state", "value", *(f"setting:{one_line(name)}" for name in settings),
         *map(sheet_cell, metrics),
         "seconds", "step", "node", "tries", "retries", "error", "gpus"]
    )  # fmt: skip
    for trial in page.trials:
        lines.writerow(
            [trial.number, trial.state.value, _cell(trial.value),
             *(_cell(trial.settings.get(name)) for name in settings),
             *(_cell(trial.metrics.get(name)) for name in metrics),
             _cell(trial.seconds), _cell(trial.step), sheet_cell(trial.node),
             1 + len(trial.retries), sheet_cell("; ".join(trial.retries)), sheet_cell(trial.error),
             _cell(trial.cost.gpus)]
        )  # fmt: skip
    return text.getvalue().rstrip("\n")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return sheet_cell(value) if isinstance(value, str) else one_line(str(value))


def _state(trial: Trial) -> str:
    if trial.state is TrialState.STOPPED and trial.step is not None:
        return f"stopped at step {trial.step}"
    return trial.state.words


def _tell_troubles(page: SweepPage) -> None:
    failed = page.states.get(TrialState.FAILED, 0)
    if failed:
        diagnostics.say(f"{failed} of {len(page.trials)} trials failed:")
        for words, count in list(page.failures.items())[:_REASONS]:
            diagnostics.say(f"  {count} × {words}")
        if len(page.failures) > _REASONS:
            diagnostics.say(f"  and {len(page.failures) - _REASONS} other ways; see --json")
    again = [trial for trial in page.trials if trial.retries]
    for trial in again[:_REASONS]:
        reasons = "; ".join(one_line(reason) for reason in trial.retries)
        diagnostics.say(f"Trial {trial.number} was tried {1 + len(trial.retries)} times: {reasons}")
    if len(again) > _REASONS:
        diagnostics.say(f"{len(again) - _REASONS} more trials were tried again; see --json")
    if page.was_left and page.budget.hours:
        diagnostics.say(
            "Its hours are those in which it was followed: time in which an engine had its trials "
            "and nobody followed is not counted."
        )
    for note in page.notes:
        diagnostics.say(note)
    if page.warning:
        diagnostics.warn(page.warning)
    if page.looks.words:
        diagnostics.say(page.looks.words)


def away_words(page: SweepPage) -> str:
    """Where the trials of a sweep are that nobody follows."""
    return (
        f"{trials_words(page.spent.trials)} gathered; {trials_words(page.at_engine)} with "
        f"{page.engine}, where they go on. Follow them: researchdesk sweep resume {page.id} · "
        f"stop them: researchdesk sweep cancel {page.id}"
    )
