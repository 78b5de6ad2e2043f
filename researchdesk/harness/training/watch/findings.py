"""What was found in a watched script."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

CERTAIN = "certain"
"""What was observed is the bug: no sound program does it."""
LIKELY = "likely"
"""Sound programs do it seldom, and on purpose."""
LOOK = "worth a look"
"""Often right; a person should have decided it."""
CERTAINTIES = (CERTAIN, LIKELY, LOOK)


@dataclass(frozen=True, slots=True)
class Site:
    """A line of the user's code; ``file`` is empty where none was found."""

    file: str = ""
    line: int = 0


@dataclass(slots=True)
class Finding:
    """One thing found. ``name`` is a stable slug, with a page in ``data/findings``.

    ``message`` says what was observed, with its numbers; ``evidence`` are those numbers by name;
    ``times`` is how often it was seen at this place.
    """

    name: str
    certainty: str
    message: str
    site: Site
    evidence: Mapping[str, Any] = field(default_factory=dict)
    times: int = 1

    def record(self) -> dict[str, Any]:
        """As JSON has it."""
        words = asdict(self)
        site = words.pop("site")
        return {**words, "file": site["file"], "line": site["line"]}
