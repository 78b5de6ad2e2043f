"""A PDF comes whole to its place, or nothing changes there."""

import hashlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.arxiv_server import ArxivServer, Fault
from support.downloads import PAPER, PDF, problem
from support.faketime import FakeTime

from researchdesk.config import Settings
from researchdesk.domain.identifiers import ArxivId
from researchdesk.errors import SourceError
from researchdesk.sources import download
from researchdesk.sources.arxiv import ArxivSource
from researchdesk.sources.download import Downloader
from researchdesk.sources.http import TRIES, Fetcher

pytestmark = pytest.mark.usefixtures("offered")


def test_a_pdf_comes_whole_with_progress(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    told: list[tuple[str, int, int | None]] = []
    digest = source.download_pdf(PAPER, target, lambda *report: told.append(report))
    assert target.read_bytes() == PDF
    assert digest == hashlib.sha256(PDF).hexdigest()
    assert [file.name for file in target.parent.iterdir()] == ["v5.pdf"]
    assert told[0] == ("fetching 1706.03762v5", 0, len(PDF))
    assert told[-1] == ("fetching 1706.03762v5", len(PDF), len(PDF))
    assert [done for _, done, _ in told] == sorted({done for _, done, _ in told})
    assert arxiv_server.asked[0].headers["accept-encoding"] == "identity"


def test_an_old_id(source: ArxivSource, arxiv_server: ArxivServer, tmp_path: Path) -> None:
    arxiv_server.add("math/0405482v1", pdf=PDF)
    source.download_pdf(ArxivId("math/0405482", 1), tmp_path / "v1.pdf")
    assert arxiv_server.paths() == ["/pdf/math/0405482v1"]


def test_a_version_must_be_named(source: ArxivSource, target: Path) -> None:
    with pytest.raises(ValueError, match="version"):
        source.download_pdf(ArxivId("1706.03762"), target)


def test_what_was_there_is_replaced_only_by_a_whole_pdf(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    target.parent.mkdir(parents=True)
    target.write_bytes(b"before")
    arxiv_server.fail("/pdf", Fault(body=PDF[:-2000]))
    with pytest.raises(SourceError):
        source.download_pdf(PAPER, target)
    assert target.read_bytes() == b"before"
    source.download_pdf(PAPER, target)
    assert target.read_bytes() == PDF


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty file"),
        (b"<html><body>Rate exceeded</body></html>", "web page in place"),
        (b"<!DOCTYPE html>" + b" " * 5000 + b"<html>", "web page in place"),
        (b"<html>PDF is being generated; reload this page</html>", "still making the PDF"),
        (b"<html><p>This paper has been withdrawn by its author</html>", "no PDF of 1706.03762v5"),
        (b"%!PS-Adobe-3.0", "not a PDF"),
        (b"%PDF", "not a PDF"),
        (PDF[:-2000], "cut short"),
        (PDF[:1000], "cut short"),
        (PDF + b"\x00" * 10_000, "cut short"),
    ],
)
def test_what_is_not_a_whole_pdf_leaves_nothing(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path, body: bytes, words: str
) -> None:
    arxiv_server.fail("/pdf", Fault(body=body))
    assert words in problem(source, target).message
    assert not target.parent.exists()
    assert len(arxiv_server.asked) == 1


def test_a_pdf_without_its_length_is_checked_by_its_end(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    bare = {"Content-Length": None}
    arxiv_server.fail("/pdf", Fault(headers=bare, cut=150_000), Fault(headers=bare))
    assert "cut short" in problem(source, target).message
    source.download_pdf(PAPER, target)
    assert target.read_bytes() == PDF


@pytest.mark.parametrize(
    ("status", "words", "tries"),
    [
        (404, "no PDF of 1706.03762v5", 1),
        (403, "refuses", 1),
        (429, "429", TRIES),
        (503, "503", TRIES),
    ],
)
def test_a_status_leaves_nothing(
    source: ArxivSource,
    arxiv_server: ArxivServer,
    target: Path,
    status: int,
    words: str,
    tries: int,
) -> None:
    arxiv_server.fail("/pdf", *[Fault(status=status, body=b"<html>no</html>")] * tries)
    assert words in problem(source, target).message
    assert not target.parent.exists()
    assert len(arxiv_server.asked) == tries


def test_retry_after_is_waited_for(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path, fake_time: FakeTime
) -> None:
    arxiv_server.fail("/pdf", Fault(status=429, headers={"Retry-After": "9"}))
    source.download_pdf(PAPER, target)
    assert fake_time.slept == [9.0]


def test_a_full_disk(source: ArxivSource, target: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    target.parent.mkdir(parents=True)
    real = Path.open

    def open_full(self: Path, mode: str = "r", *rest: object, **named: object) -> object:
        return real(full if self.suffix == ".part" and "w" in mode else self, mode, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", open_full)
        error = problem(source, target)
    assert "disk is full" in error.message
    assert "Make room" in error.hint
    assert list(target.parent.iterdir()) == []


def test_a_folder_that_cannot_be_made(source: ArxivSource, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SourceError, match="cannot be written") as caught:
        source.download_pdf(PAPER, tmp_path / "file" / "v5.pdf")
    assert caught.value.hint


@pytest.mark.parametrize(("headers", "begun"), [({}, False), ({"Content-Length": None}, True)])
def test_a_file_beyond_measure(
    arxiv_settings: Settings,
    arxiv_server: ArxivServer,
    fake_time: FakeTime,
    target: Path,
    headers: dict[str, None],
    begun: bool,
) -> None:
    arxiv_server.add("1706.03762v5", pdf=PDF)
    arxiv_server.fail("/pdf", Fault(headers=headers))
    fetcher = Fetcher(arxiv_settings, fake_time.clock, fake_time.sleep)
    told: list[int] = []
    downloader = Downloader(fetcher, PAPER, target, lambda _, done, __: told.append(done), 100_000)
    with pytest.raises(SourceError, match="larger than"):
        downloader.run(f"{arxiv_server.url}/pdf/{PAPER}")
    assert bool(told) is begun
    assert max(told, default=0) <= 100_000
    assert not target.parent.exists()


def test_a_disk_without_room_is_told_before_anything_is_fetched(
    source: ArxivSource, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = SimpleNamespace(free=99)
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _: full)
    assert "disk is full" in problem(source, target).message
    assert not target.parent.exists()


@pytest.mark.parametrize("header", ["bytes 0-1/" + "9" * 5000, "bytes 9-1/*", "bytes ²-³/4"])
def test_a_part_of_no_sense_is_not_taken(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path, header: str
) -> None:
    fault = Fault(206, PDF[:500], {"Content-Range": header.encode().decode("latin-1")})
    arxiv_server.fail("/pdf", fault, fault)
    assert "parts of the PDF that do not fit" in problem(source, target).message


def test_the_papers_of_the_corpus_pass_the_check(
    source: ArxivSource, arxiv_server: ArxivServer, corpus: Path, tmp_path: Path
) -> None:
    files = sorted((corpus / "pdf").glob("*.pdf"), key=lambda file: file.stat().st_size)[:25]
    for file in files:
        arxiv_server.fail("/pdf", Fault(body=file.read_bytes()))
        source.download_pdf(PAPER, tmp_path / file.name)
        assert (tmp_path / file.name).stat().st_size == file.stat().st_size
