"""The statements of a storyline: where they stand, what they link, what is asked of them."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.statements import (
    Questions,
    red_thread,
    sections,
    statement_at,
    statements,
    with_answers,
)
from researchdesk.domain.story_lines import LineKind, story_lines

STORY = """\
# A title

Adam settles in a worse place than
SGD on digits.

## Evidence ##

It is worse [[run:20260101-000000-x]]. By 3 %, as
[[1412.6980]] says.
? proof: three seeds,
  each of them whole
? weak: one data set

1. First one. And more.
2. [x] Second one
   goes on here.

> A quotation is none.

```
Code is none.
```

    Nor is this.

| a | b. C |
|---|---|

<!-- Nor
a comment. --> But this is. <!-- not this -->

Weak spots
----------

The last.
***
"""


def told(text: str) -> list[tuple[int, int, str]]:
    return [(item.line, item.last_line, item.text) for item in statements(text)]


def test_sentences_of_paragraphs_and_lists_alone_are_statements() -> None:
    assert told(STORY) == [
        (2, 3, "Adam settles in a worse place than SGD on digits."),
        (7, 7, "It is worse [[run:20260101-000000-x]]."),
        (7, 8, "By 3 %, as [[1412.6980]] says."),
        (13, 13, "First one."),
        (13, 13, "And more."),
        (14, 15, "Second one goes on here."),
        (29, 29, "But this is."),
        (34, 34, "The last."),
    ]
    assert [item.section for item in statements(STORY)] == [
        "A title", *["Evidence"] * 6, "Weak spots",
    ]  # fmt: skip
    assert [(item.title, item.line, item.level) for item in sections(STORY)] == [
        ("A title", 0, 1), ("Evidence", 5, 2), ("Weak spots", 31, 1),
    ]  # fmt: skip


def test_a_statement_knows_what_it_links_and_where_it_stands() -> None:
    worse = statements(STORY)[1]
    assert worse.refs == ("run:20260101-000000-x",)
    assert STORY[worse.start : worse.end] == "It is worse [[run:20260101-000000-x]]."
    assert statements("Twice [[1412.6980]] and [[1412.6980v2]].")[0].refs == ("1412.6980",)


def test_the_four_questions_stand_below_their_statement() -> None:
    asked = [item.questions for item in statements(STORY)]
    assert [bool(item) for item in asked].count(True) == 1
    assert asked[2] == Questions(proof="three seeds, each of them whole", weak="one data set")
    assert not asked[2].answered
    apart = statements("It is so.\n\n? proof: none\n\nIt is not.")
    assert [bool(item.questions) for item in apart] == [False, False]
    (first, second) = statements("It falls\n?Refuted by: a rise\nif one looks.")
    assert (first.text, first.questions.refuted_by) == ("It falls", "a rise")
    assert second.text == "if one looks."


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("# T\n\nOne sentence\nover lines. And more.\n\nMore.", ["One sentence over lines."]),
        ("\n\nOne. Two.\nThree.", ["One.", "Two."]),
        ("<!-- ask -->\n\nOne.", ["One."]),
        ("T\n===\n\nOne.", ["One."]),
    ],
)
def test_the_red_thread_is_what_the_first_line_says(text: str, sentences: list[str]) -> None:
    thread = red_thread(text)
    assert thread is not None
    assert [item.text for item in thread.sentences] == sentences


@pytest.mark.parametrize("text", ["", "# T\n", "- One.\n", "> One.\n", "# T\n```\nOne.\n```\nTwo."])
def test_what_is_no_sentence_is_no_red_thread(text: str) -> None:
    assert red_thread(text) is None


@pytest.mark.parametrize("above", [0, 29, 31, 58, 59, 200])
def test_the_red_thread_is_found_wherever_it_stands(above: int) -> None:
    thread = red_thread("<!-- why\n" + "\n" * above + "-->\n# T\nOne sentence\nover lines. Two.\n")
    assert thread is not None
    assert (thread.line, thread.text) == (above + 3, "One sentence over lines.")


def test_the_statement_at_a_place() -> None:
    text = "One. Two goes\non. Three.\n? proof: p\n\nFour."
    found = [
        statement_at(text, *place) for place in [(0,), (0, 6), (1, 1), (1, 5), (2,), (3,), (4,)]
    ]
    said = [item.text if item else None for item in found]
    assert said == ["One.", "Two goes on.", "Two goes on.", "Three.", "Three.", None, "Four."]
    assert statement_at(text, 99) is None


@pytest.mark.parametrize(
    ("text", "at", "after"),
    [
        ("One.\n\nTwo.", (0,), "One.\n? proof: new\n\nTwo."),
        ("One. Two.", (0,), "One.\n? proof: new\nTwo."),
        ("One. Two.", (0, 6), "One. Two.\n? proof: new"),
        ("- One.\n- Two.", (0,), "- One.\n  ? proof: new\n- Two."),
        ("  1. One.\n? weak: w\n", (1,), "  1. One.\n     ? proof: new\n     ? weak: w\n"),
        ("One.\n? proof: old\n  longer\nTwo.", (0,), "One.\n? proof: new\nTwo."),
        ("- One.\n  Two.", (0,), "- One.\n  ? proof: new\n  Two."),
        ("- One.\n  - Two.", (0,), "- One.\n  ? proof: new\n  - Two."),
        ("One. <!-- a --> Two.", (0,), "One.\n? proof: new\n<!-- a --> Two."),
        ("One. # Two.", (0,), "One.\n? proof: new\n\\# Two."),
        ("One. 2) Two.", (0,), "One.\n? proof: new\n2\\) Two."),
        ("One. <!-- a --> - Two.", (0,), "One.\n? proof: new\n<!-- a --> \\- Two."),
        (
            "- <!-- a --> One. <!-- b --> Two.",
            (0,),
            "- <!-- a --> One.\n  ? proof: new\n<!-- b --> Two.",
        ),
        ("One. <!-- a\n  --> Two.", (0,), "One.\n? proof: new <!-- a\n  --> Two."),
        ("<!-- a --> One.\n? weak: w", (0,), "<!-- a --> One.\n? proof: new\n? weak: w"),
        (
            "One. <!-- a -->\n? weak: w <!-- b -->\nTwo.",
            (0,),
            "One.\n? proof: new\n? weak: w <!-- a --> <!-- b -->\nTwo.",
        ),
        ("One. <!-- why -->\nTwo.", (1,), "One. <!-- why -->\nTwo.\n? proof: new"),
    ],
)
def test_answers_are_written_below_the_statement(
    text: str, at: tuple[int, ...], after: str
) -> None:
    written = with_answers(text, at[0], {"proof": "new"}, *at[1:])
    assert written == after
    (asked,) = (item.text for item in statements(written) if item.questions.proof == "new")
    assert statement_at(text, *at).text == asked


def test_an_answer_hides_nothing() -> None:
    written = with_answers("One. Two.", 0, {"proof": "a <!-- b"})
    assert written == "One.\n? proof: a <! -- b\nTwo."


def test_an_empty_answer_takes_a_question_away() -> None:
    text = "One.\n? proof: p\n? weak: w\nTwo."
    assert with_answers(text, 0, {"proof": "", "mechanism": "m"}) == (
        "One.\n? mechanism: m\n? weak: w\nTwo."
    )
    with pytest.raises(LookupError):
        with_answers("# Heading", 0, {"proof": "p"})


_PARTS = [
    "", "# Head", "One. Two", "goes on.", "- item. More", "  under it", "? proof: p",
    "  still p", "```", "    code", "> said", "<!--", "-->", "---", "| a |", "[[1412.6980]]",
    "===", "? weak:", "\t", "1) x.",
]  # fmt: skip
_LINES = st.lists(st.sampled_from(_PARTS), max_size=14)
_MIXED = st.lists(
    st.sampled_from([*_PARTS, "<!-- a -->", " <!-- a --> Two.", "\n", "\n", " ", "  "]), max_size=18
).map("".join)  # fmt: skip


@given(_LINES)
def test_any_text_is_read_and_each_line_stands_where_it_says(lines: list[str]) -> None:
    text = "\n".join(lines)
    read = story_lines(text)
    assert len(read) == text.count("\n") + 1
    begin = 0
    for line, written in zip(read, text.split("\n"), strict=True):
        assert begin <= line.start <= line.end <= begin + len(written)
        begin += len(written) + 1
    found = statements(text)
    assert [item.start for item in found] == sorted(item.start for item in found)
    for item in found:
        assert item.text
        assert read[item.line].kind is LineKind.PROSE
        assert text.count("\n", 0, item.start) == item.line
        assert text.count("\n", 0, item.end) == item.last_line
    red_thread(text)
    sections(text)


@given(_LINES, st.integers(0, 14))
def test_answers_can_be_written_below_any_statement(lines: list[str], line: int) -> None:
    text = "\n".join(lines)
    found = statement_at(text, line)
    if found is None:
        return
    written = with_answers(text, line, {"refuted_by": "a new one"})
    after = statement_at(written, found.line, found.start - (text.rfind("\n", 0, found.start) + 1))
    assert after is not None
    assert (after.text, after.questions.refuted_by) == (found.text, "a new one")
    assert after.questions.proof == found.questions.proof
    assert [item.text for item in statements(written)] == [item.text for item in statements(text)]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|<!--|-->", text)


def _said(text: str) -> list[str]:
    """Without the signs that escape a mark."""
    return [item.text.replace("\\", "") for item in statements(text)]


@given(_MIXED, st.integers(0, 12), st.integers(0, 30), st.sampled_from(["weak", "mechanism"]))
def test_answering_a_question_loses_no_words(text: str, line: int, column: int, asked: str) -> None:
    found = statement_at(text, line, column)
    if found is None:
        return
    written = with_answers(text, line, {asked: "brand-new"}, column)
    assert _said(written) == _said(text)
    old = getattr(found.questions, asked)
    lost = Counter(_words(text)) - Counter(_words(written)) - Counter(_words(old))
    assert set(lost) <= {"proof", "weak"}, written
    proofs = [item.questions.proof for item in statements(text)]
    assert [item.questions.proof for item in statements(written)] == proofs
