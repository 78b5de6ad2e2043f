"""Pages of runs for a terminal or a pipe: two compared, and curves in short."""

import math
from collections.abc import Sequence
from typing import Any

from researchdesk.cli import output
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.services.comparing import Difference, Figure, RunComparison
from researchdesk.services.run_curves import ArmCurve

_BARS = "▁▂▃▄▅▆▇█"
_LONGEST = 60


def comparison_record(found: RunComparison) -> dict[str, Any]:
    """Two runs as JSON has them."""
    return {
        "runs": [
            {"id": run.id, "state": run.state, "verdict": run.verdict} for run in (found.a, found.b)
        ],
        "config": found.config,
        "environment": found.environment,
        "claims": [
            {"id": row.name, "a": _claim(row.a), "b": _claim(row.b)} for row in found.claims
        ],
        "metrics": found.metrics,
    }


def print_comparison(found: RunComparison) -> None:
    """What differs in settings and environment, then claims and metrics side by side."""
    for side, run in (("A", found.a), ("B", found.b)):
        output.emit(f"{side}  {run.id}  {run.state.value}  {run.verdict or 'untested'}")
    _section("settings that differ", found.config, _plainly)
    _section("environment that differs", found.environment, _plainly)
    _section("claims", found.claims, _verdict)
    _section("metrics, mean ± sd over seeds", found.metrics, _figure)


def print_retries(run: RunSummary) -> None:
    """The seeds that were tried again, how often, and why."""
    if not run.retries:
        return
    output.emit()
    done = {result.task for result in run.results}
    rows = [
        (
            task.arm,
            f"{task.seed}.{task.vary}" if task.vary else str(task.seed),
            str(len(reasons) + 1),
            "done" if task in done else "failed" if task in run.failures else "at it",
            run.nodes.get(task, ""),
            "; ".join(dict.fromkeys(one_line(reason) for reason in reasons)),
        )
        for task, reasons in run.retries.items()
    ]
    output.emit_table(("arm", "seed", "tries", "now", "node", "tried again because"), rows)


def print_curves(curves: Sequence[ArmCurve]) -> None:
    """Each arm's curves: first and last value, the picture between, means over the seeds."""
    if not curves:
        return
    output.emit()
    rows = [
        (
            curve.arm,
            curve.metric,
            str(curve.seeds),
            f"{curve.first[1]:.4g} at {curve.first[0]}",
            f"{curve.last[1]:.4g} at {curve.last[0]}",
            f"{curve.low:.4g} … {curve.high:.4g}",
            spark(curve.shape),
        )
        for curve in curves
    ]
    output.emit_table(("arm", "metric", "seeds", "first", "last", "range", "curve"), rows)


def spark(values: Sequence[float]) -> str:
    """The values as a row of bars; ``·`` where one is not finite."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return "·" * len(values)
    low, height = min(finite) / 2, max(finite) / 2 - min(finite) / 2  # half: whole may be infinite
    top = len(_BARS) - 1
    return "".join(
        _BARS[round(top * ((value / 2 - low) / height)) if height else 0]
        if math.isfinite(value)
        else "·"
        for value in values
    )


def _section(title: str, rows: Sequence[Difference], told: Any) -> None:
    output.emit(f"\n{title}")
    if not rows:
        output.emit("  none")
        return
    output.emit_table(("", "A", "B"), [(row.name, told(row.a), told(row.b)) for row in rows])


def _plainly(value: Any) -> str:
    text = "–" if value is None else " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _verdict(result: ClaimResult | None) -> str:
    if result is None:
        return "–"
    measured = "" if result.mean is None else f" ({result.mean:.4g}, n {result.n})"
    return f"{result.verdict.value}{measured}"


def _figure(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    spread = "" if figure.sd is None else f" ± {figure.sd:.2g}"
    return f"{figure.mean:.4g}{spread} (n {figure.n})"


def _claim(result: ClaimResult | None) -> dict[str, Any] | None:
    if result is None:
        return None
    return {
        "verdict": result.verdict,
        "mean": result.mean,
        "sd": result.sd,
        "n": result.n,
        "why": result.why,
    }
