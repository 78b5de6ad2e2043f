"""Layout on lines alone, with no PDF."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from researchdesk.document.pdf.layout import build_document
from researchdesk.document.pdf.lines import Line, OutlineEntry, PageText

TEXTS = [
    "Abstract",
    "1 Introduction",
    "2 Method",
    "3.2.1 Deep",
    "Figure 1: A thing",
    "Table 2",
    "References",
    "A Proofs",
    "[1] A. Nother. 2019.",
    "a line of running text that goes on for a while",
    "cut at its hy-",
    "phen and on",
    "IV. RESULTS",
    "12",
    "\ufffd",
    "-",
    "  ",
]


@st.composite
def lines(draw: st.DrawFn, page: int) -> Line:
    x, y = draw(st.floats(0, 600)), draw(st.floats(0, 780))
    text, size = draw(st.sampled_from(TEXTS)), draw(st.sampled_from([7.0, 9.0, 10.0, 12.0, 18.0]))
    bold = draw(st.booleans())
    width, lead = draw(st.floats(1, 400)), text if bold else draw(st.sampled_from(["", text[:5]]))
    group = draw(st.integers(0, 3))
    return Line(page, x, y, x + width, y + size, text, size, size, "f", bold, False, lead, group)


@st.composite
def pages(draw: st.DrawFn) -> list[PageText]:
    return [
        PageText(number, 612, 792, tuple(draw(st.lists(lines(number), max_size=12))))
        for number in range(1, draw(st.integers(0, 3)) + 1)
    ]


entries = st.builds(OutlineEntry, st.integers(1, 3), st.sampled_from(TEXTS), st.integers(0, 3))


@settings(deadline=None)
@given(pages(), st.lists(entries, max_size=5))
def test_any_layout_gives_a_sound_document(
    made: list[PageText], outline: list[OutlineEntry]
) -> None:
    document = build_document(made, outline)
    assert document.pages == len(made)
    assert all(block.text.strip() and 1 <= block.page <= len(made) for block in document.blocks)
    heads = [at for at, block in enumerate(document.blocks) if block.heading]
    assert [section.first for section in document.sections] == heads
    assert all(section.first < section.last for section in document.sections)


@settings(deadline=None)
@given(pages())
def test_no_word_of_the_page_appears_twice_more_than_printed(made: list[PageText]) -> None:
    printed = " ".join(line.text for page in made for line in page.lines)
    shown = " ".join(block.text for block in build_document(made, []).blocks)
    for word in ("Introduction", "running", "Proofs", "RESULTS"):
        assert shown.count(word) <= printed.count(word)


def _line(
    y: float, text: str, x: float = 72, page: int = 1, group: int = 0, size: float = 10
) -> Line:
    width = 0.5 * size * len(text)
    return Line(page, x, y, x + width, y + size, text, size, size, "f", False, False, "", group)


def test_a_paragraph_goes_on_over_a_figure_and_a_page() -> None:
    one = PageText(
        1,
        612,
        792,
        (
            _line(80, "Running text that reaches the very end of its page and"),
            _line(300, "Figure 1: A picture in between.", group=1, size=8),
        ),
    )
    two = PageText(2, 612, 792, (_line(80, "continues on the page that comes after it.", page=2),))
    document = build_document([one, two], [])
    assert [block.text for block in document.blocks] == [
        "Running text that reaches the very end of its page and continues on the page that comes "
        "after it.",
        "Figure 1: A picture in between.",
    ]


def test_a_sentence_that_begins_a_line_with_a_figure_is_no_caption() -> None:
    page = PageText(
        1,
        612,
        792,
        (
            _line(80, "The curves, all of them, are to be found in the"),
            _line(92, "Figure 3. They rise, and then they fall again."),
        ),
    )
    document = build_document([page], [])
    assert document.figures == ()
    assert len(document.blocks) == 1


@pytest.mark.parametrize("made", [[], [PageText(1, 612, 792, ())]])
def test_pages_without_lines_have_a_problem(made: list[PageText]) -> None:
    assert build_document(made, []).problem


def test_the_stamp_is_read_from_text_that_runs_upwards() -> None:
    page = PageText(1, 612, 792, (_line(80, "Text."),), ("arXiv:hep-th/9901001v2  1 Jan 1999",))
    assert build_document([page], []).stamp == "hep-th/9901001v2"


PROSE = "words of running text that fill the line up to its end and"


def _page(*lines: Line, number: int = 1) -> PageText:
    return PageText(number, 612, 792, lines)


def _bold(line: Line, lead: str = "") -> Line:
    return replace(line, bold=not lead, lead=lead or line.text)


def _titles(*pages: PageText) -> list[str]:
    return [section.title for section in build_document(pages, []).sections]


def _headed(y: float, text: str, group: int, page: int = 1) -> Line:
    return _bold(_line(y, text, page=page, group=group, size=12))


def test_a_bold_heading_runs_in_within_a_block_of_print() -> None:
    told = "Loose Ends. They are told of in a line that goes on"
    page = _page(
        _headed(80, "1 Introduction", 0),
        _line(110, PROSE, group=1),
        _line(122, "ends here.", group=1),
        _bold(_line(134, told, group=1), "Loose Ends. "),
        _line(146, "and comes to its end.", group=1),
    )
    document = build_document([page], [])
    assert [s.title for s in document.sections] == ["1 Introduction", "Loose Ends."]
    assert document.blocks[1].text.endswith("ends here.")
    assert document.blocks[-1].text.startswith("They are told of")


def test_a_bold_word_in_the_middle_of_a_paragraph_is_no_heading() -> None:
    page = _page(
        _headed(80, "1 Introduction", 0),
        _line(110, PROSE, group=1),
        _bold(_line(122, "Adam We mean the method of this name, of course.", group=1), "Adam "),
    )
    assert _titles(page) == ["1 Introduction"]


def test_a_run_in_heading_may_end_on_its_second_line() -> None:
    page = _page(
        _headed(80, "1 Introduction", 0),
        _line(110, "Something comes first and it is told in this line.", group=1),
        _bold(_line(140, "Training is difficult where the gradients are like", group=2)),
        _bold(_line(152, "noise. The problem is that they are shattered here", group=2), "noise. "),
        _line(164, PROSE, group=2),
    )
    assert _titles(page)[1:] == ["Training is difficult where the gradients are like noise."]


def test_who_speaks_in_an_example_is_no_heading() -> None:
    page = _page(
        _headed(80, "1 Introduction", 0),
        _line(110, "Something comes first and it is told in this line.", group=1),
        _bold(_line(140, "GLM: It consists of a senate and of a house with seats", group=2), "GLM"),
        _line(152, PROSE, group=2),
    )
    assert _titles(page) == ["1 Introduction"]


def test_a_chapter_has_its_number_on_a_line_above_its_title() -> None:
    chapters = [
        _page(
            _bold(_line(80, str(number), x=300, page=number, size=26)),
            _bold(_line(130, title, x=260, page=number, group=1, size=15)),
            _line(200, PROSE, page=number, group=2),
            number=number,
        )
        for number, title in enumerate(("Introduction", "Greedy Decisions", "Sampling"), start=1)
    ]
    assert _titles(*chapters) == ["1 Introduction", "2 Greedy Decisions", "3 Sampling"]


def test_a_numbered_list_does_not_take_the_place_of_sections() -> None:
    texts = (
        "1 Introduction", "2 Setting", "2.1 Notation", "3. Sums are kept.", "4. Products are too.",
        "2.2 Graphs", "3 Results", "4 Proofs", "4.1 Lemmas", "5 Conclusion",
    )  # fmt: skip
    lines = [
        line
        for at, text in enumerate(texts)
        for line in (
            _headed(60 + 60 * at, text, 2 * at),
            _line(80 + 60 * at, PROSE, group=1 + 2 * at),
        )
    ]
    assert _titles(_page(*lines)) == [t for t in texts if "." not in t[-1:]]


def test_the_label_of_a_table_at_a_pages_top_is_no_running_head() -> None:
    pages = [
        _page(
            _line(40, f"TABLE {number}", x=280, page=number, size=8),
            _line(49, f"What was measured the {number}th time.", page=number, size=8),
            _line(200, PROSE, page=number, group=1),
            number=number,
        )
        for number in range(1, 5)
    ]
    assert [f.number for f in build_document(pages, []).figures] == ["1", "2", "3", "4"]


def test_a_number_set_apart_at_a_pages_top_belongs_to_its_heading() -> None:
    pages = [
        _page(
            _bold(_line(60, f"{number}", page=number, size=12)),
            _bold(_line(60, title, x=95, page=number, size=12)),
            _line(200, PROSE, page=number, group=1),
            number=number,
        )
        for number, title in enumerate(("Introduction", "Methods Used", "Results Found"), start=1)
    ]
    assert _titles(*pages) == ["1 Introduction", "2 Methods Used", "3 Results Found"]


def test_a_caption_may_follow_the_rows_of_its_table() -> None:
    page = _page(
        _line(80, "four fragments in parallel 691 572 292 35.0", group=1),
        _line(
            92, "Table 3: Validation experiment for the third guideline, all of it told", group=1
        ),
    )
    assert [f.number for f in build_document([page], []).figures] == ["3"]
