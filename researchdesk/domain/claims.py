"""Claims as a paper prints them: candidates found by the parser, and those a person accepted."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ClaimCandidate:
    """A printed number that may be a claim.

    ``printed`` is the number as it stands in the paper, ``value`` what it says, ``spread`` what
    follows the ±. ``where`` is its place in words (``"Table 2"``, ``"abstract"``), ``quote`` the
    sentence or the table's row; ``row`` and ``column`` are the heads of its cell. ``score`` ranks:
    the higher the likelier a claim.
    """

    printed: str
    value: float
    metric: str
    dataset: str
    where: str
    page: int
    quote: str
    spread: float | None = None
    unit: str = ""
    row: str = ""
    column: str = ""
    score: float = 0.0

    @property
    def text(self) -> str:
        """The claim in a line: what, on what, how much."""
        what = " ".join(part for part in (self.metric, self.dataset) if part) or self.column
        spread = "" if self.spread is None else f" ± {self.spread:g}"
        subject = f"{self.row}: " if self.row else ""
        return f"{subject}{what} {self.printed}{self.unit}{spread}".strip()


@dataclass(frozen=True, slots=True)
class PaperClaim:
    """A claim on the desk. ``slug`` names it in links: ``[[claim:<slug>]]``."""

    id: int
    slug: str
    paper_id: int
    version: int
    text: str
    where: str
    created_at: datetime
    quote: str = ""
    page: int | None = None
    metric: str = ""
    dataset: str = ""
    value: float | None = None
    spread: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ClaimRevision:
    """What a claim said from ``saved_at`` on."""

    saved_at: datetime
    text: str
