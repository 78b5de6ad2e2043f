"""What the settings of a Slurm engine may say, and what becomes of it."""

import re
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from researchdesk.domain.engines import EngineKind, EngineSettings, Needs
from researchdesk.errors import BadInputError, EngineError
from researchdesk.harness.engines.slurm_backend import connect
from researchdesk.harness.engines.slurm_options import Options, options_of
from researchdesk.harness.engines.slurm_python import try_python


def read(options: Mapping[str, Any]) -> Options:
    return options_of(EngineSettings("mine", EngineKind.SLURM, options=options))


def test_needs_and_options_become_what_a_job_asks_of_the_cluster() -> None:
    options = read(
        {
            "partition": "gpu",
            "account": "us",
            "setup": ["module load cuda"],
            "additional": {"reservation": "friday", "requeue": False},
            "array_parallelism": 7,
        }
    )
    asked = options.parameters(Needs(4, 0.5, 2.5, 89.5), "run-1")
    assert {key: value for key, value in asked.items() if value is not None} == {
        "partition": "gpu",
        "account": "us",
        "job_name": "run-1",
        "time": 90,
        "cpus_per_task": 4,
        "gpus_per_node": 1,
        "mem": "2560M",
        "signal_delay_s": 60,
        "setup": ["module load cuda"],
        "array_parallelism": 7,
        "additional_parameters": {"requeue": False, "reservation": "friday"},
        "srun_args": ["--cpus-per-task=4"],
    }
    assert read({"gres": "gpu:a100:1"}).parameters(Needs(gpus=1), "x")["gpus_per_node"] is None
    assert read({}).parameters(Needs(), "x")["time"] is None
    assert read({}).notice_s(Needs(minutes=1)) == 20
    local = read({"launcher": "local"}).parameters(Needs(minutes=0.1), "x")
    assert (local["timeout_min"], local["signal_delay_s"]) == (0.1, 2)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"launcher": "pbs"}, "launcher is 'pbs', and it is slurm or local"),
        ({"partition": "a\n#SBATCH --uid=0"}, "partition is no text of one line"),
        ({"setup": "module load cuda"}, "setup is no list of commands"),
        ({"additional": {"array": "0-9"}}, "additional.array is what the desk itself sets"),
        ({"additional": {"a b": 1}}, "additional has 'a b', which is no option of sbatch"),
        ({"additional": {"nice": [1]}}, "additional.nice is no text of one line and no number"),
        ({"additional": 3}, "additional is no table"),
        ({"signal_s": 1, "array_parallelism": 0}, "array_parallelism is 0.*; signal_s is 1"),
        ({"partitoin": "x"}, "there is no 'partitoin'"),
    ],
)
def test_what_cannot_be_used_is_told_all_at_once_and_by_its_name(
    options: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadInputError, match=words) as caught:
        read(options)
    assert "[engines.mine]" in caught.value.hint


def test_where_no_jobs_can_be_handed_over_the_hint_names_what_can_be_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    engine = EngineSettings("mine", EngineKind.SLURM)
    with pytest.raises(EngineError, match="There is no sbatch on this machine") as caught:
        connect(engine, tmp_path)
    assert 'launcher = "local"' in caught.value.hint
    local = EngineSettings("mine", EngineKind.SLURM, options={"launcher": "local"})
    with pytest.raises(EngineError, match=re.escape("has a % in its name")):
        connect(local, tmp_path / "100%a")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"python": "/nope/python"}, "python = '/nope/python', .*No such file"),
        ({"python": "/bin/false"}, "it ends with code 1"),
        ({"python": f"{shlex.quote(sys.executable)} -S -I"}, "No module named"),
        ({"python": "nope-python", "setup": ["true"]}, "not found"),
    ],
)
def test_an_interpreter_of_this_machine_that_runs_no_trial_is_told(
    options: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadInputError, match=words) as caught:
        try_python(read({"launcher": "local", **options}))
    assert "researchdesk[slurm]" in caught.value.hint
    try_python(read(options))
    try_python(read({"launcher": "local"}))


def test_an_interpreter_that_runs_trials_is_left_alone(tmp_path: Path) -> None:
    link = tmp_path / "a python"
    link.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    link.chmod(0o755)
    try_python(read({"launcher": "local", "python": f"'{link}'", "setup": ["true"]}))
