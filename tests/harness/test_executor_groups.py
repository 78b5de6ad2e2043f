"""Seeds that share a process: measured together, planned by measuring, and tried again alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.recipe_maker import write_recipe
from support.small_experiment import write_fit
from support.step_lines import logged

from researchdesk.domain.recipes import Limits
from researchdesk.domain.runs import Task
from researchdesk.errors import DeskError
from researchdesk.harness.executor import execute
from researchdesk.harness.jobs import ArmSetup, Plan
from researchdesk.harness.planning import shape_of

SETTINGS = {"lr": 0.05, "batch_size": 8, "steps": 40}
Said = tuple[str, Task | None, Mapping[str, Any]]


class Clock:
    """Goes on by so many seconds at each look."""

    def __init__(self, pace: float) -> None:
        self.now, self._pace = 0.0, pace

    def __call__(self) -> float:
        self.now += self._pace
        return self.now


def plan_of(folder: Path, recipe: Path, tasks: Sequence[Task], **more: Any) -> Plan:
    given: dict[str, Any] = {"jobs": 1, "arms": {"ours": ArmSetup(SETTINGS)}} | more
    return Plan(
        recipe,
        tasks,
        log=folder / "run" / "stdout.log",
        cache=folder / "cache",
        shape=shape_of(recipe / "experiment.py"),
        **given,
    )


def run(plan: Plan, **more: Any) -> list[Said]:
    plan.folder.mkdir(exist_ok=True)
    events: list[Said] = []
    assert execute(
        plan, lambda *said: events.append(said), lambda: False, lambda engine: None, **more
    )
    return events


def of(events: Sequence[Said], kind: str) -> dict[Task, Mapping[str, Any]]:
    return {task: data for found, task, data in events if found == kind and task}


def seeds(count: int, vary: str = "") -> list[Task]:
    return [Task("ours", seed, vary) for seed in range(count)]


def test_measure_seeds_gets_all_seeds_of_a_process_at_once(tmp_path: Path) -> None:
    recipe = write_recipe(
        tmp_path,
        """
        import os
        def measure_seeds(runs):
            for step in range(3):
                for run in runs:
                    run.log(step, loss=run.seed + step)
            for run in runs:
                run.result(together=len(runs), process=os.getpid(), score=run.seed)
        """,
    )
    events = run(plan_of(tmp_path, recipe, seeds(5), jobs=2))
    found = of(events, "seed_finished")
    assert [found[task]["metrics"]["together"] for task in seeds(5)] == [3, 3, 3, 2, 2]
    assert [found[task]["metrics"]["score"] for task in seeds(5)] == [0, 1, 2, 3, 4]
    assert len({data["metrics"]["process"] for data in found.values()}) == 2
    assert set(of(events, "seed_started")) == set(seeds(5))


@pytest.mark.slow
def test_a_seed_that_ends_a_shared_process_fails_alone(tmp_path: Path) -> None:
    recipe = write_recipe(
        tmp_path,
        """
        import os
        def measure_seeds(runs):
            for run in runs:
                if run.seed == 1:
                    os._exit(7)
                run.result(score=run.seed, together=len(runs))
        """,
    )
    events = run(plan_of(tmp_path, recipe, seeds(4)))
    assert "exit code 7" in of(events, "seed_failed")[Task("ours", 1)]["error"]
    finished = of(events, "seed_finished")
    assert set(finished) == {Task("ours", seed) for seed in (0, 2, 3)}
    assert {data["metrics"]["together"] for data in finished.values()} == {1}


@pytest.mark.slow
def test_batched_seeds_give_the_numbers_of_seeds_alone(tmp_path: Path) -> None:
    recipe = write_fit(tmp_path / "recipes", batchable=True)
    together = run(plan_of(tmp_path, recipe, seeds(5)))
    alone = run(plan_of(tmp_path / "alone", recipe, seeds(2))) if _made(tmp_path / "alone") else []
    (planned,) = (data for kind, _, data in together if kind == "run_planned")
    speeds = planned["seed_steps_per_s"]
    assert speeds["sequential"] > 0
    assert speeds["batched"] > 0
    assert planned["batched"] is (speeds["batched"] > 1.1 * speeds["sequential"])
    a, b = of(together, "seed_finished"), of(alone, "seed_finished")
    assert set(a) == set(seeds(5))
    for task in seeds(2):
        assert a[task]["metrics"] == pytest.approx(b[task]["metrics"], rel=1e-4)
    assert a[Task("ours", 0)]["metrics"] != a[Task("ours", 1)]["metrics"]


def _made(folder: Path) -> bool:
    folder.mkdir()
    return True


@pytest.mark.slow
def test_every_step_is_on_disk_whoever_shares_the_process(tmp_path: Path) -> None:
    recipe = write_fit(tmp_path / "recipes", batchable=True)
    plan = plan_of(tmp_path, recipe, seeds(4), jobs=2)
    run(plan)
    assert {logged(plan.folder, task) >= 40 for task in seeds(4)} == {True}


def test_the_check_trains_twice(tmp_path: Path) -> None:
    recipe = write_fit(tmp_path / "recipes")
    events = run(plan_of(tmp_path, recipe, seeds(1), check_twice=True))
    kind, _, check = events[0]
    assert (kind, check["arm"], check["ok"]) == ("check", "ours", True)
    assert check["name"] == "same seed, same result"
    assert Task("ours", 0) in of(events, "seed_finished")


def test_the_check_finds_what_no_seed_rules(tmp_path: Path) -> None:
    unruly = """
    def augment(self, batch, run):
        return batch[0] + int.from_bytes(os.urandom(2), "big") / 1e6, batch[1]
