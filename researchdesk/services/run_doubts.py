"""What a run knows under the two questions about a surprise that was seen on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from researchdesk.domain import figures
from researchdesk.domain.recipes import ArmKind, Claim, ClaimKind, Recipe
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.seeding import ALL
from researchdesk.domain.surprises import Doubt, Evidence, Side
from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import Verdict
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_of_run
from researchdesk.services.runs import get_run

_ENOUGH_SEEDS = 3
_MOST_CLAIMS, _MOST_NAMED = 5, 4


@dataclass(frozen=True, slots=True)
class Known:
    """What the desk knows under one of the two questions, as evidence that was not filed yet."""

    about: Doubt
    side: Side
    ref: str
    words: str

    def is_same(self, filed: Evidence) -> bool:
        """Whether this is what was filed there."""
        own = (self.about.value, self.side, self.ref, self.words)
        return own == (filed.about, filed.side, filed.ref, filed.words)


def known_of_run(desk: Desk, run_id: str, claim_id: str = "") -> list[Known]:
    """What a run says for and against itself, and for and against what was expected of it.

    With ``claim_id`` the claim that it is about, else those that came out different. Raises
    NotOnDeskError.
    """
    run = get_run(desk, run_id)
    try:
        recipe: Recipe | None = recipe_of_run(desk, run_id)
    except DeskError:
        recipe = None
    claims = _claims(run, recipe, claim_id) if recipe else ()
    found = [*_checks(run), *_seeds(run, recipe, claims), *_conditions(run)]
    if recipe:
        if recipe.arxiv_id:
            found += [item for claim in claims for item in _claim(recipe, claim)]
        found += _baselines(run, recipe)
    return found


def _trust(run: RunSummary, holds: bool, words: str) -> Known:
    side = Side.FOR if holds else Side.AGAINST
    return Known(Doubt.TRUST, side, f"run:{run.id}", one_line(words))


def _checks(run: RunSummary) -> Iterator[Known]:
    """Each check that failed, then the same seed trained twice, then how many others passed."""
    passed = []
    for check in run.checks:
        name, message = str(check.get("name", "")), str(check.get("message", ""))
        words = f"{name}{f' ({arm})' if (arm := check.get('arm')) else ''}"
        if check.get("ok") is False:
            yield _trust(run, False, f"check failed: {words}" + (f": {message}" if message else ""))
        elif check.get("ok") is True and name.startswith("same seed"):
            yield _trust(run, True, f"trained twice from one seed: {message or 'the same'}")
        elif check.get("ok") is True:
            passed.append(words)
    if passed:
        more = f" and {len(passed) - _MOST_NAMED} more" if len(passed) > _MOST_NAMED else ""
        count = f"{len(passed)} check{'' if len(passed) == 1 else 's'} passed"
        yield _trust(run, True, f"{count}: {', '.join(passed[:_MOST_NAMED])}{more}")


def _seeds(run: RunSummary, recipe: Recipe | None, claims: Sequence[Claim]) -> Iterator[Known]:
    """How often each arm that matters was repeated; fewer than three seeds is too few."""
    wanted = {arm for claim in claims for arm in (claim.arm, claim.versus) if arm}
    for arm in dict.fromkeys(task.arm for task in run.tasks):
        known = recipe.arm(arm) if recipe else None
        if (wanted and arm not in wanted) or (known and known.deterministic):
            continue
        tasks = [task for task in run.tasks if task.arm == arm and task.vary in ("", ALL)]
        done = sum(item.task in tasks for item in run.results)
        seeds = "one seed" if done == 1 else f"{done or 'no'} seeds"
        yield _trust(run, done >= _ENOUGH_SEEDS, f"{seeds} of {arm}")
        failed = sum(task in run.failures for task in tasks)
        if failed:
            yield _trust(run, False, f"{failed} of {len(tasks)} seeds of {arm} failed")


def _conditions(run: RunSummary) -> Iterator[Known]:
    if run.quick:
        yield _trust(run, False, "a quick run: its settings are shortened")
    for need, taken in run.data.items():
        if taken != need:
            yield _trust(run, False, f"{taken} was taken in place of {need}")


def _claims(run: RunSummary, recipe: Recipe, claim_id: str) -> tuple[Claim, ...]:
    different = {result.claim_id for result in run.claims if result.verdict is Verdict.DIFFERENT}
    wanted = {claim_id} if claim_id else different
    return tuple(claim for claim in recipe.claims if claim.id in wanted)[:_MOST_CLAIMS]


def _claim(recipe: Recipe, claim: Claim) -> Iterator[Known]:
    """The paper's claim with its place, its quote and its spread."""
    about, ref = Doubt.EXPECTATION, recipe.arxiv_id
    said = f"the paper claims: {claim.text}: {figures.paper(claim)} ({claim.where})"
    if claim.verified:
        said += "; its quote stands in the paper"
    yield Known(about, Side.FOR, ref, one_line(said))
    if claim.quote and not claim.verified:
        words = f"the quote for {claim.id} was held against no text of the paper"
        yield Known(about, Side.AGAINST, ref, one_line(words))
    if claim.kind is ClaimKind.VALUE and claim.spread is None:
        words = f"the paper prints no spread for {claim.id}"
        yield Known(about, Side.AGAINST, ref, one_line(words))


def _baselines(run: RunSummary, recipe: Recipe) -> Iterator[Known]:
    about, ref = Doubt.EXPECTATION, f"run:{run.id}"
    arms = [arm.name for arm in recipe.arms if arm.kind is ArmKind.BASELINE]
    ran = [arm for arm in arms if any(result.task.arm == arm for result in run.results)]
    if ran:
        yield Known(about, Side.FOR, ref, one_line(f"a baseline ran beside it: {', '.join(ran)}"))
    elif arms:
        words = f"no baseline ran beside it; the recipe has {', '.join(arms)}"
        yield Known(about, Side.AGAINST, ref, one_line(words))
    elif not recipe.baselines:
        words = "the recipe has no baseline to hold it against"
        yield Known(about, Side.AGAINST, ref, words)
