"""A download that broke off goes on from there, or begins anew; never does it end mixed."""

from pathlib import Path

import pytest
from support.arxiv_server import ArxivServer, Fault
from support.downloads import PAPER, PDF, problem
from support.tiny_pdf import tiny_pdf

from researchdesk.sources.arxiv import ArxivSource
from researchdesk.sources.http import TRIES

pytestmark = pytest.mark.usefixtures("offered")


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


def test_a_last_part_that_leaves_the_file_short(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    kept = interrupt(source, target)
    promise = f"bytes {kept}-{len(PDF)}/{len(PDF) + 1}"
    arxiv_server.fail("/pdf", Fault(headers={"Content-Range": promise}))
    assert "cut short" in problem(source, target).message
    assert not part(target).exists()


def test_a_server_that_answers_with_parts_unasked(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    arxiv_server.fail("/pdf", Fault(status=206), Fault(status=206))
    assert "do not fit" in problem(source, target).message


def test_a_failure_on_the_way_keeps_the_part_of_before(
    source: ArxivSource, arxiv_server: ArxivServer, target: Path
) -> None:
    kept = interrupt(source, target)
    arxiv_server.fail("/pdf", *[Fault(status=503)] * TRIES)
    problem(source, target)
    assert part(target).stat().st_size == kept
