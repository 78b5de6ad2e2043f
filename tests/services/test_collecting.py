"""Collections: papers in an order, and how changes of them are taken back."""

import pytest
from support.undoing import undo_last

from researchdesk.domain.papers import Metadata
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import collecting, labels, library
from researchdesk.services.desk import Desk


@pytest.fixture
def ids(desk: Desk) -> list[int]:
    """Rows of five papers."""
    return [library.file_metadata(desk, Metadata(f"Study {word}")).id for word in "abcde"]


def order(desk: Desk, name: str) -> list[int]:
    return [one for one, _ in collecting.papers_in(desk, name)]


def test_papers_stand_in_the_order_they_were_put_in(desk: Desk, ids: list[int]) -> None:
    a, b, c, d, _ = ids
    change = collecting.put_in(desk, [c, a], "thesis")
    assert change.what == "2 papers put in thesis"
    assert collecting.put_in(desk, [b, a, d], "Thesis").count == 2
    assert order(desk, "thesis") == [c, a, b, d]
    found = collecting.collection(desk, "THESIS")
    assert (found.name, found.count) == ("thesis", 4)
    assert collecting.collections_of(desk, b) == ["thesis"]
    assert collecting.put_in(desk, [a], "thesis").id == 0


def test_the_order_is_changed_and_changed_back(desk: Desk, ids: list[int]) -> None:
    a, b, c, d, e = ids
    collecting.put_in(desk, ids, "thesis")
    assert collecting.move(desk, [e], "thesis", 1).what == "1 paper moved to place 1 in thesis"
    assert order(desk, "thesis") == [e, a, b, c, d]
    collecting.move(desk, [e, b], "thesis", 99)
    assert order(desk, "thesis") == [a, c, d, e, b]
    assert collecting.move(desk, [c], "thesis", 2).id == 0
    undo_last(desk)
    undo_last(desk)
    assert order(desk, "thesis") == [a, b, c, d, e]
    labels.remove_papers(desk, [a])
    collecting.move(desk, [d], "thesis", 1)
    assert order(desk, "thesis") == [d, b, c, e]


def test_what_is_taken_out_comes_back_to_its_place(desk: Desk, ids: list[int]) -> None:
    collecting.put_in(desk, ids, "thesis")
    assert collecting.take_out(desk, ids[1:3], "thesis").count == 2
    assert collecting.take_out(desk, ids[1:3], "thesis").id == 0
    undo_last(desk)
    assert order(desk, "thesis") == ids
    undo_last(desk)
    assert collecting.collections(desk) == []


def test_a_dropped_collection_comes_back_whole(desk: Desk, ids: list[int]) -> None:
    collecting.new(desk, "thesis", "Chapter 2")
    collecting.put_in(desk, ids, "thesis")
    assert collecting.drop(desk, "thesis").what == "collection thesis of 5 papers dropped"
    assert collecting.collections(desk) == []
    assert len(library.list_papers(desk)) == 5
    undo_last(desk)
    assert collecting.collection(desk, "thesis").about == "Chapter 2"
    assert order(desk, "thesis") == ids


def test_renaming_keeps_the_papers(desk: Desk, ids: list[int]) -> None:
    collecting.put_in(desk, ids[:2], "thesis")
    collecting.rename(desk, "thesis", "Thesis")
    collecting.rename(desk, "thesis", "book")
    assert order(desk, "book") == ids[:2]
    collecting.new(desk, "other")
    with pytest.raises(UsageProblemError, match="There is a collection other already"):
        collecting.rename(desk, "book", "OTHER")
    undo_last(desk)
    undo_last(desk)
    assert [found.name for found in collecting.collections(desk)] == ["Thesis"]


def test_undo_refuses_where_the_collection_is_no_longer_so(desk: Desk, ids: list[int]) -> None:
    begun = collecting.new(desk, "thesis")
    put = collecting.put_in(desk, ids[:3], "thesis")
    taken = collecting.take_out(desk, ids[:1], "thesis")
    with pytest.raises(UsageProblemError, match="no longer empty"):
        labels.undo(desk, begun.id)
    with pytest.raises(UsageProblemError, match="1 paper left the collection thesis since"):
        labels.undo(desk, put.id)
    dropped = collecting.drop(desk, "thesis")
    with pytest.raises(UsageProblemError, match="the collection thesis is no longer there"):
        labels.undo(desk, taken.id)
    collecting.new(desk, "thesis")
    with pytest.raises(UsageProblemError, match="there is another collection thesis by now"):
        labels.undo(desk, dropped.id)


def test_putting_the_first_in_is_undone_without_those_that_came_later(
    desk: Desk, ids: list[int]
) -> None:
    first = collecting.put_in(desk, ids[:1], "thesis")
    collecting.put_in(desk, ids[1:2], "thesis")
    labels.undo(desk, first.id)
    assert order(desk, "thesis") == ids[1:2]


def test_no_such_collection(desk: Desk, ids: list[int]) -> None:
    for doing in (
        lambda: collecting.take_out(desk, ids, "thesis"),
        lambda: collecting.drop(desk, "thesis"),
        lambda: collecting.papers_in(desk, "thesis"),
        lambda: collecting.rename(desk, "thesis", "other"),
        lambda: collecting.move(desk, ids, "thesis", 1),
    ):
        with pytest.raises(NotOnDeskError, match="no collection thesis"):
            doing()
    collecting.put_in(desk, ids[:1], "thesis")
    with pytest.raises(NotOnDeskError, match="1 paper is not in thesis"):
        collecting.move(desk, ids[:2], "thesis", 1)
    with pytest.raises(UsageProblemError):
        collecting.new(desk, "thesis")
