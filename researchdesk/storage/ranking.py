"""What a ranking of papers reads: their words, and what was said of them, in rows."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from researchdesk.domain.recommending import (
    GO_ON,
    KEPT,
    LEFT,
    NOTED,
    PRIORITY,
    REFUSED,
    STAR,
    TAGGED,
    PaperText,
)

_AT_ONCE = 500
_MOST_ENTRIES = 2000
_THERE = "removed_at IS NULL AND merged_into IS NULL"
_PRINT = (
    "version * 1000003 + length(CAST(title AS BLOB)) * 7919"
    " + length(CAST(authors AS BLOB)) * 104729 + length(CAST(abstract AS BLOB)) * 31"
)
"""Changes wherever the words do, but for words of just the same lengths."""
_SAID = f"""
    SELECT COALESCE(p.merged_into, p.id), s.weight FROM papers AS p JOIN (
        SELECT paper_id, CASE WHEN decision = 'go on' THEN {GO_ON} ELSE {LEFT} END AS weight
        FROM passes WHERE (state = 'finished' AND decision IN ('go on', 'stop'))
        OR (state = 'dropped' AND COALESCE(decision, 'stop') = 'stop')
        UNION ALL SELECT DISTINCT paper_id, {NOTED} FROM notes WHERE deleted_at IS NULL
        UNION ALL SELECT id, stars * {STAR} FROM papers WHERE stars > 0
        UNION ALL SELECT id, CASE priority WHEN 3 THEN {PRIORITY[3]} ELSE {PRIORITY[2]} END
        FROM papers WHERE priority > 0 AND priority > 1
        UNION ALL SELECT DISTINCT papers.id,
        CASE feed_entries.state WHEN 'no' THEN {REFUSED} ELSE {KEPT} END
        FROM feed_entries JOIN papers ON papers.arxiv_id = feed_entries.arxiv_id
        WHERE feed_entries.state IN ('kept', 'no')
    ) AS s ON s.paper_id = p.id ORDER BY 1, s.weight
"""  # noqa: S608 - numbers of ours
_ENTRY = "title, authors, abstract"
_PRINTS = f"SELECT id, {_PRINT} FROM papers WHERE {_THERE} ORDER BY id"  # noqa: S608
_WORDS = f"SELECT id, {_PRINT}, {_ENTRY} FROM papers WHERE {_THERE} ORDER BY id"  # noqa: S608
_OFF_THE_DESK = "arxiv_id NOT IN (SELECT arxiv_id FROM papers WHERE arxiv_id IS NOT NULL)"
_ANSWERED = f"""
    SELECT {_ENTRY}, state, MAX(id) FROM feed_entries
    WHERE state IN ('kept', 'no') AND {_OFF_THE_DESK}
    GROUP BY arxiv_id ORDER BY MAX(id) DESC LIMIT {_MOST_ENTRIES}
"""  # noqa: S608
_WAITING = f"""
    SELECT MAX(id), arxiv_id, published, {_ENTRY} FROM feed_entries
    WHERE (state = 'new' OR (state = 'later' AND again_on <= ?)) AND {_OFF_THE_DESK}
        AND announced IN ('new', 'cross')
    GROUP BY arxiv_id ORDER BY MAX(id) DESC LIMIT {_MOST_ENTRIES}
"""  # noqa: S608
_READING = """
    SELECT paper_id, MAX(state != 'started') FROM passes GROUP BY paper_id
"""


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """An entry of a feed that was not decided on."""

    id: int
    name: str
    year: int | None
    text: PaperText


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a paper."""

    id: int
    name: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    abstract: str


def prints(db: Database) -> list[tuple[int, int]]:
    """Row id and fingerprint of the words of every paper on the desk, by id."""
    return list(db.conn.execute(_PRINTS))


def words(db: Database) -> Iterator[tuple[int, int, PaperText]]:
    """Row id, fingerprint and words of every paper on the desk, by id, one at a time."""
    for paper_id, mark, *entry in db.conn.execute(_WORDS):
        yield paper_id, mark, _text(*entry)


def words_of(db: Database, paper_ids: Sequence[int]) -> Iterator[tuple[int, int, PaperText]]:
    """As ``words``, of these papers; one that went is left out."""
    for part in _parts(paper_ids):
        marks = ",".join("?" * len(part))
        sql = f"SELECT id, {_PRINT}, {_ENTRY} FROM papers WHERE id IN ({marks})"  # noqa: S608
        for paper_id, mark, *entry in db.conn.execute(sql, part).fetchall():
            yield paper_id, mark, _text(*entry)


def said(db: Database) -> list[tuple[int, float]]:
    """Papers with the weight of each thing that was said of them, also the same one twice."""
    return [(int(paper_id), float(weight)) for paper_id, weight in db.conn.execute(_SAID)]


def said_of_others(db: Database) -> list[tuple[PaperText, float]]:
    """Entries of feeds that were answered and are not on the desk; the last 2,000."""
    return [
        (_text(*entry), REFUSED if state == "no" else KEPT)
        for *entry, state, _ in db.conn.execute(_ANSWERED)
    ]


def tagged(db: Database, tag: str) -> list[tuple[int, float]]:
    """The papers that have a tag."""
    sql = "SELECT paper_id FROM paper_tags WHERE tag = ? ORDER BY paper_id"
    return [(int(paper_id), TAGGED) for (paper_id,) in db.conn.execute(sql, [tag])]


def tags(db: Database) -> list[str]:
    """The tags that papers on the desk have, the most used first."""
    sql = f"""
        SELECT tag FROM paper_tags JOIN papers ON papers.id = paper_id
        WHERE {_THERE} GROUP BY tag ORDER BY COUNT(*) DESC, tag
    """  # noqa: S608
    return [tag for (tag,) in db.conn.execute(sql)]


def reading(db: Database) -> dict[int, bool]:
    """Papers over which there is a pass; True where one has ended."""
    return {int(paper_id): bool(ended) for paper_id, ended in db.conn.execute(_READING)}


def judged(db: Database) -> list[int]:
    """Papers that have stars or notes."""
    sql = "SELECT id FROM papers WHERE stars > 0 UNION SELECT paper_id FROM notes"
    return [int(row[0]) for row in db.conn.execute(f"{sql} WHERE deleted_at IS NULL")]


def waiting(db: Database, on: date) -> list[WaitingEntry]:
    """Entries of feeds that wait for an answer on that day; the last 2,000 seen."""
    return [
        WaitingEntry(entry_id, name, int(published[:4]) if published else None, _text(*entry))
        for entry_id, name, published, *entry in db.conn.execute(_WAITING, [str(on)])
    ]


def shown(db: Database, paper_ids: Sequence[int]) -> dict[int, Shown]:
    """What is shown of these papers, but for those that their authors withdrew."""
    found = {}
    for part in _parts(paper_ids):
        sql = f"""
            SELECT id, COALESCE(arxiv_id, key), title, authors, year, abstract FROM papers
            WHERE id IN ({",".join("?" * len(part))})
            AND COALESCE(withdrawn_version < COALESCE(latest_version, version), 1)
        """  # noqa: S608
        for paper_id, name, title, authors, *rest in db.conn.execute(sql, part):
            found[paper_id] = Shown(paper_id, name, title, tuple(json.loads(authors)), *rest)
    return found


def _parts(paper_ids: Sequence[int]) -> Iterable[list[int]]:
    return (list(paper_ids[at : at + _AT_ONCE]) for at in range(0, len(paper_ids), _AT_ONCE))


def _text(title: str, authors: str, abstract: str) -> PaperText:
    return PaperText(title, tuple(json.loads(authors)), abstract)
