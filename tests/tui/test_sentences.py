"""Sentences of a paragraph, and a run of them that is marked."""

import pytest

from researchdesk.domain.documents import Block, BlockKind
from researchdesk.tui.sentences import Marking, Point, sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("See Fig. 3 of Vaswani et al. It works.", ["See Fig. 3 of Vaswani et al. It works."]),
        ("We got 28.4 BLEU. That is 2.0 more.", ["We got 28.4 BLEU.", "That is 2.0 more."]),
        ("D. P. Kingma wrote it, i.e. Adam. We did not.", None),
        ("He said “no.” Then he left.", ["He said “no.”", "Then he left."]),
        ("  \n ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, parts):
    found = [text[start:end] for start, end in sentences(text)]
    expected = parts if parts is not None else ["D. P. Kingma wrote it, i.e. Adam.", "We did not."]
    assert found == expected


BLOCKS = (
    Block(1, "One. Two."),
    Block(1, "*A footnote.", kind=BlockKind.FOOTNOTE),
    Block(1, ""),
    Block(2, "Three. Four. Five."),
)


def marked(marking):
    return [BLOCKS[at].text[start:end] for at, (start, end) in marking.pieces()]


def test_a_mark_moves_by_sentence_and_paragraph():
    marking = Marking(BLOCKS, Point(0, 0))
    marking.move(1)
    assert marked(marking) == ["Two."]
    marking.move(1)
    assert marked(marking) == ["*A footnote."]
    marking.move_block(1)
    assert marked(marking) == ["Three."]
    marking.move(-2)
    assert marked(marking) == ["Two."]
    marking.move(-5)
    assert marked(marking) == ["One."]


def test_an_extended_mark_leaves_out_what_is_not_running_text():
    marking = Marking(BLOCKS, Point(0, 1))
    marking.move(2, extend=True)
    assert marked(marking) == ["Two.", "Three. Four."]
    marking.move(-2, extend=True)
    assert marked(marking) == ["Two."]
    marking.move(-1, extend=True)
    assert marked(marking) == ["One. Two."]
    marking.move_block(1, extend=True)
    marking.whole_block()
    assert marked(marking) == ["One. Two.", "Three. Four. Five."]


def test_a_mark_at_the_end_stays():
    marking = Marking(BLOCKS, Point(3, 2))
    marking.move(3)
    marking.move_block(1)
    assert marked(marking) == ["Five."]
