"""Stretches of time in words."""

import pytest

from researchdesk.domain.durations import in_words, spent


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.374, "0.37 s"),
        (4.4, "4 s"),
        (89, "89 s"),
        (90, "2 min"),
        (600, "10 min"),
        (5399, "90 min"),
        (9000, "2.5 h"),
    ],
)
def test_a_stretch_of_time_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


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
