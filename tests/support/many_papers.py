"""As many made-up papers as one wants on a desk, by one statement."""

import json
import random
from datetime import UTC, datetime, timedelta

from researchdesk.domain.clock import stamp
from researchdesk.services.desk import Desk

_NOUNS = (
    *("attention", "dropout", "warmup", "diffusion", "pruning"),
    *("gradient", "curvature", "retrieval", "token", "layer"),
)
_VERBS = ("scaling", "taming", "rethinking", "probing", "learning", "sampling", "training")
_PEOPLE = ("Ada Example", "Ben Sample", "Chen Probe", "Dora Trial", "Emil Chance")
_ABSTRACT = "We study how {} bears on {} and find, in {} runs, that most of what is seen is noise. "
_FIRST = datetime(2020, 1, 1, 12, tzinfo=UTC)


def add_papers(desk: Desk, count: int, first: int = 0) -> None:
    """File ``count`` papers from number ``first`` on, the last of them added last.

    Each is called ``Verb noun with noun, part N`` and has the arXiv id ``YYMM.NNNNN``.
    """
    chance = random.Random(7)
    rows = [_row(chance, number) for number in range(first, first + count)]
    with desk.database.writing() as db:
        db.conn.executemany(
            "INSERT INTO papers(key, arxiv_id, version, title, authors, abstract, categories,"
            " published, doi, journal_ref, comment, added_at, year)"
            " VALUES (?, ?, 1, ?, ?, ?, ?, ?, '', '', '', ?, ?)",
            rows,
        )


def _row(chance: random.Random, number: int) -> tuple[object, ...]:
    one, other = chance.sample(_NOUNS, 2)
    year, month = 2015 + number % 11, 1 + number % 12
    words = "".join(_ABSTRACT.format(one, other, chance.randrange(3, 40)) for _ in range(8))
    return (
        f"made{number}",
        f"{year % 100:02d}{month:02d}.{number:05d}",
        f"{chance.choice(_VERBS).title()} {one} with {other}, part {number}",
        json.dumps(chance.sample(_PEOPLE, 2)),
        words,
        json.dumps(["cs.LG" if number % 3 else "cs.CL"]),
        stamp(datetime(year, month, 1, tzinfo=UTC)),
        stamp(_FIRST + timedelta(minutes=number)),
        year,
    )
