"""Reads and checks a recipe folder. A recipe is ``recipe.toml`` and ``experiment.py``."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from researchdesk.domain.identifiers import folder_name, parse_arxiv_id
from researchdesk.domain.recipes import MOST_SEEDS, Arm, Claim, DataNeed, Recipe
from researchdesk.domain.seeding import SOURCES
from researchdesk.domain.toml_lines import key_lines
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.harness.recipes.arms import baseline_arms, read_arms
from researchdesk.harness.recipes.claims import read_claim
from researchdesk.harness.recipes.conditions import (
    read_baselines,
    read_budget,
    read_limits,
    read_needs,
    read_ranges,
)
from researchdesk.harness.recipes.experiments import Shape, shape_of
from researchdesk.harness.recipes.fields import Problems, Table, unique
from researchdesk.harness.recipes.folders import (
    EXPERIMENT,
    FILE,
    Root,
    digest_of,
    links_out,
    recipe_folders,
)

_HINT = "Mend the file and look again with `researchdesk recipe check`. Nothing was run."
_KEYS = (
    *("title", "summary", "seeds", "budget", "data", "notes", "varies", "baselines"),
    *("paper", "limits", "data_needs", "ranges", "arms", "claims", "template"),
)


class StillTemplateError(BadInputError):
    """The recipe ``name`` says of itself that it is still the template."""

    def __init__(self, message: str, hint: str, name: str) -> None:
        super().__init__(message, hint)
        self.name = name


def find_recipe(roots: Iterable[Root], ref: str) -> Recipe | None:
    """The first recipe for a paper's base id, or of that name. Raises BadInputError if broken."""
    prefix = folder_name(ref)
    for folder, bundled in recipe_folders(roots):
        if folder.name in (ref, prefix) or folder.name.startswith(f"{prefix}-"):
            return load_recipe(folder, bundled=bundled)
    return None


def load_recipe(folder: Path, *, bundled: bool) -> Recipe:
    """Read and check a recipe folder.

    Raises BadInputError naming every problem with file, line and key; StillTemplateError where the
    file says that it is not written yet.
    """
    file = folder / FILE
    try:
        text = file.read_text(encoding="utf-8")
        values = tomllib.loads(text)
        problems = Problems(file, key_lines(text))
        shape = shape_of(folder / EXPERIMENT)
        recipe = _recipe(Table(values, (), problems), folder, shape)
        recipe = replace(recipe, bundled=bundled, digest=digest_of(folder))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"The recipe {file} cannot be read: {error}", _HINT) from error
    except ValueError as error:
        raise BadInputError(f"The recipe {file} is not TOML: {error}", _HINT) from error
    except RecursionError as error:
        raise BadInputError(f"The recipe {file} is nested too deeply.", _HINT) from error
    if recipe.arxiv_id and not folder.name.startswith(folder_name(recipe.arxiv_id)):
        what = f"the folder's name must begin with it: {folder.name}"
        problems.add(("paper", "id"), what)
    away = [
        f"{folder / path}: this link leads out of the recipe; copy what it leads to into it"
        for path in links_out(folder)
    ]
    found = problems.found + shape.problems + away
    if found:
        told = "The recipe is not right:\n" + "\n".join(found)
        if values.get("template") is True:
            raise StillTemplateError(told, _HINT, folder.name)
        raise BadInputError(told, _HINT)
    return recipe


def _recipe(top: Table, folder: Path, shape: Shape) -> Recipe:
    top.only(*_KEYS)
    if top.flag("template"):
        top.problem(
            "template",
            "this is still the template: write the paper's claims, then delete this line",
        )
    arxiv_id, version = _paper(top.table("paper")) if top.has("paper") else ("", None)
    budget, minutes = read_budget(top)
    needs = read_needs(top.tables("data_needs"))
    baselines = _baselines(top, shape)
    varies = top.some_of("varies", SOURCES)
    arms = _arms(top, needs, baselines, varies)
    return Recipe(
        name=folder.name,
        folder=folder,
        arxiv_id=arxiv_id,
        version=version,
        title=top.text("title", needed=True),
        summary=top.text("summary"),
        seeds=top.whole("seeds", least=1, most=MOST_SEEDS, default=5) or 5,
        arms=arms,
        claims=_claims(top, arms),
        digest="",
        bundled=False,
        budget=budget,
        data_note=top.text("data"),
        notes=top.texts("notes"),
        budget_minutes=minutes,
        data=needs,
        limits=read_limits(top.table("limits")),
        varies=varies,
        ranges=read_ranges(top.table("ranges"), arms),
        baselines=baselines,
    )


def _arms(
    top: Table, needs: Sequence[DataNeed], baselines: Sequence[str], varies: Sequence[str]
) -> tuple[Arm, ...]:
    """The arms of the file, and those of the baselines."""
    arms = read_arms(top.tables("arms"), [need.name for need in needs])
    if not arms:
        top.problem("arms", "there is none: write one [[arms]] at least")
    return arms + baseline_arms(baselines, arms, varies)


def _baselines(top: Table, shape: Shape) -> tuple[str, ...]:
    wanted = read_baselines(top)
    if wanted and not shape.problems and (shape.functions or shape.task != "classification"):
        what = "come free only for an Experiment whose task is 'classification'"
        top.problem("baselines", what)
    return wanted


def _claims(top: Table, arms: Sequence[Arm]) -> tuple[Claim, ...]:
    by_name = {arm.name: arm for arm in arms}
    tables = top.tables("claims")
    claims = tuple(read_claim(table, by_name) for table in tables)
    unique(tables, [claim.id for claim in claims], "id")
    return claims


def _paper(table: Table) -> tuple[str, int | None]:
    table.only("id", "version")
    given = table.text("id", needed=True)
    version = table.whole("version", least=1)
    try:
        found = parse_arxiv_id(given)
    except UsageProblemError as error:
        if given:
            table.problem("id", error.message)
        return "", version
    if found.version is not None:
        table.problem("id", "has a version: write it under `version`")
    return found.base, version
