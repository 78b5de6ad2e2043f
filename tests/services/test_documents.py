"""A paper's text, tables, claims and pictures: made once, kept, the same for every thread."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.made_page import RESULTS, page_of_paper
from support.made_paper import write_paper
from support.tiny_pdf import tiny_pdf

from researchdesk.document import extraction
from researchdesk.domain.documents import Figure, FigureKind, Table
from researchdesk.domain.papers import Paper, PaperVersion
from researchdesk.domain.workflows import Place, Step
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.services import acquire, documents
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.recent import Recent

PNG = b"\x89PNG\r\n"


@pytest.fixture
def added(desk: Desk, tmp_path: Path) -> Paper:
    """The paper of our own making, from a file."""
    return acquire.add(desk, str(write_paper(tmp_path / "made.pdf", stamp=""))).paper


def with_html(desk: Desk, paper: Paper, text: str, *, pdf: bool = True) -> Paper:
    """The paper with this HTML beside its PDF, or in its place."""
    held = paper.held() or PaperVersion(paper.version)
    file = desk.root / "papers" / "page.html"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    known = replace(held, html="papers/page.html", html_sha256="ab" * 32)
    if not pdf:
        known = replace(known, pdf="", sha256="")
    return replace(paper, versions=(known,))


def counted(monkeypatch: pytest.MonkeyPatch, name: str) -> list[int]:
    """How often a job of the worker process is asked for from now on."""
    calls: list[int] = []
    job: Callable[..., Any] = getattr(extraction, name)

    def count(*args: Any, **named: Any) -> Any:
        calls.append(1)
        return job(*args, **named)

    monkeypatch.setattr(extraction, name, count)
    return calls


def forget(desk: Desk) -> Desk:
    """The same desk in a new run of the program: nothing is in memory."""
    documents.forget()
    return open_desk(desk.settings, desk.clock)


def test_a_paper_is_taken_apart_once(
    desk: Desk, added: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = counted(monkeypatch, "extract")
    first = documents.document_of(desk, added)
    assert documents.document_of(desk, added) is first
    assert documents.document_of(forget(desk), added) == first
    assert calls == []  # it was when the file was added


def test_it_is_taken_apart_again_when_the_parser_changes(
    desk: Desk, added: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = counted(monkeypatch, "extract")
    monkeypatch.setattr(documents, "PARSER_VERSION", 9999)
    documents.document_of(desk, added)
    documents.document_of(forget(desk), added)
    assert calls == [1]


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"title": 3}', "\0"])
def test_a_spoilt_cache_is_made_anew(desk: Desk, added: Paper, spoilt: str) -> None:
    before = documents.document_of(desk, added)
    for file in (desk.settings.cache / "documents").glob("*.json"):
        file.write_text(spoilt)
    assert documents.document_of(forget(desk), added) == before


def test_a_cache_that_cannot_be_written_is_no_failure(desk: Desk, added: Paper) -> None:
    for file in (desk.settings.cache / "documents").glob("*.json"):
        file.unlink()
    (desk.settings.cache / "documents").rmdir()
    (desk.settings.cache / "documents").write_text("in the way")
    assert documents.document_of(forget(desk), added).title


def test_many_threads_make_it_once(
    desk: Desk, added: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = counted(monkeypatch, "extract")
    monkeypatch.setattr(documents, "PARSER_VERSION", 9998)
    barrier = threading.Barrier(5)
    found: list[object] = []

    def work() -> None:
        barrier.wait()
        found.append(documents.document_of(desk, added))

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [1]
    assert len(found) == 5
    assert all(item is found[0] for item in found)


def test_what_fails_is_tried_again(desk: Desk) -> None:
    kept: Recent[int] = Recent(2)
    with pytest.raises(ZeroDivisionError):
        kept.get("x", lambda: 1 // 0)
    assert kept.get("x", lambda: 3) == 3
    assert kept.get("x", lambda: 4) == 3
    kept.get("y", lambda: 1)
    kept.get("z", lambda: 1)
    assert kept.get("x", lambda: 4) == 4


def test_the_html_is_preferred_with_the_pages_of_the_pdf(desk: Desk, added: Paper) -> None:
    paper = with_html(desk, added, page_of_paper())
    found = documents.document_of(desk, paper)
    plain = documents.document_of(desk, added)
    assert (plain.source, found.source, found.pages) == ("pdf", "html", plain.pages)
    assert [s.page for s in found.sections] == [s.page for s in plain.sections]
    assert documents.document_of(forget(desk), paper) == found


@pytest.mark.parametrize("page", ["", "<html></html>", page_of_paper(short=True)])
def test_html_that_is_no_paper_leaves_the_pdf(desk: Desk, added: Paper, page: str) -> None:
    paper = with_html(desk, added, page)
    assert documents.document_of(desk, paper) == documents.document_of(desk, added)


def test_html_alone_is_a_paper_without_pages(desk: Desk, paper: Paper) -> None:
    paper = with_html(desk, paper, page_of_paper(), pdf=False)
    found = documents.document_of(desk, paper)
    assert (found.source, found.pages) == ("html", 0)
    (table,) = documents.tables_of(desk, paper)
    assert table.cells == RESULTS
    assert documents.candidates_of(desk, paper)
    with pytest.raises(NotOnDeskError):
        documents.picture(desk, paper, 1)


def test_html_beside_a_broken_pdf_is_read(desk: Desk, added: Paper) -> None:
    held = added.held()
    assert held is not None
    (desk.root / held.pdf).write_bytes(b"garbage")
    broken = replace(added, versions=(replace(held, sha256="cd" * 32),))
    with pytest.raises(BadInputError):
        documents.document_of(desk, broken)
    assert documents.document_of(desk, with_html(desk, broken, page_of_paper())).source == "html"


def test_tables_are_found_when_asked_for_and_kept(
    desk: Desk, added: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = counted(monkeypatch, "extract_tables")
    (table,) = documents.tables_of(desk, added)
    assert (table.number, table.cells[2][0]) == ("1", "linear warmup")
    assert documents.tables_of(desk, added) == (table,)
    assert documents.tables_of(forget(desk), added) == (table,)
    assert calls == [1]


def test_cells_of_the_html_need_no_search(
    desk: Desk, added: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = counted(monkeypatch, "extract_tables")
    paper = with_html(desk, added, page_of_paper())
    (table,) = documents.tables_of(desk, paper)
    (figure,) = (
        f
        for f in documents.document_of(desk, added).figures
        if f.number == table.number and f.kind is FigureKind.TABLE
    )
    assert (table.cells, table.page, table.box) == (RESULTS, figure.page, figure.box)
    assert calls == []


def test_candidates_name_their_place_and_are_kept(desk: Desk, added: Paper) -> None:
    found = documents.candidates_of(desk, added)
    assert {"1.41", "1.48"} <= {item.printed for item in found}
    assert [item.score for item in found] == sorted((i.score for i in found), reverse=True)
    assert documents.candidates_of(forget(desk), added) == found


def test_pictures_are_drawn_once(desk: Desk, added: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch, "render")
    whole = documents.picture(desk, added, 1)
    part = documents.picture(desk, added, 1, box=(90, 70, 520, 150))
    fine = documents.picture(desk, added, 1, dpi=220)
    assert len({whole, part, fine}) == 3
    for path in (whole, part, fine):
        assert path.read_bytes().startswith(PNG)
        assert path.is_relative_to(desk.settings.cache)
    assert fine.stat().st_size > whole.stat().st_size > part.stat().st_size
    assert documents.picture(desk, added, 1) == whole
    assert calls == [1, 1, 1]


def test_a_gallery_is_one_job(desk: Desk, added: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch, "render")
    figures = documents.document_of(desk, added).figures
    drawn = documents.pictures(desk, added, (*figures, replace(figures[0], page=0)))
    assert calls == [1]
    assert drawn[-1] is None
    assert len({path for path in drawn if path}) == len(figures)
    assert documents.pictures(desk, added, ()) == []


def test_a_page_that_is_not_there(desk: Desk, added: Paper) -> None:
    with pytest.raises(BadInputError):
        documents.picture(desk, added, 99)
    assert not list((desk.settings.cache / "pictures").iterdir())


def test_two_papers_do_not_share(desk: Desk, added: Paper, tmp_path: Path) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(tiny_pdf("Another text"))
    second = acquire.add(desk, str(other)).paper
    assert documents.document_of(desk, second).blocks != documents.document_of(desk, added).blocks
    assert documents.picture(desk, second, 1) != documents.picture(desk, added, 1)


def test_without_files_the_metadata_stands_in(desk: Desk, paper: Paper) -> None:
    step = Step("a", "A", "?", (Place.TITLE, Place.ABSTRACT))
    shown = documents.passage(desk, paper, step)
    assert shown.fallback == documents.ONLY_METADATA
    assert paper.metadata.abstract in [block.text for block in shown.blocks]
    for verb in (documents.document_of, documents.tables_of, documents.candidates_of):
        with pytest.raises(NotOnDeskError, match="not on this desk"):
            verb(desk, paper)


def test_a_step_shows_the_blocks_of_its_place(desk: Desk, added: Paper) -> None:
    step = Step("c", "Conclusion", "?", (Place.CONCLUSION,))
    shown = documents.passage(desk, added, step)
    assert shown.blocks[0].text == "4 Conclusion"
    again = documents.passage(desk, added, step)
    document = documents.document_of(desk, added)
    assert all(block in document.blocks for block in again.blocks)
    other = documents.passage(desk, added, Step("a", "A", "?", (Place.ABSTRACT,)))
    assert other.blocks[0].text == "Abstract"


def test_a_file_that_was_taken_away_counts_as_not_there(desk: Desk, added: Paper) -> None:
    (desk.root / added.pdf_of(1)).unlink()
    with pytest.raises(NotOnDeskError) as caught:
        documents.document_of(desk, added)
    assert caught.value.hint


def test_all_captions_help_to_find_the_tables_that_html_lacks(
    desk: Desk, added: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def search(_: Path, figures: Sequence[Figure]) -> tuple[Table, ...]:
        asked.extend(figures)
        return tuple(Table(number, 2, (("found",),)) for number in ("1", "2", ""))

    figures = (
        Figure(FigureKind.TABLE, "1", "One", 2, cells=(("told",),)),
        Figure(FigureKind.FIGURE, "1", "A figure", 2),
        Figure(FigureKind.TABLE, "2", "Two", 2),
    )
    document = replace(documents.document_of(desk, added), figures=figures)
    monkeypatch.setattr(documents, "document_of", lambda *_: document)
    monkeypatch.setattr(extraction, "extract_tables", search)
    found = documents.tables_of(desk, added)
    assert asked == list(figures)
    assert [(table.number, table.cells[0][0]) for table in found] == [("1", "told"), ("2", "found")]


def test_a_desk_that_cannot_be_written_can_be_looked_at(desk: Desk, added: Paper) -> None:
    documents.forget()
    desk.database.raw.execute("PRAGMA query_only=ON")
    told: list[str] = []
    assert documents.document_of(desk, added, on_unkept=told.append).sections
    assert ["could not be kept" in words for words in told] == [True]
