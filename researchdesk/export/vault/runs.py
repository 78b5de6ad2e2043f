"""A run's page: what it was, and claim by claim what it says."""

from collections.abc import Sequence
from dataclasses import dataclass

from researchdesk.domain import figures
from researchdesk.domain.clock import utc_day, utc_minute
from researchdesk.domain.recipes import Claim
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.export.vault.blocks import Block, heading, item
from researchdesk.export.vault.page import Page
from researchdesk.export.vault.papers import Follows, follows_blocks
from researchdesk.export.vault.pen import Pen


@dataclass(frozen=True, slots=True)
class RunTold:
    """A run with its recipe's claims and what it says of them; ``notes`` tell how it came about."""

    run: RunSummary
    title: str
    claims: Sequence[tuple[Claim, ClaimResult | None]]
    notes: Sequence[str] = ()
    follows: Sequence[Follows] = ()


def run_page(told: RunTold, pen: Pen) -> Page:
    """The page, written with ``pen``."""
    run = told.run
    values = {
        "id": f"run:{run.id}",
        "kind": "run",
        "status": run.state.value,
        "verdict": run.verdict.value if run.verdict else None,
        "added": utc_day(run.started_at),
    }
    parts = {
        "run": (heading(1, f"Run {pen.safe(run.id)}", *_about(told, pen)),),
        "claims": (heading(2, "Claims", *[_claim(told, *one, pen) for one in told.claims]),),
        "follows": follows_blocks(told.follows, pen),
    }
    known = {key: value for key, value in values.items() if value is not None}
    return Page(f"run:{run.id}", f"Run {run.id}", known, parts)


def _about(told: RunTold, pen: Pen) -> list[Block]:
    run = told.run
    quick = ", a quick one" if run.quick else ""
    lines = [
        f"of the paper {pen.to(run.arxiv_id)}" if run.arxiv_id else "",
        f"recipe {pen.safe(run.recipe)}: {pen.safe(told.title)}",
        f"{run.state.value}{quick}, {len(run.results)} of {len(run.tasks)} seeds done",
        f"begun {utc_minute(run.started_at)}"
        + (f", ended {utc_minute(run.ended_at)}" if run.ended_at else ""),
        f"verdict: {figures.MARKS[run.verdict]} {run.verdict.value}" if run.verdict else "",
        *(pen.safe(note) for note in told.notes),
    ]
    return [item(line) for line in lines if line]


def _claim(told: RunTold, claim: Claim, result: ClaimResult | None, pen: Pen) -> Block:
    parts = [f"claimed {pen.safe(figures.claimed(claim))}"]
    if result is not None:
        measured, interval = figures.measured(claim, result), figures.interval(claim, result)
        parts += [f"measured {pen.safe(measured)}"] if measured else []
        name = f"{figures.interval_name(claim, result)}{f' ({result.test})' if result.test else ''}"
        parts += [f"{pen.safe(name)}: {pen.safe(interval)}"] if interval else []
        why = f": {pen.safe(result.why)}" if result.why else ""
        parts.append(f"{figures.MARKS[result.verdict]} {result.verdict.value}{why}")
    where = f" ({pen.safe(claim.where)})" if claim.where else ""
    text = f"**{pen.safe(claim.text)}**{where}: {'; '.join(parts)}"
    return item(text, anchor=f"run:{told.run.id}#{claim.id}")
