"""CSL-JSON files, as Zotero, better-bibtex, pandoc and others write them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from researchdesk.domain import bibliography
from researchdesk.domain.bibliography import Entry, Problem, Reading, Source
from researchdesk.domain.identifiers import ArxivId
from researchdesk.domain.marks import CSL_MARKS, Marks, of_record
from researchdesk.domain.papers import Metadata
from researchdesk.domain.text import one_line

_TAGS = re.compile(
    r"</?(?:i|b|em|strong|sup|sub|sc|span|p|jats:\w+)"
    r"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*\s*/?>",
    re.IGNORECASE,
)
_NEXT = re.compile(r"^[ \t]*\{\s*\"(?:id|type|citation-key)\"", re.MULTILINE)
_BLANK = re.compile(r"[\s,]*")
_ONLY_ARXIV = re.compile(r"^\s*arxiv(?: id)?\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def read_csl(text: str) -> Reading:
    """Every item of a file: an array, one item, or an object with ``items``. Never raises."""
    entries: list[Entry] = []
    wrong: list[Problem] = []
    mended: list[Problem] = []
    for item, line in _items(text, wrong):
        item = _whole(item)
        if isinstance(item, dict) and any(item.get(name) for name in ("title", "id", "URL")):
            entries.append(_entry(item, line))
            if not said(item, "title"):
                title = entries[-1].words.title
                why = f"this item has no title; it stands under {title!r}"
                mended.append(Problem(line, why))
        else:
            wrong.append(Problem(line, "this is no item: it has no title and no id"))
    return Reading(tuple(entries), tuple(wrong), tuple(mended))


def _whole(item: Any) -> Any:
    """An item with the fields that stand under ``custom`` because the schema does not know them."""
    custom = item.get("custom") if isinstance(item, dict) else None
    if not isinstance(custom, dict) or not isinstance(custom.get(bibliography.CSL_OTHERS), dict):
        return item
    others = custom[bibliography.CSL_OTHERS]
    rest = {name: value for name, value in custom.items() if name != bibliography.CSL_OTHERS}
    known = {name: value for name, value in item.items() if name != "custom"}
    return {**known, **others, **({"custom": rest} if rest else {})}


def _items(text: str, wrong: list[Problem]) -> Iterator[tuple[Any, int]]:
    """The items with their lines; what is no JSON is told, and the next item looked for."""
    decoder, place, line, at = json.JSONDecoder(), _begin(text), 1, 0
    while (place := _past(text, place)) < len(text) and text[place] != "]":
        line, at = line + text.count("\n", at, place), place
        try:
            item, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            where = error.lineno if isinstance(error, json.JSONDecodeError) else line
            why = error.msg if isinstance(error, json.JSONDecodeError) else _beyond(error)
            following = _NEXT.search(text, place + 1)
            rest = "" if following else "; nothing behind it could be read"
            wrong.append(Problem(where, f"this is no JSON: {why}{rest}"))
            if following is None:
                return
            place = following.start()
            continue
        yield item, line


def _beyond(error: Exception) -> str:
    deep = isinstance(error, RecursionError)
    return "it is nested too deep" if deep else "it has a number beyond all measure"


def _begin(text: str) -> int:
    """Behind the bracket of the array of items; where there is none, the beginning."""
    match = re.match(r"\s*(?:\{\s*\"items\"\s*:\s*)?\[", text)
    return match.end() if match else 0


def _past(text: str, place: int) -> int:
    match = _BLANK.match(text, place)
    return match.end() if match else place


def _entry(item: Mapping[str, Any], line: int) -> Entry:
    key = _text(item.get("citation-key")) or _text(item.get("id"))
    words, version = words_of_csl(item)
    tags, marks = labels_of_csl(item)
    return Entry(
        source=Source.CSL,
        kind=_text(item.get("type")),
        key=key,
        fields=item,
        line=line,
        words=words,
        tags=tags,
        marks=marks,
        version=version,
    )


def labels_of_csl(item: Mapping[str, Any]) -> tuple[tuple[str, ...], Marks]:
    """The tags, and stars, priority and collections where the item came from a desk."""
    custom = item.get("custom")
    marks = of_record(custom.get(CSL_MARKS)) if isinstance(custom, Mapping) else Marks()
    return bibliography.keywords(_text(item.get("keyword"))), marks


def words_of_csl(item: Mapping[str, Any]) -> tuple[Metadata, int | None]:
    """The words of an item, and the arXiv version it names."""
    url = _text(item.get("URL"))
    told = _text(item.get("DOI")) or (url if "doi.org/" in url.lower() else "")
    doi = bibliography.doi_in(told)
    arxiv = _arxiv(item) or bibliography.arxiv_of_doi(doi)
    if bibliography.arxiv_of_doi(doi):
        doi = ""
    venue = bibliography.venue_as(said(item, "container-title") or said(item, "event-title"))
    year = year_of_csl(item)
    words = Metadata(
        title=said(item, "title"),
        authors=tuple(names_of(item.get("author")) or names_of(item.get("editor"))),
        abstract=said(item, "abstract"),
        arxiv_id=arxiv.base if arxiv else None,
        version=(arxiv.version if arxiv else None) or 1,
        doi=doi,
        journal_ref=_reference(item, venue, year),
        venue=venue,
        stated_year=year,
    )
    named = bibliography.named(words, said(item, "container-title"))
    return named, arxiv.version if arxiv else None


def said(item: Mapping[str, Any], name: str) -> str:
    """A text of an item without its marks (``<i>``, ``<sup>``, ``<span class=…>``)."""
    return one_line(_TAGS.sub("", _text(item.get(name))))


def names_of(people: object) -> list[str]:
    """Names as they are spoken."""
    if not isinstance(people, Sequence) or isinstance(people, str):
        return []
    found = (_spoken(one) for one in people)
    return [name for name in found if name]


def year_of_csl(item: Mapping[str, Any]) -> int | None:
    date = item.get("issued")
    if isinstance(date, Mapping):
        parts = date.get("date-parts")
        while isinstance(parts, Sequence) and not isinstance(parts, str) and parts:
            parts = parts[0]
        date = parts or date.get("raw") or date.get("literal")
    return bibliography.year_in(_text(date))


def given_and_family(people: object) -> list[tuple[str, str]]:
    """Names in two parts; a group's name is the second, and the first is empty."""
    if not isinstance(people, Sequence) or isinstance(people, str):
        return []
    return [parts for one in people if any(parts := _parts(one))]


