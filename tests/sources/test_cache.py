"""Replies are kept for a day, and never harm."""

import json
from pathlib import Path

import pytest
from support.faketime import FakeTime

from researchdesk.sources.cache import QueryCache

URL = "http://127.0.0.1/api/query?id_list=1706.03762"


@pytest.fixture
def cache(tmp_path: Path, fake_time: FakeTime) -> QueryCache:
    return QueryCache(tmp_path / "queries", fake_time.clock)


def files(folder: Path) -> list[Path]:
    return sorted((folder / "queries").iterdir())


def test_a_reply_is_kept_for_less_than_a_day(cache: QueryCache, fake_time: FakeTime) -> None:
    cache.put(URL, "<feed>é</feed>".encode())
    fake_time.advance(hours=23, minutes=59)
    assert cache.get(URL) == "<feed>é</feed>".encode()
    fake_time.advance(minutes=1)
    assert cache.get(URL) is None


def test_a_reply_of_the_future_is_none(cache: QueryCache, fake_time: FakeTime) -> None:
    cache.put(URL, b"<feed/>")
    fake_time.advance(hours=-2)
    assert cache.get(URL) is None


def test_another_question_has_another_answer(cache: QueryCache) -> None:
    cache.put(URL, b"<feed/>")
    assert cache.get(URL + "v1") is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"url": 1}', "\x00", "null"])
def test_a_broken_file_is_as_if_not_there(cache: QueryCache, tmp_path: Path, text: str) -> None:
    cache.put(URL, b"<feed/>")
    files(tmp_path)[0].write_text(text, encoding="utf-8")
    assert cache.get(URL) is None
    cache.put(URL, b"<feed/>")
    assert cache.get(URL) == b"<feed/>"


def test_a_body_of_another_kind_is_none(cache: QueryCache, tmp_path: Path) -> None:
    cache.put(URL, b"<feed/>")
    file = files(tmp_path)[0]
    table = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**table, "body": 7}), encoding="utf-8")
    assert cache.get(URL) is None


def test_what_is_old_goes(cache: QueryCache, tmp_path: Path, fake_time: FakeTime) -> None:
    cache.put(URL, b"<feed/>")
    fake_time.advance(days=1, seconds=1)
    cache.put(URL + "v1", b"<feed/>")
    assert len(files(tmp_path)) == 1


def test_a_folder_that_cannot_be_made_does_not_matter(tmp_path: Path, fake_time: FakeTime) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    cache = QueryCache(tmp_path / "file" / "queries", fake_time.clock)
    cache.put(URL, b"<feed/>")
    assert cache.get(URL) is None


def test_nothing_half_written_is_left(cache: QueryCache, tmp_path: Path) -> None:
    cache.put(URL, b"<feed/>")
    cache.put(URL, b"<feed>again</feed>")
    assert [file.suffix for file in files(tmp_path)] == [".json"]
