"""Storylines: written from scratch again and again; every draft and each of its states is kept."""

from dataclasses import dataclass
from datetime import datetime

from researchdesk.domain import text as texts


@dataclass(frozen=True, slots=True)
class Draft:
    """One writing from scratch; ``number`` counts from 1, ``states`` its kept states.

    ``text`` is what it says now, ``saved_at`` when that was written.
    """

    number: int
    text: str
    saved_at: datetime
    title: str
    begun_at: datetime
    states: int = 0

    @property
    def name(self) -> str:
        """What a list calls it: its number, and its title where it has one."""
        return f"Draft {self.number}" + (f": {self.title}" if self.title else "")


@dataclass(frozen=True, slots=True)
class DraftState:
    """What a draft said at a pause; ``number`` counts from 1 within the draft."""

    number: int
    text: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """A storyline. ``slug`` names it on the command line; ``drafts`` counts its drafts.

    ``text`` is what the newest draft says; ``draft_title`` what that one is called, and
    ``saved_at`` when it was last written, None where there is no draft. ``finished_at`` is when it
    became a paper, at ``venue`` where that is said; ``celebrated_at`` when that was celebrated.
    """

    id: int
    slug: str
    title: str
    created_at: datetime
    drafts: int
    text: str = ""
    draft_title: str = ""
    saved_at: datetime | None = None
    finished_at: datetime | None = None
    venue: str = ""
    celebrated_at: datetime | None = None


def file_stem(slug: str) -> str:
    """What the files of a story are called: as the story, and never a path, whatever a desk that
    came from elsewhere calls it."""
    return texts.slug(slug, 100)


def settled(text: str) -> str:
    """The text as a state keeps it: one line break at its end; ``""`` where there is nothing."""
    bare = text.rstrip()
    return f"{bare}\n" if bare else ""
