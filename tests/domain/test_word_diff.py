"""What changed between two texts, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.word_diff import How, key_of, word_diff

_TEXTS = st.lists(
    st.sampled_from(["the", "model", "28.4", "a", ",", ".", "(BLEU)", "x", "we", "naïve", "±0.2"]),
    max_size=30,
).map(" ".join)


def shown(before: str, after: str) -> str:
    marks = {How.SAME: "", How.ADDED: "+", How.REMOVED: "-"}
    return "|".join(f"{marks[piece.how]}{piece.text.strip()}" for piece in word_diff(before, after))


@given(_TEXTS, _TEXTS)
def test_the_pieces_make_both_texts(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    texts = {
        how: "".join(piece.text for piece in pieces if piece.how in {How.SAME, how})
        for how in (How.REMOVED, How.ADDED)
    }
    assert "".join(texts[How.REMOVED].split()) == "".join(before.split())
    assert "".join(texts[How.ADDED].split()) == "".join(after.split())


@given(_TEXTS)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert [piece.how for piece in word_diff(text, text)] == [How.SAME] * bool(text)


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("we reach 41.0 BLEU", "we reach 41.8 BLEU", "we reach|-41.0|+41.8|BLEU"),
        ("a b", "a new b", "a|+new|b"),
        ("a bad b", "a b", "a|-bad|b"),
        ("one of two big models", "six of nine big models", "-one of two|+six of nine|big models"),
        ("as in [12] and [3, 4].", "as in [14] and [4, 6].", "as in [14] and [4, 6]."),
        ("1,000.5 steps", "1,000.6 steps", "-1,000.5|+1,000.6|steps"),
        ("", "new", "+new"),
        ("old", "", "-old"),
        ("", "", ""),
    ],
)
def test_pieces_are_whole_words(before: str, after: str, wanted: str) -> None:
    assert shown(before, after) == wanted


def test_texts_too_long_to_compare_keep_their_common_ends() -> None:
    middle = [" ".join(f"{letter}{n}" for n in range(2000)) for letter in "ab"]
    pieces = word_diff(f"begin {middle[0]} end", f"begin {middle[1]} end")
    assert [piece.how for piece in pieces] == [How.SAME, How.REMOVED, How.ADDED, How.SAME]
    assert (pieces[0].text, pieces[-1].text) == ("begin", " end")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("atten-\ntion is", "attention is", True),
        ("the ﬁrst", "the first", True),
        ("“x” – y", '"x" - y', True),
        ("as in [3]", "as in [4, 5]", True),
        ("p < 0.05", "p > 0.05", False),
        ("1-2", "12", False),
        ("28.4", "284", False),
        ("−0.5", "0.5", False),
    ],
)
def test_what_counts_as_the_same(one: str, other: str, same: bool) -> None:
    assert (key_of(one) == key_of(other)) is same
