"""The works around a paper as they are kept: one line for each, those on the desk first."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from researchdesk.domain.citations import (
    DESK,
    OWN_LIST,
    SEMANTIC_SCHOLAR,
    Answered,
    Ids,
    Relation,
    Work,
)
from researchdesk.domain.reading import ReadingPass, reading_status
from researchdesk.domain.venues import venue_of
from researchdesk.services.desk import Desk
from researchdesk.storage import citation_matches, citations, reading
from researchdesk.storage.citations import ITSELF, Kept, Subject
from researchdesk.storage.database import Database
from researchdesk.storage.title_key import LEAST

WITHHELD = "Semantic Scholar may not show them: their publisher does not allow it"


class State(StrEnum):
    """How it stands with the service: may not be asked, was not, did not know it, answered."""

    OFF = "off"
    NOT_ASKED = "not asked"
    UNKNOWN = "unknown"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Near:
    """A work around another. ``work_id`` is its row, 0 for a paper that is no work of a list.

    Of one that is a paper on the desk, ``paper_id``, ``name`` and ``status``: where its reading
    stands. ``said_by`` names who says that it belongs here.
    """

    work: Work
    work_id: int = 0
    paper_id: int = 0
    name: str = ""
    status: str = ""
    said_by: tuple[str, ...] = ()

    @property
    def on_desk(self) -> bool:
        return bool(self.paper_id)

    @property
    def venue(self) -> str:
        """Its short name, else the record's words."""
        return venue_of(self.work.venue) or self.work.venue

    @property
    def id(self) -> str:
        """What adds it to the desk or finds it there: an arXiv id, else ``""``."""
        return self.name or self.work.arxiv_id


@dataclass(frozen=True, slots=True)
class Around:
    """The works of a relation: those on the desk first, then by influence, citations, year.

    ``total`` is how many there are as the service says, ``fetched_at`` when it said so. ``listed``
    is None where the paper's own list was not read, else how many entries it has.
    """

    relation: Relation
    works: tuple[Near, ...] = ()
    total: int | None = None
    fetched_at: datetime | None = None
    source: str = SEMANTIC_SCHOLAR
    state: State = State.NOT_ASKED
    listed: int | None = None

    @property
    def withheld(self) -> bool:
        """Whether the service says that there are works, and shows none of them."""
        told = any(SEMANTIC_SCHOLAR in near.said_by for near in self.works)
        return bool(self.state is State.ANSWERED and self.total and not told)

    @property
    def on_desk(self) -> int:
        return sum(near.on_desk for near in self.works)


_FEW = 20
_NO_LETTERS = re.compile(r"[\W_]+")
_NOBODY = Near(Work("", "", ""))


def kept_around(desk: Desk, of: Subject, relation: Relation) -> Around:
    """What is known to be around it, without asking anybody."""
    db = desk.database.connection
    known = citations.answers(db, of)
    kept = citations.around(db, of, relation)
    matched = citation_matches.on_desk(db.conn, [item.id for item in kept])
    merged = _merged(kept, matched)
    if relation is Relation.CITED_BY:
        _add_citing(db, of, merged)
    works = [near for near in merged.values() if near.paper_id != of.paper_id or not near.paper_id]
    works = _with_names(db, works)
    works.sort(key=_order)
    answered = known.get((relation.value, SEMANTIC_SCHOLAR))
    listed = known.get((Relation.REFERENCES.value, OWN_LIST))
    return Around(
        relation,
        tuple(works),
        answered.total if answered else None,
        answered.at if answered else None,
        state=_state(desk, known, answered),
        listed=listed.total if listed else None,
    )


def _state(desk: Desk, known: dict[tuple[str, str], Answered], answered: Answered | None) -> State:
    itself = known.get((ITSELF, SEMANTIC_SCHOLAR))
    if itself is not None and not itself.known:
        return State.UNKNOWN
    if answered is not None:
        return State.ANSWERED
    return State.NOT_ASKED if desk.settings.semantic_scholar else State.OFF


