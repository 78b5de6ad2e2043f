"""PDFs that want to do something: read as pages, and told what they hold; nothing of it happens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.hostile_pdfs import ACTING, WORDS, wide_letters, with_more
from support.pdf_bombs import long_text, many_links

from researchdesk.document import process
from researchdesk.document.extraction import extract
from researchdesk.document.jobs import Job, PictureWish, Request
from researchdesk.document.worker import replies
from researchdesk.errors import BadInputError

SECRET = "RESEARCHDESK_S2_KEY"


def read(path: Path) -> dict:
    (reply,) = replies(Request(Job.DOCUMENT, str(path)))
    return reply["done"]


@pytest.mark.parametrize("name", ACTING)
def test_what_a_pdf_holds_besides_pages_is_told(tmp_path: Path, name: str) -> None:
    make, holds = ACTING[name]
    path = tmp_path / "x.pdf"
    path.write_bytes(make())
    done = read(path)
    assert done["holds"] == holds
    assert done["pages"] == 1
    assert not [sign for block in done["blocks"] for sign in block["text"] if ord(sign) < 32]
    drawn = list(replies(Request(Job.RENDER, str(path), (), (PictureWish(1),), str(tmp_path))))
    assert [list(reply) for reply in drawn] == [["page"], ["done"]]
    assert {item.suffix for item in tmp_path.iterdir()} == {".pdf", ".png"}


def test_the_caution_says_what_and_what_not(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(ACTING["portfolio"][0]() + b"\n")
    assert extract(path).caution.startswith("This PDF holds embedded files. Nothing of it is run")
    path.write_bytes(with_more())
    assert extract(path).caution == ""


def test_links_without_number_are_read_up_to_a_bound(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(many_links(20_000))
    assert read(path)["pages"] == 1


@pytest.mark.parametrize("width", [900_000_000, -900_000])
def test_letters_as_wide_as_a_street_have_boxes_near_their_page(tmp_path: Path, width: int) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(wide_letters(width))
    (block,) = read(path)["blocks"]
    x0, y0, x1, y1 = block["box"]
    assert -612 <= x0 < x1 <= 2 * 612
    assert 0 < y0 < y1 < 792


def test_more_than_a_paper_can_say_is_not_heard(tmp_path: Path, monkeypatch) -> None:
    """The desk's own memory is not at the mercy of what a document holds."""
    monkeypatch.setattr(process, "_LARGEST", 20_000)
    path = tmp_path / "long.pdf"
    path.write_bytes(long_text(400_000))
    with pytest.raises(BadInputError, match="more than a paper may") as caught:
        extract(path)
    assert "kept as it is" in caught.value.hint
    path.write_bytes(with_more(content=WORDS))
    assert extract(path).pages == 1


@pytest.mark.parametrize(
    "does",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "with open(path, 'wb') as file: file.write(bytes(2000))",
    ],
)
def test_a_confined_process_reaches_nobody_starts_nothing_and_writes_little(
    tmp_path: Path, does: str
) -> None:
    code = (
        "import sys, socket, subprocess\nfrom researchdesk.document.confinement import confine\n"
        f"path = {str(tmp_path / 'file')!r}\nconfine(20, largest_file=1000)\n{does}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert "a document may not do this" in done.stderr or "File too large" in done.stderr


def test_no_key_of_the_users_is_given_to_a_worker(monkeypatch) -> None:
    monkeypatch.setenv(SECRET, "secret")
    monkeypatch.setenv("HF_TOKEN", "secret")
    given = process._environment()
    assert "secret" not in given.values()
    assert given["PATH"] == os.environ["PATH"]
