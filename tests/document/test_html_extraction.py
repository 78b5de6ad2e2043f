"""A page is read in a process of its own."""

import contextlib
from pathlib import Path

import pytest

from researchdesk.document.html.reading import NO_PAPER, read_html
from researchdesk.document.html_extraction import extract_html
from researchdesk.errors import BadInputError

PAGE = Path(__file__).with_name("latexml_page.html")


def test_the_worker_gives_what_the_reader_reads() -> None:
    assert extract_html(PAGE) == read_html(PAGE.read_text("utf-8"))


def test_a_page_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        extract_html(tmp_path / "none.html")
    assert caught.value.hint


def test_a_page_that_takes_too_long() -> None:
    with pytest.raises(BadInputError, match="within"):
        extract_html(PAGE, timeout=0.01)


def test_bytes_that_are_no_page(tmp_path: Path) -> None:
    file = tmp_path / "x.html"
    file.write_bytes(bytes(range(256)) * 100)
    assert extract_html(file).problem == NO_PAPER


@pytest.mark.slow
def test_fifty_megabytes_are_read_or_refused(tmp_path: Path) -> None:
    part = '<p class="ltx_p">' + 'word <math alttext="x_1"><mi>x</mi></math> ' * 40 + "</p>"
    file = tmp_path / "big.html"
    file.write_text('<article class="ltx_document">' + part * 28_000 + "</article>")
    with contextlib.suppress(BadInputError):
        assert extract_html(file, timeout=90).blocks
