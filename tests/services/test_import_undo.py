"""Imports taken back by their number: what came to the papers later is never lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from support.tiny_pdf import tiny_pdf
from support.undoing import undo_last

from researchdesk.domain.marks import Marks
from researchdesk.domain.papers import Paper, PaperVersion
from researchdesk.errors import UsageProblemError
from researchdesk.services import (
    claims,
    collecting,
    ideas,
    importing,
    labels,
    library,
    merging,
    notes,
    reading,
    surprises,
)
from researchdesk.services.desk import Desk
from researchdesk.services.import_matching import Known
from researchdesk.services.import_writing import Writing
from researchdesk.services.importing import ImportReport
from researchdesk.services.library import get_paper, list_papers
from researchdesk.services.pdf_imports import attach, import_pdfs
from researchdesk.sources.bibtex import read_bibtex
from researchdesk.storage import papers, records

FIRST = "@article{a, title = {First of them}, author = {Doe, Jo}, year = 2001%s}\n"
SECOND = "@article{b, title = {Second of them}, author = {Roe, Al}, year = 2002}\n"
THIRD = "@article{c, title = {Third of them}, author = {Poe, Ed}, year = 2003}\n"

Bring = Callable[..., ImportReport]


@pytest.fixture
def bring(desk: Desk, tmp_path: Path) -> Bring:
    def brought(text: str, collection: str = "") -> ImportReport:
        path = tmp_path / "library.bib"
        path.write_text(text, "utf-8")
        return importing.import_library(desk, [path], collection=collection)

    return brought


def number(report: ImportReport) -> int:
    assert report.change is not None
    return report.change.id


def everything(desk: Desk) -> list[str]:
    lines = list(desk.database.connection.conn.iterdump())
    return [line for line in lines if "library_actions" not in line and "_fts" not in line]


def join_another(desk: Desk, bring: Bring) -> None:
    bring(FIRST.replace("{a,", "{same,") % "")


def tag(desk: Desk, bring: Bring) -> None:
    labels.tag(desk, [get_paper(desk, "a").id], ["mine"])


def rate(desk: Desk, bring: Bring) -> None:
    labels.set_stars(desk, [get_paper(desk, "a").id], 3)


def put_first(desk: Desk, bring: Bring) -> None:
    labels.set_priority(desk, [get_paper(desk, "a").id], 2)


def collect(desk: Desk, bring: Bring) -> None:
    collecting.put_in(desk, [get_paper(desk, "a").id], "shelf")


def merge_into_it(desk: Desk, bring: Bring) -> None:
    bring(SECOND)
    merging.merge(desk, get_paper(desk, "a").id, get_paper(desk, "b").id)


def merge_it_away(desk: Desk, bring: Bring) -> None:
    bring(SECOND)
    merging.merge(desk, get_paper(desk, "b").id, get_paper(desk, "a").id)


def import_newer(desk: Desk, bring: Bring) -> None:
    bring(FIRST % ", note = {newer}")


def wonder(desk: Desk, bring: Bring) -> None:
    surprises.add_surprise(desk, "funny", "up", "down", "a")


def think(desk: Desk, bring: Bring) -> None:
    ideas.add_idea(desk, "an idea", of="a")


def link(desk: Desk, bring: Bring) -> None:
    bring(SECOND)
    other = get_paper(desk, "b")
    reading.start_pass(desk, other, 1)
    notes.add_note(desk, other, 1, "as in [[a]]")


LATER = [join_another, tag, rate, put_first, collect, merge_into_it, merge_it_away, import_newer]


@pytest.mark.parametrize("later", [*LATER, wonder, think, link])
def test_an_import_on_which_more_hangs_is_not_taken_back(
    desk: Desk, bring: Bring, later: Callable[[Desk, Bring], None]
) -> None:
    report = bring(FIRST % ", keywords = {own}", collection="Imported")
    later(desk, bring)
    before = everything(desk)
    with pytest.raises(
        UsageProblemError, match=r"cannot be taken back.*since.*Nothing was"
    ) as told:
        labels.undo(desk, number(report))
    assert "later changes back first" in told.value.hint
    assert everything(desk) == before


@pytest.mark.parametrize("later", LATER)
def test_it_is_taken_back_after_what_came_later(
    desk: Desk, bring: Bring, later: Callable[[Desk, Bring], None]
) -> None:
    report = bring(FIRST % ", keywords = {own}", collection="Imported")
    later(desk, bring)
    while not labels.changes(desk)[-1].undone_at:
        undo_last(desk)
    assert labels.changes(desk)[-1].id == number(report)
    assert list_papers(desk) == []


def test_a_paper_that_was_removed_since_stays_removed(desk: Desk, bring: Bring) -> None:
    report = bring(FIRST % "" + SECOND)
    removed = labels.remove_papers(desk, [get_paper(desk, "a").id])
    labels.undo(desk, number(report))
    assert list_papers(desk) == []
    labels.undo(desk, removed.id)
    assert [item.paper.title for item in list_papers(desk)] == ["First of them"]


def test_what_arxiv_can_be_asked_again_is_no_hindrance(desk: Desk, bring: Bring) -> None:
    report = bring(FIRST % ", eprint = {1706.03762}")
    row = {"paper_id": get_paper(desk, "a").id, "fields": "{}", "added_at": "2026-01-01T00:00:00Z"}
    with desk.database.writing() as db:
        db.table("records").insert({**row, "source": "arxiv-history"})
    labels.undo(desk, number(report))
    assert list_papers(desk) == []


def test_a_merge_of_papers_that_are_gone_is_told(desk: Desk, bring: Bring) -> None:
    bring(FIRST % "" + SECOND)
    done = merging.merge(desk, get_paper(desk, "a").id, get_paper(desk, "b").id)
    with desk.database.writing() as db:
        db.conn.execute("DELETE FROM papers WHERE key = 'b'")
    with pytest.raises(UsageProblemError, match="no longer there"):
        labels.undo(desk, done.id)


def test_row_numbers_are_not_used_again(desk: Desk, bring: Bring) -> None:
    report = bring(FIRST % "")
    starred = labels.set_stars(desk, [get_paper(desk, "a").id], 3)
    labels.undo(desk, starred.id)
    first = get_paper(desk, "a").id
    labels.undo(desk, number(report))
    bring(SECOND)
    assert get_paper(desk, "b").id > first
    assert library.file_metadata(desk, get_paper(desk, "b").metadata).id > first


def test_imported_again_the_library_is_the_same(desk: Desk, bring: Bring) -> None:
    text = FIRST % ", eprint = {1706.03762}, keywords = {x}" + SECOND
    report = bring(text, collection="All")
    names = [item.paper.name for item in list_papers(desk)]
    labels.undo(desk, number(report))
    again = bring(text, collection="All")
    assert again.added == report.added
    assert [item.paper.name for item in list_papers(desk)] == names
    paper = get_paper(desk, "a")
    assert labels.tags_of(desk, paper.id) == ["x"]
    assert len(records.of_paper(desk.database.connection, paper.id)) == 1


def test_what_was_written_later_stays(desk: Desk, bring: Bring) -> None:
    bring(FIRST % "")
    filled = bring(FIRST.replace("{a,", "{z,") % ", journal = {Old}, doi = {10.1000/x}")
    paper = get_paper(desk, "a")
    assert paper.metadata.venue == "Old"
    with desk.database.writing() as db:
        db.conn.execute("UPDATE papers SET venue = 'Corrected' WHERE id = ?", (paper.id,))
    labels.undo(desk, number(filled))
    words = get_paper(desk, "a").metadata
    assert (words.venue, words.doi) == ("Corrected", "")


def own_file(desk: Desk, paper: Paper) -> None:
    held = PaperVersion(1, "papers/own.pdf", "0" * 64, 9, desk.clock())
    with desk.database.writing() as db:
        papers.set_version(db, paper.id, held)


def test_ones_own_file_does_not_become_arxivs(desk: Desk, bring: Bring) -> None:
    bring(FIRST % "")
    own_file(desk, get_paper(desk, "a"))
    claims.add_claim(desk, get_paper(desk, "a"), "a claim")
    filled = bring(FIRST.replace("{a,", "{z,") % ", eprint = {1706.03762v3}")
    paper = get_paper(desk, "a")
    assert (paper.metadata.arxiv_id, paper.metadata.version) == ("1706.03762", 3)
    assert [held.version for held in paper.versions] == [1001]
    assert [claim.version for claim in claims.claims_of(desk, paper)] == [1001]
    labels.undo(desk, number(filled))
    paper = get_paper(desk, "a")
    assert (paper.metadata.arxiv_id, paper.metadata.version) == (None, 1)
    assert [held.version for held in paper.versions] == [1]
    assert [claim.version for claim in claims.claims_of(desk, paper)] == [1]


def test_an_arxiv_id_on_which_work_hangs_stays(desk: Desk, bring: Bring) -> None:
    bring(FIRST % "")
    own_file(desk, get_paper(desk, "a"))
    filled = bring(FIRST.replace("{a,", "{z,") % ", eprint = {1706.03762v3}")
    reading.start_pass(desk, get_paper(desk, "a"), 1)
    labels.undo(desk, number(filled))
    paper = get_paper(desk, "a")
    assert (paper.metadata.arxiv_id, paper.metadata.version) == ("1706.03762", 3)
    assert [held.version for held in paper.versions] == [1001]


def test_a_pdf_without_arxivs_stamp_is_not_arxivs(desk: Desk, bring: Bring, tmp_path: Path) -> None:
    (tmp_path / "own.pdf").write_bytes(tiny_pdf("The publisher's"))
    (tmp_path / "arxiv.pdf").write_bytes(tiny_pdf("arXiv:1706.03763v4 [cs.CL] 2 Aug 2023"))
    done = bring(
        FIRST % ", eprint = {1706.03762}, file = {own.pdf}"
        + SECOND.replace("2002}", "2002, eprint = {1706.03763}, file = {arxiv.pdf}}")
    )
    attach(desk, done.files, desk.clock())
    for name, version in (("a", 1001), ("b", 4)):
        paper = get_paper(desk, name)
        assert [held.version for held in paper.versions] == [version]
        assert paper.version == version
        assert (desk.root / paper.pdf_of(version)).is_file()
    labels.undo(desk, number(done))
    assert list_papers(desk) == []


def test_pdfs_that_an_import_brought_go_with_it_though_time_passes(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "own.pdf").write_bytes(tiny_pdf("The publisher's"))
    (tmp_path / "one.bib").write_text(FIRST % ", file = {own.pdf}")
    ticks, clock = count(), desk.clock
    ticking = replace(desk, clock=lambda: clock() + timedelta(milliseconds=next(ticks)))
    done = importing.import_library(ticking, [tmp_path / "one.bib"])
    assert done.change is not None
    assert attach(ticking, done.files, done.change.at).joined
    labels.undo(ticking, done.change.id)
    assert list_papers(desk) == []


def test_a_pdf_comes_in_again_after_its_import_was_taken_back(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "one.pdf").write_bytes(tiny_pdf("A paper"))
    report = import_pdfs(desk, [tmp_path / "one.pdf"])
    assert report.change is not None
    labels.undo(desk, report.change.id)
    again = import_pdfs(desk, [tmp_path / "one.pdf"])
    assert again.added == report.added


def test_one_key_twice_keeps_both_entries(desk: Desk, bring: Bring) -> None:
    old = [FIRST % f", note = {{old {one}}}" for one in "12"]
    new = [FIRST % f", note = {{new {one}}}" for one in "12"]

    def said() -> list[str]:
        held = records.of_paper(desk.database.connection, get_paper(desk, "a").id)
        return [record.fields["note"] for record in held]

    bring("".join(old))
    assert said() == ["{old 1}", "{old 2}"]
    both = bring("".join(new))
    assert (said(), len(both.updated)) == (["{new 1}", "{new 2}"], 2)
    labels.undo(desk, number(both))
    assert said() == ["{old 1}", "{old 2}"]
    bring(old[0] + new[1])
    assert said() == ["{old 1}", "{new 2}"]
    three = bring("".join(old) + FIRST % ", note = {third}")
    assert said() == ["{old 1}", "{old 2}", "{third}"]
    labels.undo(desk, number(three))
    assert said() == ["{old 1}", "{new 2}"]


def test_collections_that_differ_in_case_are_one(desk: Desk, bring: Bring) -> None:
    bring(FIRST % "", collection="Überblick")
    bring(SECOND, collection="überblick")
    (entry,) = read_bibtex(THIRD).entries
    with desk.database.writing() as db:
        writing = Writing(db, Known(db), desk.clock(), collection="Neu Über")
        writing.take(
            Path("c.bib"),
            replace(
                entry,
                marks=Marks(
                    collections=(
                        ("neu über", 0),
                        ("ÜBERBLICK", 0),
                    )
                ),
            ),
        )
    found = collecting.collections(desk)
    assert [(one.name, one.count) for one in found] == [("Neu Über", 1), ("Überblick", 3)]
