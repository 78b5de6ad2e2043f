"""Pages and quotes held against a paper that is parsed."""

import shutil
from pathlib import Path

import pytest
from support.made_paper import write_paper

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import CodePlace
from researchdesk.errors import UsageProblemError
from researchdesk.services import acquire, claims, documents, notes, quotes
from researchdesk.services.desk import Desk
from researchdesk.services.documents import document_of


@pytest.fixture
def parsed(desk: Desk, tmp_path: Path) -> Paper:
    """A paper of three pages, taken apart already."""
    paper = acquire.add(desk, str(write_paper(tmp_path / "paper.pdf", stamp=""))).paper
    document_of(desk, paper)
    return paper


def test_a_quote_gets_its_page_whatever_its_line_ends_and_hyphens(
    desk: Desk, parsed: Paper
) -> None:
    quote = "the second-\nmoment  ESTIMATE of Adam is initial-\nised"
    assert notes.add_note(desk, parsed, 1, "x", quote=quote).page == 1
    assert notes.add_note(desk, parsed, 1, "x", quote="the order of the schedules").page == 2
    assert claims.add_claim(desk, parsed, "x", quote="Whether this holds at scale").page == 3
    assert notes.add_note(desk, parsed, 1, "x", quote="at scale", page=2).page == 2


def test_a_quote_that_is_not_there_is_kept_as_it_is(desk: Desk, parsed: Paper) -> None:
    note = notes.add_note(desk, parsed, 1, "x", quote="no such words")
    assert (note.quote, note.page) == ("no such words", None)
    assert quotes.find_quote(desk, parsed, "no such words").found is False
    assert quotes.find_quote(desk, parsed, "a").found is None


def test_pages_end_with_the_paper(desk: Desk, parsed: Paper) -> None:
    note = notes.add_note(desk, parsed, 1, "x", page=3)
    tries = (
        lambda: notes.add_note(desk, parsed, 1, "x", page=4),
        lambda: notes.edit_note(desk, note.id, page=4),
        lambda: notes.mark(desk, parsed, 1, "warmup", page=99),
        lambda: claims.add_claim(desk, parsed, "x", page=4),
    )
    for attempt in tries:
        with pytest.raises(UsageProblemError) as caught:
            attempt()
        assert "3 pages" in caught.value.hint
    assert notes.notes_of(desk, parsed) == [note]
    assert claims.claims_of(desk, parsed) == []


def test_a_page_that_no_file_has_is_refused(desk: Desk, paper: Paper) -> None:
    with pytest.raises(UsageProblemError, match="no page that a paper has"):
        notes.add_note(desk, paper, 1, "x", page=10**20)
    with pytest.raises(UsageProblemError, match="no page that a paper has"):
        claims.add_claim(desk, paper, "x", page=10**20)


def test_without_a_parsed_paper_nothing_is_known_and_nothing_refused(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    unread = acquire.add(desk, str(write_paper(tmp_path / "paper.pdf", stamp=""))).paper
    shutil.rmtree(desk.settings.cache / "documents")
    for item in (paper, unread):
        assert quotes.find_quote(desk, item, "warmup").found is None
        assert notes.add_note(desk, item, 1, "x", page=400, quote="warmup").page == 400
    assert not (desk.settings.cache / "documents").exists()


def test_a_line_of_code_is_not_looked_for_in_the_paper(desk: Desk, parsed: Paper) -> None:
    place = CodePlace("https://github.com/a/b", "0" * 40, "train.py", 3)
    note = notes.add_note(desk, parsed, 1, "x", quote="the order of the schedules", code=place)
    assert (note.page, note.code) == (None, place)


def test_looking_up_a_quote_parses_nothing(
    desk: Desk, parsed: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents.tables_of(desk, parsed)
    monkeypatch.setattr(documents.extraction, "extract", lambda *_: pytest.fail("it was parsed"))
    kept = desk.settings.cache / "documents"
    for broken in ("", "[" * 100_000, '{"title": 1}'):
        documents.forget()
        for path in kept.glob("*.json"):
            path.write_text(broken)
        assert quotes.find_quote(desk, parsed, "warmup").found is None
