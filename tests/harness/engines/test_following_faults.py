"""A follower at awkward moments: a full disk, a queue that is full, a call-off cut short."""

import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.follow_bench import gated
from support.process_engine import ProcessEngine, mail_of

from researchdesk.domain.engines import Fate, Standing
from researchdesk.domain.runs import Event
from researchdesk.errors import DeskError, EngineError
from researchdesk.harness.engines.backend import Handed
from researchdesk.harness.engines.following import Outcome
from researchdesk.harness.engines.recalled import recalled

FULL = b'{"kind": "failed", "seed": 0, "error": "no room", "disk_full": true}\n'


@pytest.mark.slow
@pytest.mark.parametrize("written", [True, False])
def test_a_trial_that_found_the_disk_full_stops_the_run_once_and_goes_on_when_there_is_room(
    tmp_path: Path, written: bool
) -> None:
    bench, gate = gated(tmp_path, 1)

    def fill(event: Event) -> None:
        bench.seen.clear()
        with mail_of(bench.engine.submitted[0]).open("ab") as mail:
            mail.write(FULL)

    bench.seen["metric"] = fill
    with pytest.raises(DeskError, match="disk is full"):
        bench.follow()
    assert bench.of("trial_over")[0].data["fate"] == "disk full"
    if not written:  # for want of room
        bench.events = [event for event in bench.events if event.kind != "trial_over"]
    gate.touch()
    assert bench.follow() is Outcome.THROUGH
    assert bench.scores() == {0: 0.5}
    assert not bench.of("seed_failed")


@pytest.mark.slow
def test_what_an_engine_does_not_take_is_offered_again_as_it_was(tmp_path: Path) -> None:
    bench, gate = gated(tmp_path, 1)
    gate.touch()
    offered: list[Path] = []

    class Busy(ProcessEngine):
        def submit(self, trials: Sequence[Handed]) -> Sequence[str]:
            offered.extend(trial.folder for trial in trials)
            if len(offered) < 3:
                raise EngineError("The queue is full.")
            return super().submit(trials)

    bench.engine = Busy()
    assert bench.follow() is Outcome.THROUGH
    assert bench.scores() == {0: 0.5}
    assert len(offered) == 3
    assert len(set(offered)) == 1


@pytest.mark.slow
def test_tries_at_the_engine_and_after_it_are_counted_together_until_a_seed_has_failed(
    tmp_path: Path,
) -> None:
    bench, _ = gated(tmp_path, 1)

    def kill(event: Event) -> None:
        bench.engine.kill(bench.of("trial_submitted")[-1].data["handle"])

    bench.seen["metric"] = kill
    assert bench.follow(retries=1) is Outcome.THROUGH
    assert [trial.retries for trial in bench.engine.submitted] == [1, 0]
    assert len(bench.of("seed_failed")) == 1
    _, tries = recalled(bench.events)
    assert not tries


class Cancelling(ProcessEngine):
    """Says of what was cancelled that it was."""

    def __init__(self) -> None:
        super().__init__()
        self.cancelled: set[str] = set()

    def cancel(self, handles: Sequence[str]) -> None:
        super().cancel(handles)
        self.cancelled |= set(handles)

    def standing(self, trials: Mapping[str, Handed]) -> Mapping[str, Standing]:
        told = Standing(Fate.CANCELLED)
        return {**super().standing(trials), **dict.fromkeys(self.cancelled & set(trials), told)}


@pytest.mark.slow
def test_a_call_off_that_was_cut_short_fails_no_seed(tmp_path: Path) -> None:
    bench, gate = gated(tmp_path, 1)
    bench.engine = Cancelling()

    def die(event: Event) -> None:
        bench.seen.clear()
        bench.events.pop()
        raise SystemExit

    bench.seen["trial_over"] = die
    with pytest.raises(SystemExit):
        bench.follow(call_off=lambda: bool(bench.of("metric")))
    gate.touch()
    assert bench.follow() is Outcome.THROUGH
    assert bench.scores() == {0: 0.5}
    assert not bench.of("seed_failed")
    assert not bench.of("seed_retried")


@pytest.mark.slow
def test_an_interrupt_while_trials_are_handed_over_leaves_none_that_nobody_knows_of(
    tmp_path: Path,
) -> None:
    bench, gate = gated(tmp_path, 2)

    class Interrupted(ProcessEngine):
        def submit(self, trials: Sequence[Handed]) -> Sequence[str]:
            os.kill(os.getpid(), signal.SIGINT)
            return super().submit(trials)

    bench.engine = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        bench.follow()
    assert len(bench.of("trial_submitted")) == 2
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    gate.touch()
    assert bench.follow() is Outcome.THROUGH
    assert len(bench.engine.submitted) == 2


def test_one_look_at_an_engine_that_is_out_of_reach_does_not_wait_for_it(tmp_path: Path) -> None:
    bench, _ = gated(tmp_path, 1)
    bench.engine.down = True
    said: list[Any] = []
    bench.seen["engine_lost"] = said.append
    with pytest.raises(EngineError):
        bench.follow(patience_s=0.0)
    assert len(said) == 1


@pytest.mark.slow
def test_a_seed_that_was_lost_after_a_stretch_is_handed_over_once_however_few_may_be_there(
    tmp_path: Path,
) -> None:
    bench, gate = gated(tmp_path, 2)
    bench.at_once = 1
    assert bench.follow(leave=lambda: bool(bench.of("metric"))) is Outcome.LEFT
    bench.engine.kill(bench.of("trial_submitted")[0].data["handle"])
    gate.touch()
    assert bench.follow() is Outcome.THROUGH
    assert sorted(event.seed or 0 for event in bench.of("seed_finished")) == [0, 1]
    assert [trial.submission for trial in bench.engine.submitted] == [1, 2, 1]
