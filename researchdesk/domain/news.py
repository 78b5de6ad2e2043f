"""What changed about the papers of the desk, told once and kept until it was seen."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NewsKind(StrEnum):
    """``BACK``: a paper that was withdrawn has a new version with its files."""

    VERSION = "version"
    WITHDRAWN = "withdrawn"
    PUBLISHED = "published"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One thing that changed. ``name`` is what a person calls the paper; ``version`` the version
    that came, None where it is about none."""

    id: int
    paper_id: int
    name: str
    title: str
    kind: NewsKind
    text: str
    version: int | None
    at: datetime
    seen_at: datetime | None = None
