"""Links in folders of others do not lead out of them."""

from pathlib import Path

import pytest
from support.funny_runs import ended_run
from support.recipe_maker import write_recipe
from support.tiny_pdf import tiny_pdf

from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata
from researchdesk.errors import BadInputError
from researchdesk.harness.recipes.folders import copy_recipe, digest_of, recipe_files
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.exporting import export_notes
from researchdesk.services.library import file_metadata
from researchdesk.services.pdf_imports import pdfs_in
from researchdesk.services.recipes import recipe_for
from researchdesk.services.release import scaffold

SECRET = "nobody's business"


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return open_desk(settings)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "secret.txt"
    path.parent.mkdir()
    path.write_text(SECRET, "utf-8")
    return path


def test_of_a_recipe_nothing_outside_is_read_copied_or_run(desk: Desk, secret: Path) -> None:
    folder = write_recipe(desk.settings.recipes)
    whole = digest_of(folder)
    (folder / "data.txt").symlink_to(secret)
    (folder / "all").symlink_to(secret.parent, target_is_directory=True)
    (folder / "same.py").symlink_to("experiment.py")
    assert [path.name for path in recipe_files(folder)].count("data.txt") == 0
    with pytest.raises(BadInputError, match=r"data\.txt: this link leads out"):
        recipe_for(desk, "2001.00001")
    (folder / "same.py").unlink()
    copy_recipe(folder, whole, desk.root / "copy")
    assert not [path for path in (desk.root / "copy").rglob("*") if path.name == "data.txt"]


def test_a_page_of_a_vault_that_leads_out_is_told_and_left(desk: Desk, tmp_path: Path) -> None:
    file_metadata(desk, Metadata("One", ("A",), arxiv_id="2001.00001", version=1))
    file_metadata(desk, Metadata("Two", ("A",), arxiv_id="2001.00002", version=1))
    vault, outside = tmp_path / "vault", tmp_path / "outside.md"
    vault.mkdir()
    (vault / "2001.00001.md").symlink_to(outside)
    found = export_notes(desk, None, vault)
    assert [problem.message for problem in found.problems if "leads out" in problem.message]
    assert not outside.exists()
    assert (vault / "2001.00002.md").is_file()
    (tmp_path / "by-a-link").symlink_to(vault, target_is_directory=True)
    assert len(export_notes(desk, None, tmp_path / "by-a-link").problems) == 1


def test_a_release_is_not_written_through_a_link(desk: Desk, tmp_path: Path) -> None:
    write_recipe(desk.settings.recipes)
    file_metadata(desk, Metadata("One", ("A",), arxiv_id="2001.00001", version=1))
    run = ended_run(desk)
    folder, outside = tmp_path / "release", tmp_path / "outside"
    folder.mkdir()
    (folder / "CITATION.cff").symlink_to(outside)
    with pytest.raises(BadInputError, match="leads out"):
        scaffold(desk, folder, run)
    assert not outside.exists()


def test_pdfs_of_a_folder_are_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    (folder / "below").mkdir(parents=True)
    for path in (tmp_path / "private.pdf", folder / "b.pdf", folder / "below" / "a.pdf"):
        path.write_bytes(tiny_pdf("A page."))
    (folder / "c.pdf").symlink_to(tmp_path / "private.pdf")
    (folder / "d.pdf").symlink_to("b.pdf")
    (folder / "out").symlink_to(tmp_path, target_is_directory=True)
    assert [path.name for path in pdfs_in(folder)] == ["b.pdf", "a.pdf", "d.pdf"]