"""
    recipe = write_fit(tmp_path / "recipes", more=unruly)
    events = run(plan_of(tmp_path, recipe, seeds(1), check_twice=True))
    (check,) = (data for kind, _, data in events if kind == "check")
    assert check["ok"] is False
    assert check["message"]
    assert Task("ours", 0) in of(events, "seed_finished")


@pytest.mark.slow
def test_a_check_that_ends_its_process_is_none_and_the_seeds_run(tmp_path: Path) -> None:
    deadly = """
    def augment(self, batch, run):
        if not os.path.exists(run.settings["mark"]):
            open(run.settings["mark"], "w").close()
            os._exit(9)
        return batch
"""
    recipe = write_fit(tmp_path / "recipes", more=deadly)
    arms = {"ours": ArmSetup({**SETTINGS, "mark": str(tmp_path / "mark")})}
    events = run(plan_of(tmp_path, recipe, seeds(2), arms=arms, check_twice=True))
    (check,) = (data for kind, _, data in events if kind == "check")
    assert (check["ok"], "exit code 9" in check["message"]) == (None, True)
    assert set(of(events, "seed_finished")) == set(seeds(2))


def test_drawn_settings_and_varied_sources_reach_their_seed(tmp_path: Path) -> None:
    recipe = write_recipe(
        tmp_path,
        """
        def measure(run):
            drawn = {"init": run.stream("init"), "order": run.stream("order")}
            return {"lr": run.settings["lr"], "vary": len(run.vary), **drawn}
        """,
    )
    tasks = [*seeds(2), *seeds(2, "init"), *seeds(2, "hyper")]
    drawn = {task: {"lr": 0.1 + task.seed} for task in tasks if task.vary == "hyper"}
    events = run(plan_of(tmp_path, recipe, tasks, drawn=drawn))
    found = {task: data["metrics"] for task, data in of(events, "seed_finished").items()}
    assert set(found) == set(tasks)
    assert found[Task("ours", 1, "hyper")]["lr"] == pytest.approx(1.1)
    assert found[Task("ours", 1)]["lr"] == SETTINGS["lr"]
    zero, one = found[Task("ours", 0, "init")], found[Task("ours", 1, "init")]
    assert zero["order"] == one["order"]
    assert zero["init"] != one["init"]
    started = of(events, "seed_started")
    assert started[Task("ours", 1, "hyper")]["settings"] == {"lr": 1.1}


@pytest.mark.slow
def test_a_seed_over_its_time_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    recipe = write_recipe(
        tmp_path,
        """
        import time
        def measure(run):
            while run.seed == 0:
                time.sleep(0.01)
            return {"score": 1}
        """,
    )
    plan = plan_of(tmp_path, recipe, seeds(2), limits=Limits(minutes=0.2))
    events = run(plan, clock=Clock(1.0))
    error = of(events, "seed_failed")[Task("ours", 0)]["error"]
    assert error == "It took longer than the recipe's limit of 0.2 minutes a seed."
    assert Task("ours", 1) in of(events, "seed_finished")


def test_numbers_that_stop_being_finite_are_told_with_their_step(tmp_path: Path) -> None:
    recipe = write_fit(tmp_path / "recipes")
    arms = {"ours": ArmSetup({**SETTINGS, "lr": 1e30})}
    plan = plan_of(tmp_path, recipe, seeds(1), arms=arms)
    events = run(plan)
    data = of(events, "seed_failed")[Task("ours", 0)]
    assert data["step"] > 0
    assert Path(data["checkpoint"]).is_file()
    assert str(data["step"]) in data["error"]


def test_a_full_disk_stops_the_run_with_words(tmp_path: Path) -> None:
    recipe = write_recipe(
        tmp_path,
        """
        import resource, signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        def measure(run):
            resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
            for step in range(100):
                run.log(step, loss=step)
            return {"score": 1}
        """,
    )
    plan = plan_of(tmp_path, recipe, seeds(2))
    with pytest.raises(DeskError, match="The disk is full") as caught:
        run(plan)
    assert caught.value.exit_code == 6
    assert "goes on from there" in caught.value.hint
