"""Versions of a paper on the desk, compared; and the notes and claims that this touches."""

from dataclasses import replace
from pathlib import Path

import pytest

from researchdesk.domain.documents import Block, Document, Section, SectionKind
from researchdesk.domain.papers import Paper, PaperVersion
from researchdesk.domain.reading import CodePlace
from researchdesk.domain.word_diff import How
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services import claims, notes
from researchdesk.services.changes import changes, versions_of
from researchdesk.services.desk import Desk
from researchdesk.services.documents import keep_document
from researchdesk.services.library import file_metadata, get_paper
from researchdesk.storage import papers

SCORE = "On the large test set our model reaches a score of {} after three days on eight cards."
GONE = "The dropout rate was chosen by hand among five values on the first fold."
KEPT = "Every layer is normalised before it is added to what came in."


def document(*paragraphs: str, page: int = 1) -> Document:
    blocks = (Block(page, "Abstract", 1), *(Block(page, text) for text in paragraphs))
    abstract = Section("Abstract", 1, SectionKind.ABSTRACT, page, 0, len(blocks))
    return Document("T", page, blocks, (abstract,), ())


def hold(desk: Desk, paper: Paper, version: int, held: Document) -> Paper:
    """Put a version on the desk whose text is known."""
    path = desk.root / "papers" / "x" / f"v{version}.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-1.7 stands in for a file")
    digest = f"{version:064d}"
    kept = PaperVersion(version, path.relative_to(desk.root).as_posix(), digest, 29)
    papers.set_version(desk.database.connection, paper.id, kept)
    keep_document(desk, digest, held)
    return get_paper(desk, paper.name)


@pytest.fixture
def two(desk: Desk, paper: Paper) -> Paper:
    """A paper in versions 1 and 2, of which the second is at hand."""
    hold(desk, paper, 1, document(SCORE.format("41.0"), GONE, KEPT))
    return hold(desk, paper, 2, document(SCORE.format("41.8"), KEPT, page=2))


def test_the_newest_is_compared_with_the_one_before(desk: Desk, two: Paper) -> None:
    hold(desk, two, 4, document(KEPT))
    assert versions_of(desk, two) == (1, 2)
    paper = get_paper(desk, two.name)
    assert versions_of(desk, paper) == (1, 2, 4)
    pairs = [(None, None), (1, None), (None, 2), (1, 2), (2, 1)]
    found = [changes(desk, paper, old, new) for old, new in pairs]
    assert [(item.old, item.new) for item in found] == [(2, 4), (1, 4), (1, 2), (1, 2), (2, 1)]


def test_sections_and_numbers_that_changed(desk: Desk, two: Paper) -> None:
    found = changes(desk, two)
    (section,) = found.sections
    assert (section.how, section.count) == (How.CHANGED, 2)
    assert [item.how for item in section.diff] == [How.CHANGED, How.REMOVED, How.SAME]
    assert [(item.before, item.after) for item in found.numbers] == [("41.0", "41.8")]
    assert not found.is_same


def test_notes_and_claims_whose_words_changed_or_are_gone(desk: Desk, two: Paper) -> None:
    def note(text: str, quote: str, version: int = 1) -> int:
        return notes.add_note(desk, two, 1, text, quote=quote, version=version).id

    changed = note("how?", "reaches a score of 41.0 after three days")
    gone = note("why?", "The dropout rate was chosen by hand")
    kept = note("good", "normalised before it is added")
    note("of the newest", "reaches a score of 41.8", version=2)
    note("of neither", "this was never written by anybody at all")
    note("no quote", "")
    place = CodePlace("https://github.com/a/b", "0" * 40, "a.py", 1)
    notes.add_note(desk, two, 1, "code", quote="dropout rate was chosen", version=1, code=place)
    claim = claims.add_claim(desk, two, "41.0", quote="a score of 41.0", version=1)
    found = changes(desk, two)
    assert {(item.note.id, item.how, item.page) for item in found.notes if item.note} == {
        (changed, How.CHANGED, 2),
        (gone, How.REMOVED, 0),
        (kept, How.SAME, 2),
    }
    first = next(item for item in found.notes if item.note and item.note.id == changed)
    assert first.now == SCORE.format("41.8")
    assert [(item.claim, item.how) for item in found.claims] == [(claim, How.CHANGED)]


def test_with_one_version_it_says_how_to_get_another(desk: Desk, paper: Paper) -> None:
    with pytest.raises(NotOnDeskError, match="no earlier version"):
        changes(desk, paper)
    one = hold(desk, paper, 2, document(KEPT))
    with pytest.raises(NotOnDeskError, match="no earlier version") as caught:
        changes(desk, one)
    assert "On the desk: v2" in caught.value.hint
    with pytest.raises(NotOnDeskError, match=r"Version 1 of .+ is not on this desk"):
        changes(desk, one, 1, 2)


def test_a_version_is_not_compared_with_itself(desk: Desk, two: Paper) -> None:
    with pytest.raises(UsageProblemError, match="with itself"):
        changes(desk, two, 2, 2)


def test_a_version_whose_file_is_gone_is_not_compared(desk: Desk, two: Paper) -> None:
    Path(desk.root / "papers" / "x" / "v1.pdf").unlink()
    assert versions_of(desk, two) == (2,)


def test_a_scan_cannot_be_compared(desk: Desk, two: Paper) -> None:
    scan = replace(document(), blocks=(), sections=(), problem="It is a scan without text.")
    paper = hold(desk, two, 3, scan)
    with pytest.raises(BadInputError, match="scan without text"):
        changes(desk, paper)


def test_tables_are_compared_when_asked_for(
    desk: Desk, two: Paper, corpus: Path, paper: Paper
) -> None:
    files = ("edge/1706.03762_nips2017_proceedings.pdf", "pdf/1706.03762v5.pdf")
    real = file_metadata(desk, replace(paper.metadata, arxiv_id="1706.03762", version=5))
    for version, name in zip((3, 5), files, strict=True):
        target = desk.root / "papers" / "real" / f"v{version}.pdf"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((corpus / name).read_bytes())
        held = PaperVersion(version, f"papers/real/v{version}.pdf", f"{version:064x}", 1)
        papers.set_version(desk.database.connection, real.id, held)
    found = changes(desk, get_paper(desk, "1706.03762"), tables=True)
    added = [item.title for item in found.sections if item.how is How.ADDED]
    assert "6.3 English Constituency Parsing" in added
    assert {("abstract", "41.0", "41.8"), ("Table 2", "41.0", "41.8")} <= {
        (item.where, item.before, item.after) for item in found.numbers
    }
