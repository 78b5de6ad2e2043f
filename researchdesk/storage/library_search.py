"""The papers that a search of the library finds, in their order, and no more of them than asked.

Measured on 100,000 papers, of which a word as "network" hits 60,000: FTS5's bm25 counts the hits of
every word first (61 ms for 56,000) before it ranks the first paper, and puts the pages of all words
that begin so together for every statement (7 ms). So a keystroke is answered with few statements,
and bm25 is asked only where words are rare:

- One to three letters are looked up in prefix indexes (``prefix='1 2 3'``), which are read as they
  stand. Indexes of 4 to 6 letters, too, made the whole twice as large and slower to write.
- Titles, authors, names and categories have a small index of their own. Where a page of papers has
  all the words in the title, those are the first page, and nothing else is asked: 1 to 3 ms.
- FTS5 gives rows in the order of their numbers, in which papers were added, without sorting, and
  stops when enough are read. Where there are at most ``RANKED`` hits they are ranked by bm25 (of
  common words: those with the words in the title first); of more, the newest come first behind the
  titles.
- What is not known without reading on is not counted: ``Hits.exact`` is False, see ``count``.
- A filter is a set of rows that SQLite makes once and then asks for each hit (``+`` keeps it from
  asking FTS5 again for each row of the set). An order that was asked for is walked along a covering
  index, and the hits are the set.

Read through the standard library's sqlite3, whose cursors are lazy; sqlite-utils adds nothing here.
"""

import heapq
import itertools
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from researchdesk.domain.snippets import needles_of, present
from researchdesk.storage import library_pages, put_off
from researchdesk.storage.library_match import (
    HEADS,
    WORDS,
    Condition,
    Wanted,
    expression,
    statements,
    without_words,
)

RANKED = 1_000
"""So many hits are ranked by bm25."""
COMMON = 4_000
"""Words that hit more papers together are too common to be ranked by bm25."""
ENOUGH = 50
"""So many papers with the words in their title come before all others, unranked among them."""
_BM25 = {
    WORDS: "bm25(library_fts, 10.0, 4.0, 1.0, 3.0, 3.0, 5.0, 0.0)",
    HEADS: "bm25(heads_fts, 4.0, 2.0, 1.0, 0.0)",
}
_LIVE = "p.removed_at IS NULL AND p.merged_into IS NULL"
_OFF = "SELECT id FROM papers WHERE removed_at IS NOT NULL OR merged_into IS NOT NULL"
_IS_OFF = f"SELECT EXISTS ({_OFF})"
_WALK = "SELECT p.id FROM papers AS p WHERE {where} ORDER BY {order}"
_COUNT = "SELECT COUNT(*) FROM (SELECT 1 FROM papers AS p WHERE {where} LIMIT ?)"
_COUNT_ALL = "SELECT COUNT(*) FROM papers WHERE removed_at IS NULL AND merged_into IS NULL"
"""In half the time of the same with a limit."""
_COUNT_ROWS = "SELECT COUNT(*) FROM ({})"
_RANK = "SELECT rowid FROM {0} WHERE {0} MATCH ? ORDER BY {1}, rowid DESC"
_HIT = "SELECT COUNT(*) FROM (SELECT 1 FROM {0} WHERE {0} MATCH ? LIMIT ?)"
_SET = "SELECT id FROM ({})"
_ORDERS = {
    "added": "p.added_at DESC, p.id DESC",
    "year": "p.year DESC, p.id DESC",
    "title": "p.title COLLATE NOCASE, p.id",
}
_MARK = """SELECT p.id FROM papers AS p WHERE {{where}} AND p.{0} > 0
    ORDER BY p.{0} DESC, p.added_at DESC, p.id DESC"""
_PUT_OFF = """SELECT p.id FROM ({}) AS w JOIN papers AS p ON p.id = w.paper_id
    WHERE {{where}} ORDER BY w.again_on, p.id"""
_MARKED = {
    "stars": (_MARK.format("stars"), "SELECT id FROM papers WHERE stars > 0"),
    "priority": (_MARK.format("priority"), "SELECT id FROM papers WHERE priority > 0"),
    "due": (_PUT_OFF.format(put_off.ALL), put_off.IDS),
}
"""Orders by what few papers have: those that have it, and all of those as a set."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Row numbers of papers. ``total`` of them fit; at least so many where it is not ``exact``."""

    ids: list[int]
    total: int
    exact: bool = True


