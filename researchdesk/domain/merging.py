"""Two records of one paper, side by side: what each says, and which is rather kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from researchdesk.domain.papers import Paper


@dataclass(frozen=True, slots=True)
class Proposal:
    """That two papers may be one, and why. ``kept`` is the one that would be kept."""

    kept: Paper
    other: Paper
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Belongings:
    """How much hangs on a paper; ``tags`` and ``collections`` are names."""

    files: int = 0
    passes: int = 0
    notes: int = 0
    claims: int = 0
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        return 4 * self.files + 3 * self.passes + 2 * self.notes + 2 * self.claims + len(self.tags)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that both records say. ``unlike``: both say it, and not the same."""

    name: str
    kept: str
    other: str

    @property
    def unlike(self) -> bool:
        return bool(self.kept and self.other and self.kept.casefold() != self.other.casefold())


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two papers and their lines. ``hindrance`` says why they cannot be one, or is empty."""

    kept: Paper
    other: Paper
    lines: tuple[Line, ...]
    hindrance: str = ""


def rather_kept(one: Paper, other: Paper, first: Belongings, second: Belongings) -> bool:
    """Whether ``one`` is to be kept: arXiv's, else that on which more hangs, else the older."""
    for mine, its in (
        (one.metadata.arxiv_id is not None, other.metadata.arxiv_id is not None),
        (first.weight, second.weight),
    ):
        if mine != its:
            return mine > its
    return one.id < other.id


def lines_of(kept: Paper, other: Paper, first: Belongings, second: Belongings) -> tuple[Line, ...]:
    """What is said of both, and what hangs on them; what neither has is left out."""
    pairs = zip(_said(kept, first), _said(other, second), strict=True)
    lines = (Line(name, mine, its) for (name, mine), (_, its) in pairs)
    return tuple(line for line in lines if line.kept or line.other)


def _said(paper: Paper, more: Belongings) -> Sequence[tuple[str, str]]:
    words = paper.metadata
    return (
        ("title", words.title),
        ("authors", ("; " if any("," in n for n in words.authors) else ", ").join(words.authors)),
        ("year", str(words.year or "")),
        ("venue", words.venue or words.journal_ref),
        ("arXiv", f"{words.arxiv_id} v{words.version}" if words.arxiv_id else ""),
        ("DOI", words.doi),
        ("key", paper.key),
        ("files", _counted(more.files, "version")),
        ("passes", _counted(more.passes, "")),
        ("notes", _counted(more.notes, "")),
        ("claims", _counted(more.claims, "")),
        ("tags", ", ".join(more.tags)),
        ("in", ", ".join(more.collections)),
        ("stars", "★" * paper.stars),
        ("abstract", words.abstract),
    )


def _counted(count: int, what: str) -> str:
    if not count:
        return ""
    return str(count) if not what else f"{count} {what}{'' if count == 1 else 's'}"
