"""What a sweep may take: compared, and made larger."""

from collections.abc import Mapping
from dataclasses import asdict

from researchdesk.domain.sampling import grid_size
from researchdesk.domain.sweeps import Budget, Search, SweepSummary
from researchdesk.errors import UsageProblemError
from researchdesk.services.sweep_making import SweepOptions
from researchdesk.services.sweep_pages import spent

_KINDS = ("trials", "hours", "gpu_hours")
_WORDS = {"trials": "trials", "hours": "hours by the clock", "gpu_hours": "GPU-hours"}


def extended(sweep: SweepSummary, more: SweepOptions, gpus: float = 0.0) -> Budget:
    """The sweep's budget with what ``more`` says in its place.

    Raises UsageProblemError where that is not larger, where the sweep took another limit of it
    already, and where its grid is through.
    """
    given = {kind: getattr(more, kind) for kind in _KINDS if getattr(more, kind) is not None}
    if not given:
        raise UsageProblemError(
            "How much larger? Nothing was run.",
            "Say the whole budget, as `--trials 64`, `--hours 2` or `--gpu-hours 8`.",
        )
    now = asdict(sweep.budget)
    for kind, value in given.items():
        if not now[kind] or value < now[kind]:
            limit = f"{now[kind]:g}" if now[kind] else "no limit of them"
            raise UsageProblemError(
                f"The sweep's budget of {_WORDS[kind]} is {limit}, and {value:g} is not more. "
                "Nothing was run.",
                "Give a larger number: it is the whole budget, not what is added.",
            )
    budget = Budget(**{**now, **given})
    if budget == sweep.budget:
        raise UsageProblemError(
            "That is the budget which the sweep has. Nothing was run.",
            f"For example: {extend_command(sweep.id, sweep.budget)}",
        )
    _check_room(sweep, budget, gpus)
    return budget


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


def _check_room(sweep: SweepSummary, budget: Budget, gpus: float) -> None:
    size = grid_size(sweep.spec) if sweep.spec.search is Search.GRID else None
    if size is not None and len(sweep.trials) >= size:
        raise UsageProblemError(
            f"The grid has {size} points, and all of them were tried. Nothing was run.",
            "A finer grid is a sweep of its own: more `points` or `values` in its file.",
        )
    took: Mapping[str, float] = asdict(spent(sweep, gpus))
    for kind, limit in budget_record(budget).items():
        if took[kind] >= limit:
            raise UsageProblemError(
                f"The sweep took {took[kind]:.3g} {_WORDS[kind]} of {limit:g} already, so that "
                "nothing would be run.",
                f"Extend that limit as well: --{kind.replace('_', '-')} with a larger number.",
            )
