"""Tags, stars, priorities and removals of many papers, and how they are taken back."""

import time

import pytest
from support.undoing import undo_last

from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import collecting, labels, library, merging
from researchdesk.services.desk import Desk, open_desk


@pytest.fixture
def ids(desk: Desk) -> list[int]:
    """Rows of five papers."""
    return [library.file_metadata(desk, Metadata(f"Study {word}")).id for word in "abcde"]


def test_tags_are_put_on_and_taken_off_and_counted(desk: Desk, ids: list[int]) -> None:
    change = labels.tag(desk, ids[:3], ["vision", "to do"])
    assert (change.what, change.count) == ("3 papers tagged vision, to do", 3)
    labels.tag(desk, ids[3:4], ["vision"])
    assert labels.tags_of(desk, ids[0]) == ["to do", "vision"]
    assert labels.all_tags(desk) == [("to do", 3), ("vision", 4)]
    change = labels.untag(desk, ids, ["vision"])
    assert (change.what, change.count) == ("4 papers no longer tagged vision", 4)
    assert labels.all_tags(desk) == [("to do", 3)]
    labels.remove_papers(desk, ids[:1])
    assert labels.all_tags(desk) == [("to do", 2)]


def test_a_tag_is_one_however_it_is_spelled(desk: Desk, ids: list[int]) -> None:
    labels.tag(desk, ids[:1], ["Deep  Learning"])
    again = labels.tag(desk, ids[:2], ["#deep learning", "DEEP LEARNING"])
    assert again.count == 1
    assert labels.all_tags(desk) == [("Deep Learning", 2)]
    assert labels.untag(desk, ids, ["deep learning"]).count == 2


@pytest.mark.parametrize("name", ["", " # ", "a,b", 'say "so"', "x" * 81])
def test_some_names_are_none(desk: Desk, ids: list[int], name: str) -> None:
    with pytest.raises(UsageProblemError):
        labels.tag(desk, ids, ["fine", name])
    assert labels.all_tags(desk) == []


def test_what_is_so_already_changes_nothing(desk: Desk, ids: list[int]) -> None:
    labels.tag(desk, ids[:1], ["vision"])
    again = labels.tag(desk, ids[:1], ["vision"])
    assert (again.id, again.count) == (0, 0)
    assert again.what == "Nothing to do: 1 paper is tagged vision already."
    assert labels.set_stars(desk, ids, 0).id == 0
    assert labels.tag(desk, [99_999], ["vision"]).id == 0
    assert len(labels.changes(desk)) == 1


def test_stars_and_priority_are_put_back_each_as_it_was(desk: Desk, ids: list[int]) -> None:
    labels.set_stars(desk, ids[:2], 2)
    labels.set_stars(desk, ids[2:3], 5)
    change = labels.set_stars(desk, ids, 5)
    assert (change.what, change.count) == ("4 papers given 5 stars", 4)
    assert undo_last(desk) is not None
    assert stars(desk, ids) == [2, 2, 5, 0, 0]
    assert labels.set_priority(desk, ids, 3).what == "5 papers given priority 3"
    for wrong in (-1, 4):
        with pytest.raises(UsageProblemError):
            labels.set_priority(desk, ids, wrong)
    with pytest.raises(UsageProblemError):
        labels.set_stars(desk, ids, 6)


def test_undoing_again_goes_further_back_and_survives_a_restart(
    desk: Desk, ids: list[int], settings: Settings
) -> None:
    labels.tag(desk, ids, ["first"])
    labels.tag(desk, ids[1:], ["second"])
    labels.untag(desk, ids[:2], ["first"])
    labels.remove_papers(desk, ids[4:])
    desk.close()
    later = open_desk(settings, desk.clock)
    told = [undone.what for _ in range(4) if (undone := undo_last(later))]
    assert told == [
        "1 paper taken off the desk",
        "2 papers no longer tagged first",
        "4 papers tagged second",
        "5 papers tagged first",
    ]
    assert undo_last(later) is None
    assert labels.all_tags(later) == []
    assert len(library.list_papers(later)) == 5
    assert all(change.undone_at for change in labels.changes(later))
    later.close()


def test_what_was_there_before_a_change_stays_when_it_is_undone(desk: Desk, ids: list[int]) -> None:
    labels.tag(desk, ids[:2], ["vision"])
    labels.tag(desk, ids, ["vision"])
    undo_last(desk)
    assert labels.all_tags(desk) == [("vision", 2)]


def test_an_earlier_change_is_undone_out_of_turn_where_nothing_stands_on_it(
    desk: Desk, ids: list[int]
) -> None:
    first = labels.tag(desk, ids, ["vision"])
    labels.set_stars(desk, ids, 4)
    labels.undo(desk, first.id)
    assert labels.all_tags(desk) == []
    assert stars(desk, ids) == [4] * 5
    with pytest.raises(UsageProblemError, match="taken back already"):
        labels.undo(desk, first.id)
    with pytest.raises(NotOnDeskError):
        labels.undo(desk, 99)


