"""Which works are papers on the desk, and which papers on the desk cite one."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from researchdesk.domain.citations import Relation, arxiv_of, doi_of
from researchdesk.storage.title_key import LEAST, title_key

_YEARS = 3
_KEY_W, _KEY_P = title_key("w.title"), title_key("p.title")
_SAME_YEARS = f"""length({_KEY_W}) >= {LEAST}
    AND (w.year IS NULL OR p.year IS NULL OR abs(w.year - p.year) <= {_YEARS})"""
_ON_DESK = f"""
    WITH w AS (
        SELECT id, arxiv_id, doi, title, year FROM cited_works
        WHERE id IN (SELECT value FROM json_each(?))
    ), matched AS (
        SELECT w.id AS work_id, p.id AS paper_id, 0 AS rank
        FROM w JOIN papers AS p ON p.arxiv_id = w.arxiv_id WHERE w.arxiv_id != ''
        UNION ALL
        SELECT w.id, p.id, 1 FROM w JOIN papers AS p ON p.doi = w.doi COLLATE NOCASE
        WHERE w.doi != '' AND p.doi != ''
        UNION ALL
        SELECT w.id, r.paper_id, 2 FROM w JOIN records AS r ON r.doi = w.doi COLLATE NOCASE
        WHERE w.doi != '' AND r.doi != ''
        UNION ALL
        SELECT w.id, p.id, 3 FROM w JOIN papers AS p ON {_KEY_P} = {_KEY_W} WHERE {_SAME_YEARS}
    )
    SELECT work_id, paper_id FROM matched ORDER BY rank DESC, paper_id DESC
"""  # noqa: S608
_OF_TARGET = f"""
    WITH p AS (SELECT id, title, year, arxiv_id, doi FROM papers
        WHERE id IN (SELECT value FROM json_each(:papers))),
    names AS (SELECT value AS name FROM json_each(:arxiv)),
    dois AS (SELECT value AS name FROM json_each(:dois))
    SELECT id FROM cited_works WHERE arxiv_id != '' AND arxiv_id IN (SELECT name FROM names)
    UNION SELECT w.id FROM dois JOIN cited_works AS w ON w.doi = dois.name COLLATE NOCASE
        WHERE w.doi != ''
    UNION SELECT w.id FROM p JOIN cited_works AS w ON {_KEY_W} = {_KEY_P} WHERE {_SAME_YEARS}
    UNION SELECT value FROM json_each(:works)
    UNION SELECT w.id FROM cited_works AS p JOIN cited_works AS w ON {_KEY_W} = {_KEY_P}
        WHERE p.id IN (SELECT value FROM json_each(:works)) AND {_SAME_YEARS}
"""  # noqa: S608
_CITING = """
    SELECT DISTINCT paper_id FROM citation_edges
    WHERE relation = 'references' AND work_id IN (SELECT value FROM json_each(?))
"""
_THEIRS = """
    SELECT work_id FROM citation_edges WHERE relation = :relation
        AND paper_id IN (SELECT value FROM json_each(:papers))
    UNION SELECT work_id FROM work_edges WHERE relation = :relation AND of_id IN (
        SELECT id FROM cited_works WHERE arxiv_id != ''
            AND arxiv_id IN (SELECT value FROM json_each(:arxiv)))
"""
_PAPERS = """
    WITH RECURSIVE part(id) AS (
        SELECT value FROM json_each(?)
        UNION SELECT papers.id FROM papers JOIN part ON papers.merged_into = part.id
    )
    SELECT id, COALESCE(arxiv_id, '') AS arxiv_id, doi FROM papers WHERE id IN part
"""
_DOIS = """
    SELECT doi FROM records WHERE doi != '' AND paper_id IN (SELECT value FROM json_each(?))
"""
_LOOK_UP = """
    SELECT id FROM papers WHERE arxiv_id = :arxiv
    UNION SELECT id FROM papers WHERE key = :key COLLATE NOCASE
    UNION SELECT id FROM papers WHERE doi != '' AND :doi != '' AND doi = :doi COLLATE NOCASE
    UNION SELECT paper_id FROM records
        WHERE doi != '' AND :doi != '' AND doi = :doi COLLATE NOCASE
