"""With ``--offline`` no engine is called that is reached over a network."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.away_runs import ID, Listener, listening, run_at, sweep_at
from support.sweep_maker import ID as SWEPT

from researchdesk.config import load_settings
from researchdesk.domain.runs import RunState
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.runs import get_run, runs
from researchdesk.services.sweeps import sweep_head

pytestmark = pytest.mark.slow

TABLES = """
[engines.far]
kind = "ray"
address = "{address}"
[engines.queue]
kind = "slurm"
"""


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as found:
        config = Path(os.environ["RESEARCHDESK_CONFIG"])
        config.write_text(TABLES.format(address=found.address), "utf-8")
        yield found


@pytest.fixture
def desk(listener: Listener) -> Iterator[Desk]:
    opened = open_desk(load_settings())
    yield opened
    opened.close()


def test_what_would_call_an_engine_is_refused_before_anything_is_begun(
    run, desk: Desk, listener: Listener
) -> None:
    run_id, sweep_id = run_at(desk, "far"), sweep_at(desk, "far")
    for words in (
        ("engine", "check", "far"),
        ("engine", "check", "queue"),
        ("engine", "check", "ray"),
        ("reproduce", ID, "--on", "far", "--quick"),
        ("reproduce", ID, "--on", "queue", "--detach", "--quick"),
        ("runs", "resume", run_id),
        ("runs", "cancel", run_id),
        ("sweep", "start", SWEPT, "--metric", "valid_score", "--trials", "2", "--on", "far"),
        ("sweep", "resume", sweep_id),
        ("sweep", "extend", sweep_id, "--trials", "9"),
        ("sweep", "cancel", sweep_id),
    ):
        done = run("--offline", *words)
        assert done.returncode == 4, (words, done.stderr)
        assert "offline" in done.stderr
        assert "--on local" in done.stderr
        assert not listener.called, words
    assert [one.id for one in runs(desk)] == [run_id]
    assert get_run(desk, run_id).state is RunState.AWAY
    head = sweep_head(desk, sweep_id)
    assert (head.state, head.budget.trials) == (RunState.AWAY, 3)
    assert not list(desk.settings.desk.glob("engine-check-*"))


def test_what_an_engine_has_is_shown_as_it_was_known_and_it_is_said_that_it_was_not_asked(
    run, desk: Desk, listener: Listener
) -> None:
    shown = run("--offline", "runs", "show", run_id := run_at(desk, "far"))
    assert (shown.returncode, shown.stdout.split()[:2]) == (0, [run_id, "away"])
    assert "could not be asked" in shown.stderr
    assert "offline" in shown.stderr
    swept = run("--offline", "sweep", "show", sweep_at(desk, "far"))
    assert swept.returncode == 0
    assert "could not be asked" in swept.stderr
    assert not listener.called
