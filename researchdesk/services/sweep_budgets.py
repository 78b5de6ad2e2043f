"""What a sweep may take: compared, and made larger."""

import math
import re
from dataclasses import asdict

from researchdesk.domain.sampling import grid_size
from researchdesk.domain.sweeps import Budget, SweepSpec, SweepSummary
from researchdesk.domain.text import one_line
from researchdesk.errors import UsageProblemError
from researchdesk.services.sweep_making import SweepOptions
from researchdesk.services.sweep_pages import Spent, spent

_KINDS = ("trials", "hours", "gpu_hours")
_WORDS = {"trials": "trials", "hours": "hours by the clock", "gpu_hours": "GPU-hours"}
_TYPED = {"trials": "trials", "hours": "hours", "gpu_hours": "GPU-hours"}
_UNITS = {
    **dict.fromkeys(("trial", "trials"), "trials"),
    **dict.fromkeys(("h", "hour", "hours", "hours by the clock"), "hours"),
    **dict.fromkeys(("gpu h", "gpu hour", "gpu hours"), "gpu_hours"),
}
_LIMIT = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)\s*([a-z -]*)", re.ASCII)


def extended(sweep: SweepSummary, more: SweepOptions, gpus: float = 0.0) -> Budget:
    """The sweep's budget with what ``more`` says in its place.

    Raises UsageProblemError where that is not larger, where it limits what had no limit, where the
    sweep took another limit of it already, and where its grid is through.
    """
    _check_grid(sweep)
    took = spent(sweep, gpus)
    return larger(sweep.id, sweep.spec, sweep.budget, took, more)


def larger(
    sweep_id: str, spec: SweepSpec, budget: Budget, took: Spent, more: SweepOptions
) -> Budget:
    """``budget`` with what ``more`` says in its place. Raises as ``extended``, but for the grid."""
    given = {kind: getattr(more, kind) for kind in _KINDS if getattr(more, kind) is not None}
    if not given:
        raise UsageProblemError(
            "How much larger? Nothing was run.",
            "Say the whole budget, as `--trials 64`, `--hours 2` or `--gpu-hours 8`.",
        )
    now = asdict(budget)
    for kind, value in given.items():
        if not now[kind]:
            raise _unlimited(sweep_id, spec, budget, kind, value)
        if value < now[kind]:
            raise UsageProblemError(
                f"The sweep's budget of {_WORDS[kind]} is {now[kind]:g}, and {value:g} is not "
                "more. Nothing was run.",
                "Give a larger number: it is the whole budget, not what is added.",
            )
    wanted = Budget(**{**now, **given})
    if wanted == budget:
        raise UsageProblemError(
            "That is the budget which the sweep has. Nothing was run.",
            f"For example, in a terminal: {extend_command(sweep_id, budget)}",
        )
    _check_room(sweep_id, wanted, took)
    return wanted


def typed(text: str, budget: Budget) -> SweepOptions:
    """The limits that a person typed, as ``64``, ``2 hours`` or ``1,000 trials, 8 GPU-hours``; a
    number alone is of the first limit that ``budget`` has. Raises UsageProblemError where they are
    none, or one is told twice."""
    first = next(iter(budget_record(budget)), "trials")
    given: dict[str, float] = {}
    for part in re.split(r"\s*(?:,\s|;|\band\b)\s*", text.strip().casefold()):
        found = _LIMIT.fullmatch(part)
        unit = found[2].replace("-", " ") if found else ""
        kind = _UNITS.get(unit, "") if unit else first
        value = float(found[1].replace(",", "")) if found else math.inf
        whole = kind != "trials" or value.is_integer()
        if not kind or kind in given or not math.isfinite(value) or not whole:
            raise UsageProblemError(
                f"“{one_line(part)[:40]}” is no limit of a sweep. Nothing was run.",
                "For example: 64 trials, or 2 hours, or 8 GPU-hours.",
            )
        given[kind] = value
    trials = int(given["trials"]) if "trials" in given else None
    return SweepOptions(trials=trials, hours=given.get("hours"), gpu_hours=given.get("gpu_hours"))


def twice(budget: Budget) -> str:
    """What ``typed`` takes for a budget twice as large; trials alone are a number."""
    limits = budget_record(budget)
    if [*limits] == ["trials"]:
        return str(2 * budget.trials)
    return ", ".join(f"{2 * value:.15g} {_TYPED[kind]}" for kind, value in limits.items())


def _unlimited(
    sweep_id: str, spec: SweepSpec, budget: Budget, kind: str, value: float
) -> UsageProblemError:
    """The refusal to limit a sweep where it has no limit: no number is more than that."""
    limits = budget_record(budget)
    raised = f"{extend_command(sweep_id, budget)} raises one that it has; " if limits else ""
    return UsageProblemError(
        f"The sweep has no limit of {_WORDS[kind]}, and a limit is not more than none. Nothing was "
        "run.",
        f"In a terminal: {raised}researchdesk sweep start FILE --{kind.replace('_', '-')} "
        f"{value:g} --seed {spec.seed + 1} begins one of its own that has it.",
    )


def is_larger(one: Budget, other: Budget) -> bool:
    """Whether ``one`` allows more of anything than ``other``."""
    ours, theirs = asdict(one), asdict(other)
    return any(theirs[kind] and (not ours[kind] or ours[kind] > theirs[kind]) for kind in _KINDS)


def extend_command(sweep_id: str, now: Budget, wanted: Budget | None = None) -> str:
    """The command that makes the sweep's budget larger: to ``wanted``, where that only raises
    limits that there are, or else twice as large."""
    ours = asdict(now)
    theirs = asdict(wanted) if wanted else {}
    wanted_now = {kind: value for kind, value in theirs.items() if value != ours[kind]}
    if not all(value > ours[kind] > 0 for kind, value in wanted_now.items()) or not wanted_now:
        wanted_now = {kind: 2 * value for kind, value in ours.items() if value}
    options = [
        f"--{kind.replace('_', '-')} {value:g}" for kind, value in wanted_now.items() if value
    ]
    return " ".join(["researchdesk sweep extend", sweep_id, *options])


def budget_record(budget: Budget) -> dict[str, float]:
    """The limits that there are, for an event."""
    return {kind: value for kind, value in asdict(budget).items() if value}


def more_words(sweep: SweepSummary) -> str:
    """How there is more of a sweep that came to its end."""
    if size := _through(sweep):
        return (
            f"Its grid has {size} points, and all are done: a finer grid is a sweep of its own, "
            "with more `points` or `values` in its file."
        )
    return f"For more of it: {extend_command(sweep.id, sweep.budget)}"


def _through(sweep: SweepSummary) -> int:
    """How many points the grid has, where all are done; else 0."""
    size = grid_size(sweep.spec) or 0
    return size if spent(sweep, 0.0).trials >= size else 0


def _check_grid(sweep: SweepSummary) -> None:
    if size := _through(sweep):
        raise UsageProblemError(
            f"The grid has {size} points, and all are done. Nothing was run.",
            "A finer grid is a sweep of its own: more `points` or `values` in its file.",
        )


def _check_room(sweep_id: str, budget: Budget, took: Spent) -> None:
    told = asdict(took)
    for kind, limit in budget_record(budget).items():
        if told[kind] >= limit:
            raise UsageProblemError(
                f"The sweep took {told[kind]:.3g} {_WORDS[kind]} of {limit:g} already, so that "
                "nothing would be run.",
                f"Make that limit larger as well; in a terminal: researchdesk sweep extend "
                f"{sweep_id} --{kind.replace('_', '-')} with a larger number.",
            )