def test_undo_refuses_where_things_are_no_longer_so(desk: Desk, ids: list[int]) -> None:
    tagged = labels.tag(desk, ids, ["vision", "text"])
    starred = labels.set_stars(desk, ids, 3)
    labels.untag(desk, ids[:2], ["text"])
    labels.set_stars(desk, ids[:1], 5)
    with pytest.raises(UsageProblemError, match="2 papers lost the tag text since"):
        labels.undo(desk, tagged.id)
    assert labels.all_tags(desk) == [("text", 3), ("vision", 5)]
    with pytest.raises(UsageProblemError, match="1 paper got other stars since"):
        labels.undo(desk, starred.id)
    undo_last(desk)
    labels.undo(desk, starred.id)
    assert stars(desk, ids) == [0] * 5


def test_a_removed_paper_that_came_back_by_itself_is_not_undone(desk: Desk, ids: list[int]) -> None:
    removed = labels.remove_papers(desk, ids[:2])
    assert labels.remove_papers(desk, ids[:2]).id == 0
    library.restore_paper(desk, library.list_papers(desk)[0].paper)
    assert labels.undo(desk, removed.id).undone_at
    again = labels.remove_papers(desk, ids[:2])
    paper = next(i.paper for i in restored(desk, ids[0]))
    assert paper.id == ids[0]
    with pytest.raises(UsageProblemError, match="1 paper came back to the desk since"):
        labels.undo(desk, again.id)


def test_a_tag_is_renamed_and_two_become_one(desk: Desk, ids: list[int]) -> None:
    labels.tag(desk, ids[:3], ["cv"])
    labels.tag(desk, ids[2:4], ["vision"])
    assert labels.rename_tag(desk, "CV", "Vision").count == 3
    assert labels.all_tags(desk) == [("vision", 4)]
    undo_last(desk)
    assert labels.all_tags(desk) == [("cv", 3), ("vision", 2)]
    labels.rename_tag(desk, "cv", "CV")
    assert labels.all_tags(desk) == [("CV", 3), ("vision", 2)]
    undo_last(desk)
    assert labels.all_tags(desk)[0] == ("cv", 3)
    with pytest.raises(NotOnDeskError):
        labels.rename_tag(desk, "nlp", "text")


def test_one_tag_may_be_given_as_text(desk: Desk, ids: list[int]) -> None:
    labels.tag(desk, ids, "vision")
    assert labels.all_tags(desk) == [("vision", 5)]
    with pytest.raises(UsageProblemError):
        labels.tag(desk, ids, [])


def test_a_merge_is_taken_back_in_its_turn(desk: Desk, ids: list[int]) -> None:
    labels.tag(desk, ids[:2], ["vision"])
    merging.merge(desk, ids[0], ids[1])
    assert labels.all_tags(desk) == [("vision", 1)]
    undone = undo_last(desk)
    assert undone is not None
    assert "became part of" in undone.what
    assert labels.all_tags(desk) == [("vision", 2)]
    undo_last(desk)
    assert labels.all_tags(desk) == []


def test_a_change_of_another_kind_is_left_to_its_own_command(desk: Desk) -> None:
    with desk.database.writing() as db:
        db.conn.execute(
            "INSERT INTO library_actions(what, undo, at) VALUES ('merged', '{}', '2026-01-01')"
        )
    with pytest.raises(UsageProblemError, match="by the command that made it"):
        undo_last(desk)


@pytest.mark.slow
def test_a_hundred_thousand_papers_are_changed_at_once(desk: Desk) -> None:
    with desk.database.writing() as db:
        rows = ((f"k{n}", f"Title {n}", "2026-01-01T00:00:00+00:00") for n in range(100_000))
        db.conn.executemany("INSERT INTO papers(key, title, added_at) VALUES (?, ?, ?)", rows)
    every = list(range(1, 100_001))
    for change in (
        lambda: labels.tag(desk, every, ["vision"]),
        lambda: labels.set_stars(desk, every, 3),
        lambda: collecting.put_in(desk, every, "all"),
        lambda: labels.remove_papers(desk, every),
    ):
        begun = time.process_time()
        assert change().count == 100_000
        assert undo_last(desk) is not None
        assert time.process_time() - begun < 6


def stars(desk: Desk, ids: list[int]) -> list[int]:
    by_id = {item.paper.id: item.paper.stars for item in library.list_papers(desk)}
    return [by_id[one] for one in ids]


def restored(desk: Desk, paper_id: int) -> list[library.Listed]:
    paper = library.paper_named(desk, "studya")
    assert paper is None
    with desk.database.writing() as db:
        db.conn.execute("UPDATE papers SET removed_at = NULL WHERE id = ?", (paper_id,))
    return [item for item in library.list_papers(desk) if item.paper.id == paper_id]
