"""What is said of the works around a paper, and of how it stands with who knows them."""

from textual.content import Content

from researchdesk.config import Settings
from researchdesk.domain.citations import DESK, OWN_LIST, SEMANTIC_SCHOLAR, Relation
from researchdesk.domain.clock import local_day
from researchdesk.services.citations import WITHHELD, Around, Near, State, switching_on
from researchdesk.tui.commands import keyed
from researchdesk.tui.widgets.citation_list import INFLUENTIAL

NAME = "Semantic Scholar"
_SAID = {
    OWN_LIST: "the paper's own list",
    DESK: "lists of papers on the desk",
    SEMANTIC_SCHOLAR: NAME,
}
_NOTHING = {
    Relation.REFERENCES: "What it cites is not known here.",
    Relation.CITED_BY: "No paper on the desk cites it, as far as their lists are read.",
    Relation.SIMILAR: "What is similar is not known here.",
}
_AUTHORS = 12


def state_line(around: Around) -> str:
    """How it stands, in a line."""
    own = _own_words(around)
    words = {
        State.OFF: "{service} is off ({citations.ask} says how)",
        State.NOT_ASKED: "{service} was not asked yet ({citations.ask})",
        State.UNKNOWN: "{service} does not know this one",
        State.ANSWERED: "{service}, as of {day} ({citations.ask}: again)",
    }[around.state]
    service = keyed(words, service=NAME, day=_day(around))
    return f"{own} · {service}" if own else service


def empty_words(around: Around, settings: Settings, has_file: bool) -> str:
    """What stands where there is no work to be shown: what is known, and what to do."""
    parts = [_NOTHING[around.relation]]
    if around.state is State.ANSWERED:
        said = f"{WITHHELD}." if around.withheld else f"None: {NAME} names none."
        parts = [f"{said} That was so on {_day(around)}."]
    elif around.relation is Relation.REFERENCES and not has_file:
        parts.append(
            keyed(
                "Its own list is read out of its PDF, which is not here: {citations.add} "
                "fetches it."
            )
        )
    elif around.relation is Relation.REFERENCES and around.listed == 0:
        parts.append("No list of references was found in its file.")
    if around.relation is Relation.SIMILAR:
        parts.append(
            keyed("{app.similar} shows papers on the desk that are like it, without any service.")
        )
    elif around.relation is Relation.CITED_BY:
        parts.append(keyed("{citations.index} reads the lists of all papers on the desk."))
    if around.state is State.OFF:
        parts.append(f"{NAME} is switched off, and nothing is sent to it. {switching_on(settings)}")
    elif around.state is State.NOT_ASKED:
        parts.append(keyed("Press {citations.ask} to ask {service}.", service=NAME))
    elif around.state is State.UNKNOWN:
        parts.append(
            f"{NAME} does not know this one. " + keyed("Press {citations.ask} to ask again.")
        )
    return "\n\n".join(parts)


def about(near: Near | None) -> Content:
    """The work under the cursor, whole."""
    if near is None:
        return Content("")
    work = near.work
    names = ", ".join(work.authors[:_AUTHORS])
    names += f" and {len(work.authors) - _AUTHORS} more" if len(work.authors) > _AUTHORS else ""
    facts = [str(part) for part in (near.venue, work.year) if part]
    if work.venue and work.venue != near.venue:
        facts.append(work.venue)
    if work.cited_by is not None:
        facts.append(f"cited {work.cited_by:,} times")
    if work.influential:
        facts.append(f"{INFLUENTIAL} influential: more than a mention")
    where = f"on the desk as {near.name}, {near.status}" if near.on_desk else _elsewhere(near)
    said = ", ".join(_SAID.get(name, name) for name in near.said_by)
    rest = [names, " · ".join(facts), where, f"said by {said}"]
    told = "".join(f"\n{line}" for line in rest if line)
    return Content.assemble((work.title, "bold"), told)


def _elsewhere(near: Near) -> str:
    if near.id:
        return keyed("arXiv {id}: {citations.add} puts it on the desk", id=near.id)
    return f"doi {near.work.doi}" if near.work.doi else "no arXiv id or DOI is known of it"


def _own_words(around: Around) -> str:
    if around.relation is Relation.REFERENCES and around.listed is not None:
        return f"{around.listed} in its own list"
    if around.relation is Relation.CITED_BY:
        count = sum(DESK in near.said_by for near in around.works)
        return f"{count} by their own lists" if count else ""
    return ""


def _day(around: Around) -> str:
    return str(local_day(around.fetched_at)) if around.fetched_at else "an unknown day"
