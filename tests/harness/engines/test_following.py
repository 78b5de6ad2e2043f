"""A follower: what an engine's trials come to, whatever happens to them, to it, and to us."""

import threading
from pathlib import Path
from typing import Any

import pytest
from support.follow_bench import Bench, gated
from support.process_engine import mail_of
from support.recipe_maker import write_recipe
from support.small_experiment import write_fit

from researchdesk.domain.runs import Event, Task
from researchdesk.errors import EngineError
from researchdesk.harness.engines.following import Outcome
from researchdesk.harness.executor import execute
from researchdesk.harness.jobs import ArmSetup, Plan
from researchdesk.harness.steps import steps_of


@pytest.mark.slow
def test_trials_that_outlive_us_are_gathered_once_and_one_that_was_lost_is_tried_again(
    tmp_path: Path,
) -> None:
    bench, gate = gated(tmp_path, 2)
    started = threading.Event()

    def second(event: Event) -> None:
        if len(bench.of("metric")) == 2:
            started.set()

    bench.seen["metric"] = second
    assert bench.follow(leave=started.is_set) is Outcome.LEFT
    assert len(bench.engine.submitted) == 2
    lost = bench.of("trial_submitted")[0].data["handle"]
    bench.engine.kill(lost)
    gate.touch()
    assert bench.follow() is Outcome.THROUGH
    assert bench.scores() == {0: 0.5, 1: 1.5}
    assert len(bench.of("seed_finished")) == 2
    (again,) = bench.of("seed_retried")
    assert again.seed == 0
    assert again.data["try"] == 2
    assert "Node: node-1" in again.data["reason"]
    assert [event.seed for event in bench.of("metric")].count(1) == 1
    assert [trial.submission for trial in bench.engine.submitted] == [1, 1, 2]
    assert steps_of(bench.plan.folder, Task("ours", 0)) == [(1, {"loss": 1.0})]
    assert not list((bench.plan.folder / "trials").iterdir())


@pytest.mark.slow
def test_a_trial_that_is_lost_too_often_has_failed_with_the_reason(tmp_path: Path) -> None:
    recipe = write_recipe(
        tmp_path / "recipes",
        """
        import os, signal

        def measure(run):
            os.kill(os.getpid(), signal.SIGKILL)
        """,
    )
    bench = Bench(tmp_path, recipe, ArmSetup(), 1)
    assert bench.follow(retries=1) is Outcome.THROUGH
    (failed,) = bench.of("seed_failed")
    assert "SIGKILL" in failed.data["error"]
    assert "It was tried 2 times." in failed.data["error"]
    assert failed.data["lost"] is True
    assert len(bench.engine.submitted) == 2


@pytest.mark.slow
def test_a_retried_training_goes_on_from_its_checkpoint_and_ends_as_if_nothing_had_been(
    tmp_path: Path,
) -> None:
    arm = ArmSetup({"lr": 0.05, "batch_size": 8, "steps": 12_000, "checkpoint_every": 500})
    bench = Bench(tmp_path, write_fit(tmp_path / "recipes"), arm, 1)

    def kill(event: Event) -> None:
        if event.data.get("step", 0) >= 600:
            bench.seen.clear()
            bench.engine.kill(bench.of("trial_submitted")[0].data["handle"])

    bench.seen["metric"] = kill
    assert bench.follow() is Outcome.THROUGH
    first, second = bench.of("seed_started")
    assert "step" not in first.data
    assert second.data["step"] >= 500
    assert second.data["seconds"] > 0
    alone: list[Any] = []
    local = tmp_path / "local"
    local.mkdir()
    plan = Plan(
        bench.plan.recipe, bench.tasks, bench.plan.arms, local / "stdout.log", 1, tmp_path / "cache"
    )
    assert execute(plan, lambda *said: alone.append(said), lambda: False, lambda found: None)
    (told,) = [data for kind, _, data in alone if kind == "seed_finished"]
    assert bench.of("seed_finished")[0].data["metrics"] == told["metrics"]