def _merged(kept: list[Kept], matched: dict[int, int]) -> dict[str, Near]:
    """One line for each work, though several sources name it; a service's words before a list's."""
    found: dict[str, Near] = {}
    names: dict[str, str] = {}
    for item in sorted(kept, key=lambda item: (item.work.source == OWN_LIST, item.place)):
        work, paper_id = item.work, matched.get(item.id, 0)
        own, title = _names(work, paper_id), _title_name(work)
        known = next((names[name] for name in own if name in names), "")
        if not known and work.source not in found.get(names.get(title, ""), _NOBODY).said_by:
            known = names.get(title, "")
        if known:
            found[known] = _both(found[known], work, paper_id)
        else:
            known = f"row {item.id}"
            found[known] = Near(work, item.id, paper_id, said_by=(work.source,))
        for name in (*own, title):
            names.setdefault(name, known)
    return found


def _both(near: Near, work: Work, paper_id: int) -> Near:
    more = replace(
        near.work,
        arxiv_id=near.work.arxiv_id or work.arxiv_id,
        influential=near.work.influential or work.influential,
    )
    said = tuple(dict.fromkeys((*near.said_by, work.source)))
    return replace(near, work=more, paper_id=near.paper_id or paper_id, said_by=said)


def _names(work: Work, paper_id: int) -> list[str]:
    """By which a work is surely the same as another."""
    named = (("paper", paper_id), ("arxiv", work.arxiv_id), ("doi", work.doi))
    return [f"{kind} {name}" for kind, name in named if name]


def _title_name(work: Work) -> str:
    letters = _NO_LETTERS.sub("", work.title.casefold())
    return f"title {letters}" if len(letters) >= LEAST else f"{work.source} {work.source_id}"


def _add_citing(db: Database, of: Subject, merged: dict[str, Near]) -> None:
    """The papers on the desk whose own lists name it."""
    if of.paper_id:
        target = citation_matches.target_of(db.conn, [of.paper_id])
    else:
        kept = citations.work_of(db, of.work_id)
        ids = kept.work.ids if kept else Ids()
        target = citation_matches.target_of(db.conn, [], ids.arxiv, ids.doi)
        target = replace(target, works=(of.work_id,))
    there = {near.paper_id: key for key, near in merged.items() if near.paper_id}
    citing = citation_matches.citing(db.conn, target)
    own = citations.desk_works(db, [number for number in citing if number not in there])
    for paper_id in citing:
        if key := there.get(paper_id):
            near = merged[key]
            merged[key] = replace(near, said_by=tuple(dict.fromkeys((*near.said_by, DESK))))
        else:
            merged[f"paper {paper_id}"] = Near(own[paper_id][1], paper_id=paper_id, said_by=(DESK,))


def _with_names(db: Database, works: list[Near]) -> list[Near]:
    """Papers on the desk with their own name, title and where their reading stands."""
    ids = [near.paper_id for near in works if near.paper_id]
    own = citations.desk_works(db, ids)
    statuses = _statuses(db, ids)
    told = []
    for near in works:
        if near.paper_id in own:
            name, ours = own[near.paper_id]
            work = replace(
                near.work,
                title=ours.title,
                authors=ours.authors or near.work.authors,
                year=ours.year or near.work.year,
                venue=ours.venue or near.work.venue,
            )
            near = replace(near, work=work, name=name, status=statuses[near.paper_id])
        told.append(near)
    return told


def _statuses(db: Database, paper_ids: list[int]) -> dict[int, str]:
    passes: dict[int, list[ReadingPass]] = {paper_id: [] for paper_id in paper_ids}
    few = len(paper_ids) <= _FEW
    found = (
        [item for paper_id in passes for item in reading.passes(db, paper_id)]
        if few
        else reading.passes(db)
    )
    for item in found:
        if item.paper_id in passes:
            passes[item.paper_id].append(item)
    return {paper_id: reading_status(items) for paper_id, items in passes.items()}


def _order(near: Near) -> tuple[bool, bool, int, int, str]:
    work = near.work
    return (
        not near.on_desk,
        not work.influential,
        -(work.cited_by if work.cited_by is not None else -1),
        -(work.year or 0),
        work.title.casefold(),
    )
