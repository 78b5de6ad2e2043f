"""What is looked for in the library, as statements for SQLite and FTS5."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from researchdesk.domain.search_query import Term

HEADS, WORDS, TEXTS = "heads_fts", "library_fts", "fulltext_fts"
"""The indexes: titles, authors, names and categories; these with abstracts, notes and claims; the
full texts."""

_INDEXED = "{{id}} {0} (SELECT rowid FROM {1} WHERE {1} MATCH ?)"
_ROWS = "SELECT f.rowid AS id FROM {0} AS f WHERE {0} MATCH ?{1} ORDER BY f.rowid DESC"
_AMONG = " AND +f.rowid IN (SELECT rowid FROM library_fts WHERE library_fts MATCH ?)"
_WITHOUT = " AND +f.rowid NOT IN (SELECT rowid FROM heads_fts WHERE heads_fts MATCH ?)"
_ALSO = "SELECT f.value AS id FROM json_each(?) AS f WHERE 1{} ORDER BY f.value DESC"
_COLUMNS = {"author": "authors", "note": "notes", "claim": "claims"}
_CATEGORY = re.compile(r"[a-z-]+\.[a-z-]{2,}", re.IGNORECASE)
_ARCHIVES = {
    *("cs", "stat", "math", "eess", "econ", "physics", "q-bio", "q-fin", "nlin", "quant-ph"),
    *("cond-mat", "astro-ph", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph"),
    *("nucl-ex", "nucl-th"),
}
_IN_HEADS = ("title", "author")

Statement = tuple[str, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of a paper, in SQL with ``{id}`` where its row number stands.

    ``order`` is that in which such papers stand, where they have one of their own; its values are
    those of the condition.
    """

    sql: str
    values: tuple[object, ...] = ()
    order: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: terms, categories (``cs.LG``, or the beginning of one), conditions; and
    ``sort`` as a query has it. ``also`` are papers that the terms find elsewhere."""

    terms: tuple[Term, ...] = ()
    categories: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    sort: str = ""
    also: tuple[int, ...] = ()

    @property
    def has_words(self) -> bool:
        """Whether an index of words is asked."""
        return bool(self.categories) or any(not term.excluded for term in self.terms)

    @property
    def free(self) -> tuple[Term, ...]:
        """The terms that are bound to no field."""
        return tuple(term for term in self.terms if not term.field and not term.excluded)

    @property
    def fielded(self) -> tuple[Term, ...]:
        """The terms that are bound to a field of the paper, not to its full text."""
        found = (term for term in self.terms if term.field and not term.excluded)
        return tuple(term for term in found if term.field != "text")

    def of_titles(self) -> "Wanted | None":
        """The same with every free word in the title; None where nothing becomes of it."""
        if not self.free or len(self.free) + len(self.fielded) < len(self._given):
            return None
        terms = (replace(t, field="title") if t in self.free else t for t in self.terms)
        found = replace(self, terms=tuple(terms), also=())
        return found if found.index == HEADS else None

    @property
    def index(self) -> str:
        """The smallest index that knows all that is wanted of the paper itself."""
        heads = not self.free and all(term.field in _IN_HEADS for term in self.fielded)
        return HEADS if heads else WORDS

    @property
    def _given(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.excluded)


def expression(terms: Iterable[Term], categories: Iterable[str] = (), without: str = "") -> str:
    """What must be found in an index, in FTS5's language; ``""`` where nothing must."""
    parts = [*map(_fts, terms), *(f"cats : {_category(name)}" for name in categories)]
    found = " AND ".join(parts)
    return f"({found}) NOT ({without})" if found and without else found


def of_category(name: str, excluded: bool = False) -> Condition:
    """To have a category, or one of those that begin so."""
    sql = _INDEXED.format("NOT IN" if excluded else "IN", HEADS)
    return Condition(sql, (f"cats : {_category(name)}",))


def without_words(wanted: Wanted) -> list[Condition]:
    """The excluded terms as conditions."""
    return [
        Condition(_INDEXED.format("NOT IN", index), (without,))
        for index, without in ((WORDS, excluded(wanted)), (TEXTS, excluded(wanted, "text")))
        if without
    ]


def excluded(wanted: Wanted, field: str = "") -> str:
    """The excluded terms in FTS5's language: those of the full text, or the others."""
    found = (term for term in wanted.terms if term.excluded)
    return " OR ".join(_fts(t) for t in found if (t.field == "text") == (field == "text"))


def _in_heads(wanted: Wanted) -> str:
    """The excluded terms that a title or a name can have."""
    found = (term for term in wanted.terms if term.excluded)
    return " OR ".join(_fts(term) for term in found if term.field in ("", *_IN_HEADS))


def statements(wanted: Wanted) -> list[Statement]:
    """Each gives rows that have the words, the highest number first.

    What is looked for free of a field may all stand in the paper's full text, too; what is excluded
    must not stand there then, nor in the title.
    """
    also = Condition("")
    if not_in_text := excluded(wanted, "text"):
        also = Condition(f" AND {_INDEXED.format('NOT IN', TEXTS)}", (not_in_text,))
    sql = "".join(f" AND {item.sql}" for item in wanted.conditions) + also.sql
    values = (*(value for item in wanted.conditions for value in item.values), *also.values)
    rows = sql.format(id="+f.rowid")
    inside = tuple(t for t in wanted.terms if t.field == "text" and not t.excluded)
    # what is bound to the full text is looked for there alone, the rest in the paper itself
    words = inside or wanted.free
    rest = expression(
        (*wanted.free, *wanted.fielded) if inside else wanted.fielded, wanted.categories
    )
    without = excluded(wanted)
    found: list[Statement] = []
    if not inside:
        index = wanted.index if not without else WORDS
        match = expression((*wanted.free, *wanted.fielded), wanted.categories, without)
        found.append((_ROWS.format(index, rows), (match, *values)))
    if words:
        plain = " OR ".join(_fts(term) for term in wanted.terms if term.excluded and not term.field)
        more = _AMONG * bool(rest) + _WITHOUT * bool(_in_heads(wanted))
        given = (expression(words, without=plain), *filter(None, (rest, _in_heads(wanted))))
        found.append((_ROWS.format(TEXTS, more + rows), (*given, *values)))
    if wanted.also and not without:
        listed = _ALSO.format(sql.format(id="+f.value"))
        found.append((listed, (json.dumps(wanted.also), *values)))
    return found


def _fts(term: Term) -> str:
    """A word is the beginning of one, a phrase stands as it is."""
    whole = '"{}"'.format(term.text.replace('"', " "))
    whole += " *" if not term.phrase or not term.ended else ""
    column = "" if term.field == "text" else _COLUMNS.get(term.field, term.field)
    return f"{column} : {whole}" if column else whole


def _category(name: str) -> str:
    """The word that stands for a category in the indexes, see ``search_migrations``: a whole one
    where it is one, else what begins so."""
    word = f'"0c{re.sub(r"[^a-zA-Z]", "0", name)}"'
    return word if _CATEGORY.fullmatch(name) or name.lower() in _ARCHIVES else f"{word} *"
