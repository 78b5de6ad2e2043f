"""Which run tested a claim that a person took from a paper, and what it said."""

from researchdesk.domain.claims import PaperClaim
from researchdesk.domain.recipes import Claim
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.domain.verdicts import ClaimResult, Verdict
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk
from researchdesk.services.library import paper_of
from researchdesk.services.run_recipes import claims_of_run
from researchdesk.services.run_summaries import newest_written

_LOOKED_AT = 256


def last_result(desk: Desk, claim: PaperClaim) -> tuple[RunSummary, ClaimResult] | None:
    """The newest finished run that tested this claim, a quick one only where no other did.

    A recipe's claim is this one where it has the same words, or the same quote and number. Only
    the runs of the claim's paper that were written to last are looked at.
    """
    paper = paper_of(desk, claim.paper_id)
    if paper is None or paper.metadata.arxiv_id is None:
        return None
    quick: tuple[RunSummary, ClaimResult] | None = None
    for run in newest_written(desk, _LOOKED_AT, paper.metadata.arxiv_id):
        result = _result(desk, run, claim)
        if result is not None and not run.quick:
            return run, result
        if result is not None and quick is None:
            quick = run, result
    return quick


def _result(desk: Desk, run: RunSummary, claim: PaperClaim) -> ClaimResult | None:
    """What a finished run says of the claim; None where it did not test it."""
    tested = {one.claim_id: one for one in run.claims if one.verdict is not Verdict.UNTESTED}
    if run.state is not RunState.FINISHED or not tested:
        return None
    try:
        known = claims_of_run(desk, run.id)
    except DeskError:
        return None
    return next(
        (tested[one.id] for one in known if one.id in tested and _is_same(claim, one)), None
    )


def _is_same(taken: PaperClaim, tested: Claim) -> bool:
    if taken.text.casefold() == tested.text.casefold():
        return True
    return bool(taken.quote) and taken.quote == tested.quote and taken.value == tested.claimed
