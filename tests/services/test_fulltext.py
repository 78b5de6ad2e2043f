from dataclasses import replace
from pathlib import Path

import pytest
from support.tiny_pdf import tiny_pdf

from researchdesk.domain.documents import Block, BlockKind, Document
from researchdesk.domain.library_rows import LibraryRow
from researchdesk.domain.papers import Paper, PaperVersion
from researchdesk.services import documents, fulltext, fulltext_building
from researchdesk.services.desk import Desk
from researchdesk.services.library_search import page, parse_query
from researchdesk.storage import papers as rows

_BLOCKS = (
    Block(1, "A title with unicorns", kind=BlockKind.FRONT),
    Block(1, "We begin with a horse."),
    Block(3, "Then comes a zebra, and its stripes."),
    Block(3, "[1] Okapi et al.", kind=BlockKind.REFERENCE),
)
_DOCUMENT = Document("T", 3, _BLOCKS, (), ())


def _found(desk: Desk, text: str) -> LibraryRow | None:
    return next(iter(page(desk, parse_query(text)).rows), None)


@pytest.fixture
def held(desk: Desk, paper: Paper) -> Paper:
    """The paper with a PDF of this content."""
    path = desk.root / "papers" / "v2.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(tiny_pdf("Of quaggas"))
    with desk.database.writing() as db:
        rows.set_version(db, paper.id, PaperVersion(2, "papers/v2.pdf", "1" * 64, 10))
    return rows.by_id(desk.database.connection, paper.id)


def test_the_text_is_searched_by_pages_when_a_document_is_kept(desk: Desk, held: Paper) -> None:
    assert _found(desk, "zebra") is None
    documents.keep_document(desk, "1" * 64, _DOCUMENT)
    row = _found(desk, "zebra stripes")
    assert row is not None
    assert row.snippet is not None
    assert (row.snippet.where, row.id) == ("full text p. 3", held.id)
    assert [piece.text for piece in row.snippet.pieces if piece.hit] == ["zebra", "stripes"]
    assert _found(desk, "horse zebra") is not None, "words of two pages"
    assert _found(desk, "author:writer text:horse") is not None
    assert _found(desk, "author:writer zebra") is not None
    assert _found(desk, "author:nobody zebra") is None
    assert _found(desk, "zebra -horse") is None
    assert _found(desk, "title:zebra") is None
    assert _found(desk, "-text:zebra") is None
    assert _found(desk, "has:text") is not None


def test_title_and_references_are_no_text(desk: Desk, held: Paper) -> None:
    documents.keep_document(desk, "1" * 64, _DOCUMENT)
    assert _found(desk, "unicorns") is None
    assert _found(desk, "okapi") is None


def test_a_file_of_no_paper_is_kept_without_search(desk: Desk, held: Paper) -> None:
    documents.keep_document(desk, "2" * 64, _DOCUMENT)
    assert _found(desk, "zebra") is None


def test_an_older_version_does_not_replace_a_newer_one(desk: Desk, paper: Paper) -> None:
    other = replace(_DOCUMENT, blocks=(Block(1, "An older lion."),))
    fulltext.keep_text(desk, paper.id, 2, "a", _DOCUMENT)
    fulltext.keep_text(desk, paper.id, 1, "b", other)
    assert _found(desk, "lion") is None
    fulltext.keep_text(desk, paper.id, 3, "c", other)
    assert _found(desk, "lion") is not None
    assert _found(desk, "zebra") is None


def test_papers_on_the_desk_get_their_text(desk: Desk, held: Paper, tmp_path: Path) -> None:
    assert _found(desk, "text:quagga") is None
    told: list[tuple[str, int, int]] = []
    built = fulltext_building.build(desk, lambda p, done, of: told.append((p.name, done, of)))
    assert (built.done, built.left_out) == (1, ())
    assert told == [(held.name, 0, 1)]
    assert fulltext_building.build(desk).done == 0
    row = _found(desk, "text:quagga")
    assert row is not None


def test_a_file_that_cannot_be_read_is_left_out(desk: Desk, held: Paper) -> None:
    (desk.root / "papers" / "v2.pdf").write_bytes(b"no pdf")
    built = fulltext_building.build(desk)
    assert built.done == 0
    assert [paper.id for paper, why in built.left_out if why] == [held.id]
