"""What is funny on the bench: of the curves, the marked claim, or the run."""

from collections.abc import Sequence

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.services.desk import Desk
from researchdesk.tui.at_hand import funny_words, of_claim, of_run
from researchdesk.tui.screens.bench_detail import RunDetail
from researchdesk.tui.surprise_form import SurpriseForm
from researchdesk.tui.widgets.bench_claims import ClaimsPane
from researchdesk.tui.widgets.bench_words import plain_number


class Noticed:
    """Remembers whether a run is funny, so that it is not asked for at each redrawing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asked: tuple[object, ...] = ()
        self._words = ""

    def words(self, run: RunSummary | None, claims: Sequence[ClaimResult]) -> str:
        """What to do about a run that ended with something funny, or ``""``."""
        if run is None:
            return ""
        asked = (run.id, run.state, len(run.checks), *(claim.verdict for claim in claims))
        if asked != self._asked:
            self._asked, self._words = asked, funny_words(self._desk, run, claims)
        return self._words

    def forget(self) -> None:
        """Something may have been kept since."""
        self._asked = ()


def bench_at_hand(desk: Desk, recipe: Recipe | None, detail: RunDetail) -> SurpriseForm:
    """Of the curves where they have the focus: what they end at.

    Else the marked claim where it is different; where that is told, or the focus is not on claims,
    the first thing of the run that is funny and not told yet, else the run.
    """
    if recipe is None:
        return SurpriseForm()
    run, claims = detail.run, detail.query_one(ClaimsPane)
    if run is not None and detail.curves.has_focus_within:
        return _of_curves(detail, run)
    claim = claims.current
    if claim is None:
        return of_run(desk, run.id) if run else SurpriseForm(on=recipe.arxiv_id)
    result = next((one for one in detail.claims if one.claim_id == claim.id), None)
    form = of_claim(desk, run, claim, result, recipe.arxiv_id)
    if run is None or form.source:
        return form
    first = of_run(desk, run.id)
    if claims.has_focus_within and not (form.told and first.source):
        return form
    return first


def _of_curves(detail: RunDetail, run: RunSummary) -> SurpriseForm:
    curves = detail.curves
    ends = [
        f"{one_line(arm)} {plain_number(value)} at step {step:g}"
        for arm, (step, value) in curves.ends().items()
    ]
    said = f"{one_line(curves.metric)}: {'; '.join(ends)}" if ends else ""
    return SurpriseForm(observed=said, on=f"run:{run.id}")
