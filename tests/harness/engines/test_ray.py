"""Ray, really: clusters of several nodes on this machine, and what is killed there by its id."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.processes import has_ended, wait_for
from support.ray_bench import Bench, over
from support.ray_cluster import Cluster, ray_cluster

from researchdesk.domain.engines import Fate, Needs
from researchdesk.errors import EngineError
from researchdesk.harness.training.checkpoints import Checkpoints

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
LOCAL = """
import sys
from pathlib import Path
from researchdesk.domain.engines import EngineKind, EngineSettings
from researchdesk.harness.engines.ray_backend import connect
options = {"address": "local", "object_store_mb": 80}
backend = connect(EngineSettings("mine", EngineKind.RAY, options=options), Path(sys.argv[1]))
print("nodes", len(backend.describe()["nodes"]), "pid", backend._bridge._process.pid)
backend.close()
"""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with ray_cluster() as cluster:
        yield cluster


def test_trials_outlive_a_desk_that_is_killed_and_are_collected_once(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.begin_head(2)
    bench = Bench(tmp_path, cluster)
    trials = bench.gated(3)
    owner = os.fork()
    if owner == 0:
        bench.connect().submit(trials)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(owner, 0)
    bench.begun(2)
    backend = bench.connect()
    bench.trials = {f"{trial.key}/1": trial for trial in trials}
    fates = sorted(one.fate for one in backend.standing(bench.trials).values())
    assert fates == [Fate.RUNNING, Fate.RUNNING, Fate.WAITING]
    backend.collect(bench.trials)
    bench.open()
    assert {one.fate for one in bench.until(backend, over).values()} == {Fate.ENDED}
    again = bench.connect()
    before = {handle: bench.mail(handle) for handle in bench.trials}
    again.collect(bench.trials)
    backend.collect(bench.trials)
    assert before == {handle: bench.mail(handle) for handle in bench.trials}
    for number, handle in enumerate(bench.trials):
        kinds = bench.kinds(handle)
        assert kinds == ["hosted", "ready", "started", "metric", "finished", "done"]
        assert bench.metrics(handle)["score"] == number + 0.5
        assert list((bench.trials[handle].folder / "steps").rglob("*.jsonl"))
    again.close()
    backend.close()
    late = bench.connect()
    gone = wait_for(
        lambda: {one.fate for one in late.standing(bench.trials).values()} == {Fate.UNKNOWN}
    )
    assert gone, "the keeper ends where all is collected"
    late.close()


def test_a_worker_and_its_host_that_are_killed_are_begun_again_with_the_reason(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.begin_head(1)
    bench = Bench(tmp_path, cluster)
    backend = bench.connect()
    (handle,) = bench.submit(backend, bench.gated(1))
    worker, _ = bench.begun(1)[0]
    os.kill(worker, signal.SIGKILL)
    worker, parent = bench.begun(2)[0]
    os.kill(parent, signal.SIGKILL)
    last, _ = bench.begun(3)[0]
    assert has_ended(worker), "the worker ends with its host"
    bench.open()
    standing = bench.until(backend, over)
    assert standing[handle].fate is Fate.ENDED
    reasons = [one["reason"] for one in bench.mail(handle) if one["kind"] == "retried"]
    assert len(reasons) == 2
    assert "SIGKILL" in reasons[0]
    assert f"process {parent}" in reasons[1]
    assert bench.kinds(handle).count("finished") == bench.kinds(handle).count("done") == 1
    assert [one["start"] for one in bench.mail(handle) if one["kind"] == "hosted"] == [1, 2, 3]
    backend.close()
    assert has_ended(last)


def test_retries_have_an_end_and_cancelled_trials_go_whether_they_run_or_wait(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.begin_head(1)
    bench = Bench(tmp_path, cluster)
    backend = bench.connect()
    handles = bench.submit(backend, bench.gated(3, retries=0))
    worker, _ = next(iter(bench.begun(1).values()))
    os.kill(worker, signal.SIGKILL)
    standing = bench.until(backend, lambda said: any(one.fate.is_over for one in said.values()))
    (killed,) = [one for one in standing.values() if one.fate.is_over]
    assert killed.fate is Fate.KILLED
    assert "SIGKILL" in killed.words
    bench.begun(2)
    backend.cancel(handles)
    fates = sorted(one.fate for one in bench.until(backend, over).values())
    assert fates == [Fate.CANCELLED, Fate.CANCELLED, Fate.KILLED]
    left = [int(file.read_text().split()[0]) for file in tmp_path.glob("[0-9].*")]
    assert all(has_ended(pid) for pid in left)
    backend.close()


def test_with_a_node_killed_half_way_the_run_ends_complete_with_the_numbers_of_one_left_in_peace(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.begin_head(1)
    second = cluster.add(1)
    bench = Bench(tmp_path, cluster)
    backend = bench.connect()
    wait_for(lambda: len(backend.describe()["nodes"]) == 2)
    handles = bench.submit(backend, bench.fit(2))
    checkpoints = [trial.folder / "checkpoints" for trial in bench.trials.values()]

    def half_way() -> bool:
        backend.collect(bench.trials)
        states = [Checkpoints(file).load() for at in checkpoints for file in at.rglob("*.pt")]
        return len([state for state in states if state and state["step"] > 0]) == 2

    wait_for(half_way)
    second.kill()
    bench.open()
    assert {one.fate for one in bench.until(backend, over).values()} == {Fate.ENDED}
    retried = [one for handle in handles for one in bench.mail(handle) if one["kind"] == "retried"]
    assert len(retried) == 1
    assert "node" in retried[0]["reason"]
    assert "lost" in retried[0]["reason"]
    (moved,) = [handle for handle in handles if "retried" in bench.kinds(handle)]
    starts = [one for one in bench.mail(moved) if one["kind"] == "started"]
    assert starts[1]["step"] > 0, "it went on from its checkpoint"
    found = {handle: bench.metrics(handle) for handle in handles}
    peace = Bench(tmp_path / "peace", cluster)
    other = peace.connect()
    peace.open()
    peace.submit(other, peace.fit(2))
    peace.until(other, over)
    assert found == {handle: peace.metrics(handle) for handle in handles}
    other.close()
    backend.close()


def test_a_head_that_was_restarted_knows_nothing_and_an_address_without_one_says_so_soon(
    cluster: Cluster, tmp_path: Path
) -> None:
    head = cluster.begin_head(1)
    bench = Bench(tmp_path, cluster)
    backend = bench.connect()
    bench.submit(backend, bench.gated(1))
    worker, _ = bench.begun(1)[0]
    head.kill()
    assert has_ended(worker)
    with pytest.raises(EngineError) as lost:
        bench.until(backend, lambda said: False)
    assert lost.value.hint
    backend.close()
    begun = time.monotonic()
    with pytest.raises(EngineError, match="Nobody answers"):
        bench.connect()
    assert time.monotonic() - begun < 10
    cluster.begin_head(1)
    backend = bench.connect()
    assert {one.fate for one in backend.standing(bench.trials).values()} == {Fate.UNKNOWN}
    backend.collect(bench.trials)
    bench.open()
    ((_, trial),) = bench.trials.items()
    bench.submit(backend, [trial])
    assert {one.fate for one in bench.until(backend, over).values()} == {Fate.ENDED}
    backend.close()


def test_a_trial_that_takes_all_memory_is_ended_by_rays_monitor_and_said_so(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.begin_head(0)
    cluster.add(1, RAY_memory_usage_threshold="0.001", RAY_memory_monitor_refresh_ms="200")
    bench = Bench(tmp_path, cluster)
    backend = bench.connect()
    (handle,) = bench.submit(backend, bench.gated(1, retries=1))
    standing = bench.until(backend, over)
    assert standing[handle].fate is Fate.OUT_OF_MEMORY
    assert "memory" in standing[handle].words
    backend.close()


def test_a_local_cluster_prints_nothing_and_ends_with_the_desk(tmp_path: Path) -> None:
    desk = subprocess.run(
        [sys.executable, "-c", LOCAL, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert desk.returncode == 0, desk.stderr
    assert desk.stdout.startswith("nodes 1 pid ")
    assert desk.stderr == ""
    assert has_ended(int(desk.stdout.split()[-1]))


def test_a_trial_over_the_engines_time_is_ended_and_what_is_too_large_is_not_sent(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.begin_head(1)
    bench = Bench(tmp_path, cluster)
    backend = bench.connect(checkpoint_mb=0.00001)
    (handle,) = bench.submit(backend, bench.gated(1, needs=Needs(minutes=0.5)))
    worker, _ = bench.begun(1)[0]
    standing = bench.until(backend, over)
    assert standing[handle].fate is Fate.OVER_TIME
    assert "0.5 minutes" in standing[handle].words
    assert has_ended(worker)
    assert "done" not in bench.kinds(handle)
    assert not list((bench.trials[handle].folder / "steps").rglob("*.jsonl"))
    backend.close()
