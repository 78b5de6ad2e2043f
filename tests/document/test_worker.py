"""Bad PDFs and every job: an answer or a clear word, in time, within memory, no process left."""

import gc
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from support.hostile_pdfs import assembled
from support.pdf_bombs import (
    calling_itself,
    circling_pages,
    doubling,
    many_pages,
    nested_pages,
    one_page,
    picture,
)

from researchdesk.document.extraction import PictureWish, extract, extract_tables, render
from researchdesk.domain.documents import Figure, FigureKind
from researchdesk.errors import BadInputError

Work = Callable[[Path, Path], object]
JOBS: dict[str, Work] = {
    "document": lambda pdf, _: extract(pdf, timeout=10),
    "tables": lambda pdf, _: extract_tables(
        pdf, [Figure(FigureKind.TABLE, "1", "Scores.", 1)], timeout=10
    ),
    "render": lambda pdf, folder: render(
        pdf, [PictureWish(1), PictureWish(1, (0, 0, 99, 99))], folder, 10
    ),
}


def paper_bytes() -> bytes:
    pdf = pymupdf.open()
    page = pdf.new_page()
    page.insert_text((72, 100), "Table 1: Scores.")
    page.insert_text((72, 130), "a few words of text")
    return bytes(pdf.tobytes(deflate=True))


BAD: dict[str, Callable[[], bytes]] = {
    "cut short": lambda: paper_bytes()[:400],
    "garbage inside": lambda: paper_bytes()[:200] + bytes(range(256)) * 20 + paper_bytes()[200:],
    "a header only": lambda: b"%PDF-1.7\n",
    "no pages": lambda: assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"
    ),
    "a page of no size": lambda: one_page(b"0 0 0 0", b"BT ET"),
    "a page turned inside out": lambda: one_page(b"600 800 -600 -800", b"BT ET"),
    "a huge page": lambda: one_page(b"0 0 1000000 1000000", b"0 0 999999 999999 re f"),
    "a page without end": lambda: one_page(b"0 0 1e38 1e38", b"0 0 9 9 re f"),
    "no numbers for a box": lambda: one_page(b"/a (b) null [1]", b"BT ET"),
    "deep page tree": lambda: nested_pages(5000),
    "circling page tree": circling_pages,
    "deep arrays": lambda: one_page(keys=b"/X " + b"[" * 100_000 + b"]" * 100_000),
    "a form that calls itself": calling_itself,
    "forms that double": lambda: doubling(40),
    "a stream that swells": lambda: one_page(content=b"0 0 1 1 re f\n" * 20_000_000),
    "very many pages": lambda: many_pages(3000),
    "a picture beyond memory": lambda: picture(60_000),
}


