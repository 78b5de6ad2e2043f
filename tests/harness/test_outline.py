"""Reading a run's events without its curves."""

from datetime import UTC, datetime
from pathlib import Path

from researchdesk.domain.runs import Event
from researchdesk.harness.events import encode
from researchdesk.harness.outline import OUTLINE, read_outline

AT = datetime(2026, 4, 12, 12, tzinfo=UTC)
STARTED = Event("seed_started", AT, "ours", 0)
FINISHED = Event("seed_finished", AT, "ours", 0, {"metrics": {"a": 1}, "seconds": 1.0}, "init")
METRIC = Event("metric", AT, "ours", 0, {"step": 1, "name": "loss", "value": 0.5})
TIMING = Event("timing", AT, "ours", 0, {"step": 1})


def write(file: Path, *events: Event, times: int = 1) -> None:
    with file.open("a", encoding="utf-8") as out:
        out.write("".join(map(encode, events)) * times)


def test_curves_are_passed_over_and_torn_lines_left_out(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    assert read_outline(file) == []
    write(file, STARTED, METRIC, TIMING, FINISHED)
    with file.open("a") as out:
        out.write('{"kind": "run_fin')
    assert read_outline(file) == [STARTED, FINISHED]
    assert not (tmp_path / OUTLINE).exists()


def test_a_long_file_is_outlined_and_what_comes_later_is_read(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    write(file, STARTED)
    write(file, METRIC, times=5000)
    assert read_outline(file) == [STARTED]
    kept = (tmp_path / OUTLINE).read_text("utf-8")
    assert len(kept.splitlines()) == 2
    write(file, METRIC, FINISHED)
    assert read_outline(file) == [STARTED, FINISHED]


def test_an_outline_that_does_not_fit_is_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    write(file, STARTED)
    write(file, METRIC, times=5000)
    read_outline(file)
    file.unlink()
    write(file, FINISHED)
    write(file, TIMING, times=9000)
    assert read_outline(file) == [FINISHED]
    file.unlink()
    write(file, STARTED, FINISHED)
    assert read_outline(file) == [STARTED, FINISHED]
    for nonsense in ("", "{}\n", '{"read_to": "x", "mark": 3}\n', "[" * 5000):
        (tmp_path / OUTLINE).write_text(nonsense)
        assert read_outline(file) == [STARTED, FINISHED]


def test_an_outline_that_cannot_be_written_harms_nothing(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    write(file, STARTED)
    write(file, METRIC, times=5000)
    (tmp_path / OUTLINE).mkdir()
    assert read_outline(file) == [STARTED]
