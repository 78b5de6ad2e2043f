import pytest

from researchdesk.domain.labels import already, label_name, papers
from researchdesk.errors import UsageProblemError


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("vision", "vision"),
        (" Deep \n learning ", "Deep learning"),
        ("#to-read", "to-read"),
        ("cs.LG/2024: ünïcode", "cs.LG/2024: ünïcode"),
        ("\x1b[31mred\x1b[0m\u202e", "red"),
        ("\x1b]52;c;eA==\x07a\x9bb\x07", "ab"),
        ("x" * 80, "x" * 80),
    ],
)
def test_a_name_is_cleaned(text: str, name: str) -> None:
    assert label_name(text) == name


@pytest.mark.parametrize("text", ["", "  ", "##", "\x1b[31m", "a,b", 'a"b', "x" * 81])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(UsageProblemError, match="collection"):
        label_name(text, "collection")


def test_numbers_are_spoken() -> None:
    assert (papers(1), papers(1200)) == ("1 paper", "1,200 papers")
    assert already(1, "in x") == "Nothing to do: 1 paper is in x already."
    assert already(2, "in x") == "Nothing to do: 2 papers are in x already."
    assert already(0, "in x") == "No paper fits."
