"""What a desk holds, as flat facts: read by SQL and from its files, not by the desk's own code."""

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Key = tuple[str, ...]
Facts = Mapping[Key, Any]
_NEWEST = "rehearsals"
"""A table that desks of older releases have not: their rows are not read."""
GONE = "gone"
"""The value of a fact that is not there (any more)."""


def observe(desk: Path, out: Path | None = None) -> dict[Key, Any]:
    """Every fact of the desk folder, and of the files exported to ``out``.

    Papers by arXiv id or key; notes, claims, surprises by the first word of what they said first;
    files by their SHA-256.
    """
    found: dict[Key, Any] = {}
    if (desk / "desk.db").is_file():
        uri = f"{(desk / 'desk.db').absolute().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as raw:
            if raw.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (_NEWEST,)).fetchone():
                found.update(_rows(raw, desk))
    for kind in ("runs", "sweeps"):
        found.update(_runs(desk / kind))
    for folder, kind in ((desk / "backups", "backup"), (out, "file")):
        if folder is not None:
            found.update({(kind, name): digest for name, digest in _files(folder)})
    return found


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _rows(raw: sqlite3.Connection, desk: Path) -> Iterator[tuple[Key, Any]]:
    names = {}
    for number, key, arxiv, title, removed, merged in raw.execute(
        "SELECT id, key, arxiv_id, title, removed_at, merged_into FROM papers"
    ):
        names[number] = arxiv or key
        yield ("paper", arxiv or key), (title, removed is None, merged is not None)
    yield from _pdfs(raw, desk, names)
    yield from _notes(raw, names)
    for slug, number, text in raw.execute(
        "SELECT slug, number, text FROM drafts JOIN stories ON stories.id = story_id"
    ):
        yield ("draft", slug, str(number)), text
    for slug, number, texts in raw.execute(
        "SELECT slug, number, json_group_array(text) FROM (SELECT slug, number, text FROM"
        " draft_states JOIN stories ON stories.id = story_id ORDER BY draft_states.id)"
        " GROUP BY slug, number"
    ):
        yield ("states", slug, str(number)), tuple(json.loads(texts))
    for slug, title in raw.execute("SELECT slug, title FROM stories"):
        yield ("story", slug), title
    for text, removed in raw.execute("SELECT text, removed_at FROM claims"):
        yield ("claim", _token(text)), (text, removed is None)
    for text, *sides in raw.execute("SELECT text, expected, observed FROM surprises"):
        yield ("funny", _token(text)), (text, *sides)
    for (text,) in raw.execute("SELECT text FROM ideas"):
        yield ("idea", _token(text)), text
    for paper, number, state in raw.execute("SELECT paper_id, number, state FROM passes"):
        yield ("pass", names[paper], str(number)), state
    for tag, paper in raw.execute("SELECT tag, paper_id FROM paper_tags"):
        yield ("tag", names[paper], tag), True
    for arxiv, state in raw.execute("SELECT arxiv_id, state FROM feed_entries"):
        yield ("entry", arxiv), state
    for paper, kind, text in raw.execute("SELECT paper_id, kind, text FROM news"):
        yield ("news", names[paper], kind), text


def _pdfs(
    raw: sqlite3.Connection, desk: Path, names: Mapping[int, str]
) -> Iterator[tuple[Key, Any]]:
    for paper, version, path, digest in raw.execute(
        "SELECT paper_id, version, pdf, sha256 FROM versions WHERE pdf != ''"
    ):
        try:
            held = digest_of((desk / path).read_bytes())
        except OSError:
            held = "the file is not there"
        there = held if held == digest else f"{held}, though the desk says {digest}"
        yield ("pdf", names[paper], str(version)), there


def _notes(raw: sqlite3.Connection, names: Mapping[int, str]) -> Iterator[tuple[Key, Any]]:
    said: dict[int, list[str]] = {}
    for number, text in raw.execute("SELECT note_id, text FROM note_revisions ORDER BY id"):
        said.setdefault(number, []).append(text)
    for number, paper, text, deleted in raw.execute(
        "SELECT id, paper_id, text, deleted_at FROM notes ORDER BY id DESC"
    ):
        states = said.get(number, ["(it has no state)"])
        if states[-1] != text:
            states = [*states, f"(its last state is not its text: {text})"]
        yield ("note", _token(states[0])), (names[paper], tuple(states), deleted is None)


def _runs(folder: Path) -> Iterator[tuple[Key, Any]]:
    """The seeds that runs and sweeps finished, and those that came to their end."""
    for events in sorted(folder.rglob("events.jsonl")) if folder.is_dir() else ():
        run = events.parent.relative_to(folder).as_posix()
        for line in events.read_bytes().split(b"\n")[:-1]:
            with contextlib.suppress(ValueError):
                event = json.loads(line)
                if event.get("kind") == "run_finished":
                    yield ("run", run), "finished"
                if event.get("kind") == "seed_finished":
                    told = json.dumps(event.get("data", {}).get("metrics"), sort_keys=True)
                    yield ("seed", run, str(event.get("arm")), str(event.get("seed"))), told


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and not path.suffix.startswith(".part"):
            yield path.relative_to(folder).as_posix(), digest_of(path.read_bytes())


def _token(text: str) -> str:
    return text.split(maxsplit=1)[0] if text.strip() else text
