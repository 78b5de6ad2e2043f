"""A paper's passes, notes, claims and verdicts as markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from researchdesk.domain.claims import PaperClaim
from researchdesk.domain.figures import number
from researchdesk.domain.links import LinkKind
from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note, ReadingPass, spent
from researchdesk.domain.recipes import Claim
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.export import frontmatter, regions
from researchdesk.export.escaping import escape, quoted, table
from researchdesk.export.notes import LinkTarget, anchor, notes_region


@dataclass(frozen=True, slots=True)
class ClaimTold:
    """A claim as the recipe of run ``run_id`` states it, and what that run says of it."""

    claim: Claim
    result: ClaimResult
    run_id: str
    quick: bool = False


@dataclass(frozen=True, slots=True)
class PaperExport:
    """All that is told of a paper.

    ``taken`` are the claims that a person took from it, ``claims`` what runs say of a recipe's.
    ``targets`` are the links of its notes that lead to something exported.
    """

    paper: Paper
    status: str
    passes: Sequence[ReadingPass]
    notes: Sequence[Note]
    claims: Sequence[ClaimTold] = ()
    taken: Sequence[PaperClaim] = ()
    targets: Mapping[tuple[LinkKind, str], LinkTarget] = field(default_factory=dict)


def render(export: PaperExport, old: str, where: str) -> str:
    """The file's text: ``old`` with our front matter keys and regions brought up to date.

    Raises BadInputError, naming ``where``, when the marks in ``old`` do not pair.
    """
    bodies = {
        "paper": _paper(export.paper),
        "passes": _passes(export.passes),
        "notes": notes_region(export.notes, export.paper.version, export.targets),
        "claims": _claims(export.taken, export.claims),
    }
    return frontmatter.merge(regions.merge(old, bodies, where), _front(export))


def _front(export: PaperExport) -> dict[str, Any]:
    words = export.paper.metadata
    moments = [item.ended_at or item.started_at for item in export.passes]
    values = {
        "id": export.paper.name,
        "key": export.paper.key,
        "version": words.version,
        "title": words.title,
        "authors": list(words.authors),
        "categories": list(words.categories),
        "status": export.status,
        "published": words.published.date() if words.published else None,
        "updated": words.updated.date() if words.updated else None,
        "added": export.paper.added_at.date(),
        "read": max(moments).date() if moments else None,
        "doi": words.doi or None,
    }
    return {key: value for key, value in values.items() if value is not None}


def _paper(paper: Paper) -> str:
    words = paper.metadata
    lines = [f"# {escape(words.title)}", "", escape(", ".join(words.authors))]
    if paper.arxiv:
        lines += ["", f"[arXiv:{paper.arxiv}](https://arxiv.org/abs/{paper.arxiv})"]
    if words.abstract:
        lines += ["", *quoted(words.abstract)]
    return "\n".join(lines)


def _passes(passes: Sequence[ReadingPass]) -> str:
    if not passes:
        return "## Passes\n\nNot read yet."
    head = "pass | workflow | version | state | started | ended | time | decision | why | again"
    rows = [
        (
            str(item.number),
            escape(item.workflow),
            f"v{item.version}",
            item.state.value,
            item.started_at.date().isoformat(),
            item.ended_at.date().isoformat() if item.ended_at else "",
            spent(item.seconds),
            item.decision.value if item.decision else "",
            escape(item.why),
            item.again_on.isoformat() if item.again_on else "",
        )
        for item in passes
    ]
    return "\n".join(["## Passes", "", *table(head, rows)])


def _claims(taken: Sequence[PaperClaim], told: Sequence[ClaimTold]) -> str:
    lines = ["## Claims", ""]
    if taken:
        head = "claim | says | where | metric | dataset | value | quote"
        lines += [*table(head, [_taken(claim) for claim in taken]), ""]
    if told:
        head = "claim | where | claimed | measured | n | verdict | run"
        lines += table(head, [_cells(item) for item in told])
    else:
        lines += ["No run yet."]
    return "\n".join(lines)


def _taken(claim: PaperClaim) -> tuple[str, ...]:
    page = f"p. {claim.page}" if claim.page else ""
    spread = f" ± {claim.spread:g}" if claim.spread is not None else ""
    value = "" if claim.value is None else f"{claim.value:.10g}{spread}{escape(claim.unit)}"
    return (
        anchor(LinkKind.CLAIM, claim.slug) + escape(claim.slug),
        escape(claim.text),
        ", ".join(filter(None, (escape(claim.where), page))),
        escape(claim.metric),
        escape(claim.dataset),
        value,
        escape(claim.quote),
    )


def _cells(told: ClaimTold) -> tuple[str, ...]:
    claim, result = told.claim, told.result
    unit = f" {claim.unit}" if claim.unit else ""
    spread = f" ± {result.sd:.4g}" if result.sd is not None and result.n > 1 else ""
    mean = "" if result.mean is None else number(claim, result.mean)
    return (
        escape(claim.text),
        escape(claim.where),
        f"{claim.direction + ' ' if claim.direction else ''}{number(claim, claim.claimed)}{unit}",
        f"{mean}{spread}{unit}" if mean else "",
        str(result.n),
        f"{result.verdict.value}: {escape(result.why)}" if result.why else result.verdict.value,
        f"`{told.run_id}`{' (quick)' if told.quick else ''}",
    )
