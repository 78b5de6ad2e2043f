"""Sweeps whose trials depend on each other, by engines that lose a node or a worker half-way.

With a median rule or Optuna trial k follows from those up to k - width, in the order of their
numbers, never of their ends. So nothing of a trial may differ from the same sweep by processes of
this machine but how long it took, where, and how often it was tried.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from support.fitted_sweep import HALF_WAY, events, half_way, pid_of, swept, told
from support.ray_cluster import ray_cluster

from researchdesk.domain.sweeps import Search, SweepSummary, TrialState
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.sweep_store import store_of
from researchdesk.services.sweeps import SweepHow

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


def test_a_sweep_with_early_stopping_that_loses_a_node_of_ray_is_that_of_this_machine(
    desk: Desk, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    with ray_cluster() as cluster:
        cluster.begin_head(1)
        second = cluster.add(1)
        away = _with_engine(desk, kind="ray", address=cluster.address)

        def switch_off() -> None:
            half_way(away)
            second.kill()
            gate.touch()

        found = _meanwhile(switch_off, away, gate)
    assert store_of(away).environment(found.id)["engine"] == "ray"
    assert "lost" in _retried(found)
    assert TrialState.STOPPED in {trial.state for trial in found.trials}
    _same_as_here(desk, away, found, gate)


def test_a_sweep_by_optuna_that_loses_a_worker_on_the_way_of_slurm_is_that_of_this_machine(
    desk: Desk, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    away = _with_engine(desk, kind="slurm", launcher="local", at_once=2)

    def end_one() -> None:
        half_way(away)
        os.kill(pid_of(gate, HALF_WAY[0]), signal.SIGKILL)
        gate.touch()

    found = _meanwhile(end_one, away, gate, Search.OPTUNA)
    assert "SIGKILL" in _retried(found)
    _same_as_here(desk, away, found, gate)


def _meanwhile(
    fault: Callable[[], None], away: Desk, gate: Path, search: Search = Search.RANDOM
) -> SweepSummary:
    """The sweep by the engine, with this done half-way."""
    beside = Thread(target=fault)
    beside.start()
    found = swept(away, gate, SweepHow(engine="mine", trust=True), search)
    beside.join()
    return found


def _retried(found: SweepSummary) -> str:
    """Why the one trial was tried again that was."""
    (lost,) = [trial for trial in found.trials if trial.retries]
    assert lost.number in HALF_WAY
    (why,) = lost.retries
    return why


def _same_as_here(desk: Desk, away: Desk, found: SweepSummary, gate: Path) -> None:
    assert len(events(away, "seed_finished")) == len(found.trials) == 10
    assert any("step" in one["data"] for one in events(away, "seed_started")), "from a checkpoint"
    other = open_desk(replace(desk.settings, desk=desk.root.with_name("other")), desk.clock)
    alone = swept(other, gate, SweepHow(jobs=1, trust=True), found.spec.search)
    assert told(away, found) == told(other, alone)


def _with_engine(desk: Desk, **table: object) -> Desk:
    return open_desk(replace(desk.settings, engines={"mine": table}), desk.clock)
