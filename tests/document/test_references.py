"""The bibliography parted into entries, and what each entry says."""

import re
from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.document.pdf.layout import build_document
from researchdesk.document.pdf.pages import read_outline, read_pages
from researchdesk.document.references.addresses import find_arxiv, find_doi, find_urls
from researchdesk.document.references.finding import find_references
from researchdesk.domain.documents import Block, BlockKind, Reference, Section, SectionKind
from researchdesk.domain.identifiers import parse_arxiv_id

NUMBERED = [
    "[1] A. Able and B. Baker. A first thing about nets. In Some Conference, 2014.",
    "[2] C. Cook, D. Dean, and E. Earl. Another thing: with a colon. arXiv preprint "
    "arXiv:1501.00123, 2015.",
    "[3] F. Fox. Third thing. Journal of Things, 12(3):2001–2010, 1998.",
]
AUTHOR_YEAR = [
    "Able, A., Baker, B., and Cook, C. Learning to read slowly. CoRR, abs/1412.1234, 2014.",
    "Dean, D. and Earl, E. F. On the speed of snails. Journal of Snails, 3:12–20, 2011.",
    "Fox, Fiona, Gray, Greta, and Hill, Henry. Small steps. In Steps, pp. 1–9, 2016.",
]
YEAR_FIRST = [
    "Anna Able, Bob van Baker, and Carl C. Cook. 2018. Reading in passes. In Proceedings of "
    "Reading, pages 4171–4186.",
    "Dora Dean and Emil Earl. 2019a. Writing in drafts. arXiv preprint arXiv:1901.01234.",
    "Fiona Fox, Greta Gray, et al. 2020. Talking in turns. Talks, 4:1–12.",
]


