"""Hostile PDFs put on a desk and read: within limits, told in words, and nothing is done."""

import resource
import time
from pathlib import Path

import pytest
from support.hostile_pdfs import ACTING
from support.pdf_bombs import BOMBS

from researchdesk.errors import BadInputError
from researchdesk.services import acquire, documents
from researchdesk.services.desk import Desk
from researchdesk.services.library import paper_of

EVERY = {**{name: ACTING[name][0] for name in ("portfolio", "launch")}, **BOMBS}
LONGEST_S = 60
"""For one question: the worker's thirty seconds, its end, and what else the machine does."""
MEGABYTE = 1024


def material(desk: Desk, pdf: Path) -> list[str]:
    """All that a person can ask of a paper; what was said instead."""
    started = time.monotonic()
    try:
        paper = acquire.add(desk, str(pdf)).paper
    except BadInputError as error:
        return [error.message]
    assert time.monotonic() - started < LONGEST_S
    paper = paper_of(desk, paper.id)
    assert paper is not None
    said, started = [], time.monotonic()
    for ask in (
        lambda: documents.document_of(desk, paper),
        lambda: documents.tables_of(desk, paper),
        lambda: documents.candidates_of(desk, paper),
        lambda: documents.picture(desk, paper, 1),
        lambda: documents.picture(desk, paper, 1, (0, 0, 99, 99), 400),
    ):
        try:
            ask()
        except BadInputError as error:
            said.append(error.message)
        assert time.monotonic() - started < LONGEST_S
        started = time.monotonic()
    return said


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_each_is_read_or_refused_in_words_and_does_nothing(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    pdf = tmp_path / "in" / "paper.pdf"
    pdf.parent.mkdir()
    pdf.write_bytes(EVERY[name]())
    content = pdf.read_bytes()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    said = material(desk, pdf)
    assert all("paper.pdf" in words or "v1.pdf" in words for words in said), said
    assert pdf.read_bytes() == content
    assert [path.name for path in pdf.parent.iterdir()] == ["paper.pdf"]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 * MEGABYTE
    # a process begins with the peak of the one that it was forked from
    roof = max(1100 * MEGABYTE, before + 200 * MEGABYTE, others + 1)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < roof
    kept = {path.suffix for path in desk.root.rglob("*") if path.is_file()}
    assert kept <= {".db", ".pdf", ".png", ".json", ".db-wal", ".db-shm", ".lock", ""}, kept
