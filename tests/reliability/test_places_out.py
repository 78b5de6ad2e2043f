"""A desk that came from elsewhere names no file outside of it."""

import os
from pathlib import Path

import pytest
from support.tiny_pdf import tiny_pdf

from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata, Paper
from researchdesk.errors import DeskError
from researchdesk.services import desk_files, documents, library, pdf_imports, stories, talks
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.story_export import write_markdown
from researchdesk.services.talks import Asked

EVIL = "../../outside/evil"


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return open_desk(settings)


@pytest.fixture
def paper(desk: Desk) -> Paper:
    return library.file_metadata(desk, Metadata("One", ("A",), arxiv_id="2001.00001", version=1))


def says(desk: Desk, paper: Paper, pdf: str, digest: str) -> Paper:
    row = {"paper_id": paper.id, "version": 1, "pdf": pdf, "sha256": digest}
    with desk.database.writing() as db:
        db.table("versions").upsert(row, pk=("paper_id", "version"))
    return library.get_paper(desk, paper.name)


@pytest.mark.parametrize("way", ["up", "absolute", "by the hash"])
def test_the_file_of_a_version_is_below_the_desk(
    desk: Desk, paper: Paper, tmp_path: Path, way: str
) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(tiny_pdf("Nobody's business."))
    inside = desk.root / "papers" / "v1.pdf"
    inside.parent.mkdir(exist_ok=True)
    inside.write_bytes(secret.read_bytes())
    named = {"up": os.path.relpath(secret, desk.root), "absolute": str(secret)}
    found = says(desk, paper, named.get(way, "papers/v1.pdf"), "ab" if way in named else EVIL)
    with pytest.raises(DeskError):
        documents.document_of(desk, found)
    assert not [path for path in tmp_path.rglob("*") if "evil" in path.name]
    assert [held.paper_id for held in desk_files.missing(desk)] == [paper.id] * (way in named)
    assert secret.exists()


def test_a_story_is_no_path(desk: Desk, tmp_path: Path) -> None:
    kept = stories.new_story(desk, "Why it falls").slug
    stories.save_draft(desk, kept, "# Why\n\nIt falls.")
    with desk.database.writing() as db:
        db.execute("UPDATE stories SET slug = ?", [EVIL])
    made = [*write_markdown(desk, EVIL, tmp_path / "to"), talks.outline(desk, EVIL, Asked()).path]
    assert [path.name for path in made] == ["outside-evil.md"] * 2
    assert [path.parent for path in made] == [tmp_path / "to", desk.root / "talks"]


def test_leftovers_at_the_end_of_a_link_stay(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "downloads"
    outside.mkdir()
    (outside / "mine.part").touch()
    os.utime(outside / "mine.part", (0, 0))
    (desk.root / "backups").symlink_to(outside, target_is_directory=True)
    (desk.root / "drafts").mkdir()
    (desk.root / "drafts" / ".gone.part").symlink_to("nowhere")
    assert desk_files.leftovers(desk.root, desk.clock()) == []


def test_an_entry_that_names_what_no_file_can_be_called_is_told(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    names = ["x" * 300 + ".pdf", "a\0b.pdf"]
    wanted = [(paper.id, name, tmp_path / "library.bib") for name in names]
    found = pdf_imports.attach(desk, wanted, desk.clock())
    assert found.left_out == [(name, "there is no such file") for name in names]
