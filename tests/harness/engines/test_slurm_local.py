"""The Slurm engine with submitit's own launcher: processes of this machine, the same code."""

import os
import shutil
import signal
from pathlib import Path

import pytest
from support.processes import has_ended, wait_for
from support.slurm_bench import SlurmBench, mail
from support.small_experiment import write_fit

from researchdesk.domain.engines import Fate
from researchdesk.errors import BadInputError
from researchdesk.harness.engines.backend import MAIL
from researchdesk.harness.engines.slurm_trial import STARTS

LOCAL = {"launcher": "local"}
SLOW_TO_BEGIN = """
import sys, time
if "submitit.core._submit" in sys.orig_argv:
    time.sleep(3)
"""
pytestmark = pytest.mark.slow


def test_trials_handed_over_together_run_to_their_end_and_can_be_asked_for_by_their_handles(
    tmp_path: Path,
) -> None:
    bench = SlurmBench(tmp_path, {**LOCAL, "setup": ["TRIED=0.25", 'export TRIED_WITH="$TRIED"']})
    there = bench.submit(2)
    assert bench.fates(there) == [Fate.RUNNING, Fate.RUNNING]
    bench.gate.touch()
    assert [one.fate for one in bench.until_over(there)] == [Fate.ENDED, Fate.ENDED]
    for seed, trial in enumerate(there.values()):
        kinds = [one["kind"] for one in mail(trial)]
        assert kinds == ["hosted", "ready", "started", "metric", "finished", "done"]
        assert mail(trial, "finished")[0]["metrics"]["score"] == seed + 0.25
    described = bench.connect().describe()
    assert described["version"].startswith("submitit 1.")
    assert described["launcher"] == "local"
    assert bench.connect().standing({"local:elsewhere:1:1": trial}).popitem()[1].fate is Fate.ENDED
    (trial.folder / MAIL).unlink()
    assert (
        bench.connect().standing({"local:elsewhere:1:1": trial}).popitem()[1].fate is Fate.UNKNOWN
    )


def test_a_trial_whose_processes_are_all_killed_is_told_as_killed(tmp_path: Path) -> None:
    bench = SlurmBench(tmp_path, LOCAL)
    there = bench.submit(1)
    ((handle, trial),) = there.items()
    worker = bench.pid(0)
    for pid in (int(handle.split(":")[2]), mail(trial, "hosted")[0]["pid"]):
        os.kill(pid, signal.SIGKILL)
    assert has_ended(worker)
    (standing,) = bench.until_over(there)
    assert standing.fate is Fate.KILLED
    assert "ended without a word" in standing.words
    (log,) = (tmp_path / "trials" / ".submitit").glob("*/*_0_log.err")
    assert f"Its standard error is {log}." in standing.words


def test_a_trial_does_not_go_on_without_the_process_that_controls_it(tmp_path: Path) -> None:
    bench = SlurmBench(tmp_path, LOCAL)
    ((handle, trial),) = bench.submit(1).items()
    worker = bench.pid(0)
    os.kill(int(handle.split(":")[2]), signal.SIGKILL)
    assert has_ended(worker)
    assert has_ended(mail(trial, "hosted")[0]["pid"])


def test_a_preempted_trial_goes_on_from_its_checkpoint_to_the_same_numbers(tmp_path: Path) -> None:
    recipe = write_fit(tmp_path / "recipes")
    settings = {"lr": 0.05, "batch_size": 8, "steps": 12_000, "checkpoint_every": 200}
    bench = SlurmBench(tmp_path / "a", LOCAL, recipe=recipe, settings=settings)
    there = bench.submit(1)
    (trial,) = there.values()
    wait_for(lambda: any(one["step"] > 400 for one in mail(trial, "metric")))
    os.kill(mail(trial, "hosted")[0]["pid"], signal.SIGUSR2)
    assert [one.fate for one in bench.until_over(there)] == [Fate.ENDED]
    assert [one["start"] for one in mail(trial, "hosted")] == [1, 2]
    assert mail(trial, "retried")[0]["reason"] == "It was preempted."
    first, second = mail(trial, "started")
    assert "step" not in first
    assert second["step"] >= 400
    alone = SlurmBench(tmp_path / "b", LOCAL, recipe=recipe, settings=settings)
    (other,) = (undisturbed := alone.submit(1)).values()
    alone.until_over(undisturbed)
    assert mail(other, "finished")[0]["metrics"] == mail(trial, "finished")[0]["metrics"]


