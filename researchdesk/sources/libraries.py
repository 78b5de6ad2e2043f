"""Files of other programs' libraries: told apart by what is in them, and read."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from researchdesk.domain.bibliography import Problem, Reading
from researchdesk.errors import BadInputError
from researchdesk.sources.bibtex import read_bibtex
from researchdesk.sources.csl import read_csl
from researchdesk.sources.zotero import read_zotero

SUFFIXES = frozenset((".bib", ".bibtex", ".biblatex", ".json", ".csljson", ".rdf", ".xml"))
_BIBTEX = re.compile(r"@\s*\w+\s*[{(]")
_RIS = re.compile(r"TY  ?- ?\w+\s*$", re.MULTILINE)
_MOST = 512 * 1024 * 1024


def read_library(path: Path, abbreviations: Mapping[str, str] | None = None) -> Reading:
    """What a file of BibTeX, CSL-JSON or Zotero RDF holds, line by line.

    ``abbreviations`` are BibTeX's, from files that were read before.

    Raises BadInputError where the file cannot be read, or is none of these.
    """
    text, remarks = _text(path)
    start = text.lstrip()[:2000]
    if start.startswith("<"):
        if "rdf:RDF" not in start:
            raise _unknown(path)
        reading = read_zotero(text)
    elif path.suffix.lower() not in (".bib", ".bibtex", ".biblatex") and start[:1] in ("[", "{"):
        reading = read_csl(text)
    elif _RIS.match(start):
        raise BadInputError(
            f"{path} is RIS, which is not read. Nothing was changed.",
            "Export the library as BibTeX, CSL-JSON or Zotero RDF: EndNote, Mendeley and Zotero "
            "write one of these.",
        )
    elif _BIBTEX.search(text) or (path.suffix.lower() == ".bib"):
        reading = read_bibtex(text, abbreviations)
    else:
        raise _unknown(path)
    return replace(reading, mended=(*remarks, *reading.mended))


def _text(path: Path) -> tuple[str, list[Problem]]:
    """The text of a file in UTF-8, UTF-16 with its mark, or else Windows-1252."""
    try:
        if path.stat().st_size > _MOST:
            raise BadInputError(
                f"{path} is larger than 512 MB. Nothing was changed.", "Part it into several files."
            )
        data = path.read_bytes()
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be read: {error.strerror or error}. Nothing was changed.",
            "Look at the path and its permissions.",
        ) from error
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _ends(data.decode("utf-16", "replace")), []
    try:
        return _ends(data.decode("utf-8-sig")), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        why = "this is no UTF-8; the file was read as Windows-1252"
        return _ends(_western(data)), [Problem(line, why)]


def _western(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unknown(path: Path) -> BadInputError:
    return BadInputError(
        f"{path} is neither BibTeX, CSL-JSON nor Zotero RDF. Nothing was changed.",
        "Export the library again in one of these; PDFs are given by their own path.",
    )
