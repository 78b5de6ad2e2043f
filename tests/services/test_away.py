"""Runs that are away whose engine is another by now, or ended with the one who began it."""

import threading
from dataclasses import replace

import pytest
from support.processes import has_ended
from support.recipe_maker import write_recipe

from researchdesk.domain.runs import Event, RunState
from researchdesk.errors import EngineError, NotOnDeskError, UsageProblemError
from researchdesk.harness.engines.recalled import recalled
from researchdesk.services.away import call_off, gather, remove
from researchdesk.services.carrying_out import engine_of
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.engines import check_engine
from researchdesk.services.planning import ReproduceOptions
from researchdesk.services.reproduction import events_of, get_run, reproduce, resume_run, runs

ID = "2001.00001"
WAITS = """
import time
from pathlib import Path

def measure(run):
    run.log(1, loss=1.0)
    while not (Path(__file__).parents[4] / "gate").exists():
        time.sleep(0.05)
    return {"score": 0.5}
"""
SLURM = {"kind": "slurm", "launcher": "local", "at_once": 3}


def with_engine(desk: Desk, **table: object) -> Desk:
    return open_desk(replace(desk.settings, engines={"mine": table}), desk.clock)


@pytest.mark.slow
def test_trials_are_asked_for_and_called_off_only_where_the_engine_is_what_it_was(
    desk: Desk,
) -> None:
    write_recipe(desk.settings.recipes, WAITS)
    away, stop = with_engine(desk, **SLURM), threading.Event()

    def leave(event: Event) -> None:
        if event.kind == "metric":
            stop.set()

    options = ReproduceOptions(trust=True, check=False, engine="mine", jobs=1)
    run = reproduce(away, ID, options, leave, stop).run
    assert (run.state, run.at_engine) == (RunState.AWAY, 1)
    for table in ({"kind": "local"}, {"kind": "ray"}, {"kind": "slurm"}):
        other = with_engine(desk, **table)
        with pytest.raises(UsageProblemError) as caught:
            resume_run(other, run.id)
        assert "mine" in caught.value.message
        with pytest.raises(UsageProblemError):
            call_off(other, run.id)
        assert "[engines.mine]" in gather(other, run.id)
        assert get_run(other, run.id).state is RunState.AWAY
    assert call_off(away, run.id)
    assert get_run(away, run.id).state is RunState.INTERRUPTED
    stop.clear()
    assert reproduce(away, ID, options, leave, stop).run.state is RunState.AWAY
    (handle,) = (left.handle for left in recalled(events_of(away, run.id))[0])
    assert remove(away, run.id) == ""
    assert has_ended(int(handle.split(":")[2]))
    with pytest.raises(NotOnDeskError):
        get_run(away, run.id)


@pytest.mark.parametrize("address", ["", "local"])
def test_a_cluster_that_ends_with_the_command_is_not_left_alone(
    desk: Desk, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    own = with_engine(desk, kind="ray", address=address)
    with pytest.raises(UsageProblemError, match="cannot be left alone"):
        engine_of(own, "mine", detach=True)
    theirs = with_engine(desk, kind="ray", address="head:6379")
    assert engine_of(theirs, "mine", detach=True, jobs=2).at_once == 2


def test_an_engine_that_never_answered_is_not_said_to_have_anything(desk: Desk) -> None:
    write_recipe(desk.settings.recipes, WAITS)
    own = with_engine(desk, kind="ray", address="127.0.0.1:9")
    with pytest.raises(EngineError) as caught:
        reproduce(own, ID, ReproduceOptions(trust=True, check=False, engine="mine"))
    assert "goes on there" not in caught.value.hint
    (run,) = runs(own)
    assert run.state is RunState.INTERRUPTED


def test_offline_only_engines_that_open_no_socket_are_there(desk: Desk) -> None:
    for table in ({"kind": "ray", "address": "local"}, {"kind": "slurm"}):
        far = with_engine(desk, **table)
        assert engine_of(far, "mine").name == "mine"
        offline = replace(far, settings=replace(far.settings, offline=True))
        with pytest.raises(EngineError, match="offline"):
            engine_of(offline, "mine")
        with pytest.raises(EngineError, match="offline"):
            check_engine(offline, "mine", 1, lambda step: None)
    near = with_engine(desk, **SLURM)
    here = replace(near, settings=replace(near.settings, offline=True))
    assert engine_of(here, "mine").name == "mine"
    assert engine_of(here, "local").name == "local"
