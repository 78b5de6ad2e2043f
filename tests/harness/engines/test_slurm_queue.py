"""What Slurm's own commands say, read. They are stood in for by programs that print what those of
Slurm 22.05 printed; ``sacct`` as its manual has it, with a cluster's accounts."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.engines import Fate, Standing
from researchdesk.errors import EngineError
from researchdesk.harness.engines.slurm_queue import SlurmQueue, standings_of

SQUEUE = """\
11_0|COMPLETED|n1|None
11_1|RUNNING|n1|None
11_2|PENDING||Resources
11_3|COMPLETING|n2|NonZeroExitCode
14|PENDING||BeginTime
"""
SACCT = """\
7|CANCELLED by 1000|n3
8_0|OUT_OF_ME+|n3
8_1|OUT_OF_MEMORY|n3
8_2|TIMEOUT|n3
8_3|NODE_FAIL|n[1-2]
8_4|PREEMPTED|n3
8_5|FAILED|n3
"""


@pytest.fixture
def slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("sbatch", "squeue", "sacct", "scancel", "scontrol"):
        program(tmp_path, name, "true")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def program(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f'#!/bin/sh\necho "$@" >> {folder}/{name}.asked\n{script}\n')
    file.chmod(0o755)


def says(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.says").write_text(text)
    program(folder, name, f"cat {folder}/{name}.says")


def test_jobs_are_asked_of_the_queue_and_those_it_forgot_of_the_accounts(slurm: Path) -> None:
    says(slurm, "squeue", SQUEUE)
    says(slurm, "sacct", SACCT)
    wanted = [
        *(f"11_{k}" for k in range(4)),
        "14",
        "7",
        *(f"8_{k}" for k in range(6)),
        "999",
        "x;y",
    ]
    found = SlurmQueue().standings(wanted)
    assert found["11_1"] == Standing(Fate.RUNNING, "Slurm says RUNNING on n1.", "n1")
    assert found["11_2"].words == "Slurm says PENDING (Resources)."
    assert {job: one.fate for job, one in found.items()} == {
        "11_0": Fate.ENDED, "11_1": Fate.RUNNING, "11_2": Fate.WAITING, "11_3": Fate.RUNNING,
        "14": Fate.WAITING, "7": Fate.CANCELLED, "8_1": Fate.OUT_OF_MEMORY,
        "8_2": Fate.OVER_TIME, "8_3": Fate.NODE_LOST, "8_4": Fate.PREEMPTED, "8_5": Fate.KILLED,
    }  # fmt: skip
    assert "--jobs=11,14,7,8,999" in (slurm / "squeue.asked").read_text()
    assert "--jobs=7,8,999" in (slurm / "sacct.asked").read_text()


def test_a_cluster_without_accounts_and_one_out_of_reach_are_told_apart(slurm: Path) -> None:
    program(slurm, "squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1")
    program(slurm, "sacct", "echo 'Slurm accounting storage is disabled' >&2; exit 1")
    assert SlurmQueue().standings(["3"]) == {}
    program(slurm, "squeue", "echo 'Unable to contact slurm controller' >&2; exit 1")
    with pytest.raises(EngineError, match="Unable to contact slurm controller") as caught:
        SlurmQueue().standings(["3"])
    assert "squeue --me" in caught.value.hint
    words = "error: lookup: Unknown host' 'scontrol: fatal: Could not establish a configuration"
    program(slurm, "scontrol", f"printf '%s\\n' 'scontrol: {words} source' >&2; exit 1")
    with pytest.raises(EngineError) as caught:
        SlurmQueue().describe()
    assert caught.value.message == (
        "There is no Slurm controller that this machine can reach: lookup: Unknown host."
    )
    assert "squeue" not in caught.value.hint
    assert 'launcher = "local"' in caught.value.hint
    program(slurm, "scontrol", "echo 'scontrol: error: You may not.' >&2; exit 1")
    with pytest.raises(EngineError, match=r"^Slurm's scontrol failed: You may not.$"):
        SlurmQueue().describe()


def test_only_ids_are_cancelled_and_few_at_a_time(slurm: Path) -> None:
    SlurmQueue().cancel([*(f"9_{k}" for k in range(250)), "--user=root", "4"])
    first, second = (slurm / "scancel.asked").read_text().splitlines()
    assert len(first.split()) == 201
    assert second.split()[-1] == "4"
    assert "root" not in second


@given(st.text(alphabet=[*string.printable, "\x1b", "é"], max_size=60))
def test_whatever_is_said_is_read(text: str) -> None:
    for standing in standings_of(text).values():
        assert standing.words.isprintable()
