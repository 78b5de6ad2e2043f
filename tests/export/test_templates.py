"""Templates of the user's own: what is wrong with one is said with its place."""

from pathlib import Path

import pytest

from researchdesk.errors import BadInputError
from researchdesk.export.templates import fill

PAGE, PART = "report/page.html.j2", "report/parts.html.j2"


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        (PAGE, b"{{ nope }}", "page.html.j2, line 1"),
        (PAGE, b"one\n{% if %}", "page.html.j2, line 2"),
        (PAGE, b"one\n{{ 1 / 0 }}", "page.html.j2, line 2"),
        (PAGE, b"{{ 3|sum }}", "page.html.j2, line 1"),
        (PAGE, b"{% for i in range(10 ** 9) %}{% endfor %}", "page.html.j2, line 1"),
        (PAGE, b'{% include "report/page.html.j2" %}', "page.html.j2, line 1"),
        (PAGE, b"\xff", "not UTF-8"),
        (PART, b"{{ nope }}", "parts.html.j2, line 1"),
    ],
)
def test_a_template_that_cannot_be_used_is_named_with_its_line(
    file: str, text: bytes, place: str, tmp_path: Path
) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / file).write_bytes(text)
    with pytest.raises(BadInputError, match="cannot be used") as told:
        fill(PAGE, {"page": None, "runs": [], "light": {}, "dark": {}}, tmp_path)
    assert place in told.value.hint


def test_a_value_that_a_shipped_template_cannot_use_is_a_fault_of_ours(tmp_path: Path) -> None:
    page = {"version": "1", "title": "t", "paper": None, "sentence": "s"}
    with pytest.raises(TypeError, match="not iterable"):
        fill("report/page.md.j2", {"page": page, "runs": 3}, tmp_path)
