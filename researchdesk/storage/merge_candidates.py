"""Which papers may be one, found by blocks: under one DOI, or with titles that begin or end alike.

Only pairs of which one has no id of arXiv's can be one paper, so the others are not looked at.
"""

import json
from collections.abc import Iterable, Iterator

from sqlite_utils import Database

from researchdesk.domain.likeness import Likely, title_words

_SAID_BY_DOI = """
    SELECT a.id, b.id, 'the DOI ' || a.doi || ' is that of arXiv:' || b.arxiv_id
    FROM papers a JOIN papers b ON b.arxiv_id = substr(a.doi, 16)
    WHERE a.doi LIKE '10.48550/arxiv.%' AND a.id != b.id AND a.arxiv_id IS NULL
    AND a.removed_at IS NULL AND a.merged_into IS NULL
    AND b.removed_at IS NULL AND b.merged_into IS NULL
    UNION ALL
    SELECT a.id, b.id, 'a record of it names arXiv:' || b.arxiv_id
    FROM records r JOIN papers a ON a.id = r.paper_id JOIN papers b ON b.arxiv_id = r.arxiv_id
    WHERE r.arxiv_id != '' AND a.id != b.id AND a.arxiv_id IS NULL
    AND a.removed_at IS NULL AND a.merged_into IS NULL
    AND b.removed_at IS NULL AND b.merged_into IS NULL
"""
_ONE_DOI = """
    WITH under(doi, id) AS (
        SELECT lower(doi), id FROM papers
        WHERE doi != '' AND removed_at IS NULL AND merged_into IS NULL
        UNION
        SELECT lower(records.doi), papers.id FROM records
        JOIN papers ON papers.id = records.paper_id
        WHERE records.doi != '' AND papers.removed_at IS NULL AND papers.merged_into IS NULL
    )
    SELECT doi, group_concat(id) FROM under GROUP BY doi HAVING COUNT(*) BETWEEN 2 AND 12
"""
_TITLES = """
    WITH bare AS (
        SELECT id, arxiv_id, lower(
            replace(replace(replace(replace(title, ' ', ''), '-', ''), '{', ''), '}', '')
        ) AS title FROM papers WHERE removed_at IS NULL AND merged_into IS NULL
    ), ends AS MATERIALIZED (
        SELECT id, arxiv_id, substr(title, 1, 9) AS head, substr(title, -9) AS tail FROM bare
    ), own AS (SELECT head, tail FROM ends WHERE arxiv_id IS NULL)
    SELECT id, title, arxiv_id IS NULL FROM papers WHERE id IN (
        SELECT id FROM ends WHERE arxiv_id IS NULL
        UNION
        SELECT id FROM ends WHERE arxiv_id IS NOT NULL
        AND (head IN (SELECT head FROM own) OR tail IN (SELECT tail FROM own))
    )
"""
_LIKELY = """
    SELECT id, COALESCE(arxiv_id, ''), lower(doi), title, authors, year FROM papers
    WHERE id IN (SELECT value FROM json_each(?))
"""


def said_to_be_one(db: Database) -> list[tuple[int, int, str]]:
    """Pairs that a DOI of arXiv's, or an imported record, says are one, with the reason."""
    return [tuple(row) for row in db.execute(_SAID_BY_DOI).fetchall()]


def under_one_doi(db: Database) -> list[list[int]]:
    """Papers that have, or have a record of, the same DOI. A dozen under one is a book's."""
    return [
        sorted(int(one) for one in ids.split(",")) for _, ids in db.execute(_ONE_DOI).fetchall()
    ]


def with_titles_alike(db: Database) -> list[tuple[int, str, bool]]:
    """The papers whose titles may be those of another, with their titles and whether they are not
    arXiv's: all of those, and the others that begin or end as one of them."""
    return [(row[0], row[1], bool(row[2])) for row in db.execute(_TITLES).fetchall()]


def likely(db: Database, ids: Iterable[int]) -> Iterator[Likely]:
    """What of these papers says which they are."""
    for number, arxiv_id, doi, title, authors, year in db.execute(_LIKELY, [json.dumps(list(ids))]):
        names = tuple(json.loads(authors))
        yield Likely(number, arxiv_id, doi, title, names, year, title_words(title))
