"""arXiv identifiers, split into base id and version, and the desk's own keys.

Forms: https://info.arxiv.org/help/arxiv_identifier.html
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from researchdesk.domain.text import slug
from researchdesk.errors import UsageProblemError

_NEW = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}"
_OLD = r"[a-z][a-z-]*(?:\.[A-Za-z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3}"
_VERSION = r"[1-9]\d{0,3}"
_ID = re.compile(rf"(?P<base>{_NEW}|{_OLD})(?:v(?P<version>{_VERSION}))?", re.ASCII)
_CATEGORY = re.compile(r"([a-z]+(?:-[a-z]+)?)(?:\.([a-z*]+(?:-[a-z]+)?))?", re.IGNORECASE)
_STAMP = re.compile(rf"arXiv:\s*(?P<id>(?:{_NEW}|{_OLD})v{_VERSION})(?!\d)", re.ASCII)
_URL = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*arxiv\.org/(?:abs|pdf|html|format|ps|e-print|src)/(?P<id>.+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ArxivId:
    """A paper of arXiv: ``base`` without version, and the version where one was named."""

    base: str
    version: int | None = None

    def __str__(self) -> str:
        return self.base if self.version is None else f"{self.base}v{self.version}"


def parse_arxiv_id(text: str) -> ArxivId:
    """The id in an id, an ``arXiv:`` form or an abs, pdf or html address.

    Raises UsageProblemError where there is none. The subject class of an old-style id
    (``math.GT/0309136``) is dropped, as arXiv itself does.
    """
    bare = unquote(text.strip())
    if url := _URL.fullmatch(bare):
        bare = re.split(r"[?#]", url["id"])[0].rstrip("/")
        bare = re.sub(r"\.(?:pdf|ps|html?)$", "", bare, flags=re.IGNORECASE)
    bare = re.sub(r"^arxiv:\s*", "", bare, flags=re.IGNORECASE)
    match = _ID.fullmatch(bare)
    if match is None or not _length_fits(match["base"]):
        raise UsageProblemError(
            f"{text!r} is not an arXiv id.",
            "Ids look like 1706.03762, 1706.03762v5 or hep-th/9901001; addresses of abs, pdf and "
            "html pages do too.",
        )
    base = re.sub(r"\.[A-Za-z]{2}/", "/", match["base"])
    return ArxivId(base, int(match["version"]) if match["version"] else None)


def find_stamp(text: str) -> ArxivId | None:
    """The id of the margin stamp (``arXiv:1706.03762v5  [cs.CL]  6 Dec 2017``) in a page's text."""
    for match in _STAMP.finditer(text):
        candidate = parse_arxiv_id(match["id"])
        return candidate
    return None


def year_of(base: str) -> int:
    """The year in which the paper of this base id came to arXiv, whose first was 1991."""
    year = int(base.partition("/")[2][:2] if "/" in base else base[:2])
    return 1900 + year if year > 90 else 2000 + year


def folder_name(base: str) -> str:
    """The name of a paper's folder: its base id or key with ``/`` as ``_``."""
    return base.replace("/", "_")


def local_key(title: str, authors: tuple[str, ...], year: int | None) -> str:
    """A citation key made of surname, year and first long word of the title."""
    surname = (
        slug(authors[0].split()[-1]).replace("-", "") if authors and authors[0].split() else ""
    )
    words = [word for word in slug(title).split("-") if len(word) > 3] or [slug(title)]
    return f"{surname}{year or ''}{words[0]}"


def _length_fits(base: str) -> bool:
    """Four digits after the point up to 1412, five from 1501."""
    if "/" in base:
        return True
    month, number = base.split(".")
    return len(number) == (5 if int(month) >= 1501 else 4) and int(month) >= 704


def category_parts(text: str, *, wild: bool = False) -> tuple[str, str]:
    """The archive of a category and what stands behind its dot, ``""`` for the whole archive, as
    arXiv spells them: https://arxiv.org/category_taxonomy. ``wild`` allows stars in the latter.

    Raises UsageProblemError where it cannot be a category.
    """
    match = _CATEGORY.fullmatch(text)
    if match is None or not text.isascii() or ("*" in text and not wild):
        raise UsageProblemError(
            f"{text!r} is not an arXiv category.",
            "Categories look like cs.LG, stat.ML, hep-th, cs.",
        )
    subject = match[2] or ""
    return match[1].lower(), subject.upper() if len(subject) == 2 else subject.lower()