def bibliography(texts: list[str], kind: BlockKind = BlockKind.TEXT) -> tuple[Reference, ...]:
    blocks = [
        Block(1, "Before", 1),
        Block(1, "Running text with a number [2] in it."),
        Block(9, "References", 1),
        *(Block(9 + at // 2, text, kind=kind) for at, text in enumerate(texts)),
    ]
    sections = [
        Section("Before", 1, SectionKind.BODY, 1, 0, 2),
        Section("References", 1, SectionKind.REFERENCES, 9, 2, len(blocks)),
    ]
    return find_references(blocks, sections)


def shapes(texts: list[str]) -> list[list[str]]:
    """One paragraph an entry; all in one; cut in the middle of each."""
    halves = [
        part for text in texts for part in re.split(r"(?<=[a-z,]) (?=[a-z]+\b)", text, maxsplit=1)
    ]
    return [texts, [" ".join(texts)], halves]


@pytest.mark.parametrize("kind", [BlockKind.TEXT, BlockKind.REFERENCE])
@pytest.mark.parametrize("shape", [0, 1, 2])
@pytest.mark.parametrize("texts", [NUMBERED, AUTHOR_YEAR, YEAR_FIRST])
def test_entries_however_the_paragraphs_were_cut(
    texts: list[str], shape: int, kind: BlockKind
) -> None:
    found = bibliography(shapes(texts)[shape], kind)
    bare = [re.sub(r"^\[\d+\] ", "", text) for text in texts]
    assert [reference.text for reference in found] == bare


def test_what_a_numbered_entry_says() -> None:
    first, second, third = bibliography(NUMBERED)
    assert (first.label, first.title, first.year) == ("1", "A first thing about nets", 2014)
    assert (second.arxiv, second.year) == ("1501.00123", 2015)
    assert second.title == "Another thing: with a colon"
    assert (third.arxiv, third.year, third.page) == ("", 1998, 10)


def test_what_entries_without_labels_say() -> None:
    titles = ["Learning to read slowly", "On the speed of snails", "Small steps"]
    assert [r.title for r in bibliography(AUTHOR_YEAR)] == titles
    assert [r.year for r in bibliography(AUTHOR_YEAR)] == [2014, 2011, 2016]
    assert bibliography(AUTHOR_YEAR)[0].arxiv == "1412.1234"
    found = bibliography(YEAR_FIRST)
    assert [r.title for r in found] == [
        "Reading in passes",
        "Writing in drafts",
        "Talking in turns",
    ]
    assert [r.year for r in found] == [2018, 2019, 2020]
    assert {r.label for r in found} == {""}


def test_letter_labels() -> None:
    texts = [
        "[AB17] Anna Able and Bob Baker, Planes in three dimensions, J. Planes 3 (2017), 1–20.",
        "[Coo99] Carl Cook, Lines, Ann. Lines 4 (1999), 7–9, arXiv:math.GT/9901001.",
        "[DE+20] Dora Dean et al., Points and their friends, 2020, 2001.00001.",
    ]
    found = bibliography(texts)
    assert [r.label for r in found] == ["AB17", "Coo99", "DE+20"]
    assert found[0].title == "Planes in three dimensions"
    assert [r.arxiv for r in found] == ["", "math/9901001", "2001.00001"]


def test_dotted_numbers_and_quoted_titles() -> None:
    texts = [
        "1. Able, A., Baker, B.: Stacks and queues. Computing 20(4), 239–252 (2007) 2. Cook, C.: "
        "Queues and heaps. In: HEAPS (2011)",
        "3. D. Dean, “Heaps and trees,” IEEE Trans. Trees, vol. 3, pp. 1990–1999, 2012.",
    ]
    found = bibliography(texts)
    assert [r.label for r in found] == ["1", "2", "3"]
    assert [r.year for r in found] == [2007, 2011, 2012]
    assert [r.title for r in found] == ["Stacks and queues", "Queues and heaps", "Heaps and trees"]


def test_a_missing_number_loses_one_entry_only() -> None:
    texts = [f"[{n}] A. Able. Thing number {n} of many. Things, 20{n + 10}." for n in range(1, 9)]
    texts[3] = texts[3].removeprefix("[4] ")
    found = bibliography(texts)
    assert [r.label for r in found] == ["1", "2", "3", "5", "6", "7", "8"]
    assert "number 4" in found[2].text


def test_numbers_in_an_entry_begin_none() -> None:
    texts = [
        "[1] A. Able. As in [2] and [3]. 2001.",
        "[2] B. Baker. See [3]. 2002.",
        "[3] C. Cook. 2003.",
    ]
    assert [r.text[:8] for r in bibliography(texts)] == ["A. Able.", "B. Baker", "C. Cook."]


def test_back_references_are_left_off() -> None:
    texts = [f"[{n}] A. Able. Thing number {n} of many. Things, 2016. 5, 6" for n in range(1, 4)]
    assert all(r.text.endswith("2016.") for r in bibliography(texts))
    kept = bibliography(
        [
            "[1] A. Able. A thing, volume 12. 2016. 3",
            "[2] B. Baker. One. 2014.",
            "[3] C. Cook. Two. 2015.",
        ]
    )
    assert kept[0].text.endswith("3")


def test_captions_footnotes_and_headings_between_entries_are_none() -> None:
    blocks = [
        Block(9, "References", 1),
        Block(9, NUMBERED[0], kind=BlockKind.REFERENCE),
        Block(9, "Figure 6: A curve of the year 2001."),
        Block(9, "3 https://example.org/note", kind=BlockKind.FOOTNOTE),
        Block(10, NUMBERED[1], kind=BlockKind.REFERENCE),
    ]
    found = find_references(blocks, [Section("References", 1, SectionKind.REFERENCES, 9, 0, 5)])
    assert [r.label for r in found] == ["1", "2"]
    assert not any("curve" in r.text or "note" in r.text for r in found)


def test_a_bibliography_without_heading() -> None:
    blocks = [Block(1, "Words of the paper.")] * 12
    listed = [f"{n} A. Able, Phys. Things {n}, 80{n} (200{n})." for n in range(1, 7)]
    found = find_references([*blocks, *(Block(5, text) for text in listed)], [])
    assert [r.label for r in found] == ["1", "2", "3", "4", "5", "6"]
    assert find_references(blocks, []) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arXiv preprint arXiv:1412.6980, 2014", "1412.6980"),
        ("CoRR abs/1412.6980", "1412.6980"),
        ("CoRR, abs/1412. 6980, 2014", "1412.6980"),
        ("arXiv:1507.-05717", "1507.05717"),
        ("ArXiv 1706.03762v5", "1706.03762"),
        ("https://arxiv.org/abs/1706.03762v1", "1706.03762"),
        ("https://doi.org/10.48550/arXiv.1706.03762", "1706.03762"),
        ("e-print math.DS/0411344", "math/0411344"),
        ("arXiv:hep-th/9901001", "hep-th/9901001"),
        ("Deep nets. 1507.06228, 2015.", "1507.06228"),
        ("Graphs and trees, 2016, 1606.00779.", "1606.00779"),
        ("arXiv e-prints, 2015", ""),
        ("pages 1237–1242, 2011", ""),
        ("arXiv:2015.1234", ""),
        ("In Proc. 1201.1234 of things", ""),
        ("vol. 1412.6980 of no archive", ""),
    ],
)
def test_arxiv_ids(text: str, expected: str) -> None:
    assert find_arxiv(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("doi: 10.1109/CVPR. 2016.90.", "10.1109/cvpr.2016.90"),
        ("https://doi.org/10.1145/12345.67890, 2015", "10.1145/12345.67890"),
        ("10.1002/(SICI)1097-0258(1998)17:1<1::AID> rest", "10.1002/(sici)1097-0258(1998)17:1"),
        ("(10.1000/182)", "10.1000/182"),
        ("version 10.12 of it", ""),
    ],
)
def test_dois(text: str, expected: str) -> None:
    assert find_doi(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://github. com/able/net. More", "https://github.com/able/net"),
        ("at https:// github.com/able/deep- net, 2022", "https://github.com/able/deep-net"),
        ("http://example.org/index. cfm/a/ b-c/. 8", "http://example.org/index.cfm/a/b-c/"),
        ("(github.com/able/net).", "https://github.com/able/net"),
        ("https://example.org/a_(b). Then", "https://example.org/a_(b)"),
        ("https://example.org/page/ Retrieved 2015", "https://example.org/page/"),
        ("https://example.org. This is", "https://example.org"),
    ],
)
def test_addresses_are_mended(text: str, expected: str) -> None:
    assert [address.url for address in find_urls(text)] == [expected]


