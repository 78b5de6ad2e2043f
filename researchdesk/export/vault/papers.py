"""A paper's page: its words, passes, notes, claims with verdicts, what follows from it, figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from researchdesk.domain import figures
from researchdesk.domain.claims import PaperClaim
from researchdesk.domain.clock import utc_day
from researchdesk.domain.durations import spent
from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note, ReadingPass
from researchdesk.domain.recipes import Claim
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.export.vault.blocks import Block, Blocks, heading, item
from researchdesk.export.vault.notes import notes_blocks
from researchdesk.export.vault.page import Page
from researchdesk.export.vault.pen import Pen


@dataclass(frozen=True, slots=True)
class ClaimTold:
    """A claim as the recipe of run ``run_id`` states it, and what that run says of it."""

    claim: Claim
    result: ClaimResult
    run_id: str
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure of the paper: its picture's file, relative to the folder of export."""

    named: str
    caption: str
    file: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure that is to stand in the vault: where it is now, and where it goes."""

    shown: Shown
    source: Path
    path: Path


@dataclass(frozen=True, slots=True)
class Follows:
    """What came of a thing: its ref, what it is in a line, how it stands."""

    ref: str
    text: str
    state: str


@dataclass(frozen=True, slots=True)
class PaperTold:
    """All that is told of a paper.

    ``taken`` are the claims that a person took from it, ``claims`` what runs say of a recipe's.
    ``follows`` are surprises, ideas and investigations. ``figures`` is None where they are not to
    be touched.
    """

    paper: Paper
    status: str
    passes: Sequence[ReadingPass]
    notes: Sequence[Note]
    tags: Sequence[str] = ()
    claims: Sequence[ClaimTold] = ()
    taken: Sequence[PaperClaim] = ()
    follows: Sequence[Follows] = ()
    figures: Sequence[Shown] | None = None


def paper_page(told: PaperTold, pen: Pen) -> Page:
    """The page, written with ``pen``."""
    parts: dict[str, Blocks] = {
        "paper": _paper(told.paper, pen),
        "passes": _passes(told.passes, pen),
        "notes": notes_blocks(told.notes, told.paper.version, pen),
        "claims": _claims(told, pen),
        "follows": follows_blocks(told.follows, pen),
    }
    if told.figures is not None:
        parts["figures"] = _figures(told.figures, pen)
    return Page(told.paper.name, told.paper.title, _values(told, pen), parts)


def follows_blocks(found: Sequence[Follows], pen: Pen) -> tuple[Block, ...]:
    """What came of a thing, as a list of links; nothing for none."""
    lines = [
        item(f"{pen.to(one.ref)} · {pen.safe(one.state)}: {pen.line(one.text)}") for one in found
    ]
    return (heading(2, "What came of it", *lines),) if lines else ()


def _values(told: PaperTold, pen: Pen) -> dict[str, Any]:
    paper, words = told.paper, told.paper.metadata
    moments = [item.ended_at or item.started_at for item in told.passes]
    tags = list(dict.fromkeys(filter(None, map(pen.dialect.tag, told.tags))))
    values = {
        "id": paper.name,
        "key": paper.key,
        "version": words.version,
        "title": words.title,
        "authors": list(words.authors),
        "categories": list(words.categories),
        "status": told.status,
        "published": words.published.date() if words.published else None,
        "updated": words.updated.date() if words.updated else None,
        "added": utc_day(paper.added_at),
        "read": utc_day(max(moments)) if moments else None,
        "doi": words.doi or None,
        "tags": tags or None,
        "aliases": [words.title],
        "year": words.year,
        "venue": words.venue or words.journal_ref or None,
        "url": f"https://arxiv.org/abs/{words.arxiv_id}" if words.arxiv_id else None,
        "stars": paper.stars or None,
        "priority": paper.priority or None,
    }
    return {key: value for key, value in values.items() if value is not None}


def _paper(paper: Paper, pen: Pen) -> Blocks:
    words = paper.metadata
    under = [Block(pen.safe(", ".join(words.authors)))] if words.authors else []
    if paper.arxiv:
        under.append(Block(f"[arXiv:{paper.arxiv}](https://arxiv.org/abs/{paper.arxiv})"))
    if words.abstract:
        under.append(Block(pen.quoted(words.abstract)))
    return (heading(1, pen.safe(words.title), *under),)


def _passes(passes: Sequence[ReadingPass], pen: Pen) -> Blocks:
    if not passes:
        return (heading(2, "Passes", Block("Not read yet.")),)
    head = "pass | workflow | version | state | started | ended | time | decision | why | again"
    rows = [
        (
            str(one.number),
            pen.safe(one.workflow),
            f"v{one.version}",
            one.state.value,
            utc_day(one.started_at).isoformat(),
            utc_day(one.ended_at).isoformat() if one.ended_at else "",
            spent(one.seconds),
            one.decision.value if one.decision else "",
            pen.safe(one.why),
            one.again_on.isoformat() if one.again_on else "",
        )
        for one in passes
    ]
    return (heading(2, "Passes", pen.table(head, rows)),)


def _claims(told: PaperTold, pen: Pen) -> Blocks:
    under = [_taken(claim, pen) for claim in told.taken]
    if told.claims:
        head = "claim | where | claimed | measured | verdict | run"
        under.append(pen.table(head, [_cells(one, pen) for one in told.claims]))
    else:
        under.append(Block("No run yet."))
    return (heading(2, "Claims", *under),)


def _taken(claim: PaperClaim, pen: Pen) -> Block:
    spread = f" ± {claim.spread:g}" if claim.spread is not None else ""
    value = "" if claim.value is None else f"{claim.value:.10g}{spread}{claim.unit}"
    page = f"p. {claim.page}" if claim.page else ""
    more = (claim.where, page, claim.metric, claim.dataset, value)
    said = " · ".join(pen.safe(part) for part in more if part)
    text = f"**{pen.safe(claim.slug)}** {pen.safe(claim.text)}{f' ({said})' if said else ''}"
    quote = [Block(pen.quoted(claim.quote))] if claim.quote else []
    return item(text, *quote, anchor=f"claim:{claim.slug}")


def _cells(told: ClaimTold, pen: Pen) -> tuple[str, ...]:
    claim, result = told.claim, told.result
    why = f": {pen.safe(result.why)}" if result.why else ""
    quick = " (quick)" if told.quick else ""
    return (
        pen.safe(claim.text),
        pen.safe(claim.where),
        pen.safe(figures.claimed(claim)),
        pen.safe(figures.measured(claim, result)),
        f"{result.verdict.value}{why}",
        f"{pen.to(f'run:{told.run_id}', told.run_id)}{quick}",
    )


def _figures(shown: Sequence[Shown], pen: Pen) -> Blocks:
    under: list[Block] = []
    for one in shown:
        told = f"**{pen.safe(one.named)}** {pen.safe(one.caption)}".strip()
        under += [Block(pen.dialect.picture(one.file, one.named, pen.here)), Block(told)]
    return (heading(2, "Figures", *under),) if under else ()
