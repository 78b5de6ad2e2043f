"""Whole runs by the Ray engine, on clusters of this machine."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from support.processes import wait_for
from support.ray_bench import SLOWED
from support.ray_cluster import Cluster, ray_cluster
from support.small_experiment import write_fit

from researchdesk.domain.runs import RunSummary
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.engines import check_engine
from researchdesk.services.planning import ReproduceOptions
from researchdesk.services.reproduction import reproduce

ID = "2001.00001"
ONLY_SEEDS = ReproduceOptions(trust=True, check=False, engine="mine")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with ray_cluster() as cluster:
        yield cluster


def measured(run: RunSummary) -> Mapping[int, Mapping[str, Any]]:
    return {result.task.seed: dict(result.metrics) for result in run.results}


def events(desk: Desk, kind: str) -> list[dict[str, Any]]:
    files = desk.settings.runs.glob("2*/events.jsonl")
    every = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    return [event for event in every if event["kind"] == kind]


def test_a_run_on_two_nodes_of_which_one_is_killed_half_way_is_that_of_the_local_engine(
    desk: Desk, cluster: Cluster, tmp_path: Path
) -> None:
    cluster.begin_head(1)
    second = cluster.add(1)
    table = {"kind": "ray", "address": cluster.address}
    away = open_desk(replace(desk.settings, engines={"mine": table}), desk.clock)
    assert check_engine(away, "mine", 2, lambda step: None).ok
    gate = tmp_path / "gate"
    slowed = {"settings": f'checkpoint_every = 100\ngate = "{gate}"', "more": SLOWED}
    write_fit(away.settings.recipes, seeds=4, steps=1_500, **slowed)

    def switch_off() -> None:
        wait_for(lambda: len(events(away, "seed_started")) >= 2, 120)
        second.kill()
        gate.touch()

    switch = Thread(target=switch_off)
    switch.start()
    report = reproduce(away, ID, ONLY_SEEDS)
    switch.join()
    assert len(events(away, "seed_finished")) == 4
    (retried,) = events(away, "seed_retried")
    assert "lost" in json.dumps(retried)
    other = open_desk(replace(away.settings, desk=tmp_path / "other"), away.clock)
    write_fit(other.settings.recipes, seeds=4, steps=1_500, **slowed)
    alone = reproduce(other, ID, replace(ONLY_SEEDS, engine="local"))
    assert measured(report.run) == measured(alone.run)
    assert [claim.verdict for claim in report.claims] == [claim.verdict for claim in alone.claims]
    assert report.environment["engine_details"]["engine"] == "ray"
    assert len(report.environment["engine_details"]["nodes"]) == 2
