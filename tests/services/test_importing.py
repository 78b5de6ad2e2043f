"""Libraries brought in: all or nothing, nothing twice, and all of it taken back."""

import json
from pathlib import Path

import pytest
from support.taken_off import take_off
from support.undoing import undo_last

from researchdesk.domain.papers import Paper
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.services import labels, reading
from researchdesk.services.desk import Desk
from researchdesk.services.importing import import_library
from researchdesk.services.library import get_paper, list_papers
from researchdesk.storage import records

ENTRY = """@article{%(key)s, title = {%(title)s}, author = {%(author)s}, year = %(year)s%(more)s}
"""


def bib(path: Path, *entries: dict[str, str]) -> Path:
    plain = {"key": "k", "title": "A long enough title", "author": "Doe, Jo", "year": "2001"}
    path.write_text("".join(ENTRY % {**plain, "more": "", **entry} for entry in entries), "utf-8")
    return path


def counts(desk: Desk) -> dict[str, int]:
    db = desk.database.connection
    tables = ("papers", "records", "paper_tags", "collections", "collection_papers")
    return {table: db.table(table).count for table in tables}


def test_entries_become_papers_with_all_they_say(desk: Desk, tmp_path: Path) -> None:
    more = ", journal = {Neural Nets}, volume = 3, doi = {10.1000/x}, keywords = {nets, deep}"
    more += ", abstract = {We {\\'e}tude.}, x-own = {kept}, eprint = {1706.03762v5}"
    report = import_library(desk, [bib(tmp_path / "a.bib", {"key": "doe2001", "more": more})])
    assert (report.entries, report.added, report.left_out) == (1, ("1706.03762",), ())
    paper = get_paper(desk, "doe2001")
    words = paper.metadata
    assert (words.title, words.authors, words.year) == ("A long enough title", ("Jo Doe",), 2001)
    assert (words.venue, words.doi, words.abstract) == ("Neural Nets", "10.1000/x", "We étude.")
    assert (words.arxiv_id, words.version) == ("1706.03762", 5)
    assert labels.tags_of(desk, paper.id) == ["deep", "nets"]
    (record,) = records.of_paper(desk.database.connection, paper.id)
    assert (record.source, record.kind, record.key) == ("bibtex", "article", "doe2001")
    assert record.fields["x-own"] == "{kept}"


def test_what_would_steer_a_terminal_stays_in_the_fields(desk: Desk, tmp_path: Path) -> None:
    steer = "\x1b]52;c;ZXZpbA==\x07\x9b"
    item = {
        "id": f"doe{steer}2001",
        "type": f"arti{steer}cle",
        "title": "A long enough title",
        "DOI": f"10.1000/{steer}x",
        "keyword": f"ne{steer}ts, deep",
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps([item]), "utf-8")
    import_library(desk, [path])
    (listed,) = list_papers(desk)
    assert listed.paper.metadata.doi == "10.1000/x"
    assert labels.tags_of(desk, listed.paper.id) == ["deep", "nets"]
    row = next(desk.database.connection.query("SELECT kind, key, doi, fields FROM records"))
    assert (row["kind"], row["key"], row["doi"]) == ("article", "doe2001", "10.1000/x")
    assert json.loads(row["fields"]) == item
    assert import_library(desk, [path]).already == 1


def test_the_same_file_again_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    path = bib(tmp_path / "a.bib", {"key": "a"}, {"key": "b", "title": "Short", "author": ""})
    import_library(desk, [path])
    before = counts(desk)
    report = import_library(desk, [path])
    assert (report.added, report.already, report.change) == ((), 2, None)
    assert counts(desk) == before


def test_entries_of_one_paper_join_it_and_that_is_said(desk: Desk, tmp_path: Path) -> None:
    path = bib(
        tmp_path / "a.bib",
        {"key": "pre", "more": ", eprint = {1706.03762}"},
        {"key": "pub", "title": "A  Long-Enough {T}itle", "more": ", doi = {10.1000/A_b}"},
        {"key": "doi", "title": "Named otherwise", "more": ", doi = {10.1000/a_B}"},
        {"key": "other", "more": ", eprint = {1706.00001}"},
        {"key": "later", "year": "2002"},
    )
    report = import_library(desk, [path])
    assert report.added == ("1706.03762", "1706.00001", "later")
    assert [(j.line, j.key, j.paper, j.why) for j in report.joined] == [
        (2, "pub", "1706.03762", "the same title, author and year"),
        (3, "doi", "1706.03762", "the same DOI"),
    ]
    paper = get_paper(desk, "1706.03762")
    assert paper.metadata.doi == "10.1000/A_b"
    keys = [record.key for record in records.of_paper(desk.database.connection, paper.id)]
    assert keys == ["pre", "pub", "doi"]


