"""A desk of many made-up papers: words by Zipf's law, topics with words of their own."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from researchdesk.config import Settings
from researchdesk.services.desk import Desk, open_desk

WORDS, TOPICS, OF_A_TOPIC = 60_000, 120, 250
LONG = 170
"""Words of an abstract, in the middle."""
_SYLLABLES = [
    "ba",
    "co",
    "di",
    "fe",
    "gu",
    "la",
    "me",
    "ni",
    "or",
    "pu",
    "ra",
    "se",
    "ti",
    "ul",
    "va",
    "xe",
    "yo",
    "zo",
    "chi",
    "tra",
]
_INSERT = """
    INSERT INTO papers (key, arxiv_id, title, authors, abstract, categories, published, year,
        added_at) VALUES (?, ?, ?, ?, ?, '["cs.LG"]', '2020-01-01T00:00:00Z', 2020, ?)
"""
_MOMENT = datetime(2026, 3, 1, tzinfo=UTC)


def word(number: int) -> str:
    """A word of its own for each number, the longer the rarer."""
    parts = []
    number += len(_SYLLABLES)
    while number:
        number, at = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[at])
    return "".join(parts)


class Papers:
    """Texts of a topic: a third of the words are of the topic, the rest of everyone."""

    def __init__(self, seed: int = 0) -> None:
        self._random = np.random.default_rng(seed)
        self._words = np.array([word(number) for number in range(WORDS)], dtype=object)
        ranks = np.arange(1, WORDS + 1)
        self._common = np.cumsum(1 / ranks**1.05)
        self._common /= self._common[-1]
        own = np.cumsum(1 / np.arange(1, OF_A_TOPIC + 1) ** 0.8)
        self._own = own / own[-1]
        self._topics = [
            self._random.choice(np.arange(200, WORDS), OF_A_TOPIC, replace=False)
            for _ in range(TOPICS)
        ]
        self._names = [f"{word(7 * n).title()} {word(11 * n + 3).title()}" for n in range(40_000)]

    def text(self, topic: int) -> tuple[str, list[str], str]:
        """Title, authors, abstract."""
        count = 10 + max(20, int(self._random.normal(LONG, LONG / 3)))
        draws = self._random.random(count)
        everyone = np.searchsorted(self._common, draws)
        topical = self._topics[topic][np.searchsorted(self._own, self._random.random(count))]
        chosen = np.where(self._random.random(count) < 0.33, topical, everyone)
        words = self._words[chosen]
        names = [
            self._names[(topic * 331 + int(n)) % len(self._names)]
            for n in self._random.integers(0, 330, 4)
        ]
        return " ".join(words[:10]).capitalize(), names, " ".join(words[10:]) + "."

    def texts(self, count: int) -> Iterator[tuple[int, tuple[str, list[str], str]]]:
        """Topics, evenly, each with a text."""
        for number in range(count):
            yield number % TOPICS, self.text(number % TOPICS)


def add(desk: Desk, papers: Papers, count: int, first: int = 0) -> None:
    """Put papers on the desk, numbered from ``first``; the number says the topic."""
    rows = (
        (f"made{first + at}", f"20{(first + at) % 24:02}.{first + at:06}", title,
         json.dumps(names), abstract, _MOMENT.isoformat())
        for at, (_, (title, names, abstract)) in enumerate(papers.texts(count))
    )  # fmt: skip
    with desk.database.writing() as db:
        db.conn.executemany(_INSERT, rows)


def mark(desk: Desk, topic: int, dropped: int, of: int, papers: int = 40, seed: int = 0) -> None:
    """Give stars and a tag to some of the papers of a topic, and leave some of another topic.

    ``of`` is how many papers there are.
    """
    some = random.Random(seed)
    ids = {
        kind: some.sample(range(kind + 1, of + 1, TOPICS), min(papers, of // TOPICS))
        for kind in (topic, dropped)
    }
    with desk.database.writing() as db:
        for paper_id in ids[topic]:
            db.execute("UPDATE papers SET stars = 4 WHERE id = ?", [paper_id])
            db.execute("INSERT OR IGNORE INTO paper_tags VALUES ('wanted', ?)", [paper_id])
        for paper_id in ids[dropped]:
            db.execute(
                "INSERT INTO passes (paper_id, version, workflow, number, state, started_at)"
                " VALUES (?, 1, 'three-pass', 1, 'dropped', ?)",
                [paper_id, _MOMENT.isoformat()],
            )


def open_at(folder: Path) -> Desk:
    """The desk in this folder, with nothing of the user's."""
    return open_desk(Settings(desk=folder / "desk", state=folder / "state", offline=True))
