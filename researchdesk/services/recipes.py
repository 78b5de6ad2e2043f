"""Recipes of a desk: the user's own first, then the bundled ones; and whose code may run."""

from collections.abc import Hashable
from dataclasses import replace
from functools import partial
from pathlib import Path

from researchdesk import assets
from researchdesk.domain.identifiers import parse_arxiv_id
from researchdesk.domain.recipes import Recipe
from researchdesk.domain.text import one_line
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.files import path_of
from researchdesk.harness.recipes import (
    Root,
    digest_of,
    find_recipe,
    load_recipe,
    recipe_folders,
    stamp_of,
)
from researchdesk.services.desk import Desk
from researchdesk.services.recent import Recent
from researchdesk.services.runs import store_of
from researchdesk.services.trust import awaiting_yes as awaiting_yes
from researchdesk.services.trust import code_of as code_of
from researchdesk.services.trust import forget as forget
from researchdesk.services.trust import is_command_trusted as is_command_trusted
from researchdesk.services.trust import is_trusted as is_trusted
from researchdesk.services.trust import require_trust as require_trust
from researchdesk.services.trust import shown as shown
from researchdesk.services.trust import trust as trust
from researchdesk.services.trust import what_would_run as what_would_run
from researchdesk.services.trust import yeses as yeses

_loaded = Recent[Recipe](200)


def recipes(desk: Desk) -> list[Recipe]:
    """Every recipe that can be read; ``recipe_problems`` tells of the others.

    One whose files stayed as they are is not read again.
    """
    return _load_all(desk)[0]


def recipe_problems(desk: Desk) -> list[BadInputError]:
    """What is wrong with the recipes that cannot be read."""
    return _load_all(desk)[1]


def recipe_for(desk: Desk, ref: str) -> Recipe:
    """The recipe for a paper's id in any form, or of that name.

    Raises NotOnDeskError where there is none, BadInputError where it is broken.
    """
    for name in _names(ref):
        if found := find_recipe(_roots(desk), name):
            return found
    raise NotOnDeskError(
        f"There is no recipe for {one_line(ref)}: nothing to run.", _way_to_one(desk, ref)
    )


def _way_to_one(desk: Desk, ref: str) -> str:
    """A recipe is begun for a paper of arXiv; under a name it is only looked for."""
    try:
        parse_arxiv_id(ref)
    except UsageProblemError:
        return "See which there are: researchdesk recipe list"
    return (
        f"Make one with `researchdesk recipe new {one_line(ref)}`; it writes a folder to "
        f"{desk.settings.recipes}."
    )


def recipe_of_run(desk: Desk, run_id: str) -> Recipe:
    """A run's own copy of its recipe. It is bundled only where ours is still the same.

    What the run's folder says of that is not believed: it may have come from elsewhere. Raises
    NotOnDeskError, BadInputError where it cannot be read.
    """
    return copied_recipe(*store_of(desk).recipe_folder(run_id))


def copied_recipe(folder: Path, bundled: bool) -> Recipe:
    """The copy of a recipe in this folder, which says of itself whether it came with the program.

    It is bundled only where ours is still the same. Raises BadInputError.
    """
    recipe = load_recipe(folder, bundled=bundled)
    ours = _bundled() / recipe.name
    same = ours.is_dir() and digest_of(ours) == recipe.digest
    return replace(recipe, bundled=bundled and same)


def check_recipe(desk: Desk, ref: str) -> Recipe:
    """Read and check a recipe given by paper, name or path of its folder.

    Raises BadInputError naming every problem with file, line and key.
    """
    path = path_of(ref)
    if path.is_file() and path.name == "recipe.toml":
        path = path.parent
    if path.is_dir():
        return load_recipe(path.absolute(), bundled=False)
    return recipe_for(desk, ref)


def _names(ref: str) -> list[str]:
    try:
        return [parse_arxiv_id(ref).base]
    except UsageProblemError:
        return [ref.strip()] if "/" not in ref and ref.strip() else []


def _roots(desk: Desk) -> list[Root]:
    return [Root(desk.settings.recipes, bundled=False), Root(_bundled(), bundled=True)]


def _bundled() -> Path:
    return assets.folder("data") / "recipes"


def _load_all(desk: Desk) -> tuple[list[Recipe], list[BadInputError]]:
    good, bad = [], []
    for folder, bundled in recipe_folders(_roots(desk)):
        try:
            good.append(
                _loaded.get(_key(folder, bundled), partial(load_recipe, folder, bundled=bundled))
            )
        except BadInputError as error:
            bad.append(error)
    return good, bad


def _key(folder: Path, bundled: bool) -> Hashable:
    try:
        return folder, bundled, stamp_of(folder)
    except OSError:
        return object()