def test_a_trial_that_is_always_over_its_time_is_begun_so_often_and_then_given_up(
    tmp_path: Path,
) -> None:
    """Its time goes from when its process began, however long that takes to come to the trial."""
    (tmp_path / "sitecustomize.py").write_text(SLOW_TO_BEGIN)
    busy = {**LOCAL, "setup": [f'export PYTHONPATH="{tmp_path}:$PYTHONPATH"']}
    bench = SlurmBench(tmp_path, busy, minutes=0.4, retries=1)
    there = bench.submit(1)
    (trial,) = there.values()
    (standing,) = bench.until_over(there)
    assert standing.fate is Fate.KILLED
    assert [one["reason"] for one in mail(trial, "retried")] == ["Its time on the node was over."]
    assert [one["start"] for one in mail(trial, "hosted")] == [1, 2]
    (lost,) = mail(trial, "lost")
    assert "time on the node was over" in lost["reason"]
    assert "begun 2 times" in lost["reason"]
    assert lost["own"] is True


def test_a_worker_that_is_killed_alone_is_begun_again_in_the_same_job(tmp_path: Path) -> None:
    bench = SlurmBench(tmp_path, LOCAL)
    there = bench.submit(1)
    (trial,) = there.values()
    os.kill(bench.pid(0), signal.SIGKILL)
    (retried,) = wait_for(lambda: mail(trial, "retried"))
    bench.gate.touch()
    assert [one.fate for one in bench.until_over(there)] == [Fate.ENDED]
    assert "SIGKILL" in retried["reason"]
    assert 0 < retried["seconds"] < 60
    assert not mail(trial, "lost")
    assert len(mail(trial, "finished")) == 1


def test_a_job_is_over_its_time_also_where_its_worker_was_begun_again(tmp_path: Path) -> None:
    bench = SlurmBench(tmp_path, LOCAL, minutes=0.4)
    (trial,) = (there := bench.submit(1)).values()
    os.kill(bench.pid(0), signal.SIGKILL)
    killed, over = wait_for(lambda: mail(trial, "retried")[1:] and mail(trial, "retried"))
    bench.gate.touch()
    bench.until_over(there)
    assert "SIGKILL" in killed["reason"]
    assert over["reason"] == "Its time on the node was over."


def test_a_cancelled_trial_leaves_no_process_and_says_so_to_whoever_asks(tmp_path: Path) -> None:
    bench = SlurmBench(tmp_path, LOCAL)
    there = bench.submit(2)
    workers = [bench.pid(seed) for seed in range(2)]
    bench.connect().cancel(list(there)[:1])
    assert has_ended(workers[0])
    assert bench.fates(there) == [Fate.CANCELLED, Fate.RUNNING]
    bench.gate.touch()
    assert [one.fate for one in bench.until_over(there)] == [Fate.CANCELLED, Fate.ENDED]
    bench.connect().cancel(list(there))
    assert bench.fates(there) == [Fate.CANCELLED, Fate.ENDED]


def test_a_setup_that_fails_is_told_with_its_words_and_nothing_is_left(tmp_path: Path) -> None:
    bench = SlurmBench(tmp_path, {**LOCAL, "setup": ["echo no module cuda >&2; false"]})
    with pytest.raises(BadInputError, match=r"exit code 1\. no module cuda"):
        bench.submit(1)


@pytest.mark.parametrize("how", ["begun again elsewhere", "handed over again", "removed"])
def test_a_trial_ends_that_was_begun_again_elsewhere_or_whose_run_was_removed(
    tmp_path: Path, how: str
) -> None:
    bench = SlurmBench(tmp_path, LOCAL)
    (trial,) = bench.submit(1).values()
    worker, hosting = bench.pid(0), mail(trial, "hosted")[0]["pid"]
    if how == "removed":
        shutil.rmtree(bench.home / "trials")
    elif how == "handed over again":
        (trial.folder.parent / "2").mkdir()
    else:
        with (trial.folder / STARTS).open("a") as file:
            file.write('{"start": 2}\n{"torn')
    assert has_ended(worker)
    assert has_ended(hosting)