def find(db: sqlite3.Connection, wanted: Wanted, offset: int, limit: int) -> Hits:
    """So many papers from ``offset`` on."""
    wanted = _on_the_desk(db, wanted)
    if _is_walk(wanted):
        return _walked(db, _as_set(wanted), offset, limit)
    titles = [] if wanted.conditions else _titles(db, wanted)
    if len(titles) >= ENOUGH and offset + limit < len(titles):
        return Hits(titles[offset : offset + limit], len(titles), False)
    newest = _newest(db, wanted)
    if len(titles) < ENOUGH:
        few = list(itertools.islice(newest, RANKED + 1))
        if len(few) <= RANKED:
            ranked = _ranked(db, wanted, titles, few)
            return Hits(ranked[offset : offset + limit], len(ranked))
        titles = _titles(db, wanted) if wanted.conditions else titles
        newest = itertools.chain(few, newest)
    found = _titles_first(db, wanted, titles, newest)
    ids = list(itertools.islice(found, offset, offset + limit))
    if len(ids) < limit:
        return Hits(ids, offset + len(ids) if ids or not offset else count(db, wanted))
    return Hits(ids, max(RANKED, offset + len(ids)), False)


def find_all(db: sqlite3.Connection, wanted: Wanted) -> list[int]:
    """All papers that fit, in the same order."""
    wanted = _on_the_desk(db, wanted)
    if _is_walk(wanted):
        return _walked(db, _as_set(wanted), 0, -1).ids
    titles = [] if wanted.conditions else _titles(db, wanted)
    found = list(_newest(db, wanted))
    if len(titles) < ENOUGH and len(found) <= RANKED:
        return _ranked(db, wanted, titles, found)
    return list(_titles_first(db, wanted, titles or _titles(db, wanted), found))


def count(db: sqlite3.Connection, wanted: Wanted) -> int:
    """How many papers fit, however long it takes to count them."""
    wanted = _on_the_desk(db, wanted)
    if not wanted.has_words:
        where, values = _where(_as_set(wanted))
        return int(db.execute(_COUNT.format(where=where), (*values, -1)).fetchone()[0])
    parts = statements(wanted)
    sql = " UNION ".join(_SET.format(sql) for sql, _ in parts) if parts[1:] else parts[0][0]
    values = tuple(value for _, more in parts for value in more)
    return int(db.execute(_COUNT_ROWS.format(sql), values).fetchone()[0])


def _is_walk(wanted: Wanted) -> bool:
    """Whether the papers are walked in an order that an index of ``papers`` has."""
    if all(term.excluded for term in wanted.terms) and _ordered(wanted):
        return True
    return not wanted.has_words or wanted.sort in (*_ORDERS, *_MARKED)


def _ordered(wanted: Wanted) -> Condition | None:
    """The only set with an order of its own, where no other order was asked for."""
    found = [item for item in wanted.conditions if item.order]
    return found[0] if len(found) == 1 and not wanted.sort else None


def _on_the_desk(db: sqlite3.Connection, wanted: Wanted) -> Wanted:
    """Without those that are off the desk; that is a condition only where there are some."""
    off = Condition(f"{{id}} NOT IN ({_OFF})")
    if off in wanted.conditions or not db.execute(_IS_OFF).fetchone()[0]:
        return wanted
    return replace(wanted, conditions=(*wanted.conditions, off))


def _as_set(wanted: Wanted) -> Wanted:
    """The words as conditions: to be in the set of what has them."""
    if not wanted.has_words:
        return replace(wanted, conditions=(*wanted.conditions, *without_words(wanted)))
    parts = statements(replace(wanted, conditions=()))
    sql = " UNION ".join(_SET.format(sql) for sql, _ in parts)
    values = tuple(value for _, more in parts for value in more)
    return replace(wanted, conditions=(Condition(f"{{id}} IN ({sql})", values), *wanted.conditions))


def _newest(db: sqlite3.Connection, wanted: Wanted) -> Iterator[int]:
    """What has the words, the highest number first; read as far as it is asked for."""
    sources = [(row[0] for row in db.execute(*source)) for source in statements(wanted)]
    if len(sources) == 1:
        return sources[0]
    return (number for number, _ in itertools.groupby(heapq.merge(*sources, reverse=True)))


def _titles(db: sqlite3.Connection, wanted: Wanted) -> list[int]:
    """Papers with all free words in the title, at most ``RANKED`` + 1: by bm25 where they are not
    more and the words are rare, else the newest first."""
    heads = wanted.of_titles()
    if heads is None:
        return []
    found = list(itertools.islice(_newest(db, heads), RANKED + 1))
    if len(found) > RANKED or _is_common(db, heads):
        return found
    return _by_rank(db, heads, found)


