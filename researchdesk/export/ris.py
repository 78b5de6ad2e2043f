"""References as RIS, the form of EndNote, Mendeley and publishers' pages."""

import re
from collections.abc import Iterable, Iterator, Sequence

from researchdesk.domain.references import Name, Reference
from researchdesk.domain.text import one_line

_TYPES = {
    "article": "JOUR", "inproceedings": "CPAPER", "conference": "CPAPER", "book": "BOOK",
    "incollection": "CHAP", "inbook": "CHAP", "phdthesis": "THES", "mastersthesis": "THES",
    "thesis": "THES", "techreport": "RPRT", "report": "RPRT", "proceedings": "CONF",
    "online": "ELEC", "software": "COMP", "dataset": "DATA", "unpublished": "UNPB",
}  # fmt: skip
_FIELDS = {"volume": "VL", "number": "IS", "publisher": "PB", "school": "PB", "institution": "PB",
           "address": "CY", "issn": "SN", "isbn": "SN", "edition": "ET", "series": "T3",
           "note": "N1", "langid": "LA"}  # fmt: skip
_PAGES = re.compile(r"\s*(\S+?)\s*[-–—]+\s*(\S+)\s*")


def ris(references: Iterable[tuple[str, Reference]]) -> str:
    """One file: CRLF at the end of each line, ``TY`` first and ``ER`` last in each reference."""
    return "".join(_one(key, reference) for key, reference in references)


def _one(key: str, reference: Reference) -> str:
    lines = [f"TY  - {_type(reference)}", *_lines(key, reference), "ER  - ", ""]
    return "\r\n".join(lines) + "\r\n"


def _type(reference: Reference) -> str:
    if reference.is_preprint:
        return "UNPB"
    return _TYPES.get(reference.kind, "GEN")


def _lines(key: str, reference: Reference) -> Iterator[str]:
    words, more = reference.words, reference.more
    url = more.get("url") or (f"https://arxiv.org/abs/{words.arxiv_id}" if words.arxiv_id else "")
    told: Sequence[tuple[str, str]] = (
        ("ID", key),
        ("TI", words.title),
        *(("AU", _person(name)) for name in reference.people),
        ("PY", str(words.year or "")),
        ("JO" if reference.kind == "article" else "T2", words.venue),
        *((tag, more[name]) for name, tag in _FIELDS.items() if more.get(name)),
        *_pages(more.get("pages", "")),
        ("DO", words.doi),
        (
            "M1" if "number" not in more else "C1",
            f"arXiv:{words.arxiv_id}" if words.arxiv_id else "",
        ),
        ("UR", url),
        *(("KW", tag) for tag in reference.tags),
        ("AB", words.abstract),
    )
    for tag, value in told:
        if value:
            yield f"{tag}  - {one_line(value)}"


def _pages(text: str) -> list[tuple[str, str]]:
    match = _PAGES.fullmatch(text)
    return [("SP", match[1]), ("EP", match[2])] if match else [("SP", text)]


def _person(name: Name) -> str:
    return f"{name.family}, {name.given}" if name.given else name.family
