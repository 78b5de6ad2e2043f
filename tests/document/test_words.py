"""Text mended, and numbers of sections followed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.document.pdf.numbering import (
    Numbering,
    Scheme,
    longest_chain,
    parse_number,
    roman,
)
from researchdesk.document.pdf.words import CAPTION, Vocabulary, comparable, join_lines, mend

SEEN = Vocabulary.of(["a fine-tuning run and the input of state", "the art of well-known things"])


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["an ex-", "tremely deep net"], "an extremely deep net"),
        (["the in-", "put layer"], "the input layer"),
        (["by fine-", "tuning it"], "by fine-tuning it"),
        (["an end-", "to-end net"], "an end-to-end net"),
        (["the state-of-", "the art"], "the state-of-the art"),
        (["self-in-", "put"], "self-input"),
        (["our 152-", "layer net"], "our 152-layer net"),
        (["the Berkeley-", "Parser of"], "the Berkeley-Parser of"),
        (["so -", "called"], "so - called"),
        (["one", "two", "", "three"], "one two three"),
        (["a soft\u00ad", "ened \ufb01eld"], "a soft ened field"),
    ],
)
def test_lines_become_running_text(lines: list[str], expected: str) -> None:
    assert join_lines(lines, SEEN) == expected


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("Doll\u00b4ar", "Doll\u00e1r"),
        ("Te\u02c7sanovi\u00b4c", "Te\u0161anovi\u0107"),
        ("Franc\u00b8ois", "Fran\u00e7ois"),
        ("Garc\u00b4\u0131a", "Garc\u00eda"),
        ("a \u00b4 b", "a \u00b4 b"),
    ],
)
def test_accents_that_print_parted_are_one_with_their_letters(printed: str, meant: str) -> None:
    assert mend(printed) == meant


@given(st.lists(st.text(max_size=20), max_size=6))
def test_joining_loses_nothing_but_hyphens_and_blanks(lines: list[str]) -> None:
    def bare(text: str) -> str:
        return "".join(mend(text).replace("-", "").replace("\u2010", "").split())

    assert bare(join_lines(lines, Vocabulary())) == "".join(bare(line) for line in lines)


@pytest.mark.parametrize(
    ("text", "value"), [("I", 1), ("IV", 4), ("IX", 9), ("XIV", 14), ("", 0), ("IIX", 0), ("A", 0)]
)
def test_roman_numbers(text: str, value: int) -> None:
    assert roman(text) == value


@given(st.integers(1, 39))
def test_roman_numbers_are_read_back(value: int) -> None:
    tens, ones = divmod(value, 10)
    text = "X" * tens + ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][ones]
    assert roman(text) == value


def test_numbers_are_followed() -> None:
    numbering = Numbering(Scheme.ARABIC)
    said = ["1", "2", "2.1", "2.2", "7", "2.2.1", "3", "2015", "4", "B", "A", "A.1", "B"]
    levels = [numbering.accept(number) for number in said]
    assert levels == [1, 1, 2, 2, 0, 3, 1, 0, 1, 0, 1, 2, 1]


def test_roman_sections_with_lettered_subsections() -> None:
    pairs = [("I", "Introduction"), ("II", "Method"), ("A", "One"), ("B", "Two"), ("III", "End")]
    numbering = Numbering(Scheme.of(pairs))
    assert [numbering.accept(number) for number, _ in pairs] == [1, 1, 2, 2, 1]


def test_the_longest_chain_of_numbers_leaves_a_list_out() -> None:
    numbers = ["1", "2", "2.1", "3", "4", "5", "2.2", "3", "3.1", "4"]
    assert longest_chain(numbers, [1.0] * 10) == [0, 1, 2, 6, 7, 8, 9]
    assert longest_chain([], []) == []
    assert longest_chain(["9"], [1.0]) == []


def test_a_number_that_is_none() -> None:
    assert parse_number("x") == ()
    assert Numbering(Scheme.ARABIC).accept("x", sure=True) == 0


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("Figure 3. A net", "Figure", "3"),
        ("Fig. 12: A net", "Fig.", "12"),
        ("TABLE IV", "TABLE", "IV"),
        ("Table A.1 | Numbers", "Table", "A.1"),
        ("Appendix Table 2: Speed", "Table", "2"),
        ("Algo. 1 Pseudocode", "Algo.", "1"),
    ],
)
def test_labels_of_captions(text: str, kind: str, number: str) -> None:
    match = CAPTION.match(text)
    assert match
    assert (match["kind"], match["number"]) == (kind, number)


def test_titles_compare_without_number_and_case() -> None:
    assert comparable("3.1. Scaled Dot-Product") == comparable("SCALED dot product")
