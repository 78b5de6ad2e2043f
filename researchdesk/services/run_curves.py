"""What the seeds of a run logged, step by step."""

from bisect import bisect_right
from dataclasses import dataclass

from researchdesk.domain.runs import RunSummary, Task
from researchdesk.domain.seeding import ALL
from researchdesk.errors import NotOnDeskError
from researchdesk.harness.steps import Curve, curves_of
from researchdesk.harness.steps import Step as Step
from researchdesk.harness.steps import steps_of as _steps_of
from researchdesk.services.desk import Desk
from researchdesk.services.runs import store_of

_PLACES = 24
_MOST_SEEDS = 20


@dataclass(frozen=True, slots=True)
class ArmCurve:
    """A metric of an arm over its steps: how it began, its lowest and highest, and its end.

    Each is the mean over the seeds of that point; ``first`` and ``last`` with their steps.
    ``shape`` are means over the seeds at about even distances, for a small picture.
    """

    arm: str
    metric: str
    seeds: int
    first: tuple[int, float]
    last: tuple[int, float]
    low: float
    high: float
    shape: tuple[float, ...]


def steps_of(desk: Desk, run_id: str, task: Task) -> list[Step]:
    """Every logged step of a seed. Raises NotOnDeskError where there is no such run, or no step."""
    return _steps_of(store_of(desk).folder_of(run_id), _task_of(store_of(desk).get(run_id), task))


def arm_curves(desk: Desk, run: RunSummary) -> list[ArmCurve]:
    """A summary of each arm's curves, over those of its first 20 seeds that logged any."""
    folder = store_of(desk).folder_of(run.id)
    found: dict[tuple[str, str], list[Curve]] = {}
    for task in run.tasks:
        if task.vary in ("", ALL) and task.seed < _MOST_SEEDS:
            for metric, curve in curves_of(folder, task).items():
                found.setdefault((task.arm, metric), []).append(curve)
    return [_arm_curve(arm, metric, curves) for (arm, metric), curves in found.items()]


def _arm_curve(arm: str, metric: str, curves: list[Curve]) -> ArmCurve:
    begin, end = (min(curve[0][0] for curve in curves), max(curve[-1][0] for curve in curves))
    places = [begin + (end - begin) * place / (_PLACES - 1) for place in range(_PLACES)]
    return ArmCurve(
        arm,
        metric,
        len(curves),
        (begin, _mean([curve[0][1] for curve in curves])),
        (end, _mean([curve[-1][1] for curve in curves])),
        _mean([min(value for _, value in curve) for curve in curves]),
        _mean([max(value for _, value in curve) for curve in curves]),
        tuple(_mean([_at(curve, place) for curve in curves]) for place in places),
    )


def _at(curve: Curve, step: float) -> float:
    """The last value not after ``step``; the first where there is none."""
    return curve[max(0, bisect_right(curve, step, key=lambda point: point[0]) - 1)][1]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _task_of(run: RunSummary, task: Task) -> Task:
    if task not in run.tasks:
        seeds = [_seed(one) for one in run.tasks if one.arm == task.arm]
        known = ", ".join(sorted({one.arm for one in run.tasks}))
        raise NotOnDeskError(
            f"The run {run.id} has no {task.arm} seed {_seed(task)}.",
            f"Seeds of {task.arm}: {', '.join(seeds)}." if seeds else f"Arms: {known}.",
        )
    return task


def _seed(task: Task) -> str:
    """A seed as one asks for it: 3, or 3.init."""
    return f"{task.seed}.{task.vary}" if task.vary else str(task.seed)
