"""The Slurm engine on a real Slurm, where there is one: `sbatch` takes jobs, and the file system of
its nodes is this one."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.processes import has_ended, wait_for
from support.slurm_bench import SlurmBench, mail

from researchdesk.domain.engines import Fate
from researchdesk.harness.engines.backend import Handed


def _works() -> bool:
    if shutil.which("sbatch") is None:
        return False
    try:
        asked = ["sinfo", "--noheader", "--states=idle,mixed"]
        said = subprocess.run(asked, capture_output=True, timeout=5, check=False)
    except subprocess.TimeoutExpired:
        return False
    return said.returncode == 0 and bool(said.stdout.strip())


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not _works(), reason="There is no Slurm here with a node that is free."),
]
OPTIONS = {"additional": {"mem": "300M"}}


def begun_again(bench: SlurmBench, handle: str, trial: Handed) -> dict[str, Any]:
    """What the trial says of it. Slurm lets a job that it took back wait for two
    minutes; begun within the same second it would be refused, for its credential was revoked."""
    wait_for(lambda: bench.fates({handle: trial}) == [Fate.WAITING])
    subprocess.run(["scontrol", "update", f"JobId={handle}", "StartTime=now+3"], check=True)
    (said,) = wait_for(lambda: mail(trial, "retried"))
    return dict(said)


def test_an_array_runs_and_one_of_it_that_slurm_takes_back_is_begun_again(tmp_path: Path) -> None:
    bench = SlurmBench(tmp_path, OPTIONS)
    there = bench.submit(2)
    first, second = there
    assert first.split("_")[0] == second.split("_")[0]
    bench.pid(0)
    subprocess.run(["scontrol", "requeue", first], check=True)
    retried = begun_again(bench, first, there[first])
    assert retried["reason"] == "Slurm ended it: job requeue."
    bench.gate.touch()
    assert [one.fate for one in bench.until_over(there)] == [Fate.ENDED, Fate.ENDED]
    assert [len(mail(trial, "finished")) for trial in there.values()] == [1, 1]
    assert {"cluster", "slurm", "version"} <= set(bench.connect().describe())


def test_a_signal_to_make_room_takes_a_trial_back_to_the_queue(tmp_path: Path) -> None:
    bench = SlurmBench(tmp_path, OPTIONS)
    ((handle, trial),) = (there := bench.submit(1)).items()
    worker = bench.pid(0)
    subprocess.run(["scancel", "--signal=USR2", handle], check=True)
    assert has_ended(worker)
    retried = begun_again(bench, handle, trial)
    bench.gate.touch()
    assert [one.fate for one in bench.until_over(there)] == [Fate.ENDED]
    assert retried["reason"] == "It was preempted."


def test_cancelled_trials_end_those_that_wait_too(tmp_path: Path) -> None:
    bench = SlurmBench(tmp_path, {**OPTIONS, "array_parallelism": 1})
    there = bench.submit(2)
    worker = bench.pid(0)
    assert bench.fates(there) == [Fate.RUNNING, Fate.WAITING]
    bench.connect().cancel(list(there))
    assert has_ended(worker)
    assert [one.fate for one in bench.until_over(there)] == [Fate.CANCELLED, Fate.CANCELLED]
