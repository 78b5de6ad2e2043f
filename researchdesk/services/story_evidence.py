"""What a storyline links, with what it says now, and whether that changed since it was written."""

from collections.abc import Iterable, Mapping

from researchdesk.domain.evidence import EvidenceState, Standing
from researchdesk.domain.links import links_in, ref_link
from researchdesk.domain.story_evidence import Linked as Linked
from researchdesk.domain.story_evidence import LinkedLine as LinkedLine
from researchdesk.domain.story_evidence import Mark as Mark
from researchdesk.errors import NotOnDeskError
from researchdesk.services import evidence
from researchdesk.services.desk import Desk
from researchdesk.storage import stories, story_evidence

_MARKS = {
    Standing.HOLDS: Mark.HOLDS,
    Standing.PLAIN: Mark.PLAIN,
    Standing.OPEN: Mark.OPEN,
    Standing.AGAINST: Mark.CONTRADICTED,
    Standing.GONE: Mark.GONE,
}
_GRAVE = (Mark.CONTRADICTED, Mark.GONE)


def lines_with_evidence(desk: Desk, name: str, text: str) -> list[LinkedLine]:
    """The lines of ``text`` that link something, with what that says now; each thing is asked once.

    Raises NotOnDeskError where there is no such story.
    """
    before = story_evidence.said(desk.database.connection, _story_id(desk, name))
    by_line: dict[int, list[str]] = {}
    line, at = 0, 0
    for link in links_in(text):
        line += text.count("\n", at, link.start)
        at = link.start
        by_line.setdefault(line, []).append(link.ref)
    asked = {ref: evidence.state_of(desk, ref) for refs in by_line.values() for ref in refs}
    told = {ref: _linked(state, before.get(ref, "")) for ref, state in asked.items()}
    return [
        LinkedLine(line, tuple(told[ref] for ref in dict.fromkeys(refs)))
        for line, refs in by_line.items()
    ]


def acknowledge(desk: Desk, name: str, refs: Iterable[str]) -> list[str]:
    """What these say now was seen: it is news no more. Returns those that were known as links.

    Raises NotOnDeskError where there is no such story.
    """
    story_id = _story_id(desk, name)
    links = [link for ref in refs if (link := ref_link(ref)) is not None]
    told = {link.ref: evidence.state_of(desk, link.ref).said for link in links}
    if told:
        with desk.database.writing() as db:
            story_evidence.keep(db, story_id, told, desk.clock())
    return list(told)


def remember(desk: Desk, story_id: int, text: str) -> None:
    """Remember what is linked for the first time with what it says today.

    Not so what is gone or contradicted already: that is news until it is seen.
    """
    known = story_evidence.said(desk.database.connection, story_id)
    fresh = {link.ref for link in links_in(text)} - set(known)
    told = _worth_keeping({ref: evidence.state_of(desk, ref) for ref in sorted(fresh)})
    if told:
        with desk.database.writing() as db:
            story_evidence.keep(db, story_id, told, desk.clock())


def _worth_keeping(states: Mapping[str, EvidenceState]) -> dict[str, str]:
    return {
        ref: state.said for ref, state in states.items() if _MARKS[state.standing] not in _GRAVE
    }


def _linked(state: EvidenceState, before: str) -> Linked:
    mark = _MARKS[state.standing]
    other = bool(before) and before != state.said
    if other and mark not in _GRAVE:
        mark = Mark.CHANGED
    news = mark is Mark.CHANGED or (mark in _GRAVE and before != state.said)
    return Linked(state.ref, state.title, state.said, mark, before, news, state.since)


def _story_id(desk: Desk, name: str) -> int:
    story = stories.find(desk.database.connection, name)
    if story is None:
        raise NotOnDeskError(f"There is no story {name!r}.", "See them: researchdesk story list")
    return story.id
