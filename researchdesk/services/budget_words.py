"""What is said of several curves together."""

from collections.abc import Sequence

from researchdesk.domain.budget_curves import BudgetComparison, BudgetCurve, budget_words


def comparison_words(found: BudgetComparison, curves: Sequence[BudgetCurve]) -> str:
    """From which budget on one of the two is better, as a sentence."""
    labels = {curve.source.sweep: curve.label for curve in curves}
    first, second = labels[found.first], labels[found.second]
    earlier = [one for one in found.stretches[:-1] if one.better]
    parts = [
        f"{labels[one.better]} is better from {budget_words(one.first, found.against)} to "
        f"{budget_words(one.last, found.against)}"
        for one in earlier
    ]
    if found.better and found.from_on is not None:
        on = budget_words(found.from_on, found.against)
        parts.append(f"{labels[found.better]} is better from {on} on")
    if not parts:
        return (
            f"At no budget are {first} and {second} apart by more than the band of the difference."
        )
    return (
        f"Of {first} and {second}, {', and '.join(parts)}; else they are within the band of the "
        "difference, which is too narrow too where all was spent."
    )


def shared_notes(curves: Sequence[BudgetCurve]) -> list[str]:
    """The notes of all curves, each once; what is said of some only names them."""
    found = list(dict.fromkeys(note for curve in curves for note in curve.notes))
    lines = []
    for note in found:
        of = [curve.label for curve in curves if note in curve.notes]
        lines.append(note if len(of) == len(curves) else f"{', '.join(of)}: {note}")
    return lines