def test_richer_words_of_a_paper_stay(desk: Desk, paper: Paper, tmp_path: Path) -> None:
    more = (
        ", eprint = {1904.00001}, abstract = {Poor.}, journal = {J. of Claims}, doi = {10.1000/x}"
    )
    import_library(desk, [bib(tmp_path / "a.bib", {"title": "ON BOLD CLAIMS", "more": more})])
    words = get_paper(desk, "1904.00001").metadata
    assert (words.title, words.abstract) == (paper.title, paper.metadata.abstract)
    assert words.authors == paper.metadata.authors
    assert (words.venue, words.doi, words.version) == ("J. of Claims", "10.1000/x", 2)


def test_a_newer_entry_of_the_same_key_takes_the_older_ones_place(
    desk: Desk, tmp_path: Path
) -> None:
    import_library(desk, [bib(tmp_path / "a.bib", {"more": ", note = {old}"})])
    report = import_library(desk, [bib(tmp_path / "a.bib", {"more": ", note = {new}"})])
    assert (report.added, report.joined) == ((), ())
    assert [(item.key, item.why) for item in report.updated] == [("k", "changed: note")]
    (record,) = records.of_paper(desk.database.connection, get_paper(desk, "k").id)
    assert record.fields["note"] == "{new}"
    undo_last(desk)
    (record,) = records.of_paper(desk.database.connection, get_paper(desk, "k").id)
    assert record.fields["note"] == "{old}"


