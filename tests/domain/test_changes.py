"""Two versions of a paper laid side by side."""

from collections.abc import Sequence

import pytest

from researchdesk.domain.changes import SectionChange, compare
from researchdesk.domain.documents import Block, BlockKind, Document, Section, SectionKind, Table
from researchdesk.domain.number_changes import table_numbers, text_numbers
from researchdesk.domain.quoted import QuoteFinder, standing
from researchdesk.domain.word_diff import How

INTRO = "Recurrent networks compute their states one after the other, which forbids parallel work."
METHOD = "We propose an encoder made of six layers, each with attention and a feed-forward network."
TRAIN = "We train for 12 hours on eight cards, with the rate warmed up over 4000 steps at first."
DATA = "The corpus holds four and a half million pairs of sentences, cut into pieces of words."
END = "Attention alone suffices, and it trains in a fraction of the time that recurrence needs."
_KINDS = {
    "abstract": SectionKind.ABSTRACT,
    "conclusion": SectionKind.CONCLUSION,
}


def paper(*sections: tuple[str, Sequence[str | Block]]) -> Document:
    """A document of sections, page after page; a title of ``""`` stands before all headings."""
    blocks: list[Block] = []
    made: list[Section] = []
    for page, (title, paragraphs) in enumerate(sections, start=1):
        first = len(blocks)
        if title:
            blocks.append(Block(page, title, 1, BlockKind.HEADING))
        blocks += [item if isinstance(item, Block) else Block(page, item) for item in paragraphs]
        if title:
            kind = _KINDS.get(title.split()[-1].lower(), SectionKind.BODY)
            made.append(Section(title, 1, kind, page, first, len(blocks)))
    return Document("A title", len(sections), tuple(blocks), tuple(made), ())


def hows(changes: Sequence[SectionChange]) -> list[tuple[str, How]]:
    return [(change.title, change.how) for change in changes]


BASE = paper(
    ("", ["A title", "Ada Author"]),
    ("Abstract", [END]),
    ("1 Introduction", [INTRO]),
    ("2 Method", [METHOD]),
    ("3 Training", [TRAIN, DATA]),
    ("4 Conclusion", [END]),
)


def test_a_paper_is_the_same_as_itself() -> None:
    found = compare(BASE, BASE)
    assert {change.how for change in found} == {How.SAME}
    assert [change.title for change in found][:2] == ["", "Abstract"]
    assert sum(change.count for change in found) == 0


def test_a_section_that_came_and_one_that_went() -> None:
    new = paper(
        ("", ["A title", "Ada Author"]),
        ("Abstract", [END]),
        ("1 Introduction", [INTRO]),
        ("2 Method", [METHOD]),
        ("3 Limits", ["Long inputs cost memory that grows with the square of their length."]),
        ("4 Conclusion", [END]),
    )
    found = compare(BASE, new)
    assert hows(found)[4:] == [
        ("3 Training", How.REMOVED),
        ("3 Limits", How.ADDED),
        ("4 Conclusion", How.SAME),
    ]
    gone, come = found[4], found[5]
    assert gone.after is None
    assert [(item.how, item.after) for item in gone.diff] == [(How.REMOVED, "")] * 2
    assert come.before is None
    assert [item.how for item in come.diff] == [How.ADDED]


def test_a_new_number_of_a_section_is_no_change_and_a_new_title_is() -> None:
    new = paper(
        ("1 Introduction", [INTRO]),
        ("3 Method", [METHOD]),
        ("4 How we trained", [TRAIN, DATA]),
    )
    old = paper(("1 Introduction", [INTRO]), ("2 Method", [METHOD]), ("3 Training", [TRAIN, DATA]))
    found = compare(old, new)
    assert hows(found) == [
        ("1 Introduction", How.SAME),
        ("3 Method", How.SAME),
        ("4 How we trained", How.CHANGED),
    ]
    assert [change.renamed for change in found] == [False, False, True]
    assert found[2].count == 0


def test_a_section_at_another_place_has_moved() -> None:
    names = [("1 Introduction", [INTRO]), ("2 Method", [METHOD]), ("3 Training", [TRAIN]),
             ("4 Data", [DATA])]  # fmt: skip
    new = paper(names[0], names[3], names[1], names[2])
    assert [how for _, how in hows(compare(paper(*names), new))] == [
        How.SAME,
        How.MOVED,
        How.SAME,
        How.SAME,
    ]


def test_sections_of_one_title_are_told_apart_by_their_words() -> None:
    old = paper(
        ("1 First", [INTRO]), ("Results", [TRAIN]), ("2 Next", [METHOD]), ("Results", [DATA])
    )
    new = paper(("1 First", [INTRO]), ("2 Next", [METHOD]), ("Results", [DATA]))
    found = compare(old, new)
    wanted = [("1 First", How.SAME), ("Results", How.REMOVED), ("2 Next", How.SAME)]
    assert hows(found) == [*wanted, ("Results", How.SAME)]
    gone = next(change for change in found if change.how is How.REMOVED)
    assert gone.diff[0].before == TRAIN


def test_a_changed_paragraph_has_its_words_and_pages() -> None:
    new = paper(
        ("1 Introduction", []), ("2 Training", [TRAIN.replace("12 hours", "three days"), DATA])
    )
    (change,) = [item for item in compare(paper(("1 Training", [TRAIN, DATA])), new) if item.count]
    first, second = change.diff
    assert (first.how, second.how) == (How.CHANGED, How.SAME)
    assert (first.before_page, first.after_page) == (1, 2)
    changed = [
        (piece.how, piece.text.strip()) for piece in first.pieces if piece.how is not How.SAME
    ]
    assert changed == [(How.REMOVED, "12 hours"), (How.ADDED, "three days")]


