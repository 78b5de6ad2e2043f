import threading
from dataclasses import replace
from pathlib import Path

import pytest
from support.arxiv_server import ArxivServer, Fault
from support.faketime import FakeTime
from support.taken_off import take_off
from support.tiny_pdf import tiny_pdf

from researchdesk.config import Settings
from researchdesk.domain.queries import FindQuery
from researchdesk.errors import BadInputError, NotOnDeskError, SourceError, UsageProblemError
from researchdesk.services import acquire, documents, library
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.importing import import_library


@pytest.fixture
def online(arxiv_settings: Settings, fake_time: FakeTime) -> Desk:
    return open_desk(arxiv_settings, fake_time.clock)


def test_a_paper_is_filed_under_base_id_and_version(
    online: Desk, arxiv_server: ArxivServer
) -> None:
    arxiv_server.add("1706.03762v5", title="Attention")
    arxiv_server.add("math/0405482v2", title="Sums")
    seen: list[tuple[str, int, int | None]] = []
    first = acquire.add(online, "1706.03762v5", lambda *args: seen.append(args))
    second = acquire.add(online, "https://arxiv.org/abs/math/0405482")
    assert (first.paper.name, first.version, first.fetched) == ("1706.03762", 5, True)
    assert first.paper.pdf_of(5) == "papers/1706.03762/v5.pdf"
    assert (online.root / "papers/math_0405482/v2.pdf").is_file()
    assert (second.paper.name, second.version) == ("math/0405482", 2)
    assert seen
    again = acquire.add(online, "arXiv:1706.03762v5")
    assert again.already
    assert arxiv_server.paths().count("/pdf/1706.03762v5") == 1


def test_an_older_version_is_filed_beside_the_newer(
    online: Desk, arxiv_server: ArxivServer
) -> None:
    arxiv_server.add("1706.03762v4", title="Draft")
    arxiv_server.add("1706.03762v5", title="Attention")
    acquire.add(online, "1706.03762")
    old = acquire.add(online, "1706.03762v4")
    assert (old.version, old.paper.version, old.paper.title) == (4, 5, "Attention")
    assert [held.version for held in old.paper.versions] == [4, 5]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=200, body=b"<html>not a PDF</html>", headers={"Content-Type": "text/html"}),
        Fault(status=404, body=b""),
        Fault(status=200, body=b""),
        Fault(status=403, body=b"no"),
    ],
)
def test_a_failed_download_leaves_the_desk_as_it_was(
    online: Desk, arxiv_server: ArxivServer, fault: Fault
) -> None:
    arxiv_server.add("1706.03762v5")
    arxiv_server.fail("/pdf/", *[fault] * 10)
    with pytest.raises(SourceError) as caught:
        acquire.add(online, "1706.03762")
    assert caught.value.hint
    assert library.list_papers(online) == []
    assert not list(online.root.glob("papers/**/*.pdf"))


def test_metadata_alone_can_be_kept(online: Desk, arxiv_server: ArxivServer) -> None:
    arxiv_server.add("1706.03762v5")
    added = acquire.add(online, "1706.03762", with_pdf=False)
    assert (added.fetched, added.paper.pdf_of(5)) == (False, "")
    assert arxiv_server.paths() == ["/api/query"]


def test_unknown_and_malformed_ids(online: Desk) -> None:
    with pytest.raises(NotOnDeskError):
        acquire.add(online, "1706.99999")
    with pytest.raises(UsageProblemError):
        acquire.add(online, "attention is all you need")
    with pytest.raises(BadInputError, match="no file"):
        acquire.add(online, "missing.pdf")


def test_offline_the_shipped_metadata_is_used(settings: Settings) -> None:
    desk = open_desk(replace(settings, offline=True))
    added = acquire.add(desk, "1904.09237")
    assert "offline" in added.warning.lower()
    assert not added.fetched
    with pytest.raises(SourceError):
        acquire.add(desk, "1706.03762")


def test_a_local_pdf_with_a_stamp_is_that_paper(
    online: Desk, arxiv_server: ArxivServer, tmp_path: Path
) -> None:
    arxiv_server.add("1706.03762v5", title="Attention")
    file = tmp_path / "some name.pdf"
    file.write_bytes(tiny_pdf("arXiv:1706.03762v5  [cs.CL]  6 Dec 2017\nAttention"))
    added = acquire.add(online, str(file))
    assert (added.paper.name, added.version, added.paper.title) == ("1706.03762", 5, "Attention")
    assert "/pdf/1706.03762v5" not in arxiv_server.paths()
    assert acquire.add(online, str(file)).already
    assert "Attention" in documents.document_of(online, added.paper).blocks[-1].text


