from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from researchdesk.domain.happenings import Happening
from researchdesk.domain.refs import as_ref, names_run
from researchdesk.domain.surprises import (
    OPEN_STATES,
    STATE,
    UNDONE,
    Case,
    Doubt,
    Evidence,
    Side,
    Surprise,
    SurpriseState,
    coming_back,
    is_answered,
    lacks,
    sides_in,
    state_before,
)

NOW = datetime(2026, 4, 12, 12, tzinfo=UTC)
TODAY = date(2026, 4, 12)
NOTICED = SurpriseState.NOTICED


def surprise(number=1, days=0, touched=None, **changed):
    at = NOW - timedelta(days=days)
    moved = at if touched is None else NOW - timedelta(days=touched)
    return replace(Surprise(number, "odd", "down", "up", at, "", NOTICED, moved), **changed)


def evidence(about, side, ref="1904.00001", number=1, **changed):
    return replace(Evidence(number, 1, about, Side(side), ref, "", NOW), **changed)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("1904.09237v3", "1904.09237"),
        (" arXiv:1904.09237 ", "1904.09237"),
        ("https://arxiv.org/pdf/1904.09237v2.pdf", "1904.09237"),
        ("[[1904.09237]]", "1904.09237"),
        ("hep-th/9901001v2", "hep-th/9901001"),
        ("20261121-101010-adam-1", "run:20261121-101010-adam-1"),
        ("20261121-101010-adam-1#final", "run:20261121-101010-adam-1#final"),
        ("run:20261121-101010-adam-1#final", "run:20261121-101010-adam-1#final"),
        ("[[funny:03]]", "funny:3"),
        ("experiment:3.02", "experiment:3.2"),
        ("Kingma2015Adam", "Kingma2015Adam"),
        ("my own curve", "my own curve"),
        ("", ""),
    ],
)
def test_what_a_person_names_in_its_one_form(text: str, ref: str) -> None:
    assert as_ref(text) == ref
    assert as_ref(as_ref(text)) == ref


def test_a_ref_to_a_run_or_its_claim_names_the_run() -> None:
    assert names_run("run:20261121-101010-adam-1#final") == "20261121-101010-adam-1"
    assert names_run("run:20261121-101010-adam-1") == "20261121-101010-adam-1"
    assert names_run("1904.09237") == names_run("") == ""


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("expected 93.4, got 91.2", ("93.4", "91.2")),
        ("Accuracy: expected: 93.4 ± 0.2 but observed 91.2 %", ("93.4 ± 0.2", "91.2 %")),
        ("expected the loss to fall; found it rising", ("the loss to fall", "it rising")),
        ("loss rises", None),
        ("unexpected, got 3", None),
        ("expected 93.4", None),
        ("93.4, not 91.2", None),
    ],
)
def test_both_sides_in_one_sentence(text: str, sides: tuple[str, str] | None) -> None:
    assert sides_in(text) == sides


def test_it_lacks_linked_evidence_for_both_questions() -> None:
    bare = Case(surprise())
    assert [(lack.doubt, lack.outnumbered) for lack in lacks(bare)] == [
        (Doubt.TRUST, False),
        (Doubt.EXPECTATION, False),
    ]
    case = replace(bare, evidence=(evidence("trust", "for"), evidence("expectation", "for", "")))
    assert [lack.doubt for lack in lacks(case)] == [Doubt.EXPECTATION]
    assert is_answered(case, Doubt.TRUST)
    assert not is_answered(case, Doubt.EXPECTATION)


def test_evidence_against_counts_unless_it_is_outnumbered_or_withdrawn() -> None:
    favour = (evidence("trust", "for"), evidence("expectation", "for"))
    against = [evidence("trust", "against", "", number) for number in (3, 4)]
    assert lacks(Case(surprise(), evidence=(*favour, against[0]))) == ()
    (lack,) = lacks(Case(surprise(), evidence=(*favour, *against)))
    assert (lack.doubt, lack.outnumbered, lack.against) == (Doubt.TRUST, True, 2)
    assert lack.words == "More speaks against it than for it."
    gone = replace(against[1], withdrawn_at=NOW)
    assert lacks(Case(surprise(), evidence=(*favour, against[0], gone))) == ()


def test_a_link_that_leads_nowhere_is_no_evidence() -> None:
    case = Case(surprise(), evidence=(evidence("trust", "for", "run:gone"),))
    assert is_answered(case, Doubt.TRUST)
    assert not is_answered(replace(case, dead=frozenset({"run:gone"})), Doubt.TRUST)


def test_what_came_of_it_is_open_or_closed() -> None:
    assert [state.value for state in SurpriseState if state not in OPEN_STATES] == [
        "explained",
        "dropped",
        "became an idea",
    ]


def test_fresh_ones_and_the_three_longest_untouched_come_back() -> None:
    items = [
        surprise(1, days=40, touched=30),
        surprise(2, days=40, touched=20),
        surprise(3, days=40, touched=14),
        surprise(4, days=60, touched=50),
        surprise(5, days=40, touched=13),
        surprise(6, days=6),
        surprise(7, days=7),
        surprise(8, days=1),
        surprise(9, days=50, touched=45, state=SurpriseState.DROPPED),
    ]
    assert [item.id for item in coming_back(items, TODAY)] == [8, 6, 4, 1, 2]


def test_what_was_put_off_comes_back_on_its_day_and_not_before() -> None:
    items = [
        surprise(1, days=60, touched=50, again_on=TODAY),
        surprise(2, days=60, touched=50, again_on=TODAY + timedelta(days=1)),
        surprise(3, days=1, again_on=TODAY + timedelta(days=1)),
        surprise(4, days=9, touched=9, again_on=TODAY - timedelta(days=3)),
    ]
    assert [item.id for item in coming_back(items, TODAY)] == [4, 1]


def test_never_more_than_eight_come_back_and_each_sort_keeps_its_place() -> None:
    due = [surprise(n, days=30, again_on=TODAY) for n in range(1, 21)]
    fresh = [surprise(n, days=1) for n in range(21, 41)]
    old = [surprise(n, days=90, touched=60) for n in range(41, 61)]

    def numbers(*sorts: list[Surprise]) -> list[int]:
        return [item.id for item in coming_back([one for sort in sorts for one in sort], TODAY)]

    assert numbers(due, fresh, old) == [1, 2, 3, 40, 39, 41, 42, 43]
    assert numbers(due, old) == [1, 2, 3, 4, 5, 41, 42, 43]
    assert numbers(fresh, old) == [40, 39, 38, 37, 36, 41, 42, 43]
    assert len(numbers(due)) == len(numbers(fresh)) == 8
    assert numbers(old) == [41, 42, 43]


def test_undoing_goes_further_back_each_time() -> None:
    def happened(what: str, said: str) -> Happening:
        return Happening("funny:1", what, said, NOW)

    history = [happened(STATE, "noticed"), happened("evidence", "x"), happened(STATE, "standing")]
    assert state_before(history).said == "noticed"
    history.append(happened(STATE, "dropped"))
    assert state_before(history).said == "standing"
    history.append(happened(UNDONE, "standing"))
    assert state_before(history).said == "noticed"
    history.append(happened(UNDONE, "noticed"))
    assert state_before(history) is None
    history.append(happened(STATE, "explained"))
    assert state_before(history).said == "noticed"
