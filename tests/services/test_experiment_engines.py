"""Experiments whose run was stopped, and the engine that goes on with it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from support.tinkered import RECIPE, write_tinkered

from researchdesk.domain.runs import RunState, Task
from researchdesk.errors import UsageProblemError
from researchdesk.harness.engines.handing import key_of
from researchdesk.harness.engines.recalled import SUBMITTED, submitted_data
from researchdesk.harness.history import RunConfig
from researchdesk.harness.jobs import MEASURE, Job
from researchdesk.services import investigations
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.experiment_runs import derived_of, run_experiments
from researchdesk.services.recipes import recipe_for, trust
from researchdesk.services.reproduction import ReproduceOptions, get_run
from researchdesk.services.runs import store_of
from researchdesk.storage import experiments as stored

ENGINES = {"mine": {"kind": "slurm", "launcher": "local"}}
HERE = ReproduceOptions(trust=True, jobs=1, seeds=1, engine="local")


@pytest.fixture
def away(desk: Desk) -> Iterator[Desk]:
    opened = open_desk(replace(desk.settings, engines=ENGINES), desk.clock)
    yield opened
    opened.close()


def stopped(desk: Desk, engine: str, end: str) -> tuple[int, str]:
    """An investigation whose baseline is in a run of this engine, and that run."""
    write_tinkered(desk.settings.recipes)
    number = investigations.begin(desk, "Does gain matter?", recipe=RECIPE, arm="plain").id
    trust(desk, recipe_for(desk, RECIPE))
    found, task = derived_of(desk, number), Task(f"{number}.1", 0)
    config = RunConfig(found.name, found.digest, "", False, False, (task,), engine=engine)
    run, _ = store_of(desk).start(found, config, lambda event: None)
    run.record("run_started", data={"run": run.id})
    job = Job(MEASURE, task.arm, (task,))
    if end == "run_detached":
        run.record(SUBMITTED, data=submitted_data(key_of(job), job, 1, "k/1"))
    run.record(end)
    run.close()
    with desk.database.writing() as db:
        for item in stored.of(db, number):
            stored.link(db, item, run.id, item.name, desk.clock())
    return number, run.id


def test_what_an_engine_has_is_not_handed_to_another_one_as_well(away: Desk) -> None:
    number, run_id = stopped(away, "mine", "run_detached")
    with pytest.raises(UsageProblemError, match="are with mine and go on there") as caught:
        run_experiments(away, number, (), HERE)
    assert run_id in caught.value.hint
    assert get_run(away, run_id).state is RunState.AWAY


def test_a_stopped_run_is_not_left_alone_where_its_engine_ends_with_us(away: Desk) -> None:
    number, _ = stopped(away, "local", "run_interrupted")
    with pytest.raises(UsageProblemError, match="cannot be left alone"):
        run_experiments(away, number, (), replace(HERE, engine="", detach=True))


@pytest.mark.slow
def test_another_engine_makes_another_run_of_what_was_stopped(away: Desk) -> None:
    number, run_id = stopped(away, "mine", "run_interrupted")
    (report,) = run_experiments(away, number, (), HERE).reports
    assert report.run.id != run_id
    assert report.run.engine == "local"