def test_a_stamped_pdf_without_a_network_keeps_its_id(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(tiny_pdf("arXiv:1706.03762v5  [cs.CL]  6 Dec 2017\nAttention"))
    added = acquire.add(desk, str(file))
    assert added.paper.name == "1706.03762"
    assert added.warning


def test_a_stamped_pdf_gives_an_imported_paper_its_version(desk: Desk, tmp_path: Path) -> None:
    bib = tmp_path / "mine.bib"
    bib.write_text("@article{deep, title={Deep things}, author={John Smith}, eprint={2001.00001}}")
    import_library(desk, [bib])
    pdf = tmp_path / "v3.pdf"
    pdf.write_bytes(tiny_pdf("arXiv:2001.00001v3 [cs.LG] 5 May 2021 Deep things John Smith"))
    added = acquire.add(desk, str(pdf))
    assert (added.version, added.paper.version) == (3, 3)
    assert added.paper.pdf_of(added.paper.version)
    assert added.paper.title == "Deep things"


def test_a_local_pdf_without_a_stamp_has_a_key(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "lecture.pdf"
    file.write_bytes(tiny_pdf("Notes on descent"))
    added = acquire.add(desk, str(file))
    assert added.paper.metadata.arxiv_id is None
    assert (desk.root / added.paper.pdf_of(1)).read_bytes() == file.read_bytes()
    other = tmp_path / "copy.pdf"
    other.write_bytes(file.read_bytes())
    assert acquire.add(desk, str(other)).paper.id == added.paper.id
    assert acquire.add(desk, str(other)).already


def test_a_pdf_lost_from_the_disk_comes_back_to_its_paper(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "lecture.pdf"
    file.write_bytes(tiny_pdf("Notes on descent"))
    paper = acquire.add(desk, str(file)).paper
    (desk.root / paper.pdf_of(1)).unlink()
    again = acquire.add(desk, str(file))
    assert (again.paper.id, again.fetched) == (paper.id, True)
    assert (desk.root / paper.pdf_of(1)).is_file()
    assert len(library.list_papers(desk)) == 1


@pytest.mark.parametrize("content", [b"", b"<html>hello</html>", b"garbage" * 100])
def test_a_file_that_is_no_pdf_changes_nothing(desk: Desk, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.pdf"
    file.write_bytes(content)
    with pytest.raises(BadInputError):
        acquire.add(desk, str(file))
    assert library.list_papers(desk) == []
    assert not (desk.root / "papers").exists()


def test_a_removed_paper_comes_back_when_added(online: Desk, arxiv_server: ArxivServer) -> None:
    arxiv_server.add("1706.03762v5")
    acquire.add(online, "1706.03762v5")
    take_off(online, "1706.03762")
    assert acquire.add(online, "1706.03762v5").already
    assert [item.paper.name for item in library.list_papers(online)] == ["1706.03762"]


def test_find_pages(online: Desk, arxiv_server: ArxivServer) -> None:
    for number in range(5):
        arxiv_server.add(f"2001.0000{number}", title=f"Testing {number}")
    first = acquire.find(online, FindQuery("testing", limit=3))
    second = acquire.find(online, FindQuery("testing", limit=3, start=3))
    assert (first.total, len(first.papers), second.start, len(second.papers)) == (5, 3, 3, 2)
    assert not {p.arxiv_id for p in first.papers} & {p.arxiv_id for p in second.papers}


def test_two_files_of_the_same_title_both_stay(settings: Settings, tmp_path: Path) -> None:
    files = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        file = tmp_path / name / "paper.pdf"
        file.write_bytes(tiny_pdf(f"words of {name}"))
        files.append(file)
    desk = open_desk(settings)
    barrier = threading.Barrier(2)

    def work(file: Path) -> None:
        barrier.wait()
        acquire.add(desk, str(file))

    threads = [threading.Thread(target=work, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [(desk.root / item.paper.pdf_of(1)).read_bytes() for item in library.list_papers(desk)]
    assert sorted(kept) == sorted(file.read_bytes() for file in files)


def test_a_source_that_fails_is_an_error_for_a_paper_at_hand_too(
    online: Desk, arxiv_server: ArxivServer
) -> None:
    library.get_paper(online, "1904.09237")
    arxiv_server.fail("/api/query", *[Fault(status=403)] * 5)
    with pytest.raises(SourceError):
        acquire.add(online, "1904.09237")


@pytest.mark.parametrize("text", ["x" * 400, "a\0b", "~nobody-here/x.pdf", "x" * 400 + ".pdf"])
def test_words_that_can_be_no_file_are_refused_in_words(desk: Desk, text: str) -> None:
    with pytest.raises((UsageProblemError, BadInputError)):
        acquire.add(desk, text)


def test_a_file_of_ones_own_replaces_the_pdf_only_when_asked(
    online: Desk, arxiv_server: ArxivServer, tmp_path: Path
) -> None:
    arxiv_server.add("1706.03762v5")
    acquire.add(online, "1706.03762v5")
    file = tmp_path / "better.pdf"
    file.write_bytes(tiny_pdf("arXiv:1706.03762v5  [cs.CL]  6 Dec 2017\nBetter"))
    left = acquire.add(online, str(file))
    assert left.already
    assert "--replace" in left.warning
    held = online.root / left.paper.pdf_of(5)
    before = held.read_bytes()
    taken = acquire.add(online, str(file), replace=True)
    assert held.read_bytes() == file.read_bytes()
    assert "Better" in documents.document_of(online, taken.paper).blocks[-1].text
    (kept,) = (online.root / "backups").glob("*.pdf")
    assert kept.read_bytes() == before
