"""What a BibTeX or BibLaTeX entry says of its paper."""

import re
from collections.abc import Mapping

from researchdesk.domain import bibliography
from researchdesk.domain.identifiers import ArxivId
from researchdesk.domain.marks import FIELDS, Marks, of_fields
from researchdesk.domain.papers import Metadata
from researchdesk.sources.bibtex_names import people
from researchdesk.sources.latex_text import to_text

_ADDRESSES = ("journal", "journaltitle", "url", "volume", "howpublished", "number", "pages")
_TITLES = ("title", "maintitle", "booktitle", "shorttitle", "howpublished", "url", "note")
_VENUES = ("journal", "journaltitle", "booktitle", "school")
_CATEGORY = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?")
_ONLY_ARXIV = re.compile(
    r"(?:arxiv[\s:]*(?:preprint)?[\s:]*)+[\w.\-/]+\s*(?:\[[\w.-]+\])?\.?", re.I
)
_AUDIENCE = re.compile(r"\b(?:public|private|friends)\b\s*,?")
_PATHS = re.compile(r"(?<!\\);")


def words_of(fields: Mapping[str, str], key: str) -> tuple[Metadata, int | None]:
    """The words of an entry, and the arXiv version it names.

    ``fields`` are LaTeX without the delimiters, under names in lower case. An entry without a title
    is named by what stands nearest to one.
    """
    get = fields.get
    doi = bibliography.doi_in(verbatim(get("doi", ""))) or _doi_of_address(get("url", ""))
    arxiv = _arxiv(fields) or bibliography.arxiv_of_doi(doi)
    if bibliography.arxiv_of_doi(doi):
        doi = ""
    venue = bibliography.venue_as(next((to_text(fields[n]) for n in _VENUES if get(n)), ""))
    year = bibliography.year_in(get("year", "")) or bibliography.year_in(get("date", ""))
    category = get("primaryclass", "").strip()
    words = Metadata(
        title=_title(fields),
        authors=people(get("author", "")) or people(get("editor", "")),
        abstract=to_text(get("abstract", "")),
        categories=(category,) if arxiv and _CATEGORY.fullmatch(category) else (),
        arxiv_id=arxiv.base if arxiv else None,
        version=(arxiv.version if arxiv else None) or 1,
        doi=doi,
        journal_ref=_reference(fields, venue, year),
        venue=venue,
        stated_year=year,
    )
    return bibliography.named(words, key), arxiv.version if arxiv else None


def tags_of(fields: Mapping[str, str]) -> tuple[str, ...]:
    """The keywords; BibSonomy parts them by blanks."""
    text = fields.get("keywords", "")
    if "bibsonomy" in fields.get("biburl", "") and not re.search("[,;]", text):
        text = ",".join(text.split())
    return bibliography.keywords(to_text(text)) if text else ()


def marks_of(fields: Mapping[str, str]) -> Marks:
    """Stars, priority and collections; of BibSonomy's groups those that are no audience."""
    told = {name: to_text(fields[name]) for name in FIELDS if fields.get(name)}
    if "bibsonomy" in fields.get("biburl", ""):
        told["groups"] = _AUDIENCE.sub("", told.get("groups", ""))
    return of_fields(told) if told else Marks()


def files_of(fields: Mapping[str, str]) -> tuple[str, ...]:
    """The paths in ``file`` and ``pdf``: plain ones, and ``name:path:type`` as Zotero and JabRef
    have them."""
    text = fields.get("file", "") or fields.get("pdf", "")
    return tuple(path for part in _PATHS.split(text) if (path := _path(part.strip())))


def _title(fields: Mapping[str, str]) -> str:
    title = next((said for name in _TITLES if (said := to_text(fields.get(name, "")))), "")
    below = to_text(fields.get("subtitle", ""))
    return f"{title}: {below}" if title and below and fields.get("title") else title


def _arxiv(fields: Mapping[str, str]) -> ArxivId | None:
    kind = (fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv").strip().lower()
    eprint = verbatim(fields.get("eprint", "")).strip()
    if eprint and kind == "arxiv":
        found = bibliography.arxiv_as(eprint) or bibliography.arxiv_in(eprint)
        if found:
            return found
    texts = [verbatim(fields[name]) for name in _ADDRESSES if fields.get(name)]
    note = fields.get("note", "").strip()
    if _ONLY_ARXIV.fullmatch(note):
        texts.append(note)
    return next((found for text in texts if (found := bibliography.arxiv_in(text))), None)


def _doi_of_address(url: str) -> str:
    return bibliography.doi_in(verbatim(url)) if "doi.org/" in url.lower() else ""


def _reference(fields: Mapping[str, str], venue: str, year: int | None) -> str:
    """Where it was published, in the form of arXiv's journal references."""
    if not venue:
        return ""
    volume, number, pages = (to_text(fields.get(n, "")) for n in ("volume", "number", "pages"))
    issue = f"{volume}({number})" if volume and number else volume or number
    head = f"{venue} {issue}".strip() + (f", {pages}" if pages else "")
    return f"{head} ({year})" if year else head


def verbatim(text: str) -> str:
    r"""An identifier or address as it is meant: without ``\_``, ``\url`` and braces."""
    if "\\" not in text and "{" not in text:
        return text
    return re.sub(r"[{}]", "", re.sub(r"\\url\b|\\href\b|\\(?=[_%#&~])", "", text))


def _path(part: str) -> str:
    r"""The path of one attachment; in Zotero's fields ``:`` and ``\`` have a backslash before."""
    bare = part.replace("{", "").replace("}", "")
    pieces = re.split(r"(?<!\\):", bare)
    if len(pieces) >= 3:
        bare = pieces[-2]
    return re.sub(r"\\([\\:;_&%#$])", r"\1", bare).strip()
