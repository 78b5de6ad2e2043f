"""What a surprise or an idea was met on: the recipe and arm that an investigation begins from."""

from dataclasses import dataclass

from researchdesk.domain.links import Link, LinkKind, ref_link
from researchdesk.errors import DeskError
from researchdesk.services import recipes
from researchdesk.services.claims import get_claim
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_records import experiments_of_run, get_experiment
from researchdesk.services.ideas import get_idea
from researchdesk.services.investigation_records import get_investigation
from researchdesk.services.library import paper_of
from researchdesk.services.run_recipes import recipe_in
from researchdesk.services.surprises import get_surprise

_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Origin:
    """A recipe's name and one of its arms; ``""`` where they are not known."""

    recipe: str = ""
    arm: str = ""


def origin_of(desk: Desk, ref: str) -> Origin:
    """Where the thing of this ref was met. Raises NotOnDeskError for a surprise or an idea that is
    not there; what cannot be found further on is not known."""
    link = ref_link(ref) if ref else None
    if link is None:
        return Origin()
    if link.kind is LinkKind.FUNNY:
        surprise = get_surprise(desk, int(link.target))
        return _met_on(desk, surprise.on, _DEEPEST)
    if link.kind is LinkKind.IDEA:
        return _met_on(desk, get_idea(desk, int(link.target)).of, _DEEPEST)
    return _met_on(desk, ref, _DEEPEST)


def _met_on(desk: Desk, ref: str, depth: int) -> Origin:
    link = ref_link(ref) if ref and depth else None
    try:
        return _of_link(desk, link, depth) if link else Origin()
    except (DeskError, LookupError):
        return Origin()


def _of_link(desk: Desk, link: Link, depth: int) -> Origin:
    if link.kind is LinkKind.FUNNY:
        return _met_on(desk, get_surprise(desk, int(link.target)).on, depth - 1)
    if link.kind is LinkKind.IDEA:
        return _met_on(desk, get_idea(desk, int(link.target)).of, depth - 1)
    if link.kind is LinkKind.RUN:
        return _of_run(desk, *link.target.partition("#")[::2])
    if link.kind is LinkKind.CLAIM:
        paper = paper_of(desk, get_claim(desk, link.target).paper_id)
        return Origin(recipes.recipe_for(desk, paper.name).name) if paper else Origin()
    if link.kind is LinkKind.EXPERIMENT:
        item = get_experiment(desk, link.target, judge=False)
        return Origin(get_investigation(desk, item.investigation).recipe, item.arm)
    if link.kind is LinkKind.INVESTIGATION:
        return Origin(get_investigation(desk, int(link.target)).recipe)
    if link.kind is LinkKind.PAPER:
        return Origin(recipes.recipe_for(desk, link.target).name)
    return Origin()


def _of_run(desk: Desk, run_id: str, claim_id: str) -> Origin:
    """The run's recipe and the claim's arm; of an experiment's run, what that began from."""
    made_of = experiments_of_run(desk, run_id)
    copy = recipe_in(desk, run_id)
    claim = next((item for item in copy.claims if item.id == claim_id), None)
    if made_of:
        mine = next((item for item, arm in made_of if claim and arm == claim.arm), made_of[0][0])
        return Origin(get_investigation(desk, mine.investigation).recipe, mine.arm)
    recipe = recipes.recipe_for(desk, copy.name)
    arm = claim.arm if claim and recipe.arm(claim.arm) else ""
    return Origin(recipe.name, arm)
