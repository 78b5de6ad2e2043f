"""A PDF comes whole to its place, or nothing changes there."""

import hashlib
from pathlib import Path

import pytest
from support.arxiv_server import ArxivServer, Fault
from support.faketime import FakeTime
from support.tiny_pdf import tiny_pdf

from researchdesk.config import Settings
from researchdesk.domain.identifiers import ArxivId
from researchdesk.errors import SourceError
from researchdesk.sources.arxiv import ArxivSource
from researchdesk.sources.download import Downloader
from researchdesk.sources.http import TRIES, Fetcher

PAPER = ArxivId("1706.03762", 5)
PDF = tiny_pdf("Attention Is All You Need", padding=300_000)


@pytest.fixture
def target(arxiv_settings: Settings) -> Path:
    return arxiv_settings.papers / "1706.03762" / "v5.pdf"


@pytest.fixture
def source(arxiv_settings: Settings, arxiv_server: ArxivServer, fake_time: FakeTime) -> ArxivSource:
    arxiv_server.add("1706.03762v5", pdf=PDF)
    return ArxivSource(arxiv_settings, fake_time.clock, fake_time.sleep)


def problem(source: ArxivSource, target: Path) -> SourceError:
    """The error of a download; asserts that nothing is left of it."""
    with pytest.raises(SourceError) as caught:
        source.download_pdf(PAPER, target)
    assert caught.value.hint
    assert caught.value.exit_code == 4
    assert not target.exists()
    return caught.value


def interrupt(source: ArxivSource, target: Path, after: int = 100_000) -> int:
    """Breaks a download off, as Ctrl-C does; gives the bytes that are kept."""

    def stop(what: str, done: int, total: int | None) -> None:
        if done >= after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        source.download_pdf(PAPER, target, stop)
    assert not target.exists()
    return part(target).stat().st_size


def part(target: Path) -> Path:
    return target.with_name("v5.pdf.part")


def ranges(server: ArxivServer) -> list[str]:
    return [asked.headers.get("range", "") for asked in server.asked]


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


def test_an_interrupted_download_goes_on_from_there(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    kept = interrupt(source, target)
    assert kept >= 100_000
    source.download_pdf(PAPER, target)
    assert target.read_bytes() == PDF
    assert ranges(arxiv_server) == ["", f"bytes={kept}-"]
    assert arxiv_server.asked[1].headers["if-range"] == f'"1706.03762v5-{len(PDF)}"'


def test_a_dropped_connection_goes_on_by_itself(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    arxiv_server.fail("/pdf", Fault(cut=200_000), Fault(cut=50_000))
    source.download_pdf(PAPER, target)
    assert target.read_bytes() == PDF
    assert ranges(arxiv_server) == ["", "bytes=200000-", "bytes=250000-"]


def test_a_connection_that_always_drops_keeps_what_came(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    arxiv_server.fail("/pdf", *[Fault(cut=50_000)] * TRIES)
    assert "dropped the connection" in problem(source, target).message
    assert part(target).stat().st_size == 50_000 * TRIES
    source.download_pdf(PAPER, target)
    assert target.read_bytes() == PDF


def test_a_server_without_parts_begins_anew(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    interrupt(source, target)
    arxiv_server.fail("/pdf", Fault(ignore_range=True))
    source.download_pdf(PAPER, target)
    assert target.read_bytes() == PDF
    assert len(arxiv_server.asked) == 2


def test_a_file_that_changed_meanwhile_begins_anew(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    interrupt(source, target)
    other = tiny_pdf("Another text", padding=250_000)
    arxiv_server.add("1706.03762v5", pdf=other)
    source.download_pdf(PAPER, target)
    assert target.read_bytes() == other


def test_a_part_whose_mark_is_lost_begins_anew(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    interrupt(source, target)
    part(target).with_name("v5.pdf.part.json").write_text("{", encoding="utf-8")
    source.download_pdf(PAPER, target)
    assert ranges(arxiv_server) == ["", ""]
    assert target.read_bytes() == PDF


def test_without_a_mark_of_the_server_nothing_is_resumed(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    arxiv_server.fail("/pdf", Fault(cut=200_000, headers={"ETag": 'W/"weak"'}))
    source.download_pdf(PAPER, target)
    assert ranges(arxiv_server) == ["", ""]
    assert target.read_bytes() == PDF


def test_a_part_that_is_all_there_is_put_in_place(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    interrupt(source, target)
    part(target).write_bytes(PDF)
    source.download_pdf(PAPER, target)
    assert target.read_bytes() == PDF
    assert len(arxiv_server.asked) == 2


def test_a_part_that_is_too_long_begins_anew(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    interrupt(source, target)
    part(target).write_bytes(PDF + b"more")
    source.download_pdf(PAPER, target)
    assert target.read_bytes() == PDF
    assert ranges(arxiv_server)[-1] == ""


@pytest.mark.parametrize("content_range", ["bytes 0-9/10", "bytes 7-/x", None, "lines 1-2/3"])
def test_the_wrong_part_begins_anew(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path, content_range: str | None
) -> None:
    interrupt(source, target)
    arxiv_server.fail("/pdf", Fault(headers={"Content-Range": content_range}))
    source.download_pdf(PAPER, target)
    assert target.read_bytes() == PDF
    assert ranges(arxiv_server)[-1] == ""


def test_a_server_that_answers_with_parts_unasked(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    arxiv_server.fail("/pdf", Fault(status=206), Fault(status=206))
    assert "do not fit" in problem(source, target).message


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


def test_a_failure_on_the_way_keeps_the_part_of_before(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    kept = interrupt(source, target)
    arxiv_server.fail("/pdf", *[Fault(status=503)] * TRIES)
    problem(source, target)
    assert part(target).stat().st_size == kept


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


@pytest.mark.parametrize("headers", [{}, {"Content-Length": None}])
def test_a_file_beyond_measure(
    arxiv_settings: Settings,
    arxiv_server: ArxivServer,
    fake_time: FakeTime,
    target: Path,
    headers: dict[str, None],
) -> None:
    arxiv_server.add("1706.03762v5", pdf=PDF)
    arxiv_server.fail("/pdf", Fault(headers=headers))
    fetcher = Fetcher(arxiv_settings, fake_time.clock, fake_time.sleep)
    downloader = Downloader(fetcher, PAPER, target, largest=100_000)
    with pytest.raises(SourceError, match="larger than"):
        downloader.run(f"{arxiv_server.url}/pdf/{PAPER}")
    assert not target.parent.exists()


def test_the_papers_of_the_corpus_pass_the_check(
    source: ArxivSource, arxiv_server: ArxivServer, corpus: Path, tmp_path: Path
) -> None:
    files = sorted((corpus / "pdf").glob("*.pdf"), key=lambda file: file.stat().st_size)[:25]
    for file in files:
        arxiv_server.fail("/pdf", Fault(body=file.read_bytes()))
        source.download_pdf(PAPER, tmp_path / file.name)
        assert (tmp_path / file.name).stat().st_size == file.stat().st_size
