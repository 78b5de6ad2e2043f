"""For whom a talk is and what it is to leave behind, as the speaker's notes say it."""

import re
from collections.abc import Iterable

from researchdesk.domain.slides import Slide
from researchdesk.domain.text import one_line

_AUDIENCE = re.compile(r"^[ \t]*Audience:[ \t]*(\S.*)$", re.M | re.IGNORECASE)
_GOALS = re.compile(
    r"^[ \t]*(?:The listener should leave with|Goals?):[ \t]*(\S.*)?((?:\n[ \t]*[-*][ \t]+.*)*)",
    re.M | re.IGNORECASE,
)
_ITEM = re.compile(r"^[ \t]*[-*][ \t]+(?!TODO\b)(.*\S)", re.M)
UNSAID = "not said yet"
"""What stands for an audience that nobody named."""


def audience_of(slides: Iterable[Slide]) -> str:
    """Who listens, by a line ``Audience: …`` of the notes; ``""`` where it is not said."""
    found = _AUDIENCE.search(_notes(slides))
    said = one_line(found[1]) if found else ""
    return "" if said == UNSAID else said


def goals_of(slides: Iterable[Slide]) -> tuple[str, ...]:
    """What the listener should leave with, by the list below such a line of the notes."""
    found = _GOALS.search(_notes(slides))
    if found is None:
        return ()
    said = [found[1] or "", *_ITEM.findall(found[2])]
    return tuple(filter(None, map(one_line, said)))


def _notes(slides: Iterable[Slide]) -> str:
    return "\n\n".join(slide.notes for slide in slides)
