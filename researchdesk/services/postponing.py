"""Reading that was put off: put off again, let go, or as it was."""

from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any

from researchdesk.domain.reading import Decision, PassState, ReadingPass
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.services.desk import Desk
from researchdesk.storage import reading

_BACK = "back"


def put_off(desk: Desk, item: ReadingPass, again_on: date) -> ReadingPass:
    """Bring the paper of a pass that ended back on another day.

    Raises BadInputError for a day in the past, UsageProblemError where the pass is under way.
    """
    if again_on < desk.today():
        raise BadInputError(f"{again_on} lies in the past.", "Give the day to come back to it.")
    return _change(desk, item, again_on, Decision.LATER)


def let_go(desk: Desk, item: ReadingPass) -> ReadingPass:
    """Do not bring the paper of a pass that ended back any more.

    Raises UsageProblemError where the pass is under way.
    """
    return _change(desk, item, None, Decision.STOP)


def parts_of(desk: Desk, item: ReadingPass) -> dict[str, Hashable]:
    """What ``put_off`` and ``let_go`` change: the day on which it comes back, with the decision."""
    now = reading.get_pass(desk.database.connection, item.id)
    return {_BACK: (now.again_on, now.decision)}


def put_back(desk: Desk, item: ReadingPass, was: Mapping[str, Any]) -> ReadingPass:
    """Make a pass again what ``was`` says, of ``parts_of``. Raises as ``let_go``."""
    return _change(desk, item, *was[_BACK])


def _change(
    desk: Desk, item: ReadingPass, again_on: date | None, decision: Decision | None
) -> ReadingPass:
    with desk.database.writing() as db:
        now = reading.get_pass(db, item.id)
        if now.state is PassState.STARTED or now.ended_at is None:
            raise UsageProblemError(
                "This pass is under way again.", "It stands under “half done” on Home."
            )
        moment = now.ended_at
        return reading.move_pass(db, item.id, now.state, moment, now.why, again_on, decision)
