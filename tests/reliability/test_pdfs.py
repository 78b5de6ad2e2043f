"""Changed PDFs are read or refused: a small part of ``python tests/reliability/pdfs.py``."""

from pathlib import Path

import pytest
from reliability.pdf_mutations import KINDS, mutated
from reliability.pdfs import looked_at, run
from support.tiny_pdf import tiny_pdf

_FOUND = sorted((Path(__file__).parent / "found" / "PDFs").glob("*.pdf"))


@pytest.mark.slow
@pytest.mark.parametrize("pdf", _FOUND, ids=lambda pdf: pdf.stem)
def test_what_once_came_to_a_fault(tmp_path: Path, pdf: Path) -> None:
    assert looked_at(pdf, tmp_path) == ("read", "")


@pytest.mark.slow
def test_changed_pdfs_do_no_harm() -> None:
    told = list(run(0, 20, 7, 2))
    assert [item for item in told if item.fault] == []
    assert {item.outcome for item in told} >= {"read", "refused"}


def test_every_kind_of_change_changes_something_and_the_same_each_time() -> None:
    whole = tiny_pdf("One.", "Two.")
    made = [mutated(whole, f"{number}") for number in range(300)]
    assert made == [mutated(whole, f"{number}") for number in range(300)]
    changed = {kind for kind, content in made if content != whole}
    assert changed == set(KINDS)
