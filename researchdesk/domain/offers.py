"""Entries for the "that's funny" log, ready-filled from what a run or a watched script showed.

An offer is only offered: a person takes it, or the command that was told to.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from researchdesk.domain import figures
from researchdesk.domain.deltas import Delta
from researchdesk.domain.ladder import RUNGS
from researchdesk.domain.recipes import Claim, ClaimKind
from researchdesk.domain.refs import as_ref
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.text import clean, one_line
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.domain.watching import FindingPage, WatchFinding, WatchReport

_SENTENCE = re.compile(r".+?[.!?:;](?=\s|$)", re.DOTALL)
_PERCENT = 100.0
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Offer:
    """``source`` names it for good: ``run:ID#claim:C``, ``run:ID#check:ARM:NAME`` or
    ``watch:N#FINDING``. ``on`` is the ref of where it was met."""

    source: str
    text: str
    expected: str
    observed: str
    on: str
    delta: Delta | None = None

    @property
    def of(self) -> str:
        """The run or the report that it is from: ``run:ID``, ``watch:N``."""
        return self.source.partition("#")[0]


def claim_offer(run: RunSummary, claim: Claim, result: ClaimResult) -> Offer:
    """What a run says of a claim that is different."""
    return Offer(
        source=f"run:{run.id}#claim:{claim.id}",
        text=one_line(f"Different here: {claim.text}"),
        expected=expected_of(claim),
        observed=observed_of(claim, result),
        on=f"run:{run.id}#{claim.id}",
        delta=delta_of(claim, result),
    )


def expected_of(claim: Claim) -> str:
    """What the paper says, and where it says so."""
    place = f" ({claim.where})" if claim.where else ""
    direction = {"at least": "≥ ", "at most": "≤ "}.get(claim.direction, "")
    if claim.kind is ClaimKind.ORDERING and not claim.claimed:
        side = "above" if claim.direction == "at least" else "below"
        return one_line(f"{claim.arm} {side} {claim.versus}{place}")
    less = f"{claim.arm} less {claim.versus} " if claim.versus else ""
    said = figures.paper(claim)
    unit = "" if "%" in said else _unit(claim)
    return one_line(f"{less}{direction}{said}{unit}{place}")


def observed_of(claim: Claim, result: ClaimResult) -> str:
    """Mean and spread over the seeds; why there is none where there is none."""
    said = figures.measured(claim, result)
    if not said:
        return one_line(result.why)
    less = f"{claim.arm} less {claim.versus}: " if claim.versus else ""
    return one_line(f"{less}{said}")


def delta_of(claim: Claim, result: ClaimResult) -> Delta | None:
    """In the unit in which the claim is printed; None where nothing was measured."""
    if result.mean is None:
        return None
    scale = _PERCENT if claim.kind is ClaimKind.RATE else 1.0
    spread, of = spread_of(claim, result)
    return Delta(
        scale * claim.claimed,
        scale * result.mean,
        None if spread is None else scale * spread,
        of,
    )


def spread_of(claim: Claim, result: ClaimResult) -> tuple[float | None, str]:
    """The standard deviation of what the result is a mean of, and of what that is."""
    if result.sd is None or result.n < _ENOUGH:
        return None, ""
    if claim.over:
        return result.sd, f"{result.n} datasets"
    if claim.versus:
        return result.sd, f"{result.n} pairs of {claim.arm} and {claim.versus}"
    return result.sd, f"{result.n} seeds of {claim.arm}/{claim.metric}"


def check_offer(run: RunSummary, check: Mapping[str, Any]) -> Offer:
    """What a failed check of a run, or a failed rung of its ladder, showed."""
    arm, name = one_line(str(check.get("arm") or "")), one_line(str(check.get("name") or ""))
    kind = RUNGS.get(str(check.get("rung") or ""))
    asks = f" {kind.asks}" if kind else ""
    what = "rung" if kind else "check"
    said = one_line(clean(str(check.get("message") or ""))) or "It failed."
    return Offer(
        source=f"run:{run.id}#check:{arm}:{one_line(str(check.get('rung') or name))}",
        text=f"A {what} failed: {name}{f', {arm}' if arm else ''} of {run.recipe}",
        expected=f"The {what} “{name}” passes.{asks}",
        observed=said,
        on=f"run:{run.id}",
    )


def finding_offers(
    report: WatchReport, findings: Sequence[WatchFinding], pages: Mapping[str, FindingPage]
) -> list[Offer]:
    """What watching a script found; of one name found at several lines, each by itself."""
    told: dict[str, int] = {}
    offers = []
    for finding in findings:
        before = told.get(finding.name, 0)
        told[finding.name] = before + 1
        offers.append(finding_offer(report, finding, pages.get(finding.name), before))
    return offers


def finding_offer(
    report: WatchReport, finding: WatchFinding, page: FindingPage | None, before: int = 0
) -> Offer:
    """One finding; ``before`` it stood so many others of its name."""
    again = f":{before + 1}" if before else ""
    title = page.title if page else finding.name
    place = f" ({finding.file}:{finding.line})" if finding.file else ""
    why = f" {_first_sentence(page.why)}" if page else ""
    return Offer(
        source=f"watch:{report.id}#{finding.name}{again}",
        text=one_line(f"{title}, in {report.name}"),
        expected=one_line(f"No “{title}”.{why}"),
        observed=one_line(f"{finding.message or title}{place}"),
        on=as_ref(report.on) if report.on else f"watch:{report.id}",
    )


def _first_sentence(text: str) -> str:
    line = one_line(text)
    found = _SENTENCE.match(line)
    return found[0].rstrip(":;").rstrip(".") + "." if found else line


def _unit(claim: Claim) -> str:
    return f" {claim.unit}" if claim.unit and claim.kind is not ClaimKind.RATE else ""
