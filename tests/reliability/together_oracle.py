"""What was acknowledged to whom, and whether the desk still has all of it, once."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Fact:
    """Something that was acknowledged: its kind, the words that tell it from all others, and what
    it is about."""

    kind: str
    words: str
    about: str = ""


@dataclass
class Ledger:
    """What one actor did and was told. ``waits`` are in seconds; ``failures`` say what no user may
    meet."""

    name: str
    actions: Counter[str] = field(default_factory=Counter)
    facts: list[Fact] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, kind: str, words: str, about: str = "") -> None:
        with self._guard:
            self.facts.append(Fact(kind, words, about))

    def instead(self, kind: str, words: str, about: str) -> None:
        """As ``keep``, of what there is one of only: what was said of it before is over."""
        with self._guard:
            old = [fact for fact in self.facts if (fact.kind, fact.about) == (kind, about)]
            self.facts = [fact for fact in self.facts if fact not in old]
            self.facts.append(Fact(kind, words, about))

    def take(self, fact: Fact, kind: str) -> None:
        """The fact is over: it was taken back by who did it, and now the other kind holds."""
        with self._guard:
            self.facts.remove(fact)
            self.facts.append(Fact(kind, fact.words, fact.about))

    def known(self) -> list[Fact]:
        with self._guard:
            return list(self.facts)


_LABELS = """SELECT papers.arxiv_id || ' ' || tag FROM paper_tags
    JOIN papers ON papers.id = paper_tags.paper_id"""
_READ = {
    "note": "SELECT text FROM notes WHERE deleted_at IS NULL",
    "edit": "SELECT text FROM note_revisions",
    "surprise": "SELECT text FROM surprises",
    "claim": "SELECT text FROM claims WHERE removed_at IS NULL",
    "paper": "SELECT arxiv_id FROM papers WHERE removed_at IS NULL",
    "stars": "SELECT arxiv_id || ' ' || stars FROM papers",
    "tag": _LABELS,
}


def lost(desk: Path, facts: Iterable[Fact]) -> list[str]:
    """In words, what of the facts does not hold on the desk, and what it has twice."""
    with closing(sqlite3.connect(desk / "desk.db", timeout=30)) as raw:
        raw.execute("BEGIN")
        has = {kind: Counter(row[0] for row in raw.execute(sql)) for kind, sql in _READ.items()}
        has["story"] = Counter(_story_words(raw))
    has["edit"] = Counter(word for text in has["edit"] for word in set(text.split()))
    told = []
    for fact in facts:
        problem = _JUDGES.get(fact.kind, _once)(fact, has, desk)
        if problem:
            told.append(f"{fact.kind} {fact.words!r} {fact.about}: {problem}")
    return told


def _story_words(raw: sqlite3.Connection) -> Iterable[str]:
    for sql in ("SELECT text FROM drafts", "SELECT text FROM draft_states"):
        for (text,) in raw.execute(sql):
            yield from set(text.split())


_Has = dict[str, Counter[str]]


def _once(fact: Fact, has: _Has, desk: Path) -> str:
    count = has[fact.kind][fact.words]
    return "" if count == 1 else "is lost" if not count else f"is there {count} times"


def _some(fact: Fact, has: _Has, desk: Path) -> str:
    return "" if has[fact.kind][fact.words] else "is lost"


def _labelled(kind: str, wanted: bool) -> Callable[[Fact, _Has, Path], str]:
    def judge(fact: Fact, has: _Has, desk: Path) -> str:
        there = bool(has[kind][f"{fact.about} {fact.words}"])
        return "" if there is wanted else "is lost" if wanted else "is back"

    return judge


def _absent(kind: str) -> Callable[[Fact, _Has, Path], str]:
    return lambda fact, has, desk: "is back" if has[kind][fact.words] else ""


def _file(fact: Fact, has: _Has, desk: Path) -> str:
    return "" if Path(fact.words).exists() else "is lost"


def _run(fact: Fact, has: _Has, desk: Path) -> str:
    return "" if (desk / "runs" / fact.words / "events.jsonl").is_file() else "is lost"


_JUDGES: dict[str, Callable[[Fact, _Has, Path], str]] = {
    "edit": _some,
    "story": _some,
    "tag": _labelled("tag", True),
    "untagged": _labelled("tag", False),
    "stars": _labelled("stars", True),
    "gone": _absent("note"),
    "removed": _absent("paper"),
    "file": _file,
    "run": _run,
}
