from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.review_words import left_words, progress_words, spent_words
from researchdesk.domain.reviews import Progress, Spent, WorkLeft, due_since

DAY = timedelta(days=1)
BEGUN = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("touched", "reviewed", "today", "due"),
    [
        (0, None, 13, None),
        (0, None, 14, (14, "no progress for 14 days")),
        (10, None, 23, None),
        (10, None, 24, (24, "no progress for 14 days")),
        (29, None, 29, None),
        (29, None, 30, (30, "30 days since it was begun")),
        (29, 30, 43, None),
        (29, 30, 44, (44, "no progress for 14 days")),
        (58, 30, 59, None),
        (58, 30, 60, (60, "30 days since the last review")),
        (0, None, 40, (14, "no progress for 40 days")),
    ],
)
def test_a_review_is_due_monthly_and_after_two_weeks_without_progress(
    touched: int, reviewed: int | None, today: int, due: tuple[int, str] | None
) -> None:
    found = due_since(
        BEGUN,
        BEGUN + touched * DAY,
        None if reviewed is None else BEGUN + reviewed * DAY,
        BEGUN + today * DAY,
    )
    assert found == (due and (BEGUN + due[0] * DAY, due[1]))


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 200))
def test_it_is_never_due_before_its_day_and_a_review_clears_it(
    touched: int, reviewed: int, later: int
) -> None:
    day = BEGUN + (max(touched, reviewed) + later) * DAY
    found = due_since(BEGUN, BEGUN + touched * DAY, BEGUN + reviewed * DAY, day)
    assert found is None or found[0] <= day
    assert due_since(BEGUN, BEGUN + touched * DAY, day, day) is None


def test_progress_in_words() -> None:
    assert progress_words(Progress()) == ["Nothing new: no experiment, no run, no answer."]
    late = progress_words(Progress(held=1, late=1))
    assert late == ["1 of 1 hypotheses held, 0 refuted, 1 of them written after the result"]
    found = progress_words(Progress(1, 3, 1, 2, 0, ("3.2 lr: refuted",)))
    assert found == [
        "1 experiment added",
        "3 runs linked",
        "1 of 3 hypotheses held, 2 refuted",
        "3.2 lr: refuted",
    ]


def test_time_in_words() -> None:
    assert spent_words(Spent(0, 1, 0.0)) == [
        "less than a day since it was begun, something was done on 1"
    ]
    assert spent_words(Spent(40, 6, 9000.0)) == [
        "40 days since it was begun, something was done on 6",
        "2.5 h of training by machines",
    ]


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (WorkLeft(None, None, None, 0), ["impact never said; work never said"]),
        (
            WorkLeft(4, 10.0, 7.5, 1),
            ["impact 4 of 5; 7.5 of 10 days of work left", "1 experiment is not run yet"],
        ),
        (WorkLeft(4, 3.0, 0.0, 0), ["impact 4 of 5; the 3 days of work are spent"]),
        (
            WorkLeft(1, 3.0, -4.0, 2),
            [
                "impact 1 of 5; 4 days over the 3 that were thought",
                "2 experiments are not run yet",
            ],
        ),
    ],
)
def test_what_is_left_in_words(left: WorkLeft, words: list[str]) -> None:
    assert left_words(left) == words
