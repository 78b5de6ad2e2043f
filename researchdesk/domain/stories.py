"""Storyline documents; every draft is kept."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """One saved state of a story; ``number`` counts from 1."""

    number: int
    text: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """A storyline. ``slug`` names it on the command line; ``drafts`` counts its saved drafts."""

    id: int
    slug: str
    title: str
    created_at: datetime
    drafts: int
    text: str = ""