def test_paragraphs_cut_otherwise_say_the_same() -> None:
    old = paper(("1 Training", [f"{TRAIN} {DATA}", METHOD]))
    new = paper(("1 Training", [TRAIN, DATA, METHOD]))
    for before, after in ((old, new), (new, old)):
        (change,) = compare(before, after)
        assert change.how is How.SAME
        assert [item.how for item in change.diff] == [How.SAME, How.SAME]


def test_a_paragraph_in_another_section_has_moved() -> None:
    old = paper(("1 Method", [METHOD, DATA]), ("2 Training", [TRAIN]))
    new = paper(("1 Method", [METHOD]), ("2 Training", [DATA, TRAIN]))
    left, come = compare(old, new)
    assert [item.how for item in left.diff] == [How.SAME, How.MOVED]
    assert (left.diff[1].before, left.diff[1].after) == (DATA, "")
    assert [item.how for item in come.diff] == [How.MOVED, How.SAME]
    assert (come.diff[0].before_page, come.diff[0].after_page) == (1, 2)


def test_a_caption_on_another_page_is_no_change() -> None:
    caption = Block(1, "Figure 1: The architecture.", kind=BlockKind.CAPTION)
    old = paper(("1 Method", [METHOD, caption]), ("2 Training", [TRAIN]))
    new = paper(("1 Method", [METHOD]), ("2 Training", [caption, TRAIN]))
    assert {change.how for change in compare(old, new)} == {How.SAME}


def test_print_inside_figures_is_left_out() -> None:
    inner = Block(1, "x y z", kind=BlockKind.GRAPHIC)
    assert compare(paper(("1 A", [INTRO])), paper(("1 A", [INTRO, inner])))[0].how is How.SAME


def test_papers_without_sections_are_compared_by_paragraphs() -> None:
    (change,) = compare(paper(("", [INTRO, METHOD])), paper(("", [INTRO, TRAIN, METHOD])))
    assert change.title == ""
    assert [item.how for item in change.diff] == [How.SAME, How.ADDED, How.SAME]
    assert compare(paper(), paper()) == ()


def test_numbers_of_abstract_and_captions_are_noticed() -> None:
    old = "It reaches 41.0 BLEU after 3.5 days, which is a new best among all single models."
    caption = Block(2, "Table 1: Scores on 3,000 sentences.", kind=BlockKind.CAPTION)
    grown = Block(2, "Table 1: Scores on 3,003 sentences.", kind=BlockKind.CAPTION)
    body = "We ran 10 seeds."
    before = paper(("Abstract", [old]), ("1 Results", [caption, body]))
    after = paper(
        ("Abstract", [old.replace("41.0", "41.8")]), ("1 Results", [grown, "We ran 12 seeds."])
    )
    found = list(text_numbers(compare(before, after)))
    assert [(item.where, item.before, item.after, item.page) for item in found] == [
        ("abstract", "41.0", "41.8", 1),
        ("caption", "3,000", "3,003", 2),
    ]
    assert "reaches 41.8 BLEU" in found[0].what


def test_cells_of_tables_are_compared_by_their_heads() -> None:
    head = ("Model", "EN-DE", "EN-FR")
    old = Table("2", 8, (head, ("base", "27.3", "38.1"), ("big", "28.4", "41.0")), "BLEU scores")
    rows = (head, ("new", "1.0", "2.0"), ("base", "27.3", "38.1"), ("big", "28.4", "41.8"))
    new = Table("3", 9, rows, "BLEU scores")
    (found,) = table_numbers([old], [new])
    assert (found.where, found.what) == ("Table 3", "big · EN-FR")
    assert (found.before, found.after, found.page) == ("41.0", "41.8", 9)
    assert list(table_numbers([old], [Table("2", 9, rows, "Speed on one card")])) == []


@pytest.mark.parametrize(
    ("quote", "how", "page", "now"),
    [
        ("computetheir STATES one-after\nthe other", How.SAME, 2, ""),
        ("rate warmed up over 4000 steps at first", How.CHANGED, 3, "4500 steps"),
        ("four and a half million pairs of sentences", How.REMOVED, 0, ""),
        ("each with attention. A second sentence", How.SAME, 4, ""),
        ("words that stand in neither of them at all", None, 0, ""),
        ("", None, 0, ""),
        ("…", None, 0, ""),
    ],
)
def test_what_became_of_quoted_words(quote: str, how: How | None, page: int, now: str) -> None:
    old = paper(
        ("1 Introduction", [f"{INTRO}"]), ("2 M", [METHOD.replace(", each", ". Each")]),
        ("3 Training", [TRAIN, DATA]),
        ("4 Two", ["They are stacked, each with attention. A second", "sentence ends it."]),
    )  # fmt: skip
    new = paper(
        ("0 Preface", ["Nothing much."]), ("1 Introduction", [INTRO]),
        ("3 Training", [f"Before it stands one. {TRAIN.replace('4000', '4500')} And so on."]),
        ("4 Two", ["They are stacked, each with attention. A second", "sentence ends it."]),
    )  # fmt: skip
    found = standing(quote, QuoteFinder(old), QuoteFinder(new))
    if how is None:
        assert found is None
        return
    assert found is not None
    assert (found.how, found.page) == (how, page)
    assert now in found.text
    if how is How.CHANGED:
        assert "And so on" not in found.text
        assert "Before it" not in found.text
