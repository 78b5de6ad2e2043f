"""The rung that trains under observation: each time in a process of its own, as in a ladder."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parents[2]
PROGRAM = TESTS / "support" / "watched_experiments.py"


def found(experiment: str, steps: int | None = None) -> dict[str, Any]:
    """What the rung told."""
    environ = {**os.environ, "PYTHONPATH": str(TESTS), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(PROGRAM), experiment, json.dumps(steps)]
    ended = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    assert ended.returncode == 0, ended.stderr
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


@pytest.mark.slow
@pytest.mark.parametrize("experiment", ["Plain", "Rich"])
def test_sound_experiments_pass(experiment: str) -> None:
    told = found(experiment)
    assert told["state"] == "passed", told
    assert "steps watched" in told["figure"]


@pytest.mark.parametrize(
    ("experiment", "name"),
    [
        ("Twice", "softmax-before-cross-entropy"),
        pytest.param("Clamped", "loss-clamped", marks=pytest.mark.slow),
        pytest.param("Far", "learning-rate-too-high", marks=pytest.mark.slow),
    ],
)
def test_a_bug_is_named_with_its_line(experiment: str, name: str) -> None:
    told = found(experiment)
    assert told["state"] == "failed", told
    assert name in told["message"]
    assert "watched_experiments.py:" in told["message"]


@pytest.mark.slow
def test_too_few_steps_are_no_answer() -> None:
    told = found("Plain", steps=5)
    assert told["state"] == "not run", told
