from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.ideas import Idea, IdeaState, in_order, placed_before, score

_THEN = datetime(2026, 3, 1, tzinfo=UTC)
_TODAY = date(2026, 4, 12)


def made(number: int = 1, **fields: object) -> Idea:
    plain = Idea(
        number, "an idea", "", None, None, None, "", IdeaState.OPEN, "", None, None, _THEN, _THEN
    )
    return replace(plain, **fields)


scales = st.none() | st.integers(1, 5)
work = st.none() | st.floats(0.1, 400)


@st.composite
def backlogs(draw: st.DrawFn) -> list[Idea]:
    """Ideas of which some stand in the person's own order, which has no gap and no double."""
    ideas = [
        made(number, impact=draw(scales), fun=draw(scales), work_days=draw(work))
        for number in range(1, draw(st.integers(1, 12)) + 1)
    ]
    own = draw(st.permutations(ideas))[: draw(st.integers(0, len(ideas)))]
    places = {idea.id: place for place, idea in enumerate(own, start=1)}
    return [replace(idea, place=places.get(idea.id)) for idea in ideas]


def test_a_score_is_impact_times_fun_for_a_day_of_work() -> None:
    told = score(made(impact=4, fun=5, work_days=8))
    assert (told.value, told.assumed, told.words) == (2.5, (), "2.5")


def test_what_is_not_said_is_the_middle_of_its_scale_and_marked() -> None:
    told = score(made(impact=5))
    assert told.value == 5 * 3 / 5
    assert told.assumed == ("work", "fun")
    assert told.words == "~3.0"
    assert score(made(impact=1, fun=1, work_days=60)).words == "0.02"


def test_less_than_a_day_counts_as_one() -> None:
    assert score(made(impact=1, fun=1, work_days=0.1)).value == 1


@given(backlogs())
def test_own_places_come_first_and_then_the_score_decides(ideas: list[Idea]) -> None:
    found = in_order(ideas)
    assert sorted(idea.id for idea in found) == sorted(idea.id for idea in ideas)
    own = [idea.place for idea in found if idea.place is not None]
    assert own == list(range(1, len(own) + 1))
    assert all(idea.place is not None for idea in found[: len(own)])
    rest = [(-score(idea).value, idea.id) for idea in found[len(own) :]]
    assert rest == sorted(rest)


@given(st.permutations([made(n, impact=n % 3 + 1) for n in range(1, 9)]))
def test_the_order_does_not_hang_on_how_they_came(ideas: list[Idea]) -> None:
    assert in_order(ideas) == in_order(reversed(ideas))


@given(backlogs(), st.data())
def test_a_moved_idea_stands_directly_before_the_other_and_nothing_else_moves(
    ideas: list[Idea], data: st.DataObject
) -> None:
    order = [idea.id for idea in in_order(ideas)]
    own = [idea.id for idea in in_order(ideas) if idea.place is not None]
    if len(order) < 2:
        return
    number, before = data.draw(st.permutations(order))[:2]
    places = {item: at for at, item in enumerate(placed_before(order, own, number, before), 1)}
    after = [i.id for i in in_order(replace(idea, place=places.get(idea.id)) for idea in ideas)]
    assert after.index(number) + 1 == after.index(before)
    assert [item for item in after if item != number] == [i for i in order if i != number]


@given(backlogs(), st.data(), st.integers(1, 5))
def test_a_later_score_does_not_move_what_was_placed(
    ideas: list[Idea], data: st.DataObject, impact: int
) -> None:
    own = [idea.id for idea in in_order(ideas) if idea.place is not None]
    changed = data.draw(st.sampled_from(ideas))
    found = in_order(
        replace(idea, impact=impact) if idea.id == changed.id else idea for idea in ideas
    )
    assert [idea.id for idea in found[: len(own)]] == own


@pytest.mark.parametrize(
    ("state", "again_on", "at_hand"),
    [
        (IdeaState.OPEN, None, True),
        (IdeaState.INVESTIGATED, None, True),
        (IdeaState.PARKED, date(2026, 4, 13), False),
        (IdeaState.PARKED, date(2026, 4, 12), True),
        (IdeaState.PARKED, None, False),
        (IdeaState.STOPPED, None, False),
        (IdeaState.DONE, date(2026, 4, 1), False),
    ],
)
def test_what_stands_in_the_backlog(state: IdeaState, again_on: date | None, at_hand: bool) -> None:
    assert made(state=state, again_on=again_on).is_at_hand(_TODAY) is at_hand
