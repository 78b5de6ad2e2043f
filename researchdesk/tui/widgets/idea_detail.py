"""One idea with all that is known of it, at the side of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from textual.content import Content

from researchdesk.domain.clock import local_day
from researchdesk.domain.happenings import Happening
from researchdesk.domain.ideas import (
    ASSUMED_FUN,
    ASSUMED_IMPACT,
    ASSUMED_WORK_DAYS,
    Idea,
    score,
)
from researchdesk.domain.investigations import Investigation
from researchdesk.domain.links import ref_link
from researchdesk.services.desk import Desk
from researchdesk.services.ideas import history_of
from researchdesk.services.investigation_records import investigations_of
from researchdesk.services.links import title_of
from researchdesk.tui.commands import keyed
from researchdesk.tui.widgets.idea_words import STATES, state_line

_QUIET = "$text-muted"
_TOLD = 8


@dataclass(frozen=True, slots=True)
class Around:
    """What belongs to an idea: what it came from, what follows it up, what happened to it."""

    idea: Idea
    of_title: str = ""
    investigations: tuple[Investigation, ...] = ()
    history: tuple[Happening, ...] = ()


def around(desk: Desk, idea: Idea) -> Around:
    """Reads the desk: for a thread."""
    link = ref_link(idea.of) if idea.of else None
    return Around(
        idea,
        title_of(desk, link) if link else "",
        tuple(investigations_of(desk, idea.ref)),
        tuple(history_of(desk, idea.id)),
    )


def detail(found: Around, today: date) -> Content:
    """All of it, the words first."""
    idea = found.idea
    mark, colour = STATES[idea.state]
    lines = [
        Content.styled(idea.text, "bold"),
        Content.assemble((f"{mark} {state_line(idea)}", colour), (f"  · idea {idea.id}", _QUIET)),
        Content(""),
        _sum(idea),
    ]
    if idea.is_back(today):
        lines.insert(
            2, Content(keyed("Its day has come: {idea.review} asks whether to take it up."))
        )
    if idea.place is not None:
        lines.append(Content(f"Place {idea.place} in your own order (◆)."))
    if idea.instead:
        lines += [Content(""), Content.assemble(("Instead  ", _QUIET), idea.instead)]
    if idea.of:
        lines += [Content(""), Content.assemble(("From  ", _QUIET), idea.of)]
        if found.of_title:
            lines.append(Content(found.of_title))
    lines += _followed(found.investigations)
    lines += _past(found.history)
    return Content("\n").join(lines)


def _sum(idea: Idea) -> Content:
    """How the score comes about, with what was assumed."""
    told = score(idea)
    impact, fun, work = (
        f"{assumed:g} (assumed)" if value is None else f"{value:g}"
        for value, assumed in (
            (idea.impact, ASSUMED_IMPACT),
            (idea.fun, ASSUMED_FUN),
            (idea.work_days, ASSUMED_WORK_DAYS),
        )
    )
    words = f" = impact {impact} × fun {fun} / days of work {work}"
    return Content.assemble((told.words, "bold"), words)


def _followed(investigations: Sequence[Investigation]) -> list[Content]:
    if not investigations:
        return []
    lines = [Content(f"{item.id}  {item.title} ({item.state.value})") for item in investigations]
    return [
        Content(""),
        Content.styled(keyed("Investigations ({idea.investigate} goes there)"), _QUIET),
        *lines,
    ]


def _past(history: Sequence[Happening]) -> list[Content]:
    if not history:
        return []
    lines = []
    for item in reversed(history[-_TOLD:]):
        what = "" if item.what == "state" else f"{item.what}: "
        until = f" until {item.until}" if item.until else ""
        why = f": {item.why}" if item.why else ""
        day = str(local_day(item.at))
        lines.append(Content.assemble((f"{day}  ", _QUIET), f"{what}{item.said}{until}{why}"))
    return [Content(""), Content.styled("What happened", _QUIET), *lines]
