"""``events.jsonl``: what is written comes back, whatever a crash did to the file."""

import errno
import json
import math
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from researchdesk.domain.runs import Event
from researchdesk.domain.text import clean
from researchdesk.errors import DeskError
from researchdesk.harness.events import EventLog, decode, encode, number_of, read_events

AT = datetime(2026, 4, 12, 12, 0, 0, 5, tzinfo=UTC)
SOME = [
    Event("run_started", AT),
    Event("metric", AT, "ours", 3, {"step": 1, "name": "loss", "value": 0.1}),
    Event("seed_finished", AT, "ours", 3, {"metrics": {"loss": 0.1, "n": 7}, "seconds": 2.0}),
    Event("seed_failed", AT, "ours", 4, {"error": "Türe\nzu"}),
]

plain_text = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf")), max_size=20).map(clean)
events = st.builds(
    Event,
    kind=plain_text,
    at=st.datetimes(timezones=st.just(UTC)),
    arm=plain_text,
    seed=st.none() | st.integers(0, 2**40),
    data=st.fixed_dictionaries(
        {"metrics": st.dictionaries(plain_text, st.floats(allow_nan=False), max_size=3)}
    ),
)


def write(path: Path, some: list[Event]) -> None:
    log = EventLog(path)
    for event in some:
        log.append(event)
    log.close()


@settings(deadline=None)
@given(events)
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    assert decode(encode(event)) == event


@settings(deadline=None)
@given(st.lists(events, max_size=5), st.integers(0, 400))
def test_a_file_cut_off_anywhere_keeps_every_whole_line(some: list[Event], cut: int) -> None:
    lines = "".join(encode(event) for event in some).encode()
    kept = lines[: max(0, len(lines) - cut)]
    found = [e for line in kept.decode(errors="replace").split("\n") if (e := decode(line))]
    whole = kept.count(b"\n")
    assert found[:whole] == some[:whole]
    assert len(found) <= whole + 1


@settings(deadline=None)
@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda b: b.decode(errors="replace")))
def test_no_garbage_raises(line: str) -> None:
    decode(line)


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=8,
    )
)
def test_no_json_raises(value: Any) -> None:
    decode(json.dumps(value))
    decode(json.dumps({"kind": "metric", "at": "2026-04-12T12:00:00", "data": value}))
    decode(json.dumps({"kind": value, "at": value, "arm": value, "seed": value}))


def test_nan_and_infinities_are_written_as_strict_json(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    numbers = {"a": math.nan, "b": math.inf, "c": -math.inf}
    write(path, [Event("seed_finished", AT, "ours", 0, {"metrics": numbers, "seconds": 1.0})])
    json.loads(path.read_text(), parse_constant=lambda word: pytest.fail(word))
    (event,) = read_events(path)
    read = event.data["metrics"]
    assert math.isnan(read["a"])
    assert (read["b"], read["c"]) == (math.inf, -math.inf)


def test_writing_goes_on_below_a_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    write(path, SOME)
    path.write_bytes(path.read_bytes()[:-9])
    write(path, SOME[:1])
    assert read_events(path) == [*SOME[:3], SOME[0]]


def test_a_missing_file_has_no_events(tmp_path: Path) -> None:
    assert read_events(tmp_path / "none") == []


@pytest.mark.parametrize(
    ("given_value", "number"),
    [
        (3, 3),
        (0.5, 0.5),
        ("inf", math.inf),
        ("3", None),
        (True, None),
        (None, None),
        (10**400, None),
    ],
)
def test_only_numbers_are_numbers(given_value: Any, number: float | None) -> None:
    assert number_of(given_value) == number


def test_control_characters_of_a_recipe_do_not_come_back() -> None:
    event = decode(encode(Event("seed_failed", AT, "ours", 0, {"error": "\x1b[31mred\x07"})))
    assert event is not None
    assert event.data["error"] == "red"


def test_a_full_disk_is_told_clearly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = EventLog(tmp_path / "events.jsonl")
    log.append(SOME[0])

    def full(descriptor: int, content: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(DeskError, match=r"No space left.*seeds that had finished are kept"):
            log.append(SOME[1])
    log.close()
    assert read_events(tmp_path / "events.jsonl") == SOME[:1]