"""
_LIVE = """
    WITH RECURSIVE way(first, id) AS (
        SELECT value, value FROM json_each(?)
        UNION SELECT way.first, papers.merged_into FROM way JOIN papers ON papers.id = way.id
        WHERE papers.merged_into IS NOT NULL
    )
    SELECT way.first, papers.id FROM way JOIN papers ON papers.id = way.id
    WHERE papers.merged_into IS NULL AND papers.removed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Target:
    """A work that others may cite: rows of its papers and works, and its names everywhere."""

    papers: tuple[int, ...] = ()
    arxiv: tuple[str, ...] = ()
    dois: tuple[str, ...] = ()
    works: tuple[int, ...] = ()


def on_desk(db: Connection, work_ids: Iterable[int]) -> dict[int, int]:
    """The papers on the desk that these works are, by work: the same arXiv id, else DOI, else
    title with years that are near each other."""
    rows = db.execute(_ON_DESK, [json.dumps(sorted(set(work_ids)))]).fetchall()
    live = _live(db, {paper_id for _, paper_id in rows})
    return {work_id: live[paper_id] for work_id, paper_id in rows if paper_id in live}


def target_of(db: Connection, paper_ids: Sequence[int], arxiv: str = "", doi: str = "") -> Target:
    """What is cited where one of these papers, or a work with one of these ids, is."""
    rows = db.execute(_PAPERS, [json.dumps(list(paper_ids))]).fetchall()
    more = db.execute(_DOIS, [json.dumps([row[0] for row in rows])]).fetchall()
    return Target(
        tuple(row[0] for row in rows),
        tuple({arxiv, *(row[1] for row in rows)} - {""}),
        tuple({doi, *(row[2] for row in rows), *(row[0] for row in more)} - {""}),
    )


def look_up(db: Connection, arxiv: str, doi: str, key: str) -> list[int]:
    """The rows of the papers that one of these names means; those removed from the desk, too."""
    found = _ids(db, _LOOK_UP, {"arxiv": arxiv, "doi": doi, "key": key})
    live = _live(db, found)
    return sorted({live.get(number, number) for number in found})


def citing(db: Connection, target: Target) -> list[int]:
    """The papers on the desk that cite it, as far as is known, by their own lists and by what
    services said. Never itself."""
    named = {
        "papers": json.dumps(target.papers),
        "arxiv": json.dumps(target.arxiv),
        "dois": json.dumps(target.dois),
        "works": json.dumps(target.works),
    }
    works = _ids(db, _OF_TARGET, named)
    found = set(_live(db, _ids(db, _CITING, [json.dumps(sorted(works))])).values())
    theirs = _ids(db, _THEIRS, {**named, "relation": Relation.CITED_BY.value})
    found |= set(on_desk(db, theirs).values())
    return sorted(found - set(target.papers))


def papers_citing(db: Connection, ref: str) -> list[int]:
    """Rows of the papers on the desk that cite the work named: an arXiv id in any form, a DOI, or
    the key of a paper on the desk. Empty where none does, and where ``ref`` names nothing."""
    arxiv, doi = arxiv_of(ref), doi_of(ref)
    found = look_up(db, arxiv, doi, ref.strip())
    if not (found or arxiv or doi):
        return []
    return citing(db, target_of(db, found, arxiv, doi))


def _live(db: Connection, paper_ids: Iterable[int]) -> dict[int, int]:
    """The paper on the desk that each of these is now, after merges; a removed one has none."""
    wanted = json.dumps(sorted(paper_ids))
    return dict(db.execute(_LIVE, [wanted]).fetchall())


def _ids(db: Connection, sql: str, values: Sequence[str] | Mapping[str, str]) -> set[int]:
    return {int(row[0]) for row in db.execute(sql, values)}
