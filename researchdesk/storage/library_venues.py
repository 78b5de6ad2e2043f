"""Papers by the venue that published them, however their records spell it."""

import json
import sqlite3
from functools import lru_cache

from researchdesk.domain.venues import venue_names, venue_of
from researchdesk.storage.library_match import Condition

_SPELLINGS = """
    SELECT DISTINCT venue FROM papers WHERE venue != ''
    UNION SELECT DISTINCT journal_ref FROM papers WHERE journal_ref != ''
    UNION SELECT DISTINCT venue FROM cited_works WHERE venue != ''
"""
_PUBLISHED = """
    WITH spelled AS (SELECT value FROM json_each(?)),
    works AS (SELECT arxiv_id, doi FROM cited_works WHERE venue IN spelled AND venue != '')
    SELECT id FROM papers WHERE venue != '' AND venue IN spelled
    UNION SELECT id FROM papers WHERE journal_ref != '' AND journal_ref IN spelled
    UNION SELECT id FROM papers WHERE arxiv_id IN (SELECT arxiv_id FROM works)
    UNION SELECT id FROM papers WHERE doi != '' AND doi COLLATE NOCASE IN (SELECT doi FROM works)
"""


def published_at(db: sqlite3.Connection, wanted: str, excluded: bool = False) -> Condition:
    """To be published at a venue.

    A short name of ``data/venues.toml`` means that venue, however it is spelled; anything else is
    looked for at the beginning of a short name and in what the records say.
    """
    folded = wanted.casefold()
    names = {name.casefold() for name in venue_names()}
    short = folded if folded in names else _short(wanted)
    spelled = [row[0] for row in db.execute(_SPELLINGS)]
    if short:
        fits = [text for text in spelled if _short(text) == short]
    else:
        fits = [
            text for text in spelled if folded in text.casefold() or _short(text).startswith(folded)
        ]
    sql = f"{{id}} {'NOT ' if excluded else ''}IN ({_PUBLISHED})"
    return Condition(sql, (json.dumps(fits),))


@lru_cache(100_000)
def _short(text: str) -> str:
    return venue_of(text).casefold()
