from datetime import timedelta

import pytest

from researchdesk.domain.ideas import IdeaState
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.ideas import (
    add_idea,
    edit_idea,
    get_idea,
    history_of,
    list_ideas,
    move_idea,
    own_order,
    parts_of,
    put_back,
    set_own_order,
    settle_idea,
)


@pytest.fixture
def three(desk: Desk) -> list[int]:
    """Three ideas, in the order of their scores: 25, 9 and 1."""
    best = add_idea(desk, "best", impact=5, work_days=1, fun=5)
    middle = add_idea(desk, "middle", impact=3, work_days=1, fun=3)
    last = add_idea(desk, "last", impact=1, work_days=1, fun=1)
    return [best.id, middle.id, last.id]


def order(desk: Desk) -> list[str]:
    return [idea.text for idea in list_ideas(desk)]


def happened(desk: Desk, number: int) -> list[tuple[str, str, str]]:
    return [(item.what, item.said, item.why) for item in history_of(desk, number)]


def test_an_idea_is_kept_as_it_was_said(desk: Desk) -> None:
    kept = add_idea(
        desk,
        " Warm\x1b[31m the\nmomentum up ",
        of="[[funny:3]]",
        impact=4,
        work_days=0.5,
        fun=2,
        instead="read on",
    )
    assert get_idea(desk, kept.id) == kept
    assert (kept.text, kept.of, kept.instead) == ("Warm the\nmomentum up", "funny:3", "read on")
    assert (kept.impact, kept.work_days, kept.fun) == (4, 0.5, 2)
    assert kept.state is IdeaState.OPEN
    assert kept.created_at == desk.clock()
    assert [one.id for one in list_ideas(desk) if one.of == "funny:3"] == [kept.id]
    assert happened(desk, kept.id) == [("state", "open", "")]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (" ", {}),
        ("idea", {"impact": 6}),
        ("idea", {"fun": 0}),
        ("idea", {"work_days": 0.0}),
        ("idea", {"work_days": float("nan")}),
        ("idea", {"work_days": float("inf")}),
        ("idea", {"of": "funny:zz"}),
    ],
)
def test_what_can_not_be_is_not_kept(desk: Desk, text: str, fields: dict) -> None:
    with pytest.raises(UsageProblemError):
        add_idea(desk, text, **fields)
    assert list_ideas(desk, every=True) == []


def test_there_is_no_idea_seven(desk: Desk) -> None:
    with pytest.raises(NotOnDeskError, match="no idea 7"):
        get_idea(desk, 7)


def test_the_score_orders_and_the_own_order_stands_above_it(desk: Desk, three: list[int]) -> None:
    assert order(desk) == ["best", "middle", "last"]
    move_idea(desk, three[2], before=three[1])
    assert order(desk) == ["best", "last", "middle"]
    add_idea(desk, "as good", impact=5, work_days=1, fun=4)
    assert order(desk) == ["best", "last", "as good", "middle"]
    edit_idea(desk, three[0], impact=1, fun=1, work_days=100)
    assert order(desk) == ["best", "last", "as good", "middle"]


def test_back_to_the_score(desk: Desk, three: list[int]) -> None:
    move_idea(desk, three[2], before=three[0])
    assert order(desk) == ["last", "best", "middle"]
    assert own_order(desk) == [three[2]]
    move_idea(desk, three[2])
    assert order(desk) == ["best", "middle", "last"]
    assert happened(desk, three[2])[1:] == [
        ("order", f"before idea {three[0]}", ""),
        ("order", "by score", ""),
    ]


def test_put_before_itself_it_stays_and_no_score_moves_it(desk: Desk, three: list[int]) -> None:
    move_idea(desk, three[1], before=three[1])
    edit_idea(desk, three[2], impact=5, fun=5)
    assert order(desk) == ["best", "middle", "last"]
    assert own_order(desk) == three[:2]


def test_an_order_can_be_put_back(desk: Desk, three: list[int]) -> None:
    move_idea(desk, three[2], before=three[0])
    move_idea(desk, three[1], before=three[2])
    before = own_order(desk)
    set_own_order(desk, [])
    assert order(desk) == ["best", "middle", "last"]
    set_own_order(desk, before)
    assert order(desk) == ["middle", "last", "best"]


def test_only_what_is_in_the_backlog_is_moved(desk: Desk, three: list[int]) -> None:
    settle_idea(desk, three[0], IdeaState.STOPPED, "shown by others")
    for number, before in ((three[0], three[1]), (three[1], three[0])):
        with pytest.raises(NotOnDeskError, match="is stopped"):
            move_idea(desk, number, before)
    with pytest.raises(NotOnDeskError, match="no idea 99"):
        move_idea(desk, three[1], 99)
    assert own_order(desk) == []


