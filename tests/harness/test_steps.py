"""Every logged step, read back."""

import json
import math
from pathlib import Path

import pytest
from support.step_lines import logged

from researchdesk.domain.runs import Task
from researchdesk.errors import NotOnDeskError
from researchdesk.harness.steps import curves_of, steps_of
from researchdesk.harness.training.places import steps_file

TASK = Task("ours", 3, "init")


def write(folder: Path, text: str, task: Task = TASK) -> None:
    path = steps_file(folder, task.arm, task.seed, task.vary)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def lines(count: int) -> str:
    return "".join(
        json.dumps({"s": step, "m": {"loss": (step * 7919 % 1000) / 10}}) + "\n"
        for step in range(count)
    )


def test_steps_come_back_whole_but_for_a_torn_line(tmp_path: Path) -> None:
    write(tmp_path, lines(3) + '{"s": 3, "m": {"lo')
    assert steps_of(tmp_path, TASK) == [
        (0, {"loss": 0.0}),
        (1, {"loss": 91.9}),
        (2, {"loss": 83.8}),
    ]
    assert logged(tmp_path, TASK) == 3


def test_what_was_said_last_of_a_step_counts(tmp_path: Path) -> None:
    write(tmp_path, '{"s":1,"m":{"a":1}}\n{"s":2,"m":{"a":2}}\n{"s":1,"m":{"a":9,"b":"nan"}}\n')
    (_, first), (_, second) = steps_of(tmp_path, TASK)
    assert first["a"] == 9
    assert math.isnan(first["b"])
    assert second == {"a": 2}


@pytest.mark.parametrize(
    "line", ["[]", "3", '{"s":true,"m":{}}', '{"s":1}', '{"s":1,"m":3}', "\x00", "[" * 9000]
)
def test_no_line_makes_a_file_unreadable(tmp_path: Path, line: str) -> None:
    write(tmp_path, f'{line}\n{{"s":1,"m":{{"a":1,"b":"words"}}}}\n')
    assert steps_of(tmp_path, TASK) == [(1, {"a": 1})]


def test_a_seed_that_logged_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotOnDeskError, match="Nothing was logged of ours seed 3"):
        steps_of(tmp_path, TASK)
    assert curves_of(tmp_path, TASK) == {}


def test_a_thinned_curve_keeps_its_ends_its_peaks_and_its_order(tmp_path: Path) -> None:
    write(tmp_path, lines(5000) + '{"s": 5000, "m": {"loss": 1e6}}\n')
    curve = curves_of(tmp_path, TASK, 100)["loss"]
    assert len(curve) < 130
    assert (curve[0][0], curve[-1]) == (0, (5000, 1e6))
    assert [step for step, _ in curve] == sorted({step for step, _ in curve})
    assert max(value for step, value in curve if step < 5000) == 99.9


def test_the_file_of_a_strangely_named_arm_stays_in_the_runs_folder(tmp_path: Path) -> None:
    for arm in ("../../up", "..", "a/b", "baseline:mlp"):
        path = steps_file(tmp_path, arm, 0)
        assert path.resolve().is_relative_to(tmp_path.resolve() / "steps")
        write(tmp_path, lines(1), Task(arm, 0))
        assert len(steps_of(tmp_path, Task(arm, 0))) == 1


@pytest.mark.parametrize("arm", ["精" * 80, "é..(x)%2F", "..", "a.", "x" * 80])
def test_whatever_an_arm_is_called_its_steps_stay_in_the_folder(tmp_path: Path, arm: str) -> None:
    task = Task(arm, 0)
    write(tmp_path, lines(3), task)
    assert logged(tmp_path, task) == 3
    (file,) = tmp_path.rglob("*.jsonl")
    assert file.resolve().relative_to(tmp_path.resolve()).parts[0] == "steps"
    assert len(file.relative_to(tmp_path).parts) == 3
