"""What once broke a parser, kept: each must be a value or a refusal with words, and in time."""

from pathlib import Path

import pytest
from reliability.fuzz import TARGETS
from reliability.fuzzing import as_bytes, given_to

_BY_NAME = {target.name: target for target in TARGETS}
_DEEP = "[" * 900 + "]" * 900
_DIGITS = "9" * 5000
_LONG = (
    ("CSL-JSON", _DIGITS),
    ("CSL-JSON", '[{"id": "a", "type":' + "\n" * 20_000),
    ("arXiv ids", "1706.03762v" + _DIGITS),
    ("ids within text", "arXiv:1706.03762v" + _DIGITS),
    ("LaTeX as text", "\\textbf{" * 2500),
    ("LaTeX as text", "\\'" * 5000),
    ("names of people", "A" + " " * 60_000 + "B"),
    ("addresses of feeds", "https://a.org/" + "é" * 20_000),
    ("Content-Range", f"bytes 0-99/{_DIGITS}"),
    ("Atom, looked at", "<?xml version='' encoding='utf7'?>"),
    ("Atom, looked at", "<?xml version='' encoding='f'?>"),
    ("Retry-After", "Wed, 21 Oct 2222222026 07:28:00 GMT"),
    ("times of requests", _DEEP),
    ("times of requests", '{"at": "2026-04-14T11:59:59+00:00", "hold": 1' + "0" * 400 + "}"),
    ("kept replies", _DEEP),
    ("marks of downloads", _DEEP),
    ("lines of events", '{"kind": "a", "at": "2024-01-01", "data": {"x": ' + _DEEP + "}}"),
    ("lines of events", '{"kind": "a", "at": "0001-01-01T00:00:00+23:00"}'),
    ("environments of runs", _DEEP),
    ("mail of trials", _DEEP),
    ("code of recipes", "- " * 3000 + "a"),
    ("settings", f"arxiv_interval = {_DIGITS}"),
    ("settings", f"a = {_DEEP}"),
    ("themes", f"a = {_DEEP}"),
    ("workflows", f"a = {_DIGITS}"),
    ("workflows", "a." * 10_000),
    ("reading lists", f"a = {_DIGITS}"),
    ("templates", "{" * 5000),
    ("citation files", _DEEP),
    ("citation files", f"a: {_DIGITS}"),
    ("front matter", f"---\ntags: {_DEEP}\n---\n"),
    ("front matter", "---\ntags: " + "[" * 200_000 + "]" * 200_000 + "\n---\n"),
    ("front matter", "---\n" + "- " * 100_000 + "\n---\n"),
    ("reviews and READMEs", "\n" * 60_000),
    ("sentences", " " * 60_000),
    ("slides", "---\na: " + "[" * 100_000 + "]" * 100_000 + "\n---\n# A\n"),
)


@pytest.mark.parametrize(("name", "text"), _LONG, ids=[f"{n}-{t[:20]!r}" for n, t in _LONG])
def test_what_was_long(name: str, text: str) -> None:
    target = _BY_NAME[name]
    given_to(target, as_bytes(text) if target.binary else text)


_FILES = sorted(path for path in (Path(__file__).parent / "found").rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "path", [one for one in _FILES if one.suffix not in (".md", ".pdf")], ids=lambda p: p.stem
)
def test_what_was_short(path: Path) -> None:
    target = _BY_NAME[path.parent.name]
    content = path.read_bytes()
    given_to(target, content if target.binary else content.decode("utf-8", "surrogatepass"))
