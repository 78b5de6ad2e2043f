"""What a linked thing says now, as evidence for the sentence that links it."""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """``AGAINST``: it contradicts what leans on it. ``OPEN``: nothing is decided yet. ``GONE``:
    nothing on the desk answers to it. ``PLAIN``: it can be read, and says neither yes nor no."""

    HOLDS = "holds"
    AGAINST = "against"
    OPEN = "open"
    GONE = "gone"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class EvidenceState:
    """``ref`` as ``Link.ref``; ``title`` names the thing, ``said`` is what it says, in a few words
    that change only where what it says does; ``since`` that its paper was withdrawn, or replaced
    by a newer version, or ``""``: that stands in ``said`` too."""

    ref: str
    title: str
    said: str
    standing: Standing
    since: str = ""
