"""Sizes in words."""

import pytest

from researchdesk.domain.sizes import megabytes


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0.0 MB"), (1_260_000, "1.3 MB"), (1_234_500_000, "1,234.5 MB")],
)
def test_a_size_in_words(size: float, words: str) -> None:
    assert megabytes(size) == words
