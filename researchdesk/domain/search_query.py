"""What is typed to search the library: words, phrases, fields, filters, an order.

One grammar for the command line and the terminal app::

    attention "is all you" -survey author:vaswani cat:cs.CL year:2017..2019 has:note sort:year

All of it must hold. Every word begins a word of the paper; a phrase stands as it is. A minus leaves
out what has the word or fits the filter. What is half typed is no error: ``SearchQuery.problems``
says in plain words what was not understood, and the rest is searched.
"""

import re
from dataclasses import dataclass, field, replace

from researchdesk.domain.identifiers import parse_arxiv_id
from researchdesk.domain.search_values import (
    ALIASES,
    FIELDS,
    FILTERS,
    SORTS,
    Filter,
    near,
    read_filter,
)
from researchdesk.domain.text import clean
from researchdesk.errors import UsageProblemError

_TOKEN = re.compile(r'(-?)(?:([A-Za-z]+):)?(?:"([^"]*)("|$)|([^\s"]+))?')
_ID = re.compile(r"\d{4}\.\d{4,5}|/\d{7}|arxiv", re.IGNORECASE)
_OPERATORS = {
    "OR": "All of a search must hold: for one or the other, search twice.",
    "AND": "It can be left out: all of a search must hold.",
    "NOT": "A minus leaves out what has a word: -survey.",
}
"""What other searches take for more than a word, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Term:
    """Something looked for in the text: a word that begins a word, or a phrase.

    ``field`` is one of ``FIELDS``, ``""`` for anywhere. ``ended`` is False for a phrase whose
    closing quote is not typed yet: its last word only begins one.
    """

    text: str
    field: str = ""
    phrase: bool = False
    excluded: bool = False
    ended: bool = True

    def __str__(self) -> str:
        words = f'"{self.text}' + '"' * self.ended if self.phrase else self.text
        return "-" * self.excluded + (f"{self.field}:" if self.field else "") + words


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A search, understood. ``str()`` of it is a text that means the same.

    ``sort`` is one of ``SORTS``, or ``""`` where none was asked for: then the best come first where
    words are looked for, else the last added. ``problems`` are sentences on what was left out.
    """

    terms: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()
    sort: str = ""
    problems: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        done = [str(term) for term in self.terms if term.ended]
        half = [str(term) for term in self.terms if not term.ended]
        order = [f"sort:{self.sort}"] if self.sort else []
        return " ".join([*done, *map(str, self.filters), *order, *half])

    @property
    def is_empty(self) -> bool:
        """Whether it is the whole library, in its own order."""
        return not (self.terms or self.filters or self.sort)

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that must be there."""
        return tuple(term for term in self.terms if not term.excluded)

    def and_also(self, *filters: Filter) -> "SearchQuery":
        """The same search with more filters."""
        return replace(self, filters=(*self.filters, *filters))


def parse_query(text: str) -> SearchQuery:
    """Understand what is typed; never raises."""
    terms: list[Term] = []
    filters: list[Filter] = []
    problems: list[str] = []
    sort = ""
    for match in _TOKEN.finditer(clean(text)):
        if not match.group():
            continue
        minus, name, quoted, closing, word = match.groups()
        value = word if quoted is None else quoted
        known = ALIASES.get((name or "").lower(), (name or "").lower())
        if known == "sort" and not minus:
            sort = value if value in SORTS else sort
            problems += _sort_problems(value)
        elif known in FILTERS:
            made, problem = read_filter(known, (value or "").strip(), bool(minus))
            filters += [made] if made else []
            problems += [problem] if problem else []
        else:
            shape = (quoted is not None, bool(minus), closing != "")
            terms += _terms(known, name or "", value or "", shape)
            problems += _field_problems(known, name or "", value or "", quoted is not None)
    unique = dict.fromkeys
    return SearchQuery(tuple(unique(terms)), tuple(unique(filters)), sort, tuple(unique(problems)))


def _terms(known: str, name: str, value: str, shape: tuple[bool, bool, bool]) -> list[Term]:
    phrase, excluded, ended = shape
    if known in FIELDS:
        made = [Term(value, known, phrase, excluded, ended or not phrase)]
    elif phrase:
        # a name that is none was a word that a phrase follows
        made = [Term(name, "", False, excluded), Term(value, "", True, excluded, ended)]
    else:
        whole = f"{name}:{value}" if name else value
        made = [Term(base_id(whole) or whole, excluded=excluded)]
    tidy = [replace(item, text=" ".join(item.text.split())) for item in made]
    return [item for item in tidy if any(sign.isalnum() for sign in item.text)]


def base_id(word: str) -> str:
    """The base of the arXiv id that the word is a form of, or ``""``."""
    if not _ID.search(word):
        return ""
    try:
        return parse_arxiv_id(word).base
    except UsageProblemError:
        return ""


def _field_problems(known: str, name: str, value: str, quoted: bool) -> list[str]:
    if known in FIELDS:
        return [] if value.strip() else [f"{known}: waits for {FIELDS[known]}."]
    if not name and not quoted and value in _OPERATORS:
        return [f"{value} has no meaning in a search; it was taken as a word. {_OPERATORS[value]}"]
    if not name or not value or value.startswith("//") or base_id(f"{name}:{value}"):
        return []
    guess = near(name)
    names = ", ".join(f"{one}:" for one in (*FIELDS, *FILTERS, "sort"))
    meant = f"Is {guess}: meant?" if guess else f"There are {names}."
    return [f"There is no {name}: to search by; it was taken as a word. {meant}"]


def _sort_problems(value: str | None) -> list[str]:
    if value in SORTS:
        return []
    return [f"sort: waits for one of {', '.join(SORTS)}."]
