"""Two runs side by side: what they were set to, made with, measured, and said of the claims."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from researchdesk.domain.runs import RunSummary
from researchdesk.domain.seeding import ALL
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.harness.statistics.samples import sample
from researchdesk.services.desk import Desk
from researchdesk.services.reports import Report, report_of

_NOT_SET = frozenset({"changed_on_resume", "cpus", "jobs"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing of two runs. None where a run has it not."""

    name: str
    a: Any
    b: Any

    @property
    def same(self) -> bool:
        return bool(self.a == self.b)


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric over the seeds that finished: ``sd`` is the sample's (n - 1), None for one seed."""

    n: int
    mean: float
    sd: float | None


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Two runs. ``config`` and ``environment`` hold what differs, the others all there is.

    ``config``: recipe, seeds, device, data, and every arm's settings. ``claims``: name is the
    claim's id, values are ClaimResult. ``metrics``: name is ``arm/metric``, values are Figure.
    """

    a: RunSummary
    b: RunSummary
    config: tuple[Difference, ...]
    environment: tuple[Difference, ...]
    claims: tuple[Difference, ...]
    metrics: tuple[Difference, ...]


def compare(desk: Desk, a: str, b: str) -> RunComparison:
    """Compare two runs by their ids. Raises NotOnDeskError."""
    one, other = report_of(desk, a), report_of(desk, b)
    return RunComparison(
        one.run,
        other.run,
        _differing(one, other, _config),
        _differing(one, other, _environment),
        _side_by_side(_claims(one), _claims(other)),
        _side_by_side(_metrics(one.run), _metrics(other.run)),
    )


def _differing(
    one: Report, other: Report, told: Callable[[Report], Mapping[str, Any]]
) -> tuple[Difference, ...]:
    return tuple(row for row in _side_by_side(told(one), told(other)) if not row.same)


def _side_by_side(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[Difference, ...]:
    return tuple(Difference(name, a.get(name), b.get(name)) for name in {**a, **b})


def _config(report: Report) -> dict[str, Any]:
    run, recipe = report.run, report.recipe
    found: dict[str, Any] = {
        "recipe": run.recipe,
        "recipe's files (SHA-256)": run.recipe_digest[:12],
        "quick": run.quick,
        "device asked for": run.device,
    }
    for arm in recipe.arms:
        tasks = [task for task in run.tasks if task.arm == arm.name]
        found[f"{arm.name}: seeds"] = len({(task.seed, task.vary) for task in tasks})
        settings = {**arm.settings, **(arm.quick if run.quick else {})}
        found |= {f"{arm.name}: {name}": value for name, value in settings.items()}
    found["varied"] = ", ".join(sorted({task.vary for task in run.tasks if task.vary}))
    found |= {f"data {name}": taken for name, taken in run.data.items()}
    return found | {f"{arm} cannot be run": why for arm, why in run.missing.items()}


def _environment(report: Report) -> dict[str, Any]:
    return _flat({k: v for k, v in report.environment.items() if k not in _NOT_SET})


def _flat(table: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = value
    return found


def _claims(report: Report) -> dict[str, ClaimResult]:
    return {result.claim_id: result for result in report.claims}


def _metrics(run: RunSummary) -> dict[str, Figure]:
    values: dict[str, list[float]] = {}
    for result in run.results:
        if result.task.vary in ("", ALL):
            for name, value in result.metrics.items():
                values.setdefault(f"{result.task.arm}/{name}", []).append(float(value))
    return {name: _figure(found) for name, found in values.items()}


def _figure(values: list[float]) -> Figure:
    n = len(values)
    if not all(map(math.isfinite, values)):
        return Figure(n, math.nan, None)
    of = sample(values)
    return Figure(n, of.mean, of.sd if n > 1 else None)