def test_what_left_the_backlog_leaves_no_hole_in_the_order(desk: Desk, three: list[int]) -> None:
    set_own_order(desk, [three[2], three[1], three[0]])
    settle_idea(desk, three[1], IdeaState.DONE)
    assert own_order(desk) == [three[2], three[0]]
    move_idea(desk, three[0], before=three[2])
    assert order(desk) == ["best", "last"]
    settle_idea(desk, three[1], IdeaState.OPEN, "not done after all")
    assert order(desk) == ["best", "last", "middle"]


def test_an_edit_says_what_it_was_before(desk: Desk, three: list[int]) -> None:
    edited = edit_idea(desk, three[0], impact=None, instead="sleep", of="note:5")
    assert (edited.impact, edited.instead, edited.of) == (None, "sleep", "note:5")
    assert edited.fun == 5
    (_, edit) = happened(desk, three[0])
    assert edit == (
        "edit",
        "impact: not said (was: 5); from: note:5 (was: not said); instead: sleep (was: not said)",
        "",
    )
    assert edit_idea(desk, three[0], instead="sleep") == edited
    assert len(happened(desk, three[0])) == 2
    with pytest.raises(UsageProblemError):
        edit_idea(desk, three[0], text=" ")
    assert get_idea(desk, three[0]) == edited


def test_a_parked_idea_comes_back_on_its_day(desk: Desk, fake_time, three: list[int]) -> None:
    day = desk.today() + timedelta(days=3)
    settle_idea(desk, three[0], IdeaState.PARKED, "no GPU before", day)
    assert order(desk) == ["middle", "last"]
    assert [idea.text for idea in list_ideas(desk, every=True)] == ["middle", "last", "best"]
    fake_time.advance(days=2)
    assert order(desk) == ["middle", "last"]
    fake_time.advance(days=1)
    assert order(desk) == ["best", "middle", "last"]
    assert happened(desk, three[0])[-1] == ("state", "parked", "no GPU before")
    assert history_of(desk, three[0])[-1].until == day


def test_parked_without_a_day_it_comes_back_in_thirty(desk: Desk, three: list[int]) -> None:
    parked = settle_idea(desk, three[0], IdeaState.PARKED, "later")
    assert parked.again_on == desk.today() + timedelta(days=30)


@pytest.mark.parametrize("state", [IdeaState.PARKED, IdeaState.STOPPED])
def test_parking_and_stopping_want_a_reason(desk: Desk, three: list[int], state) -> None:
    with pytest.raises(UsageProblemError, match="reason"):
        settle_idea(desk, three[0], state, "  ")
    assert get_idea(desk, three[0]).state is IdeaState.OPEN


def test_the_day_must_be_to_come(desk: Desk, three: list[int]) -> None:
    with pytest.raises(UsageProblemError, match="not to come"):
        settle_idea(desk, three[0], IdeaState.PARKED, "later", desk.today())
    assert get_idea(desk, three[0]).state is IdeaState.OPEN


def test_the_others_follow_parked_by_day_then_closed_by_time(desk, fake_time, three) -> None:
    soon = add_idea(desk, "soon")
    settle_idea(desk, three[0], IdeaState.PARKED, "x", desk.today() + timedelta(days=9))
    settle_idea(desk, soon.id, IdeaState.PARKED, "x", desk.today() + timedelta(days=2))
    settle_idea(desk, three[1], IdeaState.DONE)
    fake_time.advance(hours=1)
    settle_idea(desk, three[2], IdeaState.STOPPED, "no")
    found = [idea.text for idea in list_ideas(desk, every=True)]
    assert found == ["soon", "best", "last", "middle"]


def test_what_was_done_is_taken_back_with_the_order(desk: Desk, three: list[int]) -> None:
    move_idea(desk, three[2], before=three[0])
    before, was = get_idea(desk, three[2]), parts_of(desk, three[2])
    settle_idea(desk, three[2], IdeaState.PARKED, "later")
    assert order(desk) == ["best", "middle"]
    assert put_back(desk, three[2], was) == before
    assert order(desk) == ["last", "best", "middle"]
    assert happened(desk, three[2])[-2:] == [("state", "parked", "later"), ("undone", "open", "")]


def test_what_is_not_taken_back_stays_as_it_is(desk: Desk, three: list[int]) -> None:
    was = parts_of(desk, three[2])
    edit_idea(desk, three[2], text="better words", work_days=4)
    move_idea(desk, three[2], before=three[0])
    back = put_back(desk, three[2], {"work_days": was["work_days"]})
    assert (back.text, back.work_days, back.place) == ("better words", 1, 1)
    settle_idea(desk, three[1], IdeaState.STOPPED, "no")
    stopped = parts_of(desk, three[1])
    settle_idea(desk, three[1], IdeaState.OPEN)
    move_idea(desk, three[1], before=three[2])
    assert put_back(desk, three[1], {"state": stopped["state"]}).why == "no"
    assert own_order(desk) == [three[2]]