PRINT = st.one_of(
    st.text(max_size=120),
    st.lists(
        st.sampled_from(
            [
                *NUMBERED,
                *AUTHOR_YEAR,
                *YEAR_FIRST,
                "[7]",
                "2016.",
                "arXiv:",
                "1412.6980",
                "https:// a.b/c-",
                "10.1/x",
            ]
        ),
        max_size=5,
    ).map(" ".join),
)


@given(st.lists(PRINT, max_size=8), st.sampled_from(list(BlockKind)))
def test_any_print_gives_well_formed_references(texts: list[str], kind: BlockKind) -> None:
    for reference in bibliography(texts, kind):
        assert reference.text
        assert reference.year == 0 or 1600 <= reference.year <= 2100
        if reference.arxiv:
            assert parse_arxiv_id(reference.arxiv).base == reference.arxiv
        assert not reference.doi or reference.doi.startswith("10.")
        assert not reference.url or "." in reference.url


@given(
    st.one_of(
        st.lists(st.sampled_from(AUTHOR_YEAR), min_size=1, max_size=6),
        st.lists(st.sampled_from(YEAR_FIRST), min_size=1, max_size=6),
        st.integers(1, len(NUMBERED)).map(lambda count: NUMBERED[:count]),
    )
)
def test_reading_what_was_read_changes_nothing(texts: list[str]) -> None:
    once = bibliography(texts)
    labelled = [f"[{r.label}] {r.text}" if r.label else r.text for r in once]
    assert [r.text for r in bibliography(labelled)] == [r.text for r in once]


@given(PRINT)
def test_addresses_lie_in_the_text(text: str) -> None:
    for address in find_urls(text):
        assert 0 <= address.start < address.end <= len(text)
        assert not address.url.endswith((".", ",", ";"))


COUNTS = {"1706.03762v5": 40, "1706.01307v1": 13, "1412.6980v9": 23, "1512.03385v1": 50}


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_real_bibliographies(corpus: Callable[[str], Path], name: str, count: int) -> None:
    with pymupdf.open(corpus(f"pdf/{name}.pdf")) as pdf:
        document = build_document(read_pages(pdf), read_outline(pdf))
    found = find_references(document.blocks, document.sections)
    assert len(found) == count
    numbers = [int(r.label) for r in found if r.label]
    assert numbers in ([], list(range(1, count + 1)))
    assert all(r.year and r.title for r in found)