def _spoken(person: object) -> str:
    return " ".join(filter(None, _parts(person)))


def _parts(person: object) -> tuple[str, str]:
    if not isinstance(person, Mapping):
        return "", one_line(_text(person))
    given, dropped, kept, family, suffix, literal = (
        one_line(_text(person.get(part)))
        for part in (
            "given", "dropping-particle", "non-dropping-particle", "family", "suffix", "literal"
        )
    )  # fmt: skip
    if not given and not family:
        return "", literal
    return given, " ".join(filter(None, (dropped, kept, family, suffix)))


def _arxiv(item: Mapping[str, Any]) -> ArxivId | None:
    texts = [
        _text(item.get(name)) for name in ("number", "URL", "container-title", "archive_location")
    ]
    note = _ONLY_ARXIV.search(_text(item.get("note")))
    found = bibliography.arxiv_as(note[1]) if note else None
    if found is None and "arxiv" in _text(item.get("archive")).casefold():
        found = bibliography.arxiv_as(_text(item.get("archive_location")))
    return found or next((one for text in texts if (one := bibliography.arxiv_in(text))), None)


def _reference(item: Mapping[str, Any], venue: str, year: int | None) -> str:
    if not venue:
        return ""
    volume, number, pages = (one_line(_text(item.get(n))) for n in ("volume", "issue", "page"))
    issue = f"{volume}({number})" if volume and number else volume or number
    head = f"{venue} {issue}".strip() + (f", {pages}" if pages else "")
    return f"{head} ({year})" if year else head


def _text(value: object) -> str:
    """A text or number as text; ``""`` for anything else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
