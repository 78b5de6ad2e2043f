"""A PDF taken apart through the worker process."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from support.processes import is_alive

from researchdesk.document.extraction import extract, from_json, to_json
from researchdesk.domain.documents import FigureKind, SectionKind
from researchdesk.errors import BadInputError


def test_parts_of_a_paper_in_two_columns(paper: Path) -> None:
    document = extract(paper)
    assert document.title == "Reading Papers in Passes"
    assert document.stamp == "2101.00001v3"
    assert document.pages == 2
    assert document.problem == ""
    assert [(s.title, s.level, s.kind, s.page) for s in document.sections] == [
        ("Abstract", 1, SectionKind.ABSTRACT, 1),
        ("1 Introduction", 1, SectionKind.INTRODUCTION, 1),
        ("2 Method", 1, SectionKind.BODY, 1),
        ("2.1 Details", 2, SectionKind.BODY, 2),
        ("3 Conclusion", 1, SectionKind.CONCLUSION, 2),
        ("References", 1, SectionKind.REFERENCES, 2),
        ("A Proofs", 1, SectionKind.APPENDIX, 2),
    ]
    assert [(f.kind, f.number, f.caption, f.page) for f in document.figures] == [
        (FigureKind.FIGURE, "1", "A curve that goes up.", 2),
        (FigureKind.TABLE, "2", "Numbers of the curve.", 2),
    ]


def test_columns_do_not_interleave_and_furniture_is_gone(paper: Path) -> None:
    document = extract(paper)
    text = " ".join(block.text for block in document.blocks)
    found = [text.index(word) for word in ("abst0a", "left0a", "left29e", "right0a", "meth0a")]
    assert found == sorted(found)
    assert text.index("left29e") < text.index("right0a")
    assert all(block.text not in {"1", "2"} for block in document.blocks)
    assert "arXiv:2101" not in text


def test_a_cut_word_is_whole_and_a_compound_keeps_its_hyphen(paper: Path) -> None:
    text = " ".join(block.text for block in extract(paper).blocks)
    assert "we pay attention to" in text


def test_sections_are_ranges_of_blocks_that_do_not_overlap(paper: Path) -> None:
    document = extract(paper)
    ends = [0]
    for section in document.sections:
        assert document.blocks[section.first].text == section.title
        assert document.blocks[section.first].heading == section.level
        assert ends[-1] <= section.first < section.last <= len(document.blocks)
        ends.append(section.last)


def test_the_outline_gives_the_levels(maker: Any, tmp_path: Path) -> None:
    titles = ["Opening", "The Plan", "Its Steps", "Closing"]
    y = 80.0
    for level, title in zip((1, 1, 2, 1), titles, strict=True):
        y = maker.heading(72, y, title)
        y = maker.lines(72, y, [f"{title.lower()} words go on in this line of text"] * 3)
        maker.entry(level, title)
    document = extract(maker.save(tmp_path / "outline.pdf"))
    assert [(s.title, s.level) for s in document.sections] == list(
        zip(titles, (1, 1, 2, 1), strict=True)
    )


def test_headings_without_numbers(maker: Any, tmp_path: Path) -> None:
    y = 80.0
    for title in ("Introduction", "How It Was Done", "Results", "References"):
        y = maker.heading(72, y, title)
        y = maker.lines(72, y, ["these are words that go on in a line of text, to its end"] * 3)
    document = extract(maker.save(tmp_path / "unnumbered.pdf"))
    assert [(s.title, s.level) for s in document.sections] == [
        ("Introduction", 1),
        ("How It Was Done", 1),
        ("Results", 1),
        ("References", 1),
    ]


def test_bold_first_words_are_a_heading_of_the_paragraph(maker: Any, tmp_path: Path) -> None:
    y = maker.heading(72, 80, "1  Training")
    maker.put(72, y, "Label smoothing.", 10, "tibo")
    maker.put(152, y, "During training we smoothed the labels a little.", 10)
    maker.put(72, y + 12, "This made the model less sure of itself, and better.", 10)
    document = extract(maker.save(tmp_path / "run-in.pdf"))
    assert [(block.heading, block.text) for block in document.blocks] == [
        (1, "1 Training"),
        (4, "Label smoothing."),
        (
            0,
            "During training we smoothed the labels a little. This made the model less sure of "
            "itself, and better.",
        ),
    ]


def test_running_heads_go_and_ligatures_open(maker: Any, tmp_path: Path) -> None:
    for number in range(1, 5):
        if number > 1:
            maker.page()
        maker.put(72, 40, "A. Author et al.")
        maker.sheet.insert_htmlbox(
            pymupdf.Rect(72, 100, 500, 200),
            f"<p>We \ufb01nd e\ufb03cient \ufb02ows, part {number}.</p>",
        )
        maker.put(300, 770, str(number))
    document = extract(maker.save(tmp_path / "heads.pdf"))
    assert [block.text for block in document.blocks] == [
        f"We find efficient flows, part {number}." for number in range(1, 5)
    ]


def test_a_page_on_its_side_is_read(maker: Any, tmp_path: Path) -> None:
    for at, line in enumerate(["The first line of the page", "and the second one, to its end."]):
        maker.sheet.insert_text((100 + 14 * at, 700), line, fontsize=10, rotate=90)
    document = extract(maker.save(tmp_path / "turned.pdf"))
    text = " ".join(block.text for block in document.blocks)
    assert text == "The first line of the page and the second one, to its end."


def test_a_scan_has_a_problem_in_words(maker: Any, tmp_path: Path) -> None:
    picture = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 50, 50), False)
    picture.clear_with(128)
    maker.sheet.insert_image(maker.sheet.rect, pixmap=picture)
    document = extract(maker.save(tmp_path / "scan.pdf"))
    assert document.blocks == ()
    assert document.pages == 1
    assert "no text" in document.problem


def test_a_password_has_a_problem_in_words(maker: Any, tmp_path: Path) -> None:
    maker.put(72, 72, "secret")
    path = maker.save(
        tmp_path / "locked.pdf",
        encryption=pymupdf.PDF_ENCRYPT_AES_256,
        user_pw="user",
        owner_pw="owner",
    )
    assert "password" in extract(path).problem


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"<html><body>Not found</body></html>", "not a PDF"),
        (bytes(range(256)) * 20, "not a PDF"),
        (b"%PDF-1.4\n" + bytes(range(1, 256)) * 40, "PDF"),
    ],
    ids=["empty", "page", "noise", "named"],
)
def test_what_is_no_pdf_is_bad_input(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "named.pdf"
    path.write_bytes(content)
    with pytest.raises(BadInputError, match=word) as caught:
        extract(path)
    assert caught.value.hint
    assert path.read_bytes() == content


def test_a_cut_pdf_gives_text_or_bad_input(paper: Path, tmp_path: Path) -> None:
    content = paper.read_bytes()
    for share in (0.1, 0.5, 0.9, 0.98):
        path = tmp_path / "cut.pdf"
        path.write_bytes(content[: int(len(content) * share)])
        try:
            document = extract(path)
        except BadInputError:
            continue
        assert document.blocks or document.problem


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="cannot be read"):
        extract(tmp_path / "nowhere.pdf")


def test_a_reading_that_takes_too_long_is_ended(
    paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(tmp_path, monkeypatch, "sleep 60 & wait")
    with pytest.raises(BadInputError, match="within") as caught:
        extract(paper, timeout=0.3)
    assert caught.value.hint


@pytest.mark.parametrize("script", ["kill -SEGV $$", "echo '{not json'", "exit 3", "echo '[1]'"])
def test_a_reader_that_crashes_or_babbles_is_bad_input(
    paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    _program(tmp_path, monkeypatch, script)
    with pytest.raises(BadInputError, match="could not be taken apart"):
        extract(paper)


def test_what_mupdf_prints_does_not_spoil_the_reply(paper: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "researchdesk.document.worker", "60"],
        input=json.dumps({"job": "document", "pdf": str(paper)}).encode(),
        capture_output=True,
        check=True,
    )
    assert [list(json.loads(line)) for line in done.stdout.splitlines()] == [["done"]]


def test_files_where_the_user_stands_are_not_taken_for_modules(
    paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json.py", "pymupdf.py", "researchdesk.py"):
        (tmp_path / name).write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    assert extract(paper).pages == 2


def test_a_timed_out_reader_leaves_no_process(
    paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = tmp_path / "pid"
    _program(tmp_path, monkeypatch, f"sleep 60 & echo $! > {note}; wait")
    with pytest.raises(BadInputError):
        extract(paper, timeout=4)
    child = int(note.read_text())
    for _ in range(200):
        if not is_alive(child):
            return
        time.sleep(0.02)
    pytest.fail("the reader's child still runs")


def test_the_parents_modules_do_not_import_pymupdf() -> None:
    code = (
        "import sys, researchdesk.document.extraction, researchdesk.document.places;"
        "sys.exit('pymupdf' in sys.modules or 'fitz' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_document_survives_json(paper: Path) -> None:
    document = extract(paper)
    assert from_json(to_json(document)) == document


def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Puts a shell script in the place of the Python that would read the PDF."""
    path = tmp_path / "reader"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(path))
