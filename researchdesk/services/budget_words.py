"""What is said of several curves together."""

from collections.abc import Sequence

from researchdesk.domain.budget_curves import (
    Against,
    BudgetComparison,
    BudgetCurve,
    Stretch,
    budget_words,
)
from researchdesk.harness.statistics.budget_differences import LEAST

_LARGEST = "at most a quarter of what the smaller one spent, beyond which resamples tell too little"
_BAND = (
    "the 95 % band of the difference, which is drawn for all these budgets at once (the wider of "
    "permutations of trials between the two, and of a bootstrap)"
)


def comparison_words(found: BudgetComparison, curves: Sequence[BudgetCurve]) -> str:
    """At which budgets one of the two is better, and how that is known, as sentences. Of sweeps
    that may have been measured on different validation parts it is told which found better values,
    and not that it is better."""
    labels = {curve.source.sweep: curve.label for curve in curves}
    both = f"{labels[found.first]} and {labels[found.second]}"
    if found.up_to is None:
        return (
            f"Of {both} neither is called the better one: that takes {LEAST} trials of each, and a "
            f"budget of {_LARGEST}."
        )
    up_to = budget_words(found.up_to, found.against)
    judged = f"Budgets are judged up to {up_to} only, {_LARGEST}."
    judged += "" if found.one_part else f" {_own_parts(found)}"
    is_better = "is better" if found.one_part else "found better values"
    parts = [
        f"{labels[one.better]} {is_better} {_stretch(one, found)}"
        for one in found.stretches
        if one.better
    ]
    if not parts:
        return f"At no budget up to {up_to} are {both} apart by more than {_BAND}. {judged}"
    return f"Of {both}, {', and '.join(parts)}; else they are within {_BAND}. {judged}"


def _stretch(one: Stretch, found: BudgetComparison) -> str:
    first, last = (budget_words(at, found.against) for at in (one.first, one.last))
    unit = "" if found.against is not Against.TRIALS else " trial" if one.last == 1 else " trials"
    return f"at {first}{unit}" if first == last else f"from {first} to {last}{unit}"


def _own_parts(found: BudgetComparison) -> str:
    first, second = found.seeds
    return (
        f"Their seeds differ ({first} and {second}): where the recipe cuts its data by the seed, "
        "each was measured on a validation part of its own, and what lies between them may be of "
        "the parts and not of the searches. Hence neither is called the better one; sweeps with "
        "one seed share the part."
    )


def legend(curves: Sequence[BudgetCurve]) -> list[str]:
    """Which sweep each letter stands for; empty where the labels are the sweeps' own names."""
    return [
        f"{curve.label} is {curve.source.words}."
        for curve in curves
        if curve.label not in (curve.source.name, curve.source.sweep)
    ]


def shared_notes(curves: Sequence[BudgetCurve]) -> list[str]:
    """The notes of all curves, each once; what is said of some only names them."""
    found = list(dict.fromkeys(note for curve in curves for note in curve.notes))
    lines = []
    for note in found:
        of = [curve.label for curve in curves if note in curve.notes]
        lines.append(note if len(of) == len(curves) else f"{', '.join(of)}: {note}")
    return lines
