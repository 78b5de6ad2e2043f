"""The citations around a paper, as a page and as JSON."""

from collections.abc import Sequence
from typing import Any

from researchdesk.cli import output
from researchdesk.config import Settings
from researchdesk.domain.citations import DESK, Relation
from researchdesk.domain.clock import local_day
from researchdesk.domain.papers import Paper
from researchdesk.services.citations import WITHHELD, Around, Near, State, switching_on

INFLUENTIAL = "★"
_HEADS = {
    Relation.REFERENCES: "References",
    Relation.CITED_BY: "Cited by",
    Relation.SIMILAR: "Similar",
}
_MARKS = {"unread": "○", "in": "◐", "pass": "●", "left": "×"}
_WIDEST = 28


def print_around(paper: Paper, found: Sequence[Around], limit: int) -> None:
    """A table for each list; one of which nothing is known says so in a line."""
    words = paper.metadata
    published = ", ".join(str(part) for part in (words.venue, words.year) if part)
    output.emit(f"{paper.name}  {paper.title}{f'  ({published})' if published else ''}")
    for around in found:
        output.emit()
        output.emit(_head(around))
        rows = [_row(number, near) for number, near in enumerate(around.works[:limit], start=1)]
        if rows:
            output.emit_table(("n", "", "id", "year", "venue", "cited", "title"), rows)
        if len(around.works) > limit:
            output.emit(f"… {len(around.works) - limit:,} more: --limit {len(around.works)}")


def state_words(around: Around, settings: Settings) -> str:
    """How it stands with the service, and what can be done about it."""
    if around.state is State.OFF:
        return f"Semantic Scholar is switched off. {switching_on(settings)}"
    if around.state is State.UNKNOWN:
        return "Semantic Scholar does not know this paper. Asked again with --refresh."
    if around.state is State.NOT_ASKED:
        return "Semantic Scholar was not asked yet: --refresh asks it."
    day = local_day(around.fetched_at) if around.fetched_at else ""
    if around.withheld:
        return f"{WITHHELD} (as of {day})."
    return f"From Semantic Scholar as of {day}; --refresh asks again."


def record(around: Around, limit: int | None) -> dict[str, Any]:
    """A list as JSON has it."""
    return {
        "state": around.state,
        "total": around.total,
        "fetched_at": around.fetched_at,
        "own_list": around.listed,
        "on_desk": around.on_desk,
        "works": [_work(number, near) for number, near in enumerate(around.works[:limit], start=1)],
    }


def _work(number: int, near: Near) -> dict[str, Any]:
    work = near.work
    return {
        "n": number,
        "id": near.id,
        "on_desk": near.on_desk,
        "status": near.status,
        "title": work.title,
        "authors": work.authors,
        "year": work.year,
        "venue": near.venue,
        "arxiv_id": work.arxiv_id,
        "doi": work.doi,
        "cited_by": work.cited_by,
        "influential": work.influential,
        "said_by": near.said_by,
    }


def _head(around: Around) -> str:
    count = len(around.works)
    facts = [f"{count:,}" if count else "none known"]
    if around.total is not None and around.total > count:
        facts.append(f"of {around.total:,}")
    if around.on_desk:
        facts.append(f"{around.on_desk} on the desk")
    if around.relation is Relation.REFERENCES and around.listed is not None:
        facts.append(f"{around.listed} in the paper's own list")
    if around.relation is Relation.CITED_BY and any(DESK in n.said_by for n in around.works):
        facts.append("also from the lists of papers on the desk")
    return f"{_HEADS[around.relation]}: {', '.join(facts)}"


def _row(number: int, near: Near) -> tuple[str, ...]:
    work = near.work
    mark = _MARKS.get(near.status.split(" ")[0], "") if near.on_desk else ""
    sign = INFLUENTIAL if work.influential else ""
    venue = near.venue if len(near.venue) <= _WIDEST else f"{near.venue[: _WIDEST - 1]}…"
    authors = f" ({_authors(work.authors)})" if work.authors else ""
    return (
        str(number),
        f"{mark}{sign}",
        near.id,
        str(work.year or ""),
        venue,
        "" if work.cited_by is None else f"{work.cited_by:,}",
        f"{work.title}{authors}",
    )


def _authors(names: tuple[str, ...]) -> str:
    return f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
