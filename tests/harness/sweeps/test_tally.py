"""What a list tells of a sweep is what its events say, however it came to be read."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.sweep_maker import spec

from researchdesk.domain.clock import parse_stamp, stamp
from researchdesk.domain.runs import Event
from researchdesk.domain.seeding import TRIAL
from researchdesk.domain.sweeps import Budget, TrialState
from researchdesk.domain.trial_choice import chosen
from researchdesk.harness.events import encode
from researchdesk.harness.history import RunConfig, state_of
from researchdesk.harness.sweeps import tally as tallies
from researchdesk.harness.sweeps.history import read_sweep
from researchdesk.harness.sweeps.spec import spec_toml
from researchdesk.harness.sweeps.tally import (
    FAILED,
    FINISHED,
    LOST,
    OPEN,
    STOPPED,
    Tally,
    read_tally,
)

SPEC = spec()
NOW = datetime(2026, 4, 12, 12, tzinfo=UTC)
LETTERS = {
    TrialState.FINISHED: FINISHED,
    TrialState.STOPPED: STOPPED,
    TrialState.FAILED: FAILED,
    TrialState.RUNNING: OPEN,
    TrialState.CANCELLED: OPEN,
    TrialState.LOST: LOST,
}
_ENDS_OF_TRIALS = ("seed_finished", "seed_failed", "stopped")
_values = st.one_of(st.none(), st.floats(allow_subnormal=False), st.just(0.5))
_of_trials = st.tuples(
    st.sampled_from(["seed_started", "seed_finished", "seed_failed", "lost", "metric", "stopped"]),
    st.integers(0, 5),
    _values,
)
_of_sweeps = st.sampled_from(
    [
        ("run_started", {}), ("run_resumed", {}), ("run_interrupted", {}), ("run_finished", {}),
        ("run_detached", {}), ("test_looked", {"trial": 2}), ("test_looked", {"trial": 4}),
        ("test_looked", {}), ("sweep_extended", {"budget": {"trials": 9, "hours": 0.5}}),
        ("trial_submitted", {"key": "a"}), ("trial_over", {"key": "a"}), ("other", {"x": [1]}),
        ("stop_unused", {}),
    ]
)  # fmt: skip


def _event(number: int, one: tuple) -> Event:
    at = NOW + timedelta(seconds=number)
    if len(one) == 2:
        return Event(one[0], at, data=one[1])
    kind, trial, value = one
    data: dict = {"metrics": {} if value is None else {"valid_score": value}, "seconds": 1.0}
    if kind == "stopped":
        kind, data = "seed_finished", {**data, "stopped": 3}
    elif kind == "metric":
        data = {"step": 1, "name": "valid_score", "value": value}
    elif kind in ("seed_failed", "lost"):
        kind, data = "seed_failed", {"error": "no", "lost": kind == "lost"}
    return Event(kind, at, "ours", trial, data, TRIAL)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(_of_trials, _of_sweeps), max_size=40), st.integers(0, 40), st.booleans())
@example([("lost", 1, None), ("run_resumed", {}), ("seed_started", 1, None)], 1, True)
@example([("lost", 1, None), ("seed_started", 1, None), ("seed_finished", 1, 0.5)], 40, False)
def test_it_is_what_reading_everything_says(rows: list, cut: int, keep: bool) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "20260412-120000-tiny"
        folder.mkdir()
        config = RunConfig("r", "d", "", False, False, (), sweep=spec_toml(SPEC))
        (folder / "config.toml").write_text(config.to_toml(), "utf-8")
        lines = [encode(_event(number, one)).encode() for number, one in enumerate(rows)]
        events = folder / "events.jsonl"
        events.write_bytes(b"".join(lines[:cut]) + b'{"kind": "seed_fini')
        first = read_tally(folder, SPEC)
        if keep:
            tallies._keep(folder, first)
        events.write_bytes(b"".join(lines))
        _agrees(folder, read_tally(folder, SPEC), state=not _failed_and_finished(rows))


def _failed_and_finished(rows: list) -> bool:
    """Whether a trial was told of with two ends, which no engine does."""
    ends = {(one[0] == "seed_failed", one[1]) for one in rows if one[0] in _ENDS_OF_TRIALS}
    return any((not failed, trial) in ends for failed, trial in ends)


def _agrees(folder: Path, tally: Tally, *, state: bool) -> None:
    whole = read_sweep(folder, owned=False)
    best = chosen(SPEC, whole.trials)
    assert tally.best == ((best.value, best.number) if best else None)
    ended = {trial.number: LETTERS[trial.state] for trial in whole.trials}
    ended = {number: letter for number, letter in ended.items() if letter != OPEN}
    told = {number: letter for number, letter in enumerate(tally.trials) if letter != OPEN}
    assert told == ended
    assert whole.ended_at in (None, parse_stamp(tally.last) if tally.last else None)
    assert tally.looks == [number for number, _ in whole.looks]
    extended = None if tally.budget is None else Budget(**tally.budget)  # type: ignore[arg-type]
    assert (extended or SPEC.budget) == whole.budget
    found = state_of(
        tally.end,
        owned=False,
        any_result=bool({FINISHED, STOPPED} & {*tally.trials}),
        any_there=bool(tally.there),
    )
    assert found == whole.state or not state


def test_what_is_kept_is_believed_only_where_it_fits(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    rows = [("seed_finished", number, number / 7) for number in range(2_000)]
    events.write_bytes(
        b"".join(encode(_event(number, one)).encode() for number, one in enumerate(rows))
    )
    first = read_tally(tmp_path, SPEC)
    kept = tmp_path / tallies.TALLY
    assert (first.best, kept.is_file()) == ((1_999 / 7, 1_999), True)
    kept.write_text(kept.read_text("utf-8").replace('"best": [285', '"best": [999'), "utf-8")
    assert read_tally(tmp_path, SPEC).best == (999 + first.best[0] % 1, 1_999)  # it was believed
    kept.write_text('{"format": 1, "read_to": "x"}', "utf-8")
    assert read_tally(tmp_path, SPEC) == first
    events.write_bytes(events.read_bytes().replace(b"0.2857142857142857", b"9999.8571428571427"))
    assert read_tally(tmp_path, SPEC) == first  # far from where it was read to last
    kept.unlink()
    assert read_tally(tmp_path, SPEC).best == (9999.8571428571427, 2)
    events.write_bytes(events.read_bytes()[:50_000])
    assert read_tally(tmp_path, SPEC).read_to < 50_000


def test_what_is_kept_is_of_what_trials_are_chosen_by(tmp_path: Path) -> None:
    rows = [("seed_finished", number, number / 7) for number in range(2_000)]
    lines = [encode(_event(number, one)) for number, one in enumerate(rows)]
    (tmp_path / "events.jsonl").write_text("".join(lines), "utf-8")
    assert read_tally(tmp_path, SPEC).best == (1_999 / 7, 1_999)
    assert read_tally(tmp_path, replace(SPEC, better="lower")).best == (0.0, 0)
    assert read_tally(tmp_path, replace(SPEC, metric="test_score")).best is None


def test_a_stretch_that_died_long_ago_ends_where_it_was_last_heard_of_and_not_where_it_was_kept(
    tmp_path: Path,
) -> None:
    rows = [("seed_finished", 1, 0.5), ("metric", 2, 0.5)]
    lines = [encode(_event(number, one)).encode() for number, one in enumerate(rows)]
    (tmp_path / "events.jsonl").write_bytes(b"".join(lines))
    first = read_tally(tmp_path, SPEC)
    tallies._keep(tmp_path, replace(first, last=stamp(_event(0, rows[0]).at)))
    kept = tmp_path / tallies.TALLY
    kept.write_text(json.dumps({**json.loads(kept.read_text("utf-8")), "format": 1}), "utf-8")
    assert read_tally(tmp_path, SPEC).last == first.last == stamp(_event(1, rows[1]).at)
