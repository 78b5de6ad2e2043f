"""Trials that end early: thresholds known beforehand, the metrics as they were then."""

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from researchdesk.domain.recipes import Limits
from researchdesk.harness.training.answers import Answers
from researchdesk.harness.training.assignment import Assignment, SeedGiven
from researchdesk.harness.training.experiment import Batch, Experiment, Split
from researchdesk.harness.training.grouping import measure_together
from researchdesk.harness.training.measuring import measure_one, train_one
from researchdesk.harness.training.places import steps_file
from researchdesk.harness.training.run import Run
from researchdesk.harness.training.stopping import Stopper

Said = dict[str, Any]


class Desk:
    """Does jobs in this process, and keeps what was answered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "answers.jsonl"

    def job(self, rule: Mapping[str, Any], *, resume: bool = False, **settings: Any) -> Assignment:
        given = SeedGiven(7, "trial", stop=rule)
        return Assignment(
            "measure",
            "ours",
            (given,),
            settings,
            run_folder=self.folder / "run",
            resume=resume,
            limits=Limits(1.0),
        )

    def said(self, do: Any, job: Assignment, what: Any) -> list[Said]:
        descriptor = os.open(self._file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        answers = Answers(descriptor)
        if do is measure_together:
            do(job, answers, what)
        else:
            do(job, job.seeds[0], answers, what)
        os.close(descriptor)
        return [json.loads(line) for line in self._file.read_text().splitlines()]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def rule(*at: tuple[int, float | None], better: str = "higher") -> dict[str, Any]:
    return {"metric": "valid", "better": better, "at": [list(one) for one in at]}


def test_a_threshold_holds_from_its_step_to_the_next_one() -> None:
    stopper = Stopper(rule((10, 0.5), (20, 0.7), (30, None)))
    assert not stopper.stops(9, 0.0)
    assert stopper.stops(19, 0.49)
    assert not stopper.stops(19, 0.5)
    assert stopper.stops(20, 0.6)
    assert not stopper.stops(30, 0.1)
    lower = Stopper(rule((1, 0.5), better="lower"))
    assert lower.stops(1, float("nan"))
    assert lower.stops(2, 0.51)
    assert not lower.stops(3, 0.4)
    assert not lower.stops(4, 9.0), "its best so far was good enough"


@pytest.mark.parametrize("do", [measure_one, measure_together])
def test_a_measure_ends_where_its_best_is_worse_and_cannot_go_on_regardless(
    desk: Desk, do: Any
) -> None:
    after: list[int] = []

    def measure(given: Any) -> None:
        run: Run = given if isinstance(given, Run) else given[0]
        run.result(size=3)
        for step in range(6):
            try:
                run.log(step, valid=0.1 * step, test=step)
            except Exception:  # noqa: BLE001 - as careless recipes do
                after.append(step)
        after.append(-1)

    found = desk.said(do, desk.job(rule((2, 0.1), (4, 0.45))), measure)
    end = found[-1]
    assert end["kind"] == "finished"
    assert (end["stopped"], end["metrics"]) == (4, {"size": 3, "valid": 0.4, "test": 4})
    assert after == []
    steps = steps_file(desk.folder / "run", "ours", 7, "trial").read_text().splitlines()
    assert json.loads(steps[-1]) == {"s": 4, "m": {"valid": 0.4, "test": 4}}
    assert "stopped" not in desk.said(do, desk.job({}), measure)[-1]
    assert after == [-1]


class Scripted(Experiment):
    """Its metric follows a script by the number of steps that its one weight has counted."""

    def data(self, run: Run) -> Split:
        x = torch.zeros(4, 1)
        return Split((x, x), (x, x))

    def model(self, run: Run) -> nn.Module:
        model = nn.Linear(1, 1)
        nn.init.zeros_(model.weight)
        return model

    def loss(self, model: nn.Module, batch: Batch, run: Run) -> Tensor:
        return -model.weight.sum()

    def step(
        self, model: nn.Module, batch: Batch, optimizer: Optimizer, run: Run
    ) -> Mapping[str, Tensor | float]:
        super().step(model, batch, optimizer, run)
        done = round(float(next(model.parameters()).detach().sum()))
        if done == run.settings.get("dies_at"):
            raise RuntimeError("the machine went off")
        return {"valid": run.settings["script"][done - 1]}

    def evaluate(self, model: nn.Module, split: Split, run: Run) -> Mapping[str, float]:
        return {"test": 1.0}

    def finish(self, model: nn.Module, split: Split, run: Run) -> Mapping[str, float]:
        return {"whole": 1.0}


def points(found: list[Said]) -> dict[int, float]:
    return {
        one["step"]: one["value"]
        for one in found
        if one["kind"] == "metric" and one["name"] == "valid"
    }


def test_an_experiment_goes_on_from_its_checkpoint_with_its_best_and_tells_its_curve_again(
    desk: Desk,
) -> None:
    script = [0.1, 0.9, 0.2, 0.3, 0.3, 0.3, 0.3, 0.3]
    settings = {"lr": 1.0, "steps": 8, "script": script, "checkpoint_every": 3}
    stops = rule((4, 0.8), (7, 0.95))
    whole = desk.said(train_one, desk.job(stops, **settings), Scripted())
    assert whole[-1]["stopped"] == 7
    assert "whole" not in whole[-1]["metrics"]
    cut = desk.said(train_one, desk.job(stops, dies_at=5, **settings), Scripted())
    assert "machine went off" in cut[-1]["error"]
    again = desk.said(train_one, desk.job(stops, resume=True, **settings), Scripted())
    assert again[0]["step"] == 3
    assert again[-1]["stopped"] == 7, "its best came before the checkpoint"
    assert again[-1]["metrics"] == whole[-1]["metrics"]
    assert points(again) == points(whole)


def test_the_last_step_of_an_experiment_is_not_stopped_early(desk: Desk) -> None:
    settings = {"lr": 1.0, "steps": 3, "script": [0.1, 0.1, 0.1]}
    found = desk.said(train_one, desk.job(rule((3, 0.9)), **settings), Scripted())
    assert "stopped" not in found[-1]
    assert found[-1]["metrics"] == {"valid": 0.1, "test": 1.0, "whole": 1.0}


def test_an_experiment_is_stopped_by_what_its_data_log_before_the_first_step(desk: Desk) -> None:
    class Early(Scripted):
        def data(self, run: Run) -> Split:
            run.log(0, valid=0.1)
            return super().data(run)

    settings = {"lr": 1.0, "steps": 3, "script": [0.5, 0.5, 0.5]}
    found = desk.said(train_one, desk.job(rule((0, 0.2)), **settings), Early())
    assert (found[-1]["kind"], found[-1]["stopped"]) == ("finished", 0)
    assert found[-1]["metrics"] == {"valid": 0.1}


def test_what_a_trial_took_counts_what_it_took_before_and_where_it_failed(desk: Desk) -> None:
    class Slow(Scripted):
        def evaluate(self, model: nn.Module, split: Split, run: Run) -> Mapping[str, float]:
            time.sleep(0.03)
            return super().evaluate(model, split, run)

    settings = {"lr": 1.0, "steps": 8, "script": [0.5] * 8, "checkpoint_every": 6}
    cut = desk.said(train_one, desk.job({}, dies_at=7, **settings), Slow())
    assert cut[-1]["kind"] == "failed"
    assert cut[-1]["seconds"] > 6 * 0.03
    again = desk.said(train_one, desk.job({}, resume=True, **settings), Slow())
    assert again[0]["step"] == 6
    assert again[-1]["seconds"] > 8 * 0.03
