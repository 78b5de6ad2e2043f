"""Real papers, where they are at hand."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from researchdesk.document.extraction import extract
from researchdesk.document.places import blocks_at
from researchdesk.domain.documents import SectionKind
from researchdesk.domain.workflows import Place
from researchdesk.errors import BadInputError

Find = Callable[[str], Path]


@pytest.mark.parametrize(
    ("name", "stamp", "title", "sections"),
    [
        ("1706.03762v5", "1706.03762v5", "Attention Is All You Need", "3.2 Attention"),
        ("1512.03385v1", "1512.03385v1", "Deep Residual Learning", "3.3. Network Architectures"),
        ("1412.6980v9", "1412.6980v9", "ADAM: A METHOD FOR STOCHASTIC", "2 ALGORITHM"),
        ("math_0405482v2", "math/0405482v2", "FROM DOMINOES TO HEXAGONS", ""),
    ],
)
def test_title_stamp_and_sections(
    corpus: Find, name: str, stamp: str, title: str, sections: str
) -> None:
    document = extract(corpus(f"pdf/{name}.pdf"))
    assert document.stamp == stamp
    assert document.title.startswith(title)
    assert not sections or sections in [section.title for section in document.sections]


def test_captions_of_the_transformer_paper(corpus: Find) -> None:
    document = extract(corpus("pdf/1706.03762v5.pdf"))
    found = [(caption.kind, caption.number, caption.page) for caption in document.figures]
    for expected in [("figure", "1", 3), ("figure", "2", 4), ("table", "2", 8), ("table", "4", 9)]:
        assert expected in found


def test_columns_of_a_real_paper_do_not_interleave(corpus: Find) -> None:
    document = extract(corpus("pdf/1512.03385v1.pdf"))
    text = " ".join(block.text for block in document.blocks if block.page <= 2)
    sentences = [
        "Is learning better networks as easy as stacking more layers?",
        "When deeper networks are able to start converging, a degradation problem has been exposed",
        "Instead of hoping each few stacked layers directly fit a desired underlying mapping",
        "Our 152-layer residual net is the deepest network ever presented on ImageNet, while",
    ]
    places = [text.index(sentence) for sentence in sentences]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "name", ["scan_flajolet_1985.pdf", "password_2206.01062_pg3.pdf", "rotated_90.pdf"]
)
def test_what_has_no_text_says_so(corpus: Find, name: str) -> None:
    document = extract(corpus(f"edge/{name}"))
    assert document.blocks == ()
    assert document.problem
    assert blocks_at(document, [Place.BODY]).fallback == document.problem


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("rtl_1.pdf", "Python"),
        ("zh_book_chapter_transfer.pdf", "迁移学习"),
        ("slides_mask_rcnn.pdf", "Mask R-CNN"),
        ("gp_nips1995.pdf", "Gaussian"),
        ("2305.03393v1_page9.pdf", "Table"),
    ],
)
def test_what_is_no_usual_paper_still_gives_its_text(corpus: Find, name: str, word: str) -> None:
    document = extract(corpus(f"edge/{name}"))
    assert word in " ".join(block.text for block in document.blocks)


@pytest.mark.slow
def test_every_stamp_and_every_introduction(corpus: Find) -> None:
    manifest = corpus("pdf/manifest.tsv")
    learning = {"cs.LG", "cs.CV", "cs.CL", "stat.ML", "cs.NE"}
    without = []
    with manifest.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        document = extract(manifest.parent / row["file"])
        wanted = "" if row["arxiv_id"].startswith("submit") else row["arxiv_id"]
        assert document.stamp == wanted
        kinds = {section.kind for section in document.sections}
        if row["category"] in learning and SectionKind.INTRODUCTION not in kinds:
            without.append(row["arxiv_id"])
    assert len(without) <= 0.1 * len(rows)


@pytest.mark.slow
def test_a_real_paper_cut_anywhere_never_crashes(corpus: Find, tmp_path: Path) -> None:
    content = corpus("pdf/1412.6980v9.pdf").read_bytes()
    for share in (0.001, 0.2, 0.6, 0.9, 0.99, 0.999):
        path = tmp_path / "cut.pdf"
        path.write_bytes(content[: int(share * len(content))])
        try:
            document = extract(path)
        except BadInputError:
            continue
        assert document.pages
