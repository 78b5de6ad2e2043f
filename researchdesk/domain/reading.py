"""Passes over a paper, and the notes that belong to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PassState(StrEnum):
    STARTED = "started"
    FINISHED = "finished"
    DROPPED = "dropped"


class Decision(StrEnum):
    """What was decided at the end of a pass."""

    GO_ON = "go on"
    LATER = "later"
    STOP = "stop"


class NoteKind(StrEnum):
    """``QUESTION`` marks what was not understood; it may have a quote and no words of its own."""

    NOTE = "note"
    QUESTION = "question"
    TRICK = "trick"


@dataclass(frozen=True, slots=True)
class ReadingPass:
    """One pass over one version of a paper. ``step`` is the step at hand, from 0.

    ``seconds`` is the time spent reading in it. ``decision`` and ``why`` are of its end.
    """

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
    decision: Decision | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class CodePlace:
    """A line of a file in a clone. ``path`` is relative to the clone; ``line`` counts from 1."""

    repository: str
    commit: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a pass. ``page`` counts from 1; ``step`` is the key of the workflow's step.

    ``answers`` is the id of the question that this note resolves. ``resolved_at`` is of a question:
    when it was answered or let go; None while it is open.
    """

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
    code: CodePlace | None = None
    answers: int | None = None
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoteRevision:
    """What a note said from ``saved_at`` on."""

    saved_at: datetime
    text: str
    quote: str
    page: int | None
    kind: NoteKind


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
