"""Words for what stands on the pages of sweeps."""

from collections.abc import Mapping
from typing import Any

from researchdesk.domain.durations import in_words
from researchdesk.domain.sweeps import Budget
from researchdesk.domain.text import one_line
from researchdesk.services.sweep_pages import Spent

_WHOLE = 1e15
"""Whole numbers below this are written with all their digits."""


def number_words(value: float | None) -> str:
    """A measured number with the digits that tell."""
    if value is None:
        return "–"
    whole = float(value).is_integer() and abs(value) < _WHOLE
    return str(int(value)) if whole else f"{value:.4g}"


def settings_words(settings: Mapping[str, Any]) -> str:
    """``lr 0.0312, hidden 128``."""
    return ", ".join(f"{one_line(name)} {_value(value)}" for name, value in settings.items())


def trials_words(count: int) -> str:
    """``1 trial is``, ``3 trials are``."""
    return "1 trial is" if count == 1 else f"{count} trials are"


def budget_words(budget: Budget, spent: Spent, points: int | None = None) -> str:
    """What was taken of each kind of budget, with its limit where there is one. ``points`` are
    those of a grid."""
    trials = (
        f"{spent.trials} of {budget.trials} trials" if budget.trials else (f"{spent.trials} trials")
    )
    if points is not None:
        trials = f"{spent.trials} of {points} points"
        trials += f" (at most {budget.trials})" if 0 < budget.trials < points else ""
    hours = in_words(3600 * spent.hours)
    if budget.hours:
        hours += f" of {in_words(3600 * budget.hours)}"
    parts = [trials, f"{hours} by the clock"]
    if budget.gpu_hours or spent.gpu_hours:
        limit = f" of {budget.gpu_hours:g}" if budget.gpu_hours else ""
        parts.append(f"{spent.gpu_hours:.2g}{limit} GPU-hours")
    return ", ".join(parts)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else one_line(str(value))
