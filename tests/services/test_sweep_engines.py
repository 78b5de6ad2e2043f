"""Sweeps by engines that outlive the process which began them: the same trials as here."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from support.sweep_maker import ID, swept_recipe

from researchdesk.config import Settings
from researchdesk.domain.runs import Event, RunState
from researchdesk.errors import UsageProblemError
from researchdesk.services import sweeps
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.sweeps import SweepHow, SweepOptions

pytestmark = pytest.mark.slow

ENGINES = {"mine": {"kind": "slurm", "launcher": "local", "at_once": 2}}
GATED = """
import time
from pathlib import Path

def measure(run):
    lr = run.settings["lr"]
    while run.seed == 1 and not Path({gate!r}).exists():
        time.sleep(0.05)
    return {{"valid_score": lr, "test_score": run.stream("init") % 1000}}
"""
HERE = SweepHow(jobs=2, trust=True)
THERE = SweepHow(engine="mine", trust=True)


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    opened = open_desk(replace(settings, engines=ENGINES))
    yield opened
    opened.close()


def test_a_sweep_left_with_an_engine_is_gathered_called_off_and_gone_on_with(desk: Desk) -> None:
    gate = desk.root / "gate"
    swept_recipe(desk, GATED.format(gate=str(gate)))
    recipe, spec = sweeps.made(desk, ID, SweepOptions(metric="valid_score", trials=5))
    cancel = threading.Event()

    def hear(event: Event) -> None:
        if event.kind == "trial_submitted":
            cancel.set()

    left = sweeps.start_sweep(desk, recipe, spec, THERE, "cpu", hear, cancel)
    sweep_id = left.page.id
    assert (left.exit_code, left.page.state, left.page.at_engine) == (130, RunState.AWAY, 2)
    with pytest.raises(UsageProblemError, match="go on there"):
        sweeps.resume_sweep(desk, sweep_id, replace(HERE, engine="local"))
    deadline = time.monotonic() + 60
    while not sweeps.sweep_head(desk, sweep_id).ended and time.monotonic() < deadline:
        assert sweeps.gather_sweep(desk, sweep_id) == ""
        time.sleep(0.5)
    page = sweeps.sweep_page(desk, sweep_id)
    assert (page.state, page.at_engine) == (RunState.AWAY, 1), "a look hands nothing over"
    assert all(trial.settings for trial in page.trials)
    assert sweeps.cancel_sweep(desk, sweep_id)
    assert sweeps.sweep_page(desk, sweep_id).state is RunState.INTERRUPTED

    gate.touch()
    done = sweeps.resume_sweep(desk, sweep_id, SweepHow())
    assert (done.exit_code, done.page.state, done.page.engine) == (0, RunState.FINISHED, "mine")
    assert done.page.environment["engine"] == "slurm"
    assert (
        sweeps.extend_sweep(
            desk, sweep_id, SweepOptions(trials=6), replace(HERE, engine="local")
        ).page.engine
        == "local"
    )

    other = sweeps.start_sweep(
        desk, recipe, replace(spec, seed=0, width=17, budget=replace(spec.budget, trials=6)), HERE
    )
    assert _told(desk, other.page.id) == _told(desk, sweep_id)


def _told(desk: Desk, sweep_id: str) -> list[tuple[object, ...]]:
    """What each trial was drawn and what it measured, the test too."""
    events = sweeps.store_of(desk).events(sweep_id)
    ends = [event for event in events if event.kind == "seed_finished"]
    assert len(ends) == 6
    settings = {t.number: t.settings for t in sweeps.sweep_page(desk, sweep_id).trials}
    return sorted((one.seed, settings[one.seed], one.data["metrics"]) for one in ends)
