"""Full-text search over surprises, ideas and investigations."""

import re
import sqlite3
from collections.abc import Callable


def match_expression(words: str) -> str:
    """The words as an FTS5 query in which every word must begin a word of the text.

    Each is quoted, so that ``c++ (`` is words and not syntax; ``""`` where nothing is left.
    """
    tokens = re.findall(r"[^\W_]+", words)
    return " ".join(f'"{token}"*' for token in tokens)


def numbers(db: sqlite3.Connection, table: str, words: str, limit: int) -> list[int]:
    """Rows of ``surprises``, ``ideas`` or ``investigations`` in which every word begins a word.

    Best first (bm25); then those that have some of the words in what belongs to them: explanations,
    answers to steps, experiments and hypotheses.
    """
    expression = match_expression(words)
    if not expression:
        return []
    sql = _RANKED.format(table=f"{table}_fts")
    found = [row[0] for row in db.execute(sql, (expression, limit))]
    parts: dict[int, list[str]] = {}
    for query in _PARTS.get(table, ()):
        for number, text in db.execute(query):
            parts.setdefault(number, []).append(text)
    fits = every_word(words)
    more = [number for number in sorted(parts, reverse=True) if fits(" ".join(parts[number]))]
    return list(dict.fromkeys([*found, *more]))[:limit]


def drafts(db: sqlite3.Connection) -> list[tuple[str, str, str, int, str]]:
    """Of each story the slug, its title, that of its newest draft, that draft's number, its text;
    the newest story first."""
    return db.execute(_DRAFTS).fetchall()


_RANKED = "SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rank LIMIT ?"
_DRAFTS = """
    SELECT slug, stories.title, COALESCE(newest.title, ''), COALESCE(number, 0),
        COALESCE(newest.text, '')
    FROM stories LEFT JOIN drafts AS newest ON newest.story_id = stories.id AND number =
        (SELECT MAX(number) FROM drafts WHERE drafts.story_id = stories.id)
    ORDER BY created_at DESC, stories.id DESC
"""
_PARTS = {
    "surprises": (
        "SELECT id, text || ' ' || expected || ' ' || observed AS text FROM surprises",
        "SELECT surprise_id AS id, text || ' ' || predicts || ' ' || refuted_by AS text"
        " FROM explanations",
    ),
    "investigations": (
        "SELECT id, title AS text FROM investigations",
        "SELECT investigation_id AS id, text FROM investigation_answers WHERE id IN"
        " (SELECT MAX(id) FROM investigation_answers GROUP BY investigation_id, step)",
        "SELECT investigation_id AS id, title || ' ' || changed AS text FROM experiments"
        " WHERE removed_at IS NULL",
        "SELECT investigation_id AS id, text FROM hypotheses"
        " JOIN experiments ON experiments.id = experiment_id WHERE removed_at IS NULL",
    ),
}


def every_word(words: str) -> Callable[[str], bool]:
    """Whether each of ``words`` begins a word of a text; no text fits where there are no words."""
    tokens = [re.compile(rf"(?<![^\W_]){re.escape(token)}") for token in tokens_of(words)]

    def fits(text: str) -> bool:
        folded = text.casefold()
        return bool(tokens) and all(token.search(folded) for token in tokens)

    return fits


def tokens_of(words: str) -> list[str]:
    """The single words that are looked for, case-folded."""
    return re.findall(r"[^\W_]+", words.casefold())
