"""Reading lists: papers in an order, each with why to read it, out of TOML files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from researchdesk.domain.identifiers import parse_arxiv_id
from researchdesk.domain.labels import label_name
from researchdesk.domain.papers import Metadata
from researchdesk.domain.toml_lines import Path
from researchdesk.domain.toml_tables import Problem, TableReader, read
from researchdesk.errors import UsageProblemError

_LIST = ("name", "title", "about", "source", "entries")
_ENTRY = ("arxiv", "doi", "url", "title", "authors", "year", "why", "pass", "part")
_PASSES = (1, 2, 3)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_URL = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper of a list: at arXiv (``arxiv`` is its base id), or at a ``doi`` or ``url``.

    Where ``authors`` are not all of them, the last one is "others". ``number`` is the pass that is
    suggested, ``part`` the heading it stands under.
    """

    title: str
    authors: tuple[str, ...]
    year: int
    why: str
    number: int
    arxiv: str = ""
    doi: str = ""
    url: str = ""
    part: str = ""

    @property
    def ref(self) -> str:
        """What tells it from the others of the list."""
        return self.arxiv or self.doi or self.url

    @property
    def metadata(self) -> Metadata:
        """What the list knows of the paper; the rest is arXiv's to say."""
        return Metadata(
            title=self.title,
            authors=self.authors,
            arxiv_id=self.arxiv or None,
            doi=self.doi,
            comment=self.url,
            stated_year=self.year,
        )


@dataclass(frozen=True, slots=True)
class ReadingList:
    """``name`` is what the list is called in commands, and its collection on the desk."""

    name: str
    title: str
    about: str
    source: str
    entries: tuple[Entry, ...]


def read_list(source: str) -> tuple[ReadingList | None, tuple[Problem, ...]]:
    """The list that a TOML text says, or None and every problem, in the order of the lines."""
    return read(source, _list)


def _list(reader: TableReader, table: Mapping[str, Any]) -> ReadingList:
    reader.only(table, _LIST, ())
    name = reader.text(table, "name", ())
    try:
        name = name and label_name(name, "reading list")
    except UsageProblemError as error:
        reader.complain(("name",), error.message)
    title = reader.text(table, "title", ())
    about, source = (reader.text(table, key, (), needed=False) for key in ("about", "source"))
    found = [(_entry(reader, item, at), at) for item, at in reader.tables(table, "entries", ())]
    reader.distinct([(entry.ref.casefold(), at) for entry, at in found], "in the list")
    return ReadingList(name, title, about, source, tuple(entry for entry, _ in found))


def _entry(reader: TableReader, table: Mapping[str, Any], at: Path) -> Entry:
    reader.only(table, _ENTRY, at)
    title, why = (reader.text(table, key, at) for key in ("title", "why"))
    places = {key: reader.text(table, key, at, needed=False) for key in ("doi", "url", "part")}
    entry = Entry(
        title=title,
        authors=_authors(reader, table, at),
        year=_number(reader, table, "year", at),
        why=why,
        number=_number(reader, table, "pass", at),
        arxiv=_arxiv(reader, table, at),
        doi=_of_form(reader, places["doi"], _DOI, (*at, "doi"), "no DOI, as 10.1145/3065386"),
        url=_of_form(reader, places["url"], _URL, (*at, "url"), "no address"),
        part=places["part"],
    )
    if not entry.ref and not any(key in table for key in ("arxiv", "doi", "url")):
        reader.complain((*at, "arxiv"), "missing; an arxiv id, a doi or a url is wanted")
    if entry.number and entry.number not in _PASSES:
        reader.complain((*at, "pass"), f"{entry.number}, but a pass is 1, 2 or 3")
    return entry


def _arxiv(reader: TableReader, table: Mapping[str, Any], at: Path) -> str:
    text = reader.text(table, "arxiv", at, needed=False)
    try:
        return parse_arxiv_id(text).base if text else ""
    except UsageProblemError as error:
        reader.complain((*at, "arxiv"), error.message)
        return ""


def _of_form(
    reader: TableReader, text: str, form: re.Pattern[str], at: Path, complaint: str
) -> str:
    if text and not form.fullmatch(text):
        reader.complain(at, f"{text!r} is {complaint}")
    return text


def _number(reader: TableReader, table: Mapping[str, Any], key: str, at: Path) -> int:
    value = table.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if value is not None:
        reader.complain((*at, key), f"{value!r}, but a number is wanted")
    elif not reader.misspelt((*at, key)):
        reader.complain((*at, key), "missing")
    return 0


def _authors(reader: TableReader, table: Mapping[str, Any], at: Path) -> tuple[str, ...]:
    value = table.get("authors")
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return tuple(" ".join(one.split()) for one in value)
    if value is not None or not reader.misspelt((*at, "authors")):
        got = "missing" if value is None else f"{value!r}"
        reader.complain((*at, "authors"), f"{got}; a list of names is wanted")
    return ()