def test_what_was_mended_in_the_file_is_mended_on_the_desk(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    more = ", doi = {10.1000/x}, journal = {Journal}"
    arxiv = {"key": "b", "more": ", eprint = {1904.00001}", "title": "On Bold Claims"}
    import_library(desk, [bib(tmp_path / "a.bib", {"title": "A tipo in it", "more": more}, arxiv)])
    mended = {"title": "A typo in it", "author": "Doe, John", "more": more}
    done = import_library(
        desk, [bib(tmp_path / "a.bib", mended, {**arxiv, "title": "On Bolder Claims"})]
    )
    assert len(done.updated) == 2
    words = get_paper(desk, "k").metadata
    assert (words.title, words.authors, words.venue) == ("A typo in it", ("John Doe",), "Journal")
    assert get_paper(desk, "1904.00001").title == paper.title
    undo_last(desk)
    assert get_paper(desk, "k").title == "A tipo in it"


def test_abbreviations_of_a_file_before_are_known(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "strings.bib").write_text('@string{pami = "Trans. PAMI"}', "utf-8")
    library = bib(tmp_path / "a.bib", {"more": ", journal = pami"})
    report = import_library(desk, [tmp_path / "strings.bib", library])
    assert report.mended == ()
    assert get_paper(desk, "k").metadata.venue == "Trans. PAMI"


def test_keys_that_are_taken_or_unfit_get_another(desk: Desk, tmp_path: Path) -> None:
    path = bib(
        tmp_path / "a.bib",
        {"key": "DBLP:conf/x", "title": "The first of them"},
        {"key": "K", "title": "The second of them"},
        {"key": "k", "title": "The third of them"},
        {"key": "1706.03762", "title": "The fourth of them"},
        {"key": "../../etc", "title": "The fifth of them"},
    )
    import_library(desk, [path])
    assert {item.paper.key for item in list_papers(desk)} == {
        "DBLP-conf/x", "K", "ka", "doe2001fourth", "etc",
    }  # fmt: skip


def test_a_dry_run_says_the_same_and_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    path = bib(tmp_path / "a.bib", {"key": "a"}, {"key": "b", "year": "2001"})
    before = counts(desk)
    looked = import_library(desk, [path], dry_run=True, tags=["t"], collection="c")
    assert counts(desk) == before
    assert looked.change is None
    done = import_library(desk, [path], tags=["t"], collection="c")
    assert (looked.added, looked.joined) == (done.added, done.joined)


def test_with_strict_a_fault_stops_all(desk: Desk, tmp_path: Path) -> None:
    path = bib(tmp_path / "a.bib", {"key": "a"})
    path.write_text(path.read_text() + "@article{b, title = {Open}\n", "utf-8")
    with pytest.raises(BadInputError, match=r"a\.bib:2: the entry is not closed.*Nothing was"):
        import_library(desk, [path], strict=True)
    assert counts(desk)["papers"] == 0
    report = import_library(desk, [path])
    assert len(report.added) == 2
    assert [fault.place for fault in report.mended] == [f"{path}:2"]


def test_one_file_that_cannot_be_read_stops_all(desk: Desk, tmp_path: Path) -> None:
    good = bib(tmp_path / "a.bib", {"key": "a"})
    bad = tmp_path / "b.json"
    for data in (b"\x00\xff not a library", b"<html></html>"):
        bad.write_bytes(data)
        with pytest.raises(BadInputError, match="neither BibTeX"):
            import_library(desk, [good, bad])
    with pytest.raises(UsageProblemError):
        import_library(desk, [good], tags=["a,b"])
    assert counts(desk)["papers"] == 0


def test_other_encodings_are_read(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_bytes("@article{a,\n title={Étude über}, author={Doe}}".encode("cp1252"))
    report = import_library(desk, [path])
    assert [(f.line, "Windows-1252" in f.why) for f in report.mended] == [(2, True)]
    assert get_paper(desk, "a").title == "Étude über"
    path.write_bytes("@article{b, title={Ünder dem Boden}}".encode("utf-16"))
    import_library(desk, [path])
    assert get_paper(desk, "b").title == "Ünder dem Boden"


def test_all_of_an_import_is_taken_back(desk: Desk, paper: Paper, tmp_path: Path) -> None:
    take_off(desk, "1904.00001")
    before = (counts(desk), get_paper_row(desk, paper.id))
    path = bib(
        tmp_path / "a.bib",
        {"key": "a", "more": ", keywords = {x}"},
        {
            "key": "b",
            "title": "Any",
            "more": ", eprint = {1904.00001}, journal = {J}, keywords={y}",
        },
    )
    report = import_library(desk, [path], tags=["t"], collection="New")
    assert report.change is not None
    assert report.change.count == 2
    assert get_paper(desk, "1904.00001").metadata.venue == "J"
    labels.undo(desk, report.change.id)
    assert (counts(desk), get_paper_row(desk, paper.id)) == before


def get_paper_row(desk: Desk, number: int) -> dict[str, object]:
    row = dict(desk.database.connection.table("papers").get(number))
    row["removed_at"] = bool(row["removed_at"])
    return row


def test_a_paper_with_work_on_it_stays_when_its_import_is_taken_back(
    desk: Desk, tmp_path: Path
) -> None:
    path = bib(tmp_path / "a.bib", {"key": "a"}, {"key": "b", "year": "2002"})
    report = import_library(desk, [path])
    assert report.change is not None
    paper = get_paper(desk, "a")
    reading.start_pass(desk, paper, 1)
    labels.undo(desk, report.change.id)
    assert [item.paper.key for item in list_papers(desk)] == ["a"]
    assert len(records.of_paper(desk.database.connection, paper.id)) == 1


def test_csl_and_bibtex_of_one_library_are_one(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "a.json"
    item = {"id": "k", "title": "A Long Enough Title", "author": [{"family": "Doe"}],
            "issued": {"date-parts": [[2001]]}, "type": "article-journal"}  # fmt: skip
    other.write_text(json.dumps([item]), "utf-8")
    report = import_library(desk, [bib(tmp_path / "a.bib", {}), other])
    assert (report.added, len(report.joined)) == (("k",), 1)


@pytest.mark.parametrize("suffix", [".bib", ".json", ".rdf"])
def test_real_libraries_come_in_once(desk: Desk, corpus: Path, suffix: str) -> None:
    paths = sorted((corpus / "bib").glob(f"*{suffix}"))
    report = import_library(desk, paths)
    assert not report.left_out
    assert len(report.added) + len(report.joined) == report.entries
    before = counts(desk)
    again = import_library(desk, paths)
    assert (again.already, again.change) == (report.entries, None)
    assert counts(desk) == before
    assert report.change is not None
    labels.undo(desk, report.change.id)
    assert set(counts(desk).values()) == {0}
