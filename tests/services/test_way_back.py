"""What is taken back, and what another changed since."""

import pytest

from researchdesk.errors import UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.services.way_back import with_way_back


def change(desk: Desk, now: dict, **parts):
    """Change parts of a thing, and give the way back."""
    done, back = with_way_back(
        desk, "The thing", lambda: dict(now), lambda: now.update(parts) or "done", now.update
    )
    assert done == "done"
    return back


def test_what_was_changed_is_as_it_was_and_nothing_else(desk: Desk) -> None:
    now = {"text": "old", "day": 1}
    back = change(desk, now, text="new", more="there")
    now["day"] = 2
    back()
    assert now == {"text": "old", "day": 2, "more": None}


def test_what_was_changed_since_is_not_taken_back(desk: Desk) -> None:
    now = {"text": "old", "day": 1}
    back = change(desk, now, text="mine", day=2)
    now["text"] = "another's"
    with pytest.raises(UsageProblemError, match="The thing was changed since"):
        back()
    assert now == {"text": "another's", "day": 2}
    there = {"text": "old"}
    _, back = with_way_back(desk, "It", lambda: dict(there), there.clear, there.update)
    back()
    assert there == {"text": "old"}


def test_where_nothing_was_changed_there_is_nothing_to_take_back(desk: Desk) -> None:
    assert change(desk, {"text": "old"}, text="old") is None
