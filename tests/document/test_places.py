"""What a reading step shows of a document."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.document.extraction import from_json, to_json
from researchdesk.document.pdf.sections import sections_of
from researchdesk.document.places import Passage, blocks_at
from researchdesk.domain.documents import Block, BlockKind, Document, Figure, FigureKind
from researchdesk.domain.workflows import Place

TEXT = [
    (0, "A Paper"),
    (0, "Ada Example"),
    (1, "Abstract"),
    (0, "We do a thing."),
    (1, "1 Introduction"),
    (0, "Things are done."),
    (1, "2 Method"),
    (0, "The thing, in full."),
    (2, "2.1 Detail"),
    (0, "Code is at https://github.com/ada/thing."),
    (1, "3 Conclusion"),
    (0, "It was done."),
    (1, "Acknowledgments"),
    (0, "Thanks."),
    (1, "References"),
    (0, "[1] https://github.com/other/thing."),
    (1, "A Proofs"),
    (0, "By magic."),
]


def document(*, without: tuple[str, ...] = ()) -> Document:
    """The paper above, less the sections whose titles are named."""
    blocks: list[Block] = []
    skipping = False
    for at, (level, text) in enumerate(TEXT):
        skipping = text in without if level else skipping
        if not skipping:
            blocks.append(Block(1 + at // 6, text, level))
    curve = Figure(FigureKind.FIGURE, "1", "A curve.", 2)
    numbers = Figure(FigureKind.TABLE, "2", "Numbers.", 3)
    return Document("A Paper", 3, tuple(blocks), sections_of(blocks), (curve, numbers))


def texts(passage: Passage) -> list[str]:
    return [block.text for block in passage.blocks]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place.TITLE, ["A Paper", "Ada Example"]),
        (Place.ABSTRACT, ["Abstract", "We do a thing."]),
        (Place.INTRODUCTION, ["1 Introduction", "Things are done."]),
        (Place.CONCLUSION, ["3 Conclusion", "It was done."]),
        (Place.FIGURES, ["Figure 1: A curve.", "Table 2: Numbers."]),
        (Place.BODY, [text for _, text in TEXT[4:12]]),
        (Place.REFERENCES, ["References", "[1] https://github.com/other/thing."]),
        (Place.APPENDIX, ["A Proofs", "By magic."]),
        (Place.HEADINGS, [text for level, text in TEXT if level]),
        (Place.WHOLE, [text for _, text in TEXT]),
        (Place.QUESTIONS, []),
        (Place.CODE, ["Code is at https://github.com/ada/thing."]),
    ],
)
def test_each_place(place: Place, expected: list[str]) -> None:
    passage = blocks_at(document(), (place,))
    assert texts(passage) == expected
    assert passage.fallback == ""


def test_captions_and_headings_keep_their_pages() -> None:
    assert [b.page for b in blocks_at(document(), (Place.FIGURES,)).blocks] == [2, 3]
    assert blocks_at(document(), (Place.HEADINGS,)).blocks[-1].page == 3


def test_several_places_come_one_after_the_other_and_once() -> None:
    passage = blocks_at(document(), (Place.CONCLUSION, Place.INTRODUCTION, Place.CONCLUSION))
    assert texts(passage) == ["3 Conclusion", "It was done.", "1 Introduction", "Things are done."]


def test_without_a_conclusion_the_last_section_of_the_body_stands_in() -> None:
    passage = blocks_at(document(without=("3 Conclusion",)), (Place.CONCLUSION,))
    assert texts(passage) == [text for _, text in TEXT[6:10]]
    assert "last section" in passage.fallback


@pytest.mark.parametrize(
    ("section", "place", "first"),
    [
        ("Abstract", Place.ABSTRACT, "A Paper"),
        ("1 Introduction", Place.INTRODUCTION, "2 Method"),
        ("3 Conclusion", Place.BODY, "1 Introduction"),
    ],
)
def test_what_stands_in_is_said(section: str, place: Place, first: str) -> None:
    passage = blocks_at(document(without=(section,)), (place,))
    assert texts(passage)[0] == first
    assert passage.fallback


@pytest.mark.parametrize("place", [Place.REFERENCES, Place.APPENDIX])
def test_what_is_not_there_is_said(place: Place) -> None:
    passage = blocks_at(document(without=("References", "A Proofs")), (place,))
    assert passage.blocks == ()
    assert passage.fallback


def test_a_paper_without_headings_is_shown_whole() -> None:
    flat = Document("", 1, (Block(1, "Only text."),), (), ())
    for place in (Place.INTRODUCTION, Place.CONCLUSION, Place.BODY):
        passage = blocks_at(flat, (place,))
        assert texts(passage) == ["Only text."]
        assert passage.fallback


def test_a_document_with_a_problem_shows_the_problem() -> None:
    locked = replace(document(), problem="It is locked.")
    assert blocks_at(locked, (Place.WHOLE, Place.BODY)) == Passage((), "It is locked.")


words = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
titles = st.sampled_from([text for level, text in TEXT if level] + ["Discussion", "IV. Odd", ""])
any_blocks = st.lists(
    st.one_of(
        st.builds(Block, st.integers(1, 9), words),
        st.builds(Block, st.integers(1, 9), titles, st.integers(1, 4)),
    ),
    max_size=25,
)
captions = st.builds(Figure, st.sampled_from(FigureKind), words, words, st.integers(1, 9))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    blocks = tuple(draw(any_blocks))
    found = tuple(draw(st.lists(captions, max_size=4)))
    return Document(draw(words), 9, blocks, sections_of(blocks), found, draw(words))


@given(documents())
def test_json_keeps_every_document(made: Document) -> None:
    assert from_json(to_json(made)) == made


@given(documents(), st.lists(st.sampled_from(Place), max_size=5))
def test_places_only_show_what_the_document_has(made: Document, places: list[Place]) -> None:
    passage = blocks_at(made, places)
    pages = {caption.page for caption in made.figures}
    assert all(block in made.blocks or block.page in pages for block in passage.blocks)
    assert blocks_at(made, places) == passage


@given(documents())
def test_every_block_is_in_one_section_at_most(made: Document) -> None:
    taken = [at for section in made.sections for at in range(section.first, section.last)]
    assert len(taken) == len(set(taken))
    assert set(taken) <= set(range(len(made.blocks)))
    assert [s.first for s in made.sections] == [at for at, b in enumerate(made.blocks) if b.heading]


@pytest.mark.parametrize("text", ["", "null", "[]", '{"title": "x"}', '{"title": 1, "blocks": 2}'])
def test_json_of_another_make_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(text)


def test_an_appendix_before_the_references_is_no_conclusion() -> None:
    titles = ["1 Introduction", "2 Experiments", "A. Details", "B. More Details", "References"]
    blocks = tuple(Block(at + 1, title, 1) for at, title in enumerate(titles))
    made = Document("", 5, blocks, sections_of(blocks), ())
    assert texts(blocks_at(made, (Place.APPENDIX,))) == ["A. Details", "B. More Details"]
    assert texts(blocks_at(made, (Place.CONCLUSION,))) == ["2 Experiments"]


def test_a_discussion_is_the_conclusion_where_nothing_else_is() -> None:
    titles = ["1 Introduction", "2 Experiments", "3 Discussion and Outlook", "References"]
    blocks = tuple(Block(at + 1, title, 1) for at, title in enumerate(titles))
    made = Document("", 4, blocks, sections_of(blocks), ())
    passage = blocks_at(made, (Place.CONCLUSION,))
    assert texts(passage) == ["3 Discussion and Outlook"]
    assert passage.fallback == ""


def test_footnotes_come_at_the_end_of_their_page_and_print_of_figures_not_at_all() -> None:
    kinds = [
        (1, "1 Introduction", BlockKind.HEADING),
        (1, "Text of the first page.", BlockKind.TEXT),
        (1, "1 A note.", BlockKind.FOOTNOTE),
        (1, "0.1 · 0.2 · 0.3", BlockKind.GRAPHIC),
        (1, "More of it.", BlockKind.TEXT),
        (2, "Text of the second page.", BlockKind.TEXT),
        (2, "2 Another note.", BlockKind.FOOTNOTE),
    ]
    blocks = [Block(page, text, int(kind is BlockKind.HEADING), kind) for page, text, kind in kinds]
    made = Document("", 2, tuple(blocks), sections_of(blocks), ())
    for place in (Place.INTRODUCTION, Place.WHOLE, Place.BODY):
        assert texts(blocks_at(made, (place,))) == [
            "1 Introduction",
            "Text of the first page.",
            "More of it.",
            "1 A note.",
            "Text of the second page.",
            "2 Another note.",
        ]


def test_where_there_is_only_print_of_figures_it_is_shown() -> None:
    made = Document("", 1, (Block(1, "a · b", kind=BlockKind.GRAPHIC),), (), ())
    assert texts(blocks_at(made, (Place.WHOLE,))) == ["a · b"]