@pytest.mark.slow
def test_called_off_trials_end_and_go_on_when_they_are_wanted_again(tmp_path: Path) -> None:
    bench, gate = gated(tmp_path, 1)
    started = threading.Event()
    bench.seen["metric"] = lambda event: started.set()
    assert bench.follow(call_off=started.is_set) is Outcome.CALLED_OFF
    assert bench.of("trial_over")[0].data["fate"] == "cancelled"
    gate.touch()
    assert bench.follow() is Outcome.THROUGH
    assert bench.scores() == {0: 0.5}
    assert bench.engine.submitted[1].submission == 2


@pytest.mark.slow
def test_an_engine_out_of_reach_is_waited_for_and_one_that_forgot_gets_the_trial_anew(
    tmp_path: Path,
) -> None:
    bench, gate = gated(tmp_path, 1)

    def restart(event: Event) -> None:
        if len(bench.engine.submitted) == 1:
            bench.engine.down = True

    def back(event: Event) -> None:
        bench.engine.down = False
        handle = bench.of("trial_submitted")[0].data["handle"]
        bench.engine.forgotten.add(handle)
        bench.engine.kill(handle)

    bench.seen |= {"metric": restart, "engine_lost": back}
    bench.seen["seed_retried"] = lambda event: gate.touch()
    assert bench.follow() is Outcome.THROUGH
    assert bench.scores() == {0: 0.5}
    assert len(bench.of("engine_lost")) == len(bench.of("engine_back")) == 1
    assert "does not know the trial any more" in bench.of("seed_retried")[0].data["reason"]


@pytest.mark.slow
def test_an_engine_that_stays_out_of_reach_is_given_up_and_nothing_is_lost(tmp_path: Path) -> None:
    bench, gate = gated(tmp_path, 1)
    bench.seen["metric"] = lambda event: setattr(bench.engine, "down", True)
    with pytest.raises(EngineError, match="out of reach"):
        bench.follow(patience_s=0.5)
    bench.engine.down = False
    gate.touch()
    assert bench.follow() is Outcome.THROUGH
    assert bench.scores() == {0: 0.5}
    assert len(bench.engine.submitted) == 1


def test_what_comes_twice_or_torn_counts_once(tmp_path: Path) -> None:
    bench, gate = gated(tmp_path, 1)
    started = threading.Event()
    bench.seen["metric"] = lambda event: started.set()
    assert bench.follow(leave=started.is_set) is Outcome.LEFT
    mail = mail_of(bench.engine.submitted[0])
    finished = b'{"kind": "finished", "seed": 0, "metrics": {"score": 9.0}, "seconds": 1.0}\n'
    with mail.open("ab") as file:
        file.write(finished + finished + b'{"kind": "torn\n')
    gate.touch()
    assert bench.follow() is Outcome.THROUGH
    assert bench.scores() == {0: 9.0}
    assert len(bench.of("seed_finished")) == 1


@pytest.mark.slow
def test_seeds_that_share_a_trial_are_lost_and_tried_again_one_by_one(tmp_path: Path) -> None:
    bench, gate = gated(tmp_path, 3)
    bench.together = 3

    def kill(event: Event) -> None:
        bench.seen.clear()
        bench.engine.kill(bench.of("trial_submitted")[0].data["handle"])
        gate.touch()

    bench.seen["metric"] = kill
    assert bench.follow() is Outcome.THROUGH
    assert bench.scores() == {0: 0.5, 1: 1.5, 2: 2.5}
    assert [len(trial.job.tasks) for trial in bench.engine.submitted] == [3, 1, 1, 1]
    assert {event.seed for event in bench.of("seed_retried")} == {0, 1, 2}


@pytest.mark.slow
def test_what_an_earlier_process_handed_over_is_not_handed_over_again(tmp_path: Path) -> None:
    bench, gate = gated(tmp_path, 4)
    bench.together, bench.at_once = 3, 1
    first = threading.Event()
    finished = threading.Event()
    bench.seen["metric"] = lambda event: first.set()
    assert bench.follow(leave=first.is_set) is Outcome.LEFT
    gate.touch()
    bench.seen["seed_finished"] = lambda event: finished.set()
    assert bench.follow(leave=finished.is_set) is Outcome.LEFT
    assert bench.follow() is Outcome.THROUGH
    assert [event.seed for event in bench.of("seed_finished")] == [0, 1, 2, 3]
    assert [len(trial.job.tasks) for trial in bench.engine.submitted] == [3, 1]
