"""Pictures of what the budget of sweeps bought, for a paper."""

from researchdesk.domain.budget_curves import Against
from researchdesk.errors import UsageProblemError
from researchdesk.export.plots.budgets import budget_figure
from researchdesk.export.plots.style import LOOKS
from researchdesk.services.budget_sweeps import SweepCurves
from researchdesk.services.budget_words import comparison_words, legend, shared_notes
from researchdesk.services.run_figures import RunFigure

_BAND = "95 % bootstrap band"
_AGAINST = {
    Against.TRIALS: "the number of trials",
    Against.TIME: "the time of trials one after another",
    Against.GPU_HOURS: "GPU-hours of trials one after another",
}


def picture(found: SweepCurves, width: str = "column") -> RunFigure:
    """The curves in one picture. Raises UsageProblemError for curves of other metrics."""
    curves = found.curves
    metrics = list(dict.fromkeys((curve.metric, curve.better) for curve in curves))
    if len(metrics) > 1:
        raise UsageProblemError(
            f"These sweeps are chosen by {', '.join(name for name, _ in metrics)}: one picture has "
            "one metric.",
            "Draw them one by one.",
        )
    banded = any(point.low is not None for curve in curves for point in curve.points)
    figure = budget_figure(curves, LOOKS[width], over=_BAND if banded else "")
    metric, against = curves[0].metric, _AGAINST[curves[0].against]
    told = "Expected best" if all(curve.expected for curve in curves) else "Best"
    notes = shared_notes(curves)
    if any(curve.points[-1].by_average is not None for curve in curves):
        notes.append("The dotted line is by the average duration.")
    compared = [comparison_words(one, curves) for one in found.comparisons]
    caption = " ".join([f"{told} {metric} against {against}.", *legend(curves), *notes, *compared])
    sources = tuple(curve.source for curve in curves)
    return RunFigure("budget", width, f"{metric} against {against}", caption, sources, figure)
