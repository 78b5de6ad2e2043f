"""The "that's funny" log: a delta between what was expected and what was observed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Surprise:
    """``on`` names what it was seen on: a paper's id, a run, or nothing."""

    id: int
    text: str
    expected: str
    observed: str
    noticed_at: datetime
    on: str = ""
