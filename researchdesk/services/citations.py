"""What is around a paper: what it cites, what cites it, what is similar.

From the papers' own lists and the desk always; from a service where it is switched on.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from researchdesk.config import Settings
from researchdesk.domain.citations import (
    MOST,
    SEMANTIC_SCHOLAR,
    Answered,
    CitationSource,
    Found,
    Ids,
    Known,
    Progress,
    Relation,
    UnknownWorkError,
    doi_of,
)
from researchdesk.domain.papers import Paper
from researchdesk.domain.venues import venue_of
from researchdesk.errors import NotOnDeskError, SourceError
from researchdesk.services.citation_lists import WITHHELD as WITHHELD
from researchdesk.services.citation_lists import Around as Around
from researchdesk.services.citation_lists import Near as Near
from researchdesk.services.citation_lists import State as State
from researchdesk.services.citation_lists import kept_around
from researchdesk.services.desk import Desk
from researchdesk.sources import semantic_scholar
from researchdesk.sources.progress import silent
from researchdesk.sources.semantic_scholar import SemanticScholar
from researchdesk.storage import citations, papers
from researchdesk.storage.citation_matches import papers_citing as papers_citing
from researchdesk.storage.citations import ITSELF, Subject

_AN_HOUR, _A_YEAR = timedelta(hours=1), timedelta(days=365)
REMEMBERED = timedelta(days=7)
"""So long it is not asked again for a work that the service did not know."""


def around(
    desk: Desk,
    of: Paper | Near,
    relation: Relation,
    *,
    refresh: bool = False,
    most: int = MOST,
    progress: Progress = silent,
) -> Around:
    """What is known to be around a paper or a work; with ``refresh`` the service is asked anew.

    Without, nothing is sent. Raises SourceError where the service is switched off or fails; what
    was kept stays.
    """
    subject = _subject(of)
    if refresh:
        _ask(desk, subject, _ids(desk, of), relation, most, progress)
    return kept_around(desk, subject, relation)


def needs_asking(desk: Desk, of: Paper | Near, relation: Relation) -> bool:
    """Whether the service may be asked, and did not answer this before.

    One that it did not know is asked about again after a week.
    """
    if not desk.settings.semantic_scholar or desk.settings.offline:
        return False
    known = citations.answers(desk.database.connection, _subject(of))
    itself = known.get((ITSELF, SEMANTIC_SCHOLAR))
    if itself and not itself.known:
        return desk.clock() - itself.at > REMEMBERED
    return (relation.value, SEMANTIC_SCHOLAR) not in known


def paper_near(desk: Desk, near: Near) -> Paper:
    """The paper on the desk that a work is. Raises NotOnDeskError."""
    if not near.paper_id:
        raise NotOnDeskError(
            f"{near.work.title!r} is not on this desk.", "Put it there first: researchdesk add ID"
        )
    return papers.by_id(desk.database.connection, near.paper_id)


def _subject(of: Paper | Near) -> Subject:
    if isinstance(of, Paper):
        return Subject(paper_id=of.id)
    return Subject(paper_id=of.paper_id) if of.paper_id else Subject(work_id=of.work_id)


def _ids(desk: Desk, of: Paper | Near) -> Ids:
    if isinstance(of, Near) and of.paper_id:
        of = papers.by_id(desk.database.connection, of.paper_id)
    if isinstance(of, Near):
        return of.work.ids
    return Ids(of.metadata.arxiv_id or "", doi_of(of.metadata.doi))


# Asking


def _source(desk: Desk) -> CitationSource:
    return SemanticScholar(desk.settings, desk.clock)


def _ask(
    desk: Desk, of: Subject, ids: Ids, relation: Relation, most: int, progress: Progress
) -> None:
    """Ask the service, and keep what it says; also that it knows no such work."""
    source, moment = _source(desk), desk.clock()
    known = citations.answers(desk.database.connection, of).get((ITSELF, source.name))
    try:
        if known is None or not known.known or moment - known.at > _longest(relation):
            said = source.known(ids, progress)
            known = _keep_itself(desk, of, said, source.name, moment)
        ids = replace(ids, s2=known.of)
        found = source.around(ids, relation, most, progress)
    except UnknownWorkError:
        told = Answered(moment, known=False)
        with desk.database.writing() as db:
            citations.keep_answer(db, of, ITSELF, source.name, told)
        return
    total = {
        Relation.REFERENCES: known.total,
        Relation.CITED_BY: citations.times_cited(desk.database.connection, source.name, known.of),
        Relation.SIMILAR: None,
    }[relation]
    _keep_found(desk, of, relation, source.name, found, Answered(moment, total))


def _longest(relation: Relation) -> timedelta:
    """So long what the service said of the work itself is not asked for again."""
    return _A_YEAR if relation is Relation.SIMILAR else _AN_HOUR


def _keep_itself(desk: Desk, of: Subject, said: Known, source: str, moment: datetime) -> Answered:
    told = Answered(moment, said.references, of=said.work.ids.s2)
    with desk.database.writing() as db:
        citations.keep_works(db, [said.work], moment)
        citations.keep_answer(db, of, ITSELF, source, told)
        venue = "" if venue_of(said.work.venue) == "arXiv" else said.work.venue
        if of.paper_id:
            citations.set_published(db, of.paper_id, venue, said.work.year)
    return told


def _keep_found(
    desk: Desk, of: Subject, relation: Relation, source: str, found: Found, told: Answered
) -> None:
    total = told.total
    if total is None and found.whole and not found.withheld:
        total = len(found.works)
    with desk.database.writing() as db:
        rows = citations.keep_works(db, found.works, told.at)
        edges = [(row, work.influential) for row, work in zip(rows, found.works, strict=True)]
        citations.keep_edges(db, of, relation, source, edges)
        citations.keep_answer(db, of, relation, source, replace(told, total=total))


def switching_on(settings: Settings) -> str:
    """How a person lets the service be asked, and what it then learns."""
    return semantic_scholar.switching_on(settings)


def switched_off(desk: Desk) -> SourceError:
    """What is told where only the service could say something, and it is switched off."""
    return semantic_scholar.switched_off(desk.settings)
