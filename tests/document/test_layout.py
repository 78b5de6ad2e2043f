"""Layout on lines alone, with no PDF."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from researchdesk.document.layout import build_document
from researchdesk.document.lines import Line, OutlineEntry, PageText

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
