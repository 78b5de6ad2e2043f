"""What bibliographies said of papers: their entries as they came, beside the paper."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.bibliography import Entry
from researchdesk.domain.clock import parse_stamp, stamp

_IMPORTED = "source NOT IN ('arxiv-published', 'arxiv-history', 'merged')"
_ODD = "*[^]A-Za-z0-9:._+/!$&'*;<>?@[^`|-]*"
"""Keys with letters beyond ASCII, or with what ``citation_keys.fit`` takes out."""
_COLUMNS = "id, paper_id, source, kind, key, arxiv_id, fields, added_at"


@dataclass(frozen=True, slots=True)
class Record:
    """An entry that was imported. ``fields`` are as they came; see ``bibliography.Entry``."""

    id: int
    paper_id: int
    source: str
    kind: str
    key: str
    arxiv_id: str
    fields: Mapping[str, Any]
    added_at: datetime


def add(db: Database, paper_id: int, entry: Entry, moment: datetime) -> int:
    """Keep an entry beside its paper; gives the record's number."""
    sql = """
        INSERT INTO records(paper_id, source, kind, key, arxiv_id, doi, fields, added_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """
    row = (paper_id, entry.source.value, entry.kind, entry.key, entry.words.arxiv_id or "",
           entry.words.doi, packed(entry.fields), stamp(moment))  # fmt: skip
    return int(db.conn.execute(sql, row).lastrowid or 0)


def replace(db: Database, number: int, entry: Entry) -> dict[str, str]:
    """Put a newer entry in a record's place; gives the columns as they were."""
    columns = ("kind", "key", "arxiv_id", "doi", "fields")
    sql = "SELECT kind, key, arxiv_id, doi, fields FROM records WHERE id = ?"
    was = dict(zip(columns, db.conn.execute(sql, (number,)).fetchone(), strict=True))
    words = entry.words
    now = (entry.kind, entry.key, words.arxiv_id or "", words.doi, packed(entry.fields))
    put_back(db, number, dict(zip(columns, now, strict=True)))
    return was


def put_back(db: Database, number: int, row: Mapping[str, str]) -> None:
    """Write the columns that ``replace`` gave."""
    sql = "UPDATE records SET kind = :kind, key = :key, arxiv_id = :arxiv_id, doi = :doi, "
    db.conn.execute(f"{sql} fields = :fields WHERE id = :id", {**row, "id": number})


def of_paper(db: Database, paper_id: int) -> list[Record]:
    """The records of a paper, the first imported first."""
    return list(_records(db, "paper_id = ?", [paper_id]))


def of_papers(db: Database, ids: Sequence[int]) -> dict[int, list[Record]]:
    """The records of these papers."""
    found: dict[int, list[Record]] = {}
    where = "paper_id IN (SELECT value FROM json_each(?))"
    for record in _records(db, where, [json.dumps(list(ids))]):
        found.setdefault(record.paper_id, []).append(record)
    return found


def keyed(db: Database, source: str, key: str) -> list[Record]:
    """The records that have this key in this kind of file."""
    return list(_records(db, "source = ? AND key = ?", [source, key])) if key else []


def with_keys(db: Database, source: str, keys: Sequence[str]) -> list[Record]:
    """The records of this kind of file that have one of these keys (in lower case)."""
    where = "source = ? AND lower(key) IN (SELECT value FROM json_each(?))"
    return list(_records(db, where, [source, json.dumps(list(keys))])) if keys else []


def keys(db: Database) -> list[tuple[int, int, str, str]]:
    """Record, paper, source and key of all that have a key or are BibTeX, the first imported
    first."""
    sql = "SELECT id, paper_id, source, key FROM records WHERE key != '' OR source = 'bibtex'"
    return db.conn.execute(f"{sql} ORDER BY id").fetchall()


def claiming(db: Database, keys: Sequence[str]) -> list[tuple[int, str]]:
    """Paper and key of the records with one of these keys, in any case, and of those with letters
    in their key that BibTeX does not take; of papers on the lists, the first imported first."""
    sql = """
        SELECT paper_id, records.key FROM records JOIN papers ON papers.id = paper_id
        WHERE records.id IN (
            SELECT id FROM records
            WHERE key COLLATE NOCASE IN (SELECT value FROM json_each(?)) OR key GLOB ?
        ) AND removed_at IS NULL ORDER BY records.id
    """
    return db.conn.execute(sql, (json.dumps(list(keys)), _ODD)).fetchall()


def with_several(db: Database, keys: Sequence[str]) -> set[str]:
    """Those of these keys (in lower case) that are the desk's of a paper with more records than
    one."""
    sql = """
        SELECT lower(key), id FROM papers WHERE id IN (
            SELECT id FROM papers WHERE key COLLATE NOCASE IN (SELECT value FROM json_each(?))
        ) AND (SELECT count(*) FROM records WHERE paper_id = papers.id) > 1
    """
    return {row[0] for row in db.conn.execute(sql, (json.dumps(list(keys)),))}


def all_tags(db: Database) -> list[tuple[int, str]]:
    """Every paper's tags, in the order of the alphabet."""
    return db.conn.execute("SELECT paper_id, tag FROM paper_tags ORDER BY tag").fetchall()


def drop(db: Database, numbers: Sequence[int]) -> None:
    """Delete records."""
    sql = "DELETE FROM records WHERE id IN (SELECT value FROM json_each(?))"
    db.conn.execute(sql, (json.dumps(list(numbers)),))


def packed(fields: Mapping[str, Any]) -> str:
    """Fields as the column has them: JSON that UTF-8 can hold."""
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(fields, separators=(",", ":"))
    return text


def _records(db: Database, where: str, values: Sequence[Any]) -> Iterator[Record]:
    sql = f"SELECT {_COLUMNS} FROM records WHERE {where} AND {_IMPORTED} ORDER BY id"  # noqa: S608
    for row in db.conn.execute(sql, values):
        number, paper, origin, kind, key, arxiv, fields, added = row
        moment = parse_stamp(added)
        yield Record(number, paper, origin, kind, key, arxiv, json.loads(fields), moment)
