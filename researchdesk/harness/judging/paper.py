"""The paper's own ±, as far as it can be calculated with."""

from researchdesk.domain.recipes import Claim, SpreadKind
from researchdesk.harness.statistics.samples import Sample, of_standard_error


def papers_sample(claim: Claim) -> tuple[Sample | None, str]:
    """The sample that the paper's number and its ± tell of, and that in words.

    None where there is no ±, or where it is not a spread over two runs at least whose number is
    known: what it would mean for a further run is then a guess, and it is left out.
    """
    if claim.spread is None:
        return None, ""
    told = f"the paper's ± {claim.spread:g}"
    if claim.spread_kind is SpreadKind.UNKNOWN:
        return None, f"{told} is of unknown meaning and left out of the arithmetic"
    if claim.runs is None or claim.runs < 2:
        runs = "one run" if claim.runs == 1 else "runs whose number is not given"
        what = "a standard error" if claim.spread_kind is SpreadKind.SE else "a standard deviation"
        over = f"{what} within {runs}" if claim.runs == 1 else f"{what} over {runs}"
        return None, f"{told} is {over}, no spread over runs, and left out of the arithmetic"
    if claim.spread_kind is SpreadKind.SE:
        paper = of_standard_error(claim.runs, claim.claimed, claim.spread)
        return paper, f"paper: standard error {claim.spread:g} over n = {paper.n} runs, sd = " + (
            f"{claim.spread:g} · √{paper.n} = {paper.sd:.4g}"
        )
    paper = Sample(claim.runs, claim.claimed, claim.spread)
    return paper, f"paper: n = {paper.n}, mean {claim.claimed:g}, sd {claim.spread:g}"
