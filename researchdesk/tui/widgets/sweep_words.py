"""How sweeps and their trials are written: marks, numbers, what was spent."""

from collections.abc import Mapping
from typing import Any

from textual.content import Content

from researchdesk.domain.durations import in_words
from researchdesk.domain.runs import RunState
from researchdesk.domain.sampling import grid_size
from researchdesk.domain.sweeps import Budget, Trial, TrialState
from researchdesk.domain.text import one_line
from researchdesk.services.sweeps import SweepPage
from researchdesk.tui.commands import keyed
from researchdesk.tui.widgets.bench_words import state_words

TRIALS: Mapping[TrialState, tuple[str, str]] = {
    TrialState.RUNNING: ("▶", "$text-accent"),
    TrialState.FINISHED: ("✓", "$text-success"),
    TrialState.STOPPED: ("‖", "$text-warning"),
    TrialState.FAILED: ("✗", "$text-error"),
    TrialState.CANCELLED: ("·", "$text-muted"),
    TrialState.LOST: ("?", "$text-error"),
}


def number_words(value: float | None) -> str:
    """A measured number with the digits that tell."""
    return "–" if value is None else f"{value:.4g}"


def setting_words(value: object) -> str:
    """A setting's value: numbers with three digits."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.3g}" if isinstance(value, float) else one_line(str(value))


def settings_words(settings: Mapping[str, Any]) -> str:
    """``lr 0.0312, hidden 128``."""
    return ", ".join(f"{one_line(name)} {setting_words(value)}" for name, value in settings.items())


def state_line(page: SweepPage) -> Content:
    """How the sweep stands, and what it took of each kind of its budget and what is left of it."""
    budget, spent = page.budget, page.spent
    parts: list[Content | str] = [state_words(page.state)]
    parts += [f"on {one_line(page.engine)}"] if page.engine != "local" else []
    points = grid_size(page.spec)
    of = "".join(f" of {limit:,}" for limit in (points or budget.trials,) if limit)
    parts.append(f"{spent.trials:,}{of} {'trials' if points is None else 'points'}")
    parts.append(_took(3600 * spent.hours, 3600 * budget.hours))
    if budget.gpu_hours or spent.gpu_hours:
        limit = f" of {budget.gpu_hours:g}" if budget.gpu_hours else ""
        parts.append(f"{spent.gpu_hours:.2g}{limit} GPU-hours")
    if left := _left(page):
        parts.append(Content.styled(left, "$text-accent"))
    if page.state is RunState.AWAY:
        parts.append(f"{page.at_engine} trials with {one_line(page.engine)}")
    parts += [_counted(page, state) for state in (TrialState.RUNNING, TrialState.STOPPED,
              TrialState.FAILED, TrialState.LOST) if page.states.get(state)]  # fmt: skip
    return Content("  ").join(parts)


def best_line(page: SweepPage) -> Content:
    """The trial that validation chooses, and what to do next."""
    metric = one_line(page.spec.metric)
    if page.best is None:
        waits = page.state in (RunState.RUNNING, RunState.AWAY)
        none = "no trial has come to its end yet" if waits else "no trial has a value to choose by"
        none = "no trial measures it, the sweep cannot go on" if page.is_stuck else none
        return Content.assemble((f"{metric}: {none}", "$text-muted"), _next(page))
    return Content.assemble(
        ("★ ", "$text-success"), f"trial {page.best.number}: {metric} ",
        (number_words(page.best.value), "bold"),
        (f"  {settings_words(page.best.settings)}", "$text-muted"), _next(page),
    )  # fmt: skip


def looks_line(page: SweepPage) -> Content:
    """How often the test was looked at, and a doubt about the metric."""
    looks = page.looks
    if page.warning:
        times = "once" if looks.count == 1 else f"{looks.count} times"
        trials = f", at {len(looks.trials)} trials" if len(looks.trials) > 1 else ""
        count = f"The test was looked at {times}{trials}. " if looks.count else ""
        return Content.styled(count + one_line(page.warning), "$text-warning")
    if not looks.count:
        return Content.styled(
            keyed("The test was not looked at; {sweeps.test} looks, and is counted."), "$text-muted"
        )
    colour = "$text-warning" if len(looks.trials) > 1 else "$text-muted"
    return Content.styled(one_line(looks.words), colour)


def tries_words(trial: Trial) -> str:
    """Why a trial was tried again, one reason after the other."""
    count = 1 + len(trial.retries)
    reasons = "; ".join(one_line(reason) for reason in trial.retries)
    return f"Tried {count} times: {reasons}" if trial.retries else ""


def limit_words(budget: Budget) -> str:
    """The limits of a budget, as a person asks for more of it."""
    parts = [f"{budget.trials:,} trials"] if budget.trials else []
    parts += [f"{in_words(3600 * budget.hours)} by the clock"] if budget.hours else []
    parts += [f"{budget.gpu_hours:g} GPU-hours"] if budget.gpu_hours else []
    return ", ".join(parts) or "no limit"


def _took(seconds: float, limit: float) -> str:
    return in_words(seconds) + (f" of {in_words(limit)}" if limit else "")


def _left(page: SweepPage) -> str:
    """What the clock will show yet, guessed by the trials so far; empty where it is not known."""
    spent, budget = page.spent, page.budget
    if page.state is not RunState.RUNNING:
        return ""
    found = []
    if budget.trials and spent.trials and spent.hours > 0:
        found.append(spent.hours / spent.trials * max(0, budget.trials - spent.trials))
    if budget.hours:
        found.append(max(0.0, budget.hours - spent.hours))
    return f"about {in_words(3600 * min(found))} left" if found else ""


def _counted(page: SweepPage, state: TrialState) -> Content:
    mark, colour = TRIALS[state]
    return Content.styled(f"{mark} {page.states[state]} {state.words}", colour)


def _next(page: SweepPage) -> Content:
    if page.is_stuck:
        return Content.styled(keyed("  {sweeps.remove} removes it"), "$text-accent")
    lost = keyed("{sweeps.resume} hands out again what was lost")
    words = {
        RunState.INTERRUPTED: "{sweeps.resume} goes on with it",
        RunState.CRASHED: "its process died; what ended is kept, {sweeps.resume} goes on",
        RunState.AWAY: "its trials go on there; {sweeps.resume} follows them, "
        "{sweeps.cancel} calls them off",
        RunState.FAILED: "see why below; {sweeps.extend} gives it more trials",
    }.get(page.state, lost if page.can_go_on else "")
    return Content.styled(f"  {keyed(words)}" if words else "", "$text-accent")