def _titles_first(
    db: sqlite3.Connection, wanted: Wanted, titles: list[int], newest: Iterable[int]
) -> Iterator[int]:
    """``titles``, further papers with the words in the title, the others of ``newest``."""
    yield from titles
    given = set(titles)
    heads = wanted.of_titles()
    if heads is not None and len(titles) > RANKED:
        for number in _newest(db, heads):
            if number not in given:
                given.add(number)
                yield number
    yield from (number for number in newest if number not in given)


def _ranked(
    db: sqlite3.Connection, wanted: Wanted, titles: list[int], found: list[int]
) -> list[int]:
    """All that was found: by bm25 where the words are rare enough, else those first that have them
    in the title; behind them those that have the words in their full text alone."""
    best = titles
    if len(found) < 2:
        return found
    if not _is_common(db, wanted):
        best = _by_rank(db, wanted, found)
    elif wanted.conditions and wanted.free:
        needles = needles_of(wanted.free)
        has = library_pages.titles_of(db, found)
        best = [n for n in found if len(present(has[n], needles)) == len(needles)]
    known = set(best)
    return best + [number for number in found if number not in known]


def _by_rank(db: sqlite3.Connection, wanted: Wanted, found: list[int]) -> list[int]:
    """Those of ``found`` that the index of words knows, by bm25."""
    match = expression((*wanted.free, *wanted.fielded), wanted.categories)
    if not match or len(found) < 2:
        return found
    among = set(found)
    ranked = db.execute(_RANK.format(wanted.index, _BM25[wanted.index]), (match,))
    return [row[0] for row in ranked if row[0] in among]


def _is_common(db: sqlite3.Connection, wanted: Wanted) -> bool:
    """Whether the words hit so many papers that bm25, which counts them all, takes too long."""
    given = (*wanted.free, *wanted.fielded)
    if any(term.phrase for term in given):
        # it is put together once more to be counted
        return True
    parts = [expression((term,)) for term in given]
    whole = len(wanted.terms) + len(wanted.categories) < 2 and not wanted.conditions
    if whole:
        # the only word hits what was found, and that is not much
        return False
    left = COMMON
    for match in (*parts, *(expression((), (name,)) for name in wanted.categories)):
        sql = _HIT.format(wanted.index)
        left -= db.execute(sql, (match, left + 1)).fetchone()[0]
        if left < 0:
            return True
    return False


def _walked(db: sqlite3.Connection, wanted: Wanted, offset: int, limit: int) -> Hits:
    """Papers along an index in the order that was asked for; without, in that of the collection
    that was, else the last added first."""
    where, values = _where(wanted)
    if wanted.sort in _MARKED:
        found = _marked(db, wanted.sort, where, values)
        ids = list(itertools.islice(found, offset, offset + limit if limit >= 0 else None))
    else:
        own = _ordered(wanted)
        order = own.order.format(id="p.id") if own else _ORDERS.get(wanted.sort, _ORDERS["added"])
        sql = _WALK.format(where=where, order=order) + " LIMIT ? OFFSET ?"
        more = own.values if own else ()
        ids = [row[0] for row in db.execute(sql, (*values, *more, limit, offset))]
    if limit < 0:
        return Hits(ids, len(ids))
    if len(ids) < limit and (ids or not offset):
        return Hits(ids, offset + len(ids))
    if not wanted.conditions:
        return Hits(ids, db.execute(_COUNT_ALL).fetchone()[0])
    most = offset + limit + RANKED
    total = db.execute(_COUNT.format(where=where), (*values, most)).fetchone()[0]
    return Hits(ids, total, total != most)


def _where(wanted: Wanted) -> tuple[str, tuple[object, ...]]:
    conditions = [item.sql.format(id="+p.id") for item in wanted.conditions]
    values = tuple(value for item in wanted.conditions for value in item.values)
    return " AND ".join((_LIVE, *conditions)), values


def _marked(
    db: sqlite3.Connection, sort: str, where: str, values: tuple[object, ...]
) -> Iterator[int]:
    """Those that have a mark, in the order of it, then the others."""
    first, marked = _MARKED[sort]
    yield from (row[0] for row in db.execute(first.format(where=where), values))
    rest = _WALK.format(where=f"{where} AND +p.id NOT IN ({marked})", order=_ORDERS["added"])
    yield from (row[0] for row in db.execute(rest, values))
