"""Runs as a vault tells them: judged by their own copy of the recipe, each once."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from researchdesk.domain.papers import Paper
from researchdesk.domain.runs import RunState
from researchdesk.domain.verdicts import Verdict
from researchdesk.errors import DeskError
from researchdesk.export.vault.papers import ClaimTold, Follows
from researchdesk.export.vault.runs import RunTold
from researchdesk.services.desk import Desk
from researchdesk.services.run_recipes import claims_of_run, recipe_in
from researchdesk.services.run_summaries import summary
from researchdesk.services.runs import listed
from researchdesk.services.vault_judged import Judged, judged_run


class VaultRuns:
    """The runs of a desk, told from what was read of them once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._judged: dict[str, Judged] = {}

    def verdicts(self, paper: Paper) -> list[ClaimTold]:
        """Each claim of the newest run of each recipe, by the run that says most of it.

        That is the newest finished run that tested it, a quick one only where no other did.
        """
        done = [run for run in self._of(paper) if summary(self._desk, run).state is _DONE]
        by_recipe: dict[str, list[str]] = {}
        for run in done:
            by_recipe.setdefault(summary(self._desk, run).recipe, []).append(run)
        return [told for runs in by_recipe.values() for told in self._last(runs)]

    def told(self, run_id: str, follows: Sequence[Follows]) -> RunTold:
        """One run with what it says. Raises DeskError where it is gone or cannot be read."""
        judged, recipe = judged_run(self._desk, run_id), recipe_in(self._desk, run_id)
        results = {one.claim_id: one for one in judged.claims}
        claims = [(claim, results.get(claim.id)) for claim in recipe.claims]
        return RunTold(summary(self._desk, run_id), recipe.title, claims, judged.notes, follows)

    def _last(self, runs: Sequence[str]) -> Iterator[ClaimTold]:
        full_first = sorted(runs, key=lambda run: summary(self._desk, run).quick)
        for claim in claims_of_run(self._desk, runs[0]):
            fallback: ClaimTold | None = None
            for run in full_first:
                told = self._says(run, claim.id)
                fallback = fallback or told
                if told is not None and told.result.verdict is not Verdict.UNTESTED:
                    fallback = told
                    break
            if fallback is not None:
                yield fallback

    def _says(self, run_id: str, claim_id: str) -> ClaimTold | None:
        if run_id not in self._judged:
            self._judged[run_id] = judged_run(self._desk, run_id)
        found = self._judged[run_id].claims
        result = next((one for one in found if one.claim_id == claim_id), None)
        claims = claims_of_run(self._desk, run_id)
        claim = next((one for one in claims if one.id == claim_id), None)
        if result is None or claim is None:
            return None
        return ClaimTold(claim, result, run_id, summary(self._desk, run_id).quick)

    def _of(self, paper: Paper) -> list[str]:
        """The runs of a paper, the newest first."""
        base = paper.metadata.arxiv_id
        runs = self._by_paper.get(base, []) if base else []
        known = [run for run in runs if self._is_readable(run)]
        return sorted(known, key=lambda run: (summary(self._desk, run).started_at, run))[::-1]

    def _is_readable(self, run_id: str) -> bool:
        try:
            summary(self._desk, run_id)
        except DeskError:
            return False
        return True

    @cached_property
    def _by_paper(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in listed(self._desk).rows:
            found.setdefault(row.arxiv_id, []).append(row.id)
        return found


_DONE = RunState.FINISHED
