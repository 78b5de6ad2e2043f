"""Who cites whom, in rows: works, what they are to a paper, and when a source was asked."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from researchdesk.domain.citations import DESK, OWN_LIST, Answered, Relation, Work, doi_of
from researchdesk.domain.clock import parse_stamp, stamp

ITSELF = "itself"
"""The relation under which it is kept what a source said of the paper itself."""

_KEEP = """
    INSERT INTO cited_works
        (source, source_id, arxiv_id, doi, title, authors, year, venue, cited_by, fetched_at)
    VALUES (:source, :source_id, :arxiv_id, :doi, :title, :authors, :year, :venue, :cited_by, :at)
    ON CONFLICT (source, source_id) DO UPDATE SET
        arxiv_id = CASE WHEN excluded.arxiv_id = '' THEN arxiv_id ELSE excluded.arxiv_id END,
        doi = CASE WHEN excluded.doi = '' THEN doi ELSE excluded.doi END,
        title = CASE WHEN :first THEN title ELSE excluded.title END,
        authors = CASE WHEN :first AND authors != '[]' THEN authors ELSE excluded.authors END,
        year = COALESCE(CASE WHEN :first THEN year END, excluded.year, year),
        venue = CASE WHEN excluded.venue = '' OR (:first AND venue != '') THEN venue
            ELSE excluded.venue END,
        cited_by = COALESCE(excluded.cited_by, cited_by),
        fetched_at = excluded.fetched_at
    RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """What works are around: the row of a paper on the desk, else of a work."""

    paper_id: int = 0
    work_id: int = 0

    @property
    def edges(self) -> str:
        return "citation_edges" if self.paper_id else "work_edges"

    @property
    def answers(self) -> str:
        return "citation_answers" if self.paper_id else "work_answers"

    @property
    def column(self) -> str:
        return "paper_id" if self.paper_id else "of_id"

    @property
    def row(self) -> int:
        return self.paper_id or self.work_id


@dataclass(frozen=True, slots=True)
class Kept:
    """A work in its row; ``place`` is where it stood in the source's list."""

    id: int
    work: Work
    place: int = 0


def keep_works(db: Database, works: Iterable[Work], moment: datetime) -> list[int]:
    """File the works, or bring them up to date; gives their rows in this order.

    Of a work in papers' own lists the first title stays: each list spells it anew.
    """
    found = []
    for work in works:
        row = {
            "source": work.source,
            "source_id": work.source_id,
            "arxiv_id": work.arxiv_id,
            "doi": work.doi,
            "title": work.title,
            "authors": json.dumps(work.authors, ensure_ascii=False),
            "year": work.year,
            "venue": work.venue,
            "cited_by": work.cited_by,
            "at": stamp(moment),
            "first": work.source == OWN_LIST,
        }
        found.append(int(db.conn.execute(_KEEP, row).fetchone()[0]))
    return found


def keep_edges(
    db: Database, of: Subject, relation: Relation, source: str, works: Sequence[tuple[int, bool]]
) -> None:
    """What the source says is around it now, in this order: rows of works, and whether each is
    influential. What it said before is gone."""
    db.conn.execute(
        f"DELETE FROM {of.edges} WHERE {of.column} = ? AND relation = ?"  # noqa: S608
        " AND work_id IN (SELECT id FROM cited_works WHERE source = ?)",
        (of.row, relation.value, source),
    )
    first: dict[int, tuple[int, bool]] = {}
    for place, (work_id, influential) in enumerate(works):
        first.setdefault(work_id, (place, influential))
    db.conn.executemany(
        f"INSERT OR REPLACE INTO {of.edges} ({of.column}, relation, work_id, place, influential)"  # noqa: S608
        " VALUES (?, ?, ?, ?, ?)",
        [(of.row, relation.value, row, place, said) for row, (place, said) in first.items()],
    )


def keep_answer(db: Database, of: Subject, relation: str, source: str, answered: Answered) -> None:
    """Keep when the source was asked, and how many works it says there are."""
    row = {
        of.column: of.row,
        "relation": str(relation),
        "source": source,
        "fetched_at": stamp(answered.at),
        "total": answered.total,
        "known": answered.known,
        "asked": answered.of,
    }
    db.table(of.answers).upsert(row, pk=(of.column, "relation", "source"))