def refused(work: Work, pdf: Path, folder: Path) -> BadInputError | None:
    """The error that a job ends with, if it does."""
    try:
        work(pdf, folder)
    except BadInputError as error:
        return error
    return None


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The path of a bad PDF, made when first asked for."""
    folder = tmp_path_factory.mktemp("bad")

    def make(name: str) -> Path:
        path = folder / f"{name.replace(' ', '-')}.pdf"
        if not path.exists():
            path.write_bytes(BAD[name]())
        return path

    return make


@pytest.mark.slow
@pytest.mark.parametrize("job", JOBS)
@pytest.mark.parametrize("name", BAD)
def test_a_bad_pdf_gives_an_answer_or_a_clear_word(
    bad: Callable[[str], Path], tmp_path: Path, name: str, job: str
) -> None:
    path = bad(name)
    content = path.read_bytes()
    started = time.monotonic()
    refusal = refused(JOBS[job], path, tmp_path / "pictures")
    assert refusal is None or (path.name in refusal.message and refusal.hint)
    assert time.monotonic() - started < 20
    assert path.read_bytes() == content
    assert not [item for item in tmp_path.rglob("*") if item.name.startswith(".")]


@pytest.mark.slow
@pytest.mark.parametrize("job", JOBS)
def test_the_edge_papers_give_an_answer_or_a_clear_word(
    corpus: Callable[[str], Path], tmp_path: Path, job: str
) -> None:
    for path in sorted(corpus("edge").glob("*.pdf")):
        refusal = refused(JOBS[job], path, tmp_path / "pictures")
        assert refusal is None or "password" in refusal.message, path.name


@pytest.mark.parametrize("job", ["tables", "render"])
def test_a_password_is_said_in_words(tmp_path: Path, job: str) -> None:
    pdf = pymupdf.open()
    pdf.new_page().insert_text((72, 72), "secret")
    path = tmp_path / "locked.pdf"
    pdf.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="user", owner_pw="owner")
    with pytest.raises(BadInputError, match="password") as caught:
        JOBS[job](path, tmp_path / "pictures")
    assert caught.value.hint


@pytest.mark.parametrize("job", JOBS)
@pytest.mark.parametrize("name", ["cut short", "garbage inside", "a header only", "no pages"])
def test_a_broken_file_harms_nothing(
    bad: Callable[[str], Path], tmp_path: Path, name: str, job: str
) -> None:
    refusal = refused(JOBS[job], bad(name), tmp_path / "pictures")
    assert refusal is None or (refusal.message and refusal.hint)


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of memory there")
@pytest.mark.skipif(sys.platform == "darwin", reason="the system does not keep to the limit")
def test_a_worker_never_gets_more_than_a_gibibyte(tmp_path: Path) -> None:
    code = (
        "import resource, sys\n"
        "from researchdesk.document.confinement import confine\n"
        "confine(30)\n"
        "sys.stdout.write(str(resource.getrlimit(resource.RLIMIT_AS)[0]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert int(done.stdout) <= 1024**3


def test_a_reader_that_does_not_listen_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "reader"
    script.write_text("#!/bin/sh\nexec sleep 60 <&-\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    long = [Figure(FigureKind.TABLE, str(n), "words " * 500, 1) for n in range(100)]
    started = time.monotonic()
    with pytest.raises(BadInputError):
        extract_tables(tmp_path / "any.pdf", long, timeout=1)
    assert time.monotonic() - started < 20


def test_a_reader_that_tells_a_part_and_dies_is_bad_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "reader"
    script.write_text("#!/bin/sh\ncat > /dev/null\necho '{\"page\": []}'\nkill -9 $$\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    with pytest.raises(BadInputError, match="could not be taken apart"):
        extract_tables(tmp_path / "any.pdf", [Figure(FigureKind.TABLE, "1", "x", 1)])


def test_progress_is_told_while_the_job_runs(paper: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    wishes = [PictureWish(page, dpi=30) for page in (1, 2, 1)]
    render(paper, wishes, tmp_path / "p", progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_no_thread_and_no_open_file_stays_behind(paper: Path) -> None:
    extract(paper)
    gc.collect()
    threads, files = threading.active_count(), _open_files()
    for _ in range(3):
        extract(paper)
    assert threading.active_count() <= threads
    assert _open_files() <= files


@pytest.mark.parametrize("job", ["document", "tables", "render"])
def test_each_line_of_the_reply_is_json(paper: Path, tmp_path: Path, job: str) -> None:
    figure = {"kind": "table", "number": "2", "caption": "Numbers of the curve.", "page": 2}
    question: dict[str, Any] = {"job": job, "pdf": str(paper), "figures": [figure]}
    question |= {"wishes": [{"page": 1}], "folder": str(tmp_path / "p")}
    done = subprocess.run(
        [sys.executable, "-m", "researchdesk.document.worker", "60"],
        input=json.dumps(question).encode(),
        capture_output=True,
        check=True,
    )
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert list(replies[-1]) == ["done"]
    assert all(list(reply) == ["page"] for reply in replies[:-1])


def _open_files() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0
