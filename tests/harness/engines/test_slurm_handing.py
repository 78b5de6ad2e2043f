"""Handing very many trials to Slurm, and being cut short at it. Its commands are stood in for."""

from pathlib import Path

import pytest
from support.slurm_bench import SlurmBench

from researchdesk.errors import EngineError

CONFIG = "echo 'MaxArraySize = 2000'"
TAKES = """
n=$(($(cat {0}/taken 2>/dev/null || echo 41000010) + 1))
echo $n > {0}/taken
echo "$n|$PWD" > {0}/queue
"""
SAYS = 'echo "Submitted batch job $n"'
KILLED = "[ $n = 41000012 ] && kill -9 $PPID\n" + SAYS


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SlurmBench:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    for name, script in {
        "sbatch": TAKES + SAYS,
        "squeue": "cat {0}/queue",
        "scancel": 'echo "$@" >> {0}/cancelled',
        "scontrol": CONFIG,
    }.items():
        program(tmp_path, name, script)
    return SlurmBench(tmp_path, {})


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script.replace('{0}', str(folder))}\n")
    (folder / name).chmod(0o755)


@pytest.mark.slow
def test_thousands_of_trials_are_handed_over_at_once(bench: SlurmBench) -> None:
    handles = bench.connect().submit([bench.hand(0)] * 5_000)
    assert len(handles) == len(set(handles)) == 5_000
    assert (handles[0], handles[1_999], handles[4_999]) == (
        "41000011_0",
        "41000011_1999",
        "41000013_999",
    )


def test_what_was_handed_over_before_it_was_cut_short_is_ended_also_what_nobody_told_of(
    bench: SlurmBench, tmp_path: Path
) -> None:
    program(tmp_path, "scontrol", CONFIG.replace("2000", "2"))
    program(tmp_path, "sbatch", TAKES + KILLED)
    trials = [bench.hand(0)] * 5
    with pytest.raises(EngineError, match="exit code -9"):
        bench.connect().submit(trials)
    ended = (tmp_path / "cancelled").read_text().split()
    assert ended == ["--quiet", "41000011_0", "41000011_1", "41000012"]
    program(tmp_path, "squeue", "echo 'Unable to contact slurm controller' >&2; exit 1")
    (tmp_path / "taken").unlink()
    with pytest.raises(EngineError, match="trials of it may wait with Slurm") as caught:
        bench.connect().submit(trials)
    assert "scancel" in caught.value.hint
