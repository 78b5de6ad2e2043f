"""Filters of a search of the library as conditions in SQL: to be in a set of rows, or not."""

import json
import sqlite3
from collections.abc import Collection

from researchdesk.domain.search_values import Filter
from researchdesk.storage import put_off
from researchdesk.storage.library_match import Condition

_MOVED = """SELECT paper_id, state, number FROM (SELECT paper_id, state, number, ROW_NUMBER() OVER
    (PARTITION BY paper_id ORDER BY COALESCE(ended_at, started_at) DESC, started_at, id) AS place
    FROM passes) WHERE place = 1"""
_HAS = {
    "note": "SELECT paper_id FROM notes WHERE deleted_at IS NULL",
    "question": "SELECT paper_id FROM notes WHERE deleted_at IS NULL AND kind = 'question'",
    "claim": "SELECT paper_id FROM claims WHERE removed_at IS NULL",
    "pdf": "SELECT paper_id FROM versions WHERE pdf != ''",
    "text": "SELECT paper_id FROM fulltexts",
    "tag": "SELECT paper_id FROM paper_tags",
    "code": "SELECT paper_id FROM clones",
    "surprise": """SELECT id FROM papers WHERE arxiv_id IN (SELECT "on" FROM surprises)
        UNION SELECT id FROM papers WHERE key IN (SELECT "on" FROM surprises)
        UNION SELECT paper_id FROM claims WHERE 'claim:' || slug IN (SELECT "on" FROM surprises)""",
}
_NEW = """SELECT paper_id FROM news WHERE seen_at IS NULL
    UNION SELECT id FROM papers WHERE latest_version > version"""
_STATE = "SELECT paper_id FROM ({}) WHERE {}"
_IN, _NOT_IN = "{{id}} IN ({})", "{{id}} NOT IN ({})"
_PAPERS = "SELECT id FROM papers WHERE {}"
_READ = "SELECT paper_id FROM passes"
_IS = {
    "new": _NEW,
    "starred": "SELECT id FROM papers WHERE stars > 0",
    "withdrawn": "SELECT id FROM papers WHERE withdrawn_version IS NOT NULL",
    "reading": _STATE.format(_MOVED, "state = 'started'"),
    "read": "SELECT paper_id FROM passes WHERE state = 'finished'",
}
_NAMED = {
    "tag": "SELECT paper_id FROM paper_tags WHERE tag = ?",
    "in": "SELECT paper_id FROM collection_papers WHERE collection = ?",
}
_PLACE = """(SELECT place FROM collection_papers AS o WHERE o.collection = ?
    AND o.paper_id = {id}), {id}"""
_BY_DAY = {
    "since": "{id} IN (SELECT id FROM papers WHERE published >= ?)",
    "due": _IN.format(put_off.UNTIL),
}
_OF_ARXIV = "SELECT id FROM papers WHERE arxiv_id IN (SELECT value FROM json_each(?))"
_STATES = {"in pass": "started", "pass": "finished", "left": "dropped", "left in pass": "dropped"}


def condition(item: Filter) -> Condition:
    """What must hold for a filter that the database can answer by itself."""
    found = _positive(item)
    return _not(found) if item.excluded else found


def one_of(ids: Collection[int], excluded: bool = False) -> Condition:
    """To be one of these papers, or none of them."""
    found = Condition("{id} IN (SELECT value FROM json_each(?))", (json.dumps(sorted(ids)),))
    return _not(found) if excluded else found


def of_arxiv(names: Collection[str], excluded: bool = False) -> Condition:
    """To have one of these arXiv ids."""
    values = (json.dumps(sorted(names)),)
    found = Condition(_IN.format(_OF_ARXIV), values)
    return _not(found) if excluded else found


def collections(db: sqlite3.Connection) -> list[str]:
    """The names of all collections."""
    return [row[0] for row in db.execute("SELECT name FROM collections ORDER BY name")]


def _not(found: Condition) -> Condition:
    return Condition(f"NOT ({found.sql})", found.values)


def _positive(item: Filter) -> Condition:
    if item.name in _NAMED:
        order = _PLACE if item.name == "in" else ""
        return Condition(_IN.format(_NAMED[item.name]), (item.value,), order)
    if item.name == "has":
        return Condition(_IN.format(_HAS[item.value]))
    if item.name == "is":
        return _is(item.value)
    if item.name == "status":
        return _status(item.value)
    if item.name == "pass":
        return _pass(item)
    if item.name in _BY_DAY:
        return Condition(_BY_DAY[item.name], (item.value,))
    sql, values = _between(item.name, item)
    if item.name != "year" and (item.low or 0) <= 0:
        # most papers have none: the set of the others is the small one
        return Condition(_NOT_IN.format(_PAPERS.format(f"{item.name} > 0 AND NOT ({sql})")), values)
    return Condition(_IN.format(_PAPERS.format(sql)), values)


def _between(column: str, item: Filter) -> tuple[str, tuple[object, ...]]:
    bounds = [(">=", item.low), ("<=", item.high)]
    given = [(sign, value) for sign, value in bounds if value is not None]
    sql = " AND ".join(f"{column} {sign} ?" for sign, _ in given)
    return sql, tuple(value for _, value in given)


def _is(value: str) -> Condition:
    if value == "unread":
        return Condition(_NOT_IN.format(_READ))
    return Condition(_IN.format(_IS[value]))


def _status(value: str) -> Condition:
    if value == "unread":
        return _is("unread")
    word, number = value.removesuffix(" done"), ""
    if word[-1].isdigit():
        word, _, number = word.rpartition(" ")
    sql, values = "state = ?", (_STATES[word],)
    if not number:
        return Condition(_IN.format(_STATE.format(_MOVED, sql)), values)
    sql = _STATE.format(_MOVED, f"{sql} AND number = ?")
    return Condition(_IN.format(sql), (*values, int(number)))


def _pass(item: Filter) -> Condition:
    sql, values = _between("number", item)
    moved = _IN.format(_STATE.format(_MOVED, sql))
    if (item.low or 0) > 0:
        return Condition(moved, values)
    return Condition(f"({_NOT_IN.format(_READ)} OR {moved})", values)
