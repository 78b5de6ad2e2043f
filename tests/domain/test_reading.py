from datetime import UTC, datetime, timedelta

import pytest

from researchdesk.domain.reading import PassState, ReadingPass, reading_status, spent

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


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, ""),
        (0.4, ""),
        (40.2, "40 s"),
        (59.6, "1 min"),
        (1500, "25 min"),
        (3600, "1 h 00 min"),
        (7500, "2 h 05 min"),
    ],
)
def test_time_spent_in_words(seconds: float, words: str) -> None:
    assert spent(seconds) == words
