"""What a run was to do: its own copy of the recipe, which never changes, and the claims in it."""

import re
from dataclasses import replace
from pathlib import Path

from researchdesk.domain.recipes import Claim, Recipe
from researchdesk.errors import DeskError
from researchdesk.harness.recipes import load_recipe
from researchdesk.harness.recipes.folders import digest_of, links_out
from researchdesk.harness.store import LONGEST_NAME
from researchdesk.harness.store import recipe_in as name_in
from researchdesk.services.desk import Desk
from researchdesk.services.recent import Recent
from researchdesk.services.run_summaries import summary
from researchdesk.services.runs import store_of

_KEPT = 512
_NUMBERED = re.compile(r"-\d\d$")

_recipes = Recent[Recipe](_KEPT)
_contents = Recent[Recipe](_KEPT)
"""By their digest: most runs have the same copy as the run before."""


def recipe_in(desk: Desk, run_id: str) -> Recipe:
    """The run's copy of its recipe, as it was written. Whether its code may be run is not said.

    Raises NotOnDeskError, BadInputError where the copy is unreadable.
    """

    def read() -> Recipe:
        folder, bundled = store_of(desk).recipe_folder(run_id)
        if not (digest := _digest(folder)):
            return load_recipe(folder, bundled=bundled)
        key = (folder.name, digest)
        found = _contents.get(key, lambda: load_recipe(folder, bundled=bundled))
        return replace(found, folder=folder, bundled=bundled)

    return _recipes.get((desk.settings.runs, run_id), read)


def _digest(folder: Path) -> str:
    """That of the recipe's files; ``""`` where not all of them are there to be read."""
    try:
        return "" if links_out(folder) else digest_of(folder)
    except OSError:
        return ""


def claims_of_run(desk: Desk, run_id: str) -> tuple[Claim, ...]:
    """In the recipe's order. Raises as ``recipe_in`` does."""
    return recipe_in(desk, run_id).claims


def claim_in(desk: Desk, run_id: str, claim_id: str) -> Claim | None:
    """A claim of the run's recipe; None where it has none of this name, or cannot be read."""
    try:
        known = claims_of_run(desk, run_id)
    except DeskError:
        return None
    return next((one for one in known if one.id == claim_id), None)


def has_claim(desk: Desk, run_id: str, claim_id: str) -> bool:
    """Whether the run judged a claim of this name, or will. Raises as ``recipe_in`` does."""
    if any(one.claim_id == claim_id for one in summary(desk, run_id).claims):
        return True
    return any(one.id == claim_id for one in claims_of_run(desk, run_id))


def same_recipe(desk: Desk, one: str, other: str) -> bool:
    """Whether two runs are of one recipe, by the names that end their ids; not if ``one`` is gone.

    Only where these do not tell are the runs read: a long name is cut off there, and a number may
    be that of a second run in one second. Raises NotOnDeskError.
    """
    names = [name_in(run_id) for run_id in (one, other)]
    if len({_NUMBERED.sub("", name) for name in names}) > 1:
        return False
    if names[0] == names[1] and len(names[0]) < LONGEST_NAME:
        return (desk.settings.runs / one).is_dir()
    return summary(desk, one).recipe == summary(desk, other).recipe
