"""Reading a run's events without its curves."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from researchdesk.domain.runs import Event
from researchdesk.harness.events import encode
from researchdesk.harness.outline import OUTLINE, read_outline

AT = datetime(2026, 4, 12, 12, tzinfo=UTC)
STARTED = Event("seed_started", AT, "ours", 0)
FINISHED = Event("seed_finished", AT, "ours", 0, {"metrics": {"a": 1}, "seconds": 1.0}, "init")
METRIC = Event("metric", AT, "ours", 0, {"step": 1, "name": "loss", "value": 0.5})
RESUMED = Event("run_resumed", AT)
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
    assert read_outline(file) == read_outline(file) == [STARTED, METRIC]
    kept = (tmp_path / OUTLINE).read_text("utf-8")
    assert len(kept.splitlines()) == 3
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
    assert read_outline(file) == [FINISHED, TIMING]
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
    assert read_outline(file) == [STARTED, METRIC]


def test_what_a_stretch_that_died_was_last_heard_of_by_is_told(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    write(file, STARTED, METRIC, TIMING)
    with file.open("a") as out:
        out.write('{"kind": "metric", "at": "torn\n')
    write(file, RESUMED, METRIC, FINISHED)
    assert read_outline(file) == [STARTED, TIMING, RESUMED, FINISHED]


def test_threads_that_outline_one_run_at_once_each_put_a_whole_one_there(tmp_path: Path) -> None:
    file, outline = tmp_path / "events.jsonl", tmp_path / OUTLINE
    long = replace(FINISHED, data={"why": "w" * 60_000})
    write(file, long, times=5)
    told = read_outline(file)
    whole = outline.read_bytes()

    def read(_: int) -> set[bytes]:
        outline.unlink(missing_ok=True)
        assert read_outline(file) == told
        with contextlib.suppress(FileNotFoundError):
            return {outline.read_bytes()}
        return set()

    with ThreadPoolExecutor(8) as pool:
        seen = set[bytes]().union(*pool.map(read, range(400)))
    assert seen == {whole}
    assert {one.name for one in tmp_path.iterdir()} <= {file.name, OUTLINE}
