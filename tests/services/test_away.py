"""Runs that are away whose engine is another by now, or ended with the one who began it."""

import importlib.util
import threading
from dataclasses import replace

import pytest
from support.processes import has_ended
from support.recipe_maker import write_recipe
from support.sweep_maker import ID as SWEPT
from support.sweep_maker import Made, spec, swept_recipe, write_sweep

from researchdesk.domain.runs import Event, RunState, Task
from researchdesk.errors import EngineError, NotOnDeskError, UsageProblemError
from researchdesk.harness.engines.recalled import recalled
from researchdesk.harness.history import RunConfig
from researchdesk.services.away import call_off, gather, remove
from researchdesk.services.carrying_out import engine_of
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.engines import check_engine
from researchdesk.services.planning import ReproduceOptions
from researchdesk.services.recipes import recipe_for
from researchdesk.services.reproduction import events_of, get_run, reproduce, resume_run, runs
from researchdesk.services.runs import store_of
from researchdesk.services.sweep_away import cancel_sweep
from researchdesk.services.sweep_heads import sweep_heads
from researchdesk.services.sweep_running import SweepHow, start_sweep

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


@pytest.mark.parametrize("table", [{"kind": "ray"}, SLURM, {"kind": "slurm"}])
def test_an_engine_that_this_machine_lacks_begins_nothing(
    desk: Desk, table: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the last, Slurm's own programs are not here."""
    found = importlib.util.find_spec
    lacks = () if table == {"kind": "slurm"} else ("ray", "submitit")
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name in lacks else found(name)
    )
    monkeypatch.setenv("PATH", "")
    write_recipe(desk.settings.recipes, WAITS)
    own = with_engine(desk, **table)
    with pytest.raises(EngineError, match="not installed here" if lacks else "no sbatch"):
        reproduce(own, ID, ReproduceOptions(trust=True, check=False, engine="mine"))
    assert runs(own) == []
    swept_recipe(own)
    with pytest.raises(EngineError):
        start_sweep(own, recipe_for(own, SWEPT), spec(), SweepHow(engine="mine", trust=True))
    assert sweep_heads(own) == []


def test_what_is_not_under_way_is_told_with_what_can_be_done(desk: Desk) -> None:
    write_recipe(desk.settings.recipes, WAITS)
    found = recipe_for(desk, ID)
    config = RunConfig(found.name, found.digest, ID, False, False, (Task("ours", 0),))
    run, _ = store_of(desk).start(found, config, lambda event: None)
    run.close()
    with pytest.raises(NotOnDeskError, match="nothing to stop") as caught:
        call_off(desk, run.id)
    assert f"runs resume {run.id}" in caught.value.hint
    assert f"runs rm {run.id}" in caught.value.hint
    sweep_id = write_sweep(desk, [Made()])
    with pytest.raises(NotOnDeskError, match="nothing to stop") as caught:
        cancel_sweep(desk, sweep_id)
    assert f"sweep rm {sweep_id}" in caught.value.hint
    assert "resume" not in caught.value.hint, "it came to its end"


def test_offline_only_engines_that_open_no_socket_are_there(desk: Desk) -> None:
    for table in ({"kind": "ray", "address": "local"}, {"kind": "slurm"}):
        far = with_engine(desk, **table)
        offline = replace(far, settings=replace(far.settings, offline=True))
        with pytest.raises(EngineError, match="offline") as caught:
            engine_of(offline, "mine")
        assert "goes on" not in caught.value.message
        with pytest.raises(EngineError, match="goes on there"):
            engine_of(offline, "mine", has_some=True)
        with pytest.raises(EngineError, match="offline"):
            check_engine(offline, "mine", 1, lambda step: None)
    near = with_engine(desk, **SLURM)
    here = replace(near, settings=replace(near.settings, offline=True))
    assert engine_of(here, "mine").name == "mine"
    assert engine_of(here, "local").name == "local"
