"""Files of libraries, whatever they are called and hold."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from researchdesk.domain.bibliography import Source
from researchdesk.errors import BadInputError
from researchdesk.sources.libraries import read_library

BIB = "@misc{a, title = {One}}"
CSL = '[{"id": "a", "title": "One"}]'
RDF = (
    '<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:z="http://www.zotero.org/namespaces/export#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Description>'
    "<z:itemType>book</z:itemType><dc:title>One</dc:title></rdf:Description></rdf:RDF>"
)


@pytest.mark.parametrize(
    ("name", "text", "source"),
    [
        ("a.bib", BIB, Source.BIBTEX),
        ("a.txt", f"% a comment\n{BIB}", Source.BIBTEX),
        ("a.bib", "[a comment]\n" + BIB, Source.BIBTEX),
        ("a.json", CSL, Source.CSL),
        ("library", "\ufeff" + CSL, Source.CSL),
        ("a.rdf", RDF, Source.ZOTERO),
        ("a.bib", BIB.replace(" ", "\r\n"), Source.BIBTEX),
    ],
)
def test_what_a_file_is_shows_in_it(tmp_path: Path, name: str, text: str, source: Source) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode())
    (entry,) = read_library(path).entries
    assert (entry.source, entry.words.title) == (source, "One")


def test_what_is_no_library_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for data in (b"", b"words", b"<html>", b"\x00\xff"):
        path.write_bytes(data)
        with pytest.raises(BadInputError, match="Nothing was changed"):
            read_library(path)
    with pytest.raises(BadInputError, match="cannot be read"):
        read_library(tmp_path / "gone.bib")
    empty = tmp_path / "a.bib"
    empty.write_bytes(b"")
    assert read_library(empty).entries == ()


@given(st.binary(max_size=60), st.sampled_from([BIB, CSL, RDF, ""]), st.sampled_from("ab"))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_bytes_are_too_strange(tmp_path: Path, noise: bytes, text: str, end: str) -> None:
    path = tmp_path / ("x.bib" if end == "b" else "x.json")
    for data in (
        noise,
        noise + text.encode(),
        text.encode() + noise,
        text.encode("utf-16") + noise,
    ):
        path.write_bytes(data)
        try:
            reading = read_library(path)
        except BadInputError:
            continue
        for entry in reading.entries:
            assert entry.words.title.isprintable() or entry.words.title
