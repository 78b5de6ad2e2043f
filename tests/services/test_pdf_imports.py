"""PDFs brought in by the folder, and those that entries name."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from support.taken_off import take_off
from support.tiny_pdf import tiny_pdf

from researchdesk.config import Settings
from researchdesk.errors import SourceError
from researchdesk.services import labels
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.importing import import_library
from researchdesk.services.library import get_paper, list_papers
from researchdesk.services.pdf_imports import attach, import_pdfs, pdfs_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "pdfs"
    (place / "below").mkdir(parents=True)
    (place / ".hidden").mkdir()
    (place / "one.pdf").write_bytes(tiny_pdf("A first paper\nby nobody"))
    (place / "below" / "two.PDF").write_bytes(tiny_pdf("Another paper"))
    (place / "garbage.pdf").write_bytes(b"no pdf at all")
    (place / ".hidden" / "x.pdf").write_bytes(tiny_pdf("Hidden"))
    (place / "readme.txt").write_text("x")
    return place


def test_each_pdf_comes_in_by_itself(desk: Desk, folder: Path) -> None:
    paths = list(pdfs_in(folder))
    assert [path.name for path in paths] == ["two.PDF", "garbage.pdf", "one.pdf"]
    told: list[tuple[str, int, int | None]] = []
    report = import_pdfs(desk, paths, progress=lambda *words: told.append(words))
    assert (len(report.added), report.already) == (2, 0)
    assert [Path(path).name for path, _ in report.left_out] == ["garbage.pdf"]
    assert told[-1] == ("reading one.pdf:", 3, 3)
    again = import_pdfs(desk, paths)
    assert (again.added, again.already, again.change) == ([], 2, None)
    assert report.change is not None
    labels.undo(desk, report.change.id)
    assert list_papers(desk) == []


def test_looking_changes_nothing(desk: Desk, folder: Path) -> None:
    report = import_pdfs(desk, list(pdfs_in(folder)), dry_run=True)
    assert len(report.added) == 3
    assert list_papers(desk) == []


def test_one_that_was_removed_comes_back(desk: Desk, folder: Path) -> None:
    import_pdfs(desk, [folder / "one.pdf"])
    (item,) = list_papers(desk)
    take_off(desk, item.paper.key)
    import_pdfs(desk, [folder / "one.pdf"])
    assert [item.paper.key for item in list_papers(desk)] == [item.paper.key]


def test_a_pdf_joins_the_paper_of_its_title(desk: Desk, corpus: Path, tmp_path: Path) -> None:
    library = tmp_path / "a.bib"
    library.write_text(
        "@inproceedings{vaswani, title = {Attention is All you Need},"
        " author = {Vaswani, Ashish and Shazeer, Noam}, year = 2017}",
        "utf-8",
    )
    import_library(desk, [library])
    path = corpus / "edge" / "1706.03762_nips2017_proceedings.pdf"
    report = import_pdfs(desk, [path])
    assert report.joined == [(str(path), "vaswani")]
    paper = get_paper(desk, "vaswani")
    assert (desk.root / paper.pdf_of(1)).is_file()
    assert paper.metadata.year == 2017


def test_scans_passwords_and_the_rest_of_a_folder_are_told(desk: Desk, corpus: Path) -> None:
    names = ("scan_flajolet_1985.pdf", "password_2206.01062_pg3.pdf", "annotated_1710.00925v5.pdf")
    report = import_pdfs(desk, [corpus / "edge" / name for name in names])
    assert len(report.added) == 3
    assert [Path(path).name for path, _ in report.warned] == list(names)
    assert "no text" in report.warned[0][1]
    assert "password" in report.warned[1][1]


def test_the_files_of_entries_are_copied_when_asked(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.pdf").write_bytes(tiny_pdf("A paper"))
    (tmp_path / "files" / "b.pdf").write_bytes(b"<html>")
    library = tmp_path / "a.bib"
    library.write_text(
        "@misc{a, title = {First of all}, file = {Full Text:files/a.pdf:application/pdf}}\n"
        "@misc{b, title = {Second of all}, file = {files/b.pdf;files/gone.pdf;page.html}}\n"
        "@misc{c, title = {Third of all}, file = {files/a.pdf}}\n",
        "utf-8",
    )
    done = import_library(desk, [library])
    assert done.change is not None
    found = done.files
    report = attach(desk, found, desk.clock())
    assert [paper for _, paper in report.joined] == ["a"]
    assert [why for _, why in report.left_out] == [
        "it is no PDF",
        "there is no such file",
        "the desk holds it as the PDF of a",
    ]
    assert (desk.root / get_paper(desk, "a").pdf_of(1)).read_bytes().startswith(b"%PDF-")
    assert attach(desk, found, desk.clock()).joined == []
    labels.undo(desk, done.change.id)
    assert list_papers(desk) == []


def test_a_source_that_does_not_answer_is_asked_once(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    class Silent:
        """arXiv as it is where nobody answers; forbidden the network, it is not asked."""

        def __init__(self, settings: Settings, *beside: object) -> None:
            self.offline = settings.offline

        def metadata(self, wanted: object, *beside: object) -> None:
            if not self.offline:
                asked.append(wanted)
            raise SourceError("Nobody answered.")

    monkeypatch.setattr("researchdesk.services.acquire.ArxivSource", Silent)
    paths = [tmp_path / f"{number}.pdf" for number in range(1, 4)]
    for number, path in enumerate(paths, 1):
        path.write_bytes(tiny_pdf(f"arXiv:2001.0000{number}v1 [cs.LG] 5 May 2021 Paper {number}"))
    with closing(open_desk(replace(settings, offline=False))) as desk:
        report = import_pdfs(desk, paths)
        assert report.added == ["2001.00001", "2001.00002", "2001.00003"]
        assert len(report.warned) == 3
    assert len(asked) == 1
