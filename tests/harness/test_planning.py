"""How seeds are given to workers: alone, in groups, or as measuring says."""

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest

from researchdesk.domain.recipes import Command, Limits
from researchdesk.domain.runs import Task
from researchdesk.domain.seeding import stream_seed
from researchdesk.harness.jobs import ArmSetup, Job, Plan, Shape, job_line
from researchdesk.harness.planning import first_jobs, grouped, planned_jobs, shape_of

SEEDS = tuple(Task("ours", seed) for seed in range(7))
EXPERIMENT = Shape(experiment=True)
BATCHABLE = Shape(experiment=True, batchable=True)
TOGETHER = Shape(measure_seeds=True)


def plan(shape: Shape, tasks: Sequence[Task] = SEEDS, *, jobs: int = 2, **more: object) -> Plan:
    arms = {"ours": ArmSetup({"lr": 0.1})}
    given = {"arms": arms, "shape": shape, **more}
    return Plan(Path("r"), tasks, log=Path("run/log"), jobs=jobs, cache=Path("c"), **given)  # type: ignore[arg-type]


def told(jobs: Sequence[Job]) -> list[tuple[str, tuple[int, ...]]]:
    return [(job.kind, tuple(task.seed for task in job.tasks)) for job in jobs]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("def measure(run): ...", Shape()),
        ("def measure_seeds(runs): ...\ndef measure(run): ...", TOGETHER),
        ("class A(Experiment):\n    pass", EXPERIMENT),
        ("class A(Experiment):\n    batchable = True", BATCHABLE),
        ("class A(Experiment):\n    batchable: ClassVar[bool] = True", BATCHABLE),
        ("class A(Experiment):\n    batchable = False", EXPERIMENT),
        ("class A(Thing):\n    batchable = True\ndef measure(run): ...", Shape()),
        ("def broken(:", Shape()),
    ],
)
def test_the_shape_is_read_off_the_text(tmp_path: Path, text: str, shape: Shape) -> None:
    head = "from researchdesk.harness.training.experiment import Experiment\n"
    (tmp_path / "experiment.py").write_text(head + textwrap.dedent(text), "utf-8")
    assert shape_of(tmp_path / "experiment.py") == shape


def test_plain_seeds_go_one_by_one() -> None:
    assert told(first_jobs(plan(Shape()))) == [("measure", (seed,)) for seed in range(7)]


def test_measure_seeds_gets_a_group_for_each_process() -> None:
    assert told(first_jobs(plan(TOGETHER))) == [
        ("measure", (0, 1, 2, 3)),
        ("measure", (4, 5, 6)),
    ]
    assert told(first_jobs(plan(TOGETHER, jobs=1))) == [("measure", tuple(range(7)))]
    assert told(first_jobs(plan(TOGETHER, SEEDS[:1]))) == [("measure", (0,))]


def test_drawn_settings_part_the_seeds() -> None:
    drawn = tuple(Task("ours", seed, "hyper") for seed in range(4))
    assert [len(job.tasks) for job in first_jobs(plan(TOGETHER, drawn))] == [1, 1, 1, 1]
    assert {job.kind for job in first_jobs(plan(BATCHABLE, drawn))} == {"measure"}


def test_four_seeds_that_can_be_batched_are_planned_by_measuring() -> None:
    assert told(first_jobs(plan(BATCHABLE))) == [("plan", (0, 1, 2, 3))]
    assert told(first_jobs(plan(BATCHABLE, SEEDS[:3]))) == [("measure", (s,)) for s in range(3)]


def test_the_check_is_of_the_first_arm_of_the_recipes_own() -> None:
    tasks = [Task("base", 0), *SEEDS[:2]]
    arms = {"base": ArmSetup(baseline="majority"), "ours": ArmSetup()}
    jobs = first_jobs(plan(EXPERIMENT, tasks, arms=arms, check_twice=True))
    assert told(jobs)[0] == ("twice", (0,))
    assert jobs[0].arm == "ours"
    assert len(jobs) == 4
    assert told(first_jobs(plan(Shape(), check_twice=True)))[0][0] == "measure"


def test_commands_and_baselines_are_never_grouped() -> None:
    command = Command("https://example.org/a/b", "c" * 40, ("run",))
    for setup in (ArmSetup(command=command), ArmSetup(baseline="mlp")):
        jobs = first_jobs(plan(TOGETHER, arms={"ours": setup}))
        assert [len(job.tasks) for job in jobs] == [1] * 7


@pytest.mark.parametrize(
    ("answer", "batched"),
    [
        ({"sequential": 100.0, "batched": 400.0, "same": True}, True),
        ({"sequential": 100.0, "batched": 105.0, "same": True}, False),
        ({"sequential": 100.0, "batched": 400.0, "same": False}, False),
        ({"sequential": 100.0, "batched": 0.0, "same": True}, False),
        ({"sequential": "nan", "batched": None, "same": "yes"}, False),
        ({}, False),
    ],
)
def test_batched_is_taken_where_it_is_the_same_and_quicker(
    answer: dict[str, object], batched: bool
) -> None:
    jobs, said = planned_jobs("ours", SEEDS, 2, answer)
    assert [len(job.tasks) for job in jobs] == ([4, 3] if batched else [1] * 7)
    assert said["batched"] is batched
    assert said["arm"] == "ours"
    assert {task for job in jobs for task in job.tasks} == set(SEEDS)


def test_groups_hold_every_seed_once() -> None:
    for jobs in range(1, 9):
        seeds = [task for job in grouped(SEEDS, jobs) for task in job.tasks]
        assert tuple(seeds) == SEEDS


def test_a_job_is_a_line_of_json() -> None:
    task = Task("ours", 3, "init")
    given = plan(
        Shape(), [task], drawn={task: {"lr": 0.2}}, limits=Limits(2.0, 1.5), data={"d": "d"}
    )
    line = job_line(Job("measure", "ours", (task,), resume=True), given)
    assert line.endswith(b"\n")
    record = json.loads(line)
    (seed,) = record["seeds"]
    assert (seed["seed"], seed["vary"], seed["settings"]) == (3, "init", {"lr": 0.2})
    assert seed["streams"]["init"] == stream_seed("init", 3)
    assert seed["streams"]["order"] == stream_seed("order", 0)
    assert record["resume"] is True
    assert record["settings"] == {"lr": 0.1}
    assert record["limits"] == {"minutes": 2.0, "memory_gb": 1.5}
    assert record["data"] == {"d": "d"}


def test_an_arm_keeps_to_the_way_that_was_chosen_before() -> None:
    batched = first_jobs(plan(BATCHABLE, SEEDS[:3], batched={"ours": True}))
    assert told(batched) == [("measure", (0, 1)), ("measure", (2,))]
    alone = first_jobs(plan(BATCHABLE, batched={"ours": False}))
    assert told(alone) == [("measure", (seed,)) for seed in range(7)]
