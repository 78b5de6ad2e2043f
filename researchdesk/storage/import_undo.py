"""An import taken back: what it brought goes; where more hangs on that by now, nothing does."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import stamp
from researchdesk.storage import merging, papers, records
from researchdesk.storage.imports import FILLED, MARKS

_WITHIN = "IN (SELECT value FROM json_each(?))"
_WORK = ("passes", "notes", "note_actions", "claims", "clones")
"""Tables of what people do with a paper."""
_LOOKED_AT = ("records", "paper_tags", "collection_papers")
_CAN_BE_ASKED_AGAIN = ("news", "citation_edges", "citation_answers")
_ARXIVS = "'arxiv-published', 'arxiv-history'"
"""Records that come with a sync: they can be asked for again too."""
_ALLOWED = frozenset((*_WORK, *_LOOKED_AT, *_CAN_BE_ASKED_AGAIN, "versions"))


def undo(db: Database, data: Mapping[str, Any], moment: datetime) -> None:
    """Take an import back: the papers it made, the records it added, the words it filled in.

    A paper on which there is work by now (a pass, a note, a PDF that came later …), or that was
    removed since, stays, with what the import said of it. ``at`` of the data is when the import was
    done. Raises NotAsItWasError where something else came to the papers that would go.
    """
    made = set(data["papers"])
    stay = _worked_on(db, data["papers"], data["at"]) | _removed(db, data["papers"])
    gone = [one for one in data["papers"] if one not in stay]
    _refuse_later(db, data, gone)
    stays = {row[0] for row in _rows(db, "SELECT id FROM records WHERE paper_id", sorted(stay))}
    records.drop(db, [one for one in data["records"] if one not in stays])
    for number, row in reversed(data.get("replaced", ())):
        records.put_back(db, number, row)
    moved = dict(data.get("moved", ()))
    for paper_id, columns in reversed(data.get("filled", ())):
        _write_back(db, paper_id, columns, moved.get(paper_id, ()))
    for tag, ids in data.get("tags", {}).items():
        rest = [one for one in ids if one not in made]
        _execute(db, "DELETE FROM paper_tags WHERE tag = ? AND paper_id", rest, tag)
    for name, ids in data.get("collections", {}).items():
        rest = [one for one in ids if one not in made]
        _execute(db, "DELETE FROM collection_papers WHERE collection = ? AND paper_id", rest, name)
    papers.delete(db, gone)
    removed = "UPDATE papers SET removed_at = ? WHERE removed_at IS NULL AND id"
    _execute(db, removed, data.get("back", ()), stamp(moment))
    for name in data.get("made", ()):
        sql = "DELETE FROM collections WHERE name = ? AND name NOT IN (SELECT collection FROM"
        db.conn.execute(f"{sql} collection_papers)", (name,))


def _worked_on(db: Database, ids: Sequence[int], until: str) -> set[int]:
    """Those with which something was done, or that got a PDF after the import."""
    found: set[int] = set()
    for table in _WORK:
        sql = f"SELECT DISTINCT paper_id FROM {table} WHERE paper_id"  # noqa: S608
        found |= {row[0] for row in _rows(db, sql, ids)}
    sql = "SELECT paper_id, fetched_at FROM versions WHERE pdf != '' AND paper_id"
    return found | {paper for paper, at in _rows(db, sql, ids) if at is None or at > until}


def _removed(db: Database, ids: Sequence[int]) -> set[int]:
    sql = "SELECT id FROM papers WHERE removed_at IS NOT NULL AND merged_into IS NULL AND id"
    return {row[0] for row in _rows(db, sql, ids)}


def _refuse_later(db: Database, data: Mapping[str, Any], gone: Sequence[int]) -> None:
    """Raise NotAsItWasError where the papers to go carry what the import did not bring."""
    for found, what in (
        (_merged(db, gone), "merged"),
        (_marked(db, data, gone), "given stars or a priority"),
        (_labelled(db, "tag", "paper_tags", data.get("tags", {}), gone), "tagged"),
        (
            _labelled(db, "collection", "collection_papers", data.get("collections", {}), gone),
            "put into a collection",
        ),
        (_recorded(db, data["records"], gone), "joined by another import or merge"),
        (_imported(db, data, gone), "changed by another import"),
        (_referred(db, gone), "used elsewhere"),
        (_named(db, _names(db, gone)), "named elsewhere"),
    ):
        if found:
            verb = "1 paper was" if found == 1 else f"{found:,} papers were"
            raise merging.NotAsItWasError(f"{verb} {what} since")


def _merged(db: Database, gone: Sequence[int]) -> int:
    into = _rows(db, "SELECT merged_into FROM papers WHERE merged_into", gone)
    itself = _rows(db, "SELECT id FROM papers WHERE merged_into IS NOT NULL AND id", gone)
    return len({row[0] for row in (*into, *itself)})


def _marked(db: Database, data: Mapping[str, Any], gone: Sequence[int]) -> int:
    """How many have stars or a priority that the import did not give them."""
    brought = {number: (stars, priority) for number, stars, priority in data.get("marks", ())}
    sql = "SELECT id, stars, priority FROM papers WHERE (stars > 0 OR priority > 0) AND id"
    return sum(brought.get(number) != (s, p) for number, s, p in _rows(db, sql, gone))


def _labelled(
    db: Database, column: str, table: str, brought: Mapping[str, Sequence[int]], gone: Sequence[int]
) -> int:
    """How many have labels that the import did not give them."""
    known = {(name, one) for name, ids in brought.items() for one in ids}
    sql = f"SELECT {column}, paper_id FROM {table} WHERE paper_id"  # noqa: S608
    return len({row[1] for row in _rows(db, sql, gone) if row not in known})


def _recorded(db: Database, brought: Sequence[int], gone: Sequence[int]) -> int:
    known = set(brought)
    sql = f"SELECT id, paper_id FROM records WHERE source NOT IN ({_ARXIVS}) AND paper_id"  # noqa: S608
    found = _rows(db, sql, gone)
    return len({paper for number, paper in found if number not in known})


def _imported(db: Database, data: Mapping[str, Any], gone: Sequence[int]) -> int:
    """How many papers, or records, a later import wrote newer words to."""
    ours, own, found = set(data["records"]), set(gone), 0
    sql = """
        SELECT undo FROM library_actions
        WHERE undone_at IS NULL AND at >= ? AND undo LIKE '%"do":"import"%'
    """
    for (kept,) in db.conn.execute(sql, (data["at"],)).fetchall():
        for step in json.loads(kept)["steps"]:
            found += sum(number in ours for number, _ in step.get("replaced", ()))
            found += sum(number in own for number, _ in step.get("filled", ()))
    return found


def _referred(db: Database, gone: Sequence[int]) -> int:
    found: set[int] = set()
    for table, column in merging.references(db):
        if table not in _ALLOWED:
            sql = f'SELECT "{column}" FROM "{table}" WHERE "{column}"'  # noqa: S608
            found |= {row[0] for row in _rows(db, sql, gone)}
    return len(found)


def _names(db: Database, ids: Sequence[int]) -> Iterator[str]:
    for row in _rows(db, "SELECT key, arxiv_id FROM papers WHERE id", ids):
        yield from filter(None, row)


def _named(db: Database, names: Iterable[str]) -> int:
    """How many of the names something of the desk says."""
    asked = sorted({name.casefold() for name in names})
    found: set[str] = set()
    for table, column in merging.REFS:
        sql = f'SELECT lower("{column}") FROM "{table}" WHERE lower("{column}")'  # noqa: S608
        found |= {row[0] for row in _rows(db, sql, asked)}
    sql = "SELECT lower(target) FROM note_links WHERE kind = 'paper' AND lower(target)"
    return len(found | {row[0] for row in _rows(db, sql, asked)})


def _write_back(
    db: Database,
    paper_id: int,
    columns: Mapping[str, Sequence[Any]],
    moved: Sequence[merging.Change],
) -> None:
    """Write what stood in the columns before, where they say what the import wrote.

    The arXiv id stays, with its version, once anything hangs on it."""
    rest = {name: said for name, said in columns.items() if name in (*FILLED, *MARKS)}
    arxiv, version = rest.pop("arxiv_id", None), rest.pop("version", None)
    if arxiv and version and not _hangs(db, paper_id, arxiv[1], moved):
        sql = "UPDATE papers SET arxiv_id = ?, version = ? WHERE id = ? AND arxiv_id IS ?"
        if db.conn.execute(sql, (arxiv[0], version[0], paper_id, arxiv[1])).rowcount:
            merging.revert(db, moved)
    for name, (was, now) in rest.items():
        sql = f"UPDATE papers SET {name} = ? WHERE id = ? AND {name} IS ?"  # noqa: S608
        db.conn.execute(sql, (was, paper_id, now))


def _hangs(db: Database, paper_id: int, arxiv_id: str, moved: Sequence[merging.Change]) -> bool:
    """Whether the paper has more than was moved when it got its arXiv id, or is called by it."""
    return merging.count_versioned(db, paper_id) != len(moved) or bool(_named(db, [arxiv_id]))


def _rows(db: Database, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    within = f"{sql} {_WITHIN}"
    return db.conn.execute(within, (json.dumps(list(values)),)).fetchall()


def _execute(db: Database, sql: str, ids: Sequence[int], *values: str) -> None:
    within = f"{sql} {_WITHIN}"
    db.conn.execute(within, (*values, json.dumps(list(ids))))
