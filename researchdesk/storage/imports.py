"""Papers filed by the thousand; ``import_undo`` takes them back."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.clock import stamp
from researchdesk.domain.papers import Metadata
from researchdesk.domain.version_marks import OWN_FILES
from researchdesk.storage import merging, papers

_WORDS = ("title", "authors", "abstract", "year", "venue", "doi", "journal_ref")
FILLED = (*_WORDS, "arxiv_id", "version")
MARKS = ("stars", "priority")
Said = tuple[Any, Any]
"""What a column said before an import, and what it says since."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A paper as matching needs it; ``removed``: it is off the desk's lists."""

    id: int
    key: str
    arxiv_id: str
    doi: str
    title: str
    authors: str
    year: int | None
    removed: bool
    merged_into: int | None


def filed(db: Database) -> Iterator[Filed]:
    """Every paper, removed ones too."""
    sql = """
        SELECT id, key, COALESCE(arxiv_id, ''), doi, title, authors, year, removed_at IS NOT NULL,
            merged_into
        FROM papers ORDER BY id
    """
    for row in db.conn.execute(sql):
        yield Filed(*row)


def dois(db: Database) -> Iterator[tuple[str, int]]:
    """The DOIs that records have, with their papers."""
    sql = "SELECT doi, paper_id FROM records WHERE doi != '' UNION SELECT arxiv_id, paper_id"
    yield from db.conn.execute(f"{sql} FROM records WHERE arxiv_id != ''")


def insert(db: Database, key: str, words: Metadata, moment: datetime) -> int:
    """File a paper that is not there; gives its row. ``key`` must be free."""
    sql = """
        INSERT INTO papers(id, key, arxiv_id, version, title, authors, abstract, categories, doi,
            journal_ref, venue, year, added_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
    number = papers.next_number(db)
    row = (number, key, words.arxiv_id, words.version, words.title, _json(words.authors),
           words.abstract, _json(words.categories), words.doi, words.journal_ref, words.venue,
           words.year, stamp(moment))  # fmt: skip
    db.conn.execute(sql, row)
    return number


def fill(db: Database, paper_id: int, words: Metadata, *, arxiv: bool) -> dict[str, Said]:
    """Write what the paper does not say yet, and nothing over what it says; with ``arxiv`` its id
    there too. Gives of each column that was written what it said and what it says now."""
    sql = f"SELECT {', '.join(FILLED)} FROM papers WHERE id = ?"  # noqa: S608
    was = dict(zip(FILLED, db.conn.execute(sql, (paper_id,)).fetchone(), strict=True))
    new: dict[str, Any] = {
        "authors": _json(words.authors) if words.authors and was["authors"] == "[]" else None,
        "year": words.year if was["year"] is None else None,
    }
    for name in ("abstract", "venue", "doi", "journal_ref"):
        new[name] = getattr(words, name) or None if not was[name] else None
    if arxiv and words.arxiv_id and not was["arxiv_id"]:
        new |= {"arxiv_id": words.arxiv_id, "version": words.version}
    new = {name: value for name, value in new.items() if value is not None}
    write(db, paper_id, new)
    return {name: (was[name], value) for name, value in new.items()}


def mend(db: Database, paper_id: int, older: Metadata, newer: Metadata) -> dict[str, Said]:
    """Write the words of a newer entry where the paper has those of the older one. Gives of
    each column that was written what it said and what it says now."""
    sql = f"SELECT {', '.join(_WORDS)} FROM papers WHERE id = ?"  # noqa: S608
    now = dict(zip(_WORDS, db.conn.execute(sql, (paper_id,)).fetchone(), strict=True))
    old, new = _columns(older), _columns(newer)
    changed = {n: new[n] for n in _WORDS if now[n] == old[n] != new[n] and new[n]}
    write(db, paper_id, changed)
    return {name: (now[name], value) for name, value in changed.items()}


def mark(
    db: Database, paper_id: int, now: tuple[int, int], older: tuple[int, int] = (0, 0)
) -> dict[str, Said]:
    """Give the stars and the priority of an entry where the paper has none, or those of the older
    entry that this one replaces; what both say is left as it is. Gives of each column that was
    written what it said and what it says now."""
    sql = "SELECT stars, priority FROM papers WHERE id = ?"
    was = dict(zip(MARKS, db.conn.execute(sql, (paper_id,)).fetchone(), strict=True))
    told = zip(MARKS, now, older, strict=True)
    new = {
        name: value for name, value, old in told if value not in (0, old) and was[name] in (0, old)
    }
    write(db, paper_id, new)
    return {name: (was[name], value) for name, value in new.items()}


def _columns(words: Metadata) -> dict[str, Any]:
    return {
        "title": words.title,
        "authors": _json(words.authors),
        "abstract": words.abstract,
        "year": words.year,
        "venue": words.venue,
        "doi": words.doi,
        "journal_ref": words.journal_ref,
    }


def write(db: Database, paper_id: int, columns: Mapping[str, Any]) -> None:
    """Write columns of ``FILLED`` and ``MARKS``."""
    if columns:
        names = ", ".join(f"{name} = ?" for name in columns if name in (*FILLED, *MARKS))
        sql = f"UPDATE papers SET {names} WHERE id = ?"  # noqa: S608
        db.conn.execute(sql, (*columns.values(), paper_id))


def put_back(db: Database, paper_id: int) -> None:
    """Bring a removed paper back to the lists."""
    db.conn.execute("UPDATE papers SET removed_at = NULL WHERE id = ?", (paper_id,))


def make_room(db: Database, paper_id: int) -> list[merging.Change]:
    """Count the files and notes of a paper that came to have an arXiv id as those of another
    record, so that they are not taken for arXiv's. Gives what was changed."""
    if not merging.count_versioned(db, paper_id, OWN_FILES):
        return []
    return list(merging.shift(db, paper_id, merging.room_above(db, paper_id)))


def _json(value: Sequence[str]) -> str:
    return json.dumps(value, ensure_ascii=False)