def answers(db: Database, of: Subject) -> dict[tuple[str, str], Answered]:
    """What was answered, by relation and source."""
    sql = f"SELECT * FROM {of.answers} WHERE {of.column} = ?"  # noqa: S608
    return {(row["relation"], row["source"]): _answered(row) for row in db.query(sql, [of.row])}


def indexed(db: Database) -> dict[int, str]:
    """Of which files the reference lists were kept, by paper."""
    sql = "SELECT paper_id, asked FROM citation_answers WHERE relation = ? AND source = ?"
    return {
        row["paper_id"]: row["asked"]
        for row in db.query(sql, [Relation.REFERENCES.value, OWN_LIST])
    }


def unindexed(db: Database) -> int:
    """How many papers on the desk with a file have a reference list that was never read."""
    sql = """
        SELECT COUNT(*) FROM papers WHERE removed_at IS NULL AND merged_into IS NULL
        AND EXISTS (SELECT 1 FROM versions WHERE versions.paper_id = papers.id AND pdf != '')
        AND NOT EXISTS (
            SELECT 1 FROM citation_answers AS told
            WHERE told.paper_id = papers.id AND told.relation = ? AND told.source = ?
        )
    """
    return int(db.execute(sql, [Relation.REFERENCES.value, OWN_LIST]).fetchone()[0])


def around(db: Database, of: Subject, relation: Relation) -> list[Kept]:
    """The works around it, of all sources, in the order of their lists."""
    sql = f"""
        SELECT work.*, edge.place, edge.influential FROM {of.edges} AS edge
        JOIN cited_works AS work ON work.id = edge.work_id
        WHERE edge.{of.column} = ? AND edge.relation = ? ORDER BY work.source, edge.place
    """  # noqa: S608
    return [_kept(row) for row in db.query(sql, [of.row, relation.value])]


def times_cited(db: Database, source: str, source_id: str) -> int | None:
    """How often the source says that this work is cited."""
    sql = "SELECT cited_by FROM cited_works WHERE source = ? AND source_id = ?"
    return next((row["cited_by"] for row in db.query(sql, [source, source_id])), None)


def work_of(db: Database, work_id: int) -> Kept | None:
    """The work of this row."""
    for row in db.query("SELECT * FROM cited_works WHERE id = ?", [work_id]):
        return _kept(row)
    return None


def desk_works(db: Database, paper_ids: Iterable[int]) -> dict[int, tuple[str, Work]]:
    """Papers on the desk as works, by row, each with what a person calls it."""
    sql = """SELECT id, key, arxiv_id, doi, title, authors, year, venue, journal_ref FROM papers
        WHERE id IN (SELECT value FROM json_each(?))"""
    found = {}
    for row in db.query(sql, [json.dumps(sorted(set(paper_ids)))]):
        work = Work(
            source=DESK,
            source_id=row["key"],
            title=row["title"],
            authors=tuple(json.loads(row["authors"])),
            year=row["year"],
            venue=row["venue"] or row["journal_ref"],
            arxiv_id=row["arxiv_id"] or "",
            doi=doi_of(row["doi"]),
        )
        found[row["id"]] = (row["arxiv_id"] or row["key"], work)
    return found


def set_published(db: Database, paper_id: int, venue: str, year: int | None) -> None:
    """Write where and when a paper was published, where its own record does not say it."""
    db.conn.execute(
        "UPDATE papers SET venue = CASE WHEN venue = '' THEN ? ELSE venue END,"
        " year = COALESCE(year, ?) WHERE id = ?",
        (venue, year, paper_id),
    )


def _answered(row: Mapping[str, Any]) -> Answered:
    return Answered(parse_stamp(row["fetched_at"]), row["total"], bool(row["known"]), row["asked"])


def _kept(row: Mapping[str, Any]) -> Kept:
    work = Work(
        source=row["source"],
        source_id=row["source_id"],
        title=row["title"],
        authors=tuple(json.loads(row["authors"])),
        year=row["year"],
        venue=row["venue"],
        arxiv_id=row["arxiv_id"],
        doi=row["doi"],
        cited_by=row["cited_by"],
        influential=bool(row.get("influential")),
    )
    return Kept(row["id"], work, row.get("place") or 0)
