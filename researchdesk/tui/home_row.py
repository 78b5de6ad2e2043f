"""A row of Home: one thing that waits, and where it leads."""

from dataclasses import dataclass

from textual.content import Content
from textual.message import Message

from researchdesk.services.reading import Due
from researchdesk.tui.messages import Follow, OpenChanges, OpenPaper, OpenReview, OpenTriage

FINISHED, PUT_OFF, BACK, HALF_DONE, RUNS, FEEDS, NEWS, PAIRS, REVIEWS, SURPRISES = (
    "Finished",
    "Put off to now",
    "Back today",
    "Half done",
    "Runs that ended",
    "New papers",
    "What changed",
    "Two records of one paper?",
    "Reviews due",
    "That's funny",
)


@dataclass
class OpenMerge(Message):
    """Ask whether these two papers are one: the rows of both."""

    one: int
    other: int


@dataclass
class OpenStory(Message):
    """Show the story of this name."""

    slug: str


@dataclass
class OpenIdeas(Message):
    """Show the ideas, at this one where it is not 0."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One thing. ``key`` is unique; ``target`` is what to post to go there.

    ``due`` is there for reading that was put off, ``review`` is the ref of what can be reviewed.
    ``detail`` tells more of it. ``ref`` names the paper at hand. ``news`` is the number of what
    changed, which can be marked as seen. ``story`` names a finished one that
    was not celebrated yet.
    """

    key: str
    section: str
    title: str
    facts: Content
    target: (
        OpenPaper
        | OpenChanges
        | Follow
        | OpenReview
        | OpenMerge
        | OpenTriage
        | OpenStory
        | OpenIdeas
    )
    detail: Content
    ref: str = ""
    due: Due | None = None
    review: str = ""
    news: int = 0
    story: str = ""


def facts_line(*parts: str) -> Content:
    """What is known of a row, in one line; empty parts are left out."""
    return Content.styled(" · ".join(part for part in parts if part), "$text-muted")
