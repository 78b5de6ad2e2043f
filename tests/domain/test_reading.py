from datetime import UTC, datetime, timedelta

from researchdesk.domain.reading import PassState, ReadingPass, reading_status

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _pass(number: int, state: PassState, hours: int) -> ReadingPass:
    at = NOON + timedelta(hours=hours)
    ended = None if state is PassState.STARTED else at
    return ReadingPass(number, 1, 1, "three-pass", number, state, 0, at, ended)


def test_the_status_is_of_the_pass_that_moved_last() -> None:
    assert reading_status([]) == "unread"
    first = _pass(1, PassState.FINISHED, 1)
    assert reading_status([first]) == "pass 1 done"
    assert reading_status([first, _pass(2, PassState.STARTED, 2)]) == "in pass 2"
    assert reading_status([_pass(2, PassState.DROPPED, 3), first]) == "left in pass 2"
