"""A desk with a made-up library of N papers: seeded, with words as often as in real abstracts."""

import itertools
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from researchdesk.config import Settings
from researchdesk.domain.clock import stamp
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.library_search import page, parse_query

_HERE = Path(__file__).parent
_BEGINNINGS = """
    an ar bi co con de di el en ex fa fi ge gra hy in ka la le lo ma me mi mo na ne no op or pa
    per po pre pro qua ra re ri ro sa se si so sta sub su ta te ti to tra tri un va ve vi zo
"""
_SYLLABLES = tuple(_BEGINNINGS.split())
_FAMILIES = """
    Chen Wang Li Zhang Liu Müller Kumar Singh Kim Park Lee Nguyen Garcia Martin Rossi Schmidt
    Hinton Bengio LeCun Vaswani Kingma Schölkopf Smith Jones Brown Silva Santos Ivanov Petrov
    Tanaka Suzuki Sato Cohen Levy Ahmed Hassan Ali Khan Johansson Nielsen
"""
_NAMES = tuple(_FAMILIES.split())
_CATEGORIES = (
    *("cs.LG", "cs.CL", "cs.CV", "stat.ML", "cs.AI", "cs.NE", "cs.RO", "eess.AS", "math.OC"),
    "q-bio.QM",
)
TAIL = 60_000


def make_desk(folder: Path, papers: int, texts: int = 0, seed: int = 7) -> Desk:
    """A desk of so many papers in ``folder``; one that is there already is taken as it is.

    Abstracts are of about 1.2 KB, their words as often as Zipf has it; every twentieth paper has a
    tag, every fiftieth a note; ``texts`` of them have their full text of 30 KB kept.
    """
    desk = open_desk(Settings(desk=folder, state=folder, offline=True))
    if desk.database.connection.table("papers").count >= papers:
        return desk
    rng = random.Random(seed)
    words = Words(rng)
    with desk.database.writing() as db:
        db.conn.executemany(_PAPER, (_paper(rng, words, n) for n in range(1, papers + 1)))
        db.conn.executemany(
            "INSERT INTO paper_tags VALUES (?, ?)",
            ((f"topic-{rng.randrange(40)}", n) for n in range(20, papers + 1, 20)),
        )
        db.conn.executemany(_PASS, (_pass(n) for n in range(50, papers + 1, 50)))
        db.conn.executemany(
            _NOTE,
            (
                (n, n, words.text(rng, 40), stamp(_day(n)), stamp(_day(n)))
                for n in range(50, papers + 1, 50)
            ),
        )
        step = max(1, papers // max(texts, 1))
        db.conn.executemany(
            "INSERT INTO fulltexts VALUES (?, 1, '', ?)",
            (
                (n, "\f".join(words.text(rng, 450) for _ in range(10)))
                for n in itertools.islice(range(1, papers + 1, step), texts)
            ),
        )
    page(desk, parse_query("x"))
    return desk


_PAPER = """INSERT INTO papers (id, key, arxiv_id, title, authors, abstract, categories, published,
    year, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_PASS = """INSERT INTO passes (id, paper_id, version, workflow, number, state, started_at, ended_at)
    VALUES (?, ?, 1, 'three-pass', 1, ?, ?, ?)"""
_NOTE = """INSERT INTO notes (paper_id, version, pass_id, text, created_at, updated_at)
    VALUES (?, 1, ?, ?, ?, ?)"""


class Words:
    """Words drawn as often as Zipf's law has it: those of the field first, then a long tail."""

    def __init__(self, rng: random.Random) -> None:
        field = (_HERE / "library_words.txt").read_text("utf-8").split()
        tail = (
            "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(2, 4))) for _ in range(TAIL)
        )
        self.all = list(dict.fromkeys((*field, *tail)))
        weights = (1 / (rank + 2.7) ** 1.05 for rank in range(1, len(self.all) + 1))
        self._sums = list(itertools.accumulate(weights))
        self._few = [total - self._sums[24] for total in self._sums[25:]]

    def text(self, rng: random.Random, count: int) -> str:
        return " ".join(rng.choices(self.all, cum_weights=self._sums, k=count)) + "."

    def title(self, rng: random.Random) -> str:
        """Without the words that stand in every text."""
        chosen = rng.choices(self.all[25:], cum_weights=self._few, k=rng.randint(4, 10))
        return " ".join(chosen).capitalize()


def _paper(rng: random.Random, words: Words, number: int) -> tuple[object, ...]:
    day = _day(number)
    authors = [
        f"{rng.choice('ABCDEFGHIJKLMNOPRSTVWYZ')}. {rng.choice(_NAMES)}{rng.choice(_ENDS)}"
        for _ in range(rng.randint(1, 8))
    ]
    categories = rng.sample(_CATEGORIES, rng.randint(1, 3))
    return (
        number,
        f"paper{number}",
        f"{day:%y%m}.{number:05}",
        words.title(rng),
        json.dumps(authors, ensure_ascii=False),
        words.text(rng, rng.randint(120, 220)),
        json.dumps(categories),
        stamp(day),
        day.year,
        stamp(day + timedelta(days=400)),
    )


_ENDS = ("", "", "", "", *_SYLLABLES)


def _pass(number: int) -> tuple[object, ...]:
    """One in two hundred is under way."""
    at = stamp(_day(number))
    return (
        number,
        number,
        *(("started", at, None) if number % 10_000 == 0 else ("finished", at, at)),
    )


def _day(number: int) -> datetime:
    return datetime(2015, 1, 1, tzinfo=UTC) + timedelta(minutes=50 * number)


def typed(text: str) -> Iterator[str]:
    """What stands in the box after each letter."""
    return (text[:end] for end in range(1, len(text) + 1))
