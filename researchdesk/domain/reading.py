"""Passes over a paper, and the notes that belong to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PassState(StrEnum):
    STARTED = "started"
    FINISHED = "finished"
    DROPPED = "dropped"


class NoteKind(StrEnum):
    NOTE = "note"
    QUESTION = "question"
    TRICK = "trick"


@dataclass(frozen=True, slots=True)
class ReadingPass:
    """One pass over one version of a paper. ``step`` is the step at hand, from 0."""

    id: int
    paper_id: int
    version: int
    workflow: str
    number: int
    state: PassState
    step: int
    started_at: datetime
    ended_at: datetime | None = None
    why: str = ""
    again_on: date | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a pass. ``page`` counts from 1; ``step`` is the key of the workflow's step."""

    id: int
    paper_id: int
    version: int
    pass_id: int
    pass_number: int
    text: str
    created_at: datetime
    updated_at: datetime
    kind: NoteKind = NoteKind.NOTE
    page: int | None = None
    quote: str = ""
    step: str = ""


def reading_status(passes: Sequence[ReadingPass]) -> str:
    """Where the reading stands, in words: of the pass that moved last."""
    if not passes:
        return "unread"
    last = max(passes, key=lambda item: item.ended_at or item.started_at)
    word = {
        PassState.STARTED: "in pass {}",
        PassState.FINISHED: "pass {} done",
        PassState.DROPPED: "left in pass {}",
    }[last.state]
    return word.format(last.number)
