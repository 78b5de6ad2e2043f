"""What a storyline links, with what it says now, and whether that changed since it was written."""

from collections.abc import Iterable

from researchdesk.domain.denials import denied_places
from researchdesk.domain.evidence import EvidenceState, Standing
from researchdesk.domain.links import links_in, ref_link
from researchdesk.domain.story_evidence import Linked as Linked
from researchdesk.domain.story_evidence import LinkedLine as LinkedLine
from researchdesk.domain.story_evidence import Mark as Mark
from researchdesk.errors import NotOnDeskError
from researchdesk.services import evidence
from researchdesk.services.desk import Desk
from researchdesk.services.refs import whole_ref
from researchdesk.services.story_denials import denial
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

    What says the contrary is no contradiction of a sentence that says so itself.
    Raises NotOnDeskError where there is no such story.
    """
    before = story_evidence.said(desk.database.connection, _story_id(desk, name))
    denied = denied_places(text, denial())
    by_line: dict[int, dict[str, bool]] = {}
    line, at = 0, 0
    for link in links_in(text):
        line += text.count("\n", at, link.start)
        at = link.start
        refs = by_line.setdefault(line, {})
        refs[link.ref] = link.start in denied and refs.get(link.ref, True)
    every = {ref for refs in by_line.values() for ref in refs}
    asked = {ref: evidence.state_of(desk, ref) for ref in sorted(every)}
    return [
        LinkedLine(
            line, tuple(_linked(asked[ref], before.get(ref, ""), no) for ref, no in refs.items())
        )
        for line, refs in by_line.items()
    ]


def acknowledge(desk: Desk, name: str, refs: Iterable[str]) -> list[str]:
    """What these say now was seen: it is news no more. Returns those that were known as links.

    Raises NotOnDeskError where there is no such story.
    """
    story_id = _story_id(desk, name)
    links = [link for ref in refs if (link := ref_link(whole_ref(desk, ref))) is not None]
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
    denied = denied_places(text, denial())
    links = [link for link in links_in(text) if link.ref not in known]
    agreed = {link.ref for link in links} - {one.ref for one in links if one.start not in denied}
    states = {ref: evidence.state_of(desk, ref) for ref in sorted({link.ref for link in links})}
    told = {ref: one.said for ref, one in states.items() if _mark(one, ref in agreed) not in _GRAVE}
    if told:
        with desk.database.writing() as db:
            story_evidence.keep(db, story_id, told, desk.clock())


def _mark(state: EvidenceState, denied: bool) -> Mark:
    """Nothing is decided of what is against a sentence that says so: it is only there."""
    mark = _MARKS[state.standing]
    return Mark.PLAIN if denied and mark is Mark.CONTRADICTED else mark


def _linked(state: EvidenceState, before: str, denied: bool) -> Linked:
    mark = _mark(state, denied)
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
