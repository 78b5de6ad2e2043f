"""Ids that are named by their beginning."""

import pytest

from researchdesk.domain.beginnings import one_that_begins
from researchdesk.errors import NotOnDeskError

KNOWN = ("b1", "a1", "a10", "a2")


def test_a_whole_id_goes_before_those_that_begin_so() -> None:
    assert one_that_begins("runs", "a1", KNOWN) == "a1"
    assert one_that_begins("runs", "b", KNOWN) == "b1"
    assert one_that_begins("runs", "c", KNOWN) == ""


def test_several_are_named() -> None:
    with pytest.raises(NotOnDeskError, match=r"3 runs begin with a\.") as caught:
        one_that_begins("runs", "a", KNOWN)
    assert caught.value.hint == "Name one: a1, a10, a2"
    with pytest.raises(NotOnDeskError, match=r"7 sweeps begin with x\.") as caught:
        one_that_begins("sweeps", "x", [f"x{number}" for number in range(7)])
    assert caught.value.hint == "Name one: x0, x1, x2, x3, x4 and 2 more"
