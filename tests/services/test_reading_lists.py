"""Reading lists: how far they are, and how they come to the desk."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.arxiv_server import ArxivServer
from support.faketime import FakeTime
from support.undoing import undo_last

from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata
from researchdesk.domain.reading import Decision
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.services import collecting, labels, library, reading, reading_lists
from researchdesk.services.desk import Desk, open_desk

LIST = """
name = "thesis"
title = "What it stands on"

[[entries]]
arxiv = "2101.00001"
title = "First"
authors = ["Ada Author", "others"]
year = 2021
why = "The baseline."
pass = 3

[[entries]]
doi = "10.1000/ABC"
url = "https://example.org/second.pdf"
title = "Second"
authors = ["Bo Writer"]
year = 1998
why = "Before arXiv."
pass = 1

[[entries]]
url = "https://example.org/third.html"
title = "Third"
authors = ["Cy Poster"]
year = 2010
why = "A web page."
pass = 2

[[entries]]
arxiv = "2101.00004"
title = "Fourth"
authors = ["Di Early"]
year = 2021
why = "What came of it."
pass = 2
"""


@pytest.fixture
def offline(settings: Settings, fake_time: FakeTime) -> Iterator[Desk]:
    """A desk without a network."""
    opened = open_desk(replace(settings, offline=True), fake_time.clock)
    yield opened
    opened.close()


@pytest.fixture
def reached(arxiv_settings: Settings, fake_time: FakeTime) -> Iterator[Desk]:
    """A desk that reaches the loopback arXiv."""
    opened = open_desk(arxiv_settings, fake_time.clock)
    yield opened
    opened.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "own.toml"
    file.write_text(LIST, "utf-8")
    return file


def titles(desk: Desk) -> list[str]:
    rows = collecting.papers_in(desk, "thesis")
    return [paper.title for one, _ in rows if (paper := library.paper_of(desk, one))]


def test_the_shipped_lists_are_there(offline: Desk) -> None:
    found = {state.list.name: state for state in reading_lists.lists(offline)}
    assert next(iter(found)) == "how-to-research"
    assert len(found) == 16
    assert (found["architectures"].on_desk, found["architectures"].read) == (0, 0)
    assert reading_lists.problems(offline) == []
    assert reading_lists.state_of(offline, "ARCHITECTURES").list.name == "architectures"
    with pytest.raises(NotOnDeskError, match="no reading list 'nonsense'"):
        reading_lists.state_of(offline, "nonsense")


def test_a_list_comes_in_its_order_without_a_network(offline: Desk, path: Path) -> None:
    added = reading_lists.add(offline, str(path))
    assert added.change.what == "reading list thesis put on the desk: 4 papers"
    assert (added.new, added.offline) == (4, "--offline was given")
    assert titles(offline) == ["First", "Second", "Third", "Fourth"]
    assert next(why for _, why in collecting.papers_in(offline, "thesis")) == "The baseline."
    first = library.get_paper(offline, "2101.00001")
    assert first.metadata.authors == ("Ada Author", "others")
    second = library.get_paper(offline, "writer1998second")
    assert (second.metadata.doi, second.metadata.year) == ("10.1000/ABC", 1998)


def test_added_again_nothing_changes(offline: Desk, path: Path) -> None:
    reading_lists.add(offline, str(path))
    again = reading_lists.add(offline, str(path))
    assert (again.change.id, again.new) == (0, 0)
    assert len(library.list_papers(offline)) == 4
    one = collecting.papers_in(offline, "thesis")[1][0]
    collecting.take_out(offline, [one], "thesis")
    assert reading_lists.add(offline, str(path)).change.count == 1
    assert titles(offline) == ["First", "Third", "Fourth", "Second"]


def test_one_undo_takes_all_of_it_back(offline: Desk, path: Path) -> None:
    kept = library.file_metadata(offline, Metadata("First", arxiv_id="2101.00001"))
    gone = library.file_metadata(offline, Metadata("Fourth", arxiv_id="2101.00004"))
    labels.remove_papers(offline, [gone.id])
    assert reading_lists.add(offline, str(path)).new == 3
    assert len(library.list_papers(offline)) == 4
    undo_last(offline)
    assert [item.paper.id for item in library.list_papers(offline)] == [kept.id]
    assert collecting.collections(offline) == []
    assert reading_lists.add(offline, str(path)).new == 3
    assert titles(offline) == ["First", "Second", "Third", "Fourth"]


def test_arxiv_is_asked_once_for_all(reached: Desk, path: Path, arxiv_server: ArxivServer) -> None:
    arxiv_server.add("2101.00001v3", title="First, whole", abstract="We show.", authors=("A", "B"))
    added = reading_lists.add(reached, str(path))
    assert added.offline == ""
    assert [asked.fields["id_list"] for asked in arxiv_server.asked] == ["2101.00001,2101.00004"]
    first = library.get_paper(reached, "2101.00001")
    assert (first.title, first.version, first.metadata.abstract) == ("First, whole", 3, "We show.")
    assert titles(reached) == ["First, whole", "Second", "Third", "Fourth"]


def test_what_was_filed_without_a_network_is_completed_later(
    settings: Settings, path: Path, reached: Desk, arxiv_server: ArxivServer
) -> None:
    before = open_desk(replace(settings, offline=True))
    reading_lists.add(before, str(path))
    before.close()
    arxiv_server.add("2101.00001v3", title="First, whole", abstract="We show.")
    arxiv_server.add("2101.00004v1", title="Fourth, whole", abstract="We show more.")
    again = reading_lists.add(reached, str(path))
    assert again.change.id == 0
    assert titles(reached) == ["First, whole", "Second", "Third", "Fourth, whole"]
    reading_lists.add(reached, str(path))
    assert len(arxiv_server.asked) == 1


def test_an_arxiv_that_fails_is_told_and_the_list_is_filed(desk: Desk, path: Path) -> None:
    added = reading_lists.add(desk, str(path))
    assert added.offline
    assert titles(desk) == ["First", "Second", "Third", "Fourth"]


def test_what_is_read_is_counted(offline: Desk, path: Path) -> None:
    reading_lists.add(offline, str(path))
    paper = library.get_paper(offline, "2101.00001")
    reading.start_pass(offline, paper, 1)
    state = reading_lists.state_of(offline, str(path))
    assert (state.on_desk, state.read) == (4, 0)
    assert state.next is not None
    assert state.next.title == "First"
    reading.finish_pass(offline, paper, 1, decision=Decision.GO_ON, why="good")
    state = reading_lists.state_of(offline, str(path))
    assert state.read == 1
    assert [item.read for item in state.entries] == [True, False, False, False]
    assert state.next is not None
    assert state.next.title == "Second"


def test_own_lists_stand_beside_the_shipped_and_replace_them(offline: Desk) -> None:
    folder = reading_lists.own_folder(offline)
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(LIST, "utf-8")
    (folder / "other.toml").write_text(LIST.replace('"thesis"', '"graphs"'), "utf-8")
    (folder / "broken.toml").write_text("name = 3", "utf-8")
    found = {state.list.name: state for state in reading_lists.lists(offline)}
    assert len(found) == 17
    assert found["thesis"].own
    assert found["graphs"].own
    assert not found["causality"].own
    (problem,) = reading_lists.problems(offline)
    assert "broken.toml: line 1: name: 3, but text is wanted" in problem
    with pytest.raises(BadInputError):
        reading_lists.state_of(offline, str(folder / "broken.toml"))
    with pytest.raises(BadInputError, match="cannot be read"):
        reading_lists.state_of(offline, str(folder / "absent.toml"))
