"""How the seeds are given to workers: one by one, or several in one process.

Where several seeds can be trained batched in one process, which way is quicker is measured on the
machine, before the seeds begin.
"""

import ast
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from researchdesk.domain.runs import Task
from researchdesk.domain.seeding import HYPER
from researchdesk.harness.events import number_of
from researchdesk.harness.jobs import LADDER, MEASURE, PLAN, TWICE, ArmSetup, Job, Plan, Shape
from researchdesk.harness.recipes import experiments

LEAST_TO_PLAN = 4
_MOST_TO_MEASURE = 8
_WORTH_IT = 1.1


def shape_of(experiment: Path) -> Shape:
    """What an ``experiment.py`` offers, read off its text: its code is not run here.

    It is batchable where a class of it says ``batchable = True``.
    """
    found = experiments.shape_of(experiment)
    if not found.experiments:
        return Shape(measure_seeds="measure_seeds" in found.functions)
    tree = ast.parse(experiment.read_text(encoding="utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    batchable = any(_says_batchable(line) for node in classes for line in node.body)
    return Shape(experiment=True, batchable=batchable)


def first_jobs(plan: Plan) -> list[Job]:
    """The jobs to begin with: checks, then measuring which way is quicker, then the seeds."""
    by_arm: dict[str, list[Task]] = {}
    for task in plan.tasks:
        by_arm.setdefault(task.arm, []).append(task)
    jobs = _check(plan, by_arm)
    for arm, tasks in by_arm.items():
        if plan.together:
            jobs += chunks(tasks, plan.together)
        elif _can_share(plan, arm, tasks) and plan.shape.measure_seeds:
            jobs += grouped(tasks, plan.jobs)
        elif _can_share(plan, arm, tasks) and arm in plan.batched:
            jobs += grouped(tasks, plan.jobs) if plan.batched[arm] else single(tasks)
        elif _can_share(plan, arm, tasks) and len(tasks) >= LEAST_TO_PLAN:
            size = min(group_size(len(tasks), plan.jobs), _MOST_TO_MEASURE)
            jobs.append(Job(PLAN, arm, tuple(tasks[:size])))
        else:
            jobs += single(tasks)
    return jobs


def planned_jobs(
    arm: str, tasks: Sequence[Task], jobs: int, answer: Mapping[str, Any]
) -> tuple[list[Job], dict[str, Any]]:
    """The jobs of an arm whose ways were measured, and what to say of the choice.

    Seeds are batched where that gives the same numbers and is quicker by a tenth at least.
    """
    sequential = float(number_of(answer.get("sequential")) or 0.0)
    batched = float(number_of(answer.get("batched")) or 0.0)
    takes_batched = answer.get("same") is True and batched > _WORTH_IT * sequential
    size = group_size(len(tasks), jobs)
    data = {
        "arm": arm,
        "plan": f"{arm}: {size} seeds batched in a process"
        if takes_batched
        else f"{arm}: one by one",
        "batched": takes_batched,
        "seed_steps_per_s": {"sequential": sequential, "batched": batched},
        "processes": min(jobs, len(tasks)),
        "message": str(answer.get("message", "")),
    }
    return (grouped(tasks, jobs) if takes_batched else single(tasks)), data


def single(tasks: Sequence[Task], *, resume: bool = False) -> list[Job]:
    """A job for each seed."""
    return [Job(MEASURE, task.arm, (task,), resume) for task in tasks]


def grouped(tasks: Sequence[Task], jobs: int) -> list[Job]:
    """As many jobs as there are processes, of about as many seeds each."""
    return chunks(tasks, group_size(len(tasks), jobs))


def chunks(tasks: Sequence[Task], size: int) -> list[Job]:
    """Jobs of so many seeds."""
    return [
        Job(MEASURE, tasks[first].arm, tuple(tasks[first : first + size]))
        for first in range(0, len(tasks), size)
    ]


def group_size(seeds: int, jobs: int) -> int:
    return max(1, math.ceil(seeds / max(1, jobs)))


def _can_share(plan: Plan, arm: str, tasks: Sequence[Task]) -> bool:
    """Whether seeds of the arm can be trained together: their settings must be the same."""
    able = plan.shape.measure_seeds or plan.shape.batchable
    drawn = any(task.vary == HYPER for task in tasks)
    return able and plan.arms.get(arm, ArmSetup()).plain and len(tasks) > 1 and not drawn


def _check(plan: Plan, by_arm: Mapping[str, Sequence[Task]]) -> list[Job]:
    if not (plan.check_twice and plan.shape.experiment):
        return []
    own = [arm for arm in by_arm if plan.arms.get(arm, ArmSetup()).plain]
    kinds = [LADDER, TWICE] if plan.ladder_s else [TWICE]
    return [Job(kind, arm, (by_arm[arm][0],)) for arm in own[:1] for kind in kinds]


def _says_batchable(line: ast.stmt) -> bool:
    targets: list[ast.expr] = []
    if isinstance(line, ast.Assign):
        targets = line.targets
    elif isinstance(line, ast.AnnAssign):
        targets = [line.target]
    named = any(isinstance(target, ast.Name) and target.id == "batchable" for target in targets)
    value = getattr(line, "value", None)
    return named and isinstance(value, ast.Constant) and value.value is True
