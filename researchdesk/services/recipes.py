"""Recipes of a desk: the user's own first, then the bundled ones; and whose code may run."""

import json
from dataclasses import dataclass
from pathlib import Path

from researchdesk import assets
from researchdesk.domain.clock import stamp
from researchdesk.domain.identifiers import folder_name, parse_arxiv_id
from researchdesk.domain.recipes import Recipe
from researchdesk.domain.text import one_line, slug
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import (
    BadInputError,
    BusyError,
    DeskError,
    NotOnDeskError,
    UsageProblemError,
)
from researchdesk.harness.recipes import (
    Root,
    digest_of,
    find_recipe,
    load_recipe,
    recipe_files,
    recipe_folders,
)
from researchdesk.services.desk import Desk

_TRUSTED = "trusted-recipes.json"


def recipes(desk: Desk) -> list[Recipe]:
    """Every recipe that can be read; ``recipe_problems`` tells of the others."""
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
        f"There is no recipe for {one_line(ref)}: nothing to run.",
        f"Make one with `researchdesk recipe new {one_line(ref)}`; it writes a folder to "
        f"{desk.settings.recipes}.",
    )


def check_recipe(desk: Desk, ref: str) -> Recipe:
    """Read and check a recipe given by paper, name or path of its folder.

    Raises BadInputError naming every problem with file, line and key.
    """
    path = Path(ref).expanduser()
    if path.is_file() and path.name == "recipe.toml":
        path = path.parent
    if path.is_dir():
        return load_recipe(path.absolute(), bundled=False)
    return recipe_for(desk, ref)


def new_recipe(desk: Desk, ref: str, title: str = "") -> Path:
    """Write the scaffold of a recipe for a paper, and give its folder.

    Raises UsageProblemError for what is no arXiv id, DeskError where the folder is there already.
    """
    arxiv = parse_arxiv_id(ref)
    title = one_line(title) or "Untitled"
    folder = desk.settings.recipes / f"{folder_name(arxiv.base)}-{slug(title, limit=30)}"
    template = assets.folder("data") / "templates" / "recipe"
    marks = {
        "{{id}}": arxiv.base,
        "{{version}}": str(arxiv.version or 1),
        "{{title}}": json.dumps(title, ensure_ascii=False)[1:-1],
    }
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
        for source in sorted(path for path in template.iterdir() if path.is_file()):
            text = source.read_text(encoding="utf-8")
            for mark, word in marks.items():
                text = text.replace(mark, word)
            (folder / source.name).write_text(text, encoding="utf-8")
    except FileExistsError as error:
        raise DeskError(
            f"There is a recipe at {folder} already; it was left as it is.",
            "Edit that one, or move it away.",
        ) from error
    except OSError as error:
        raise DeskError(
            f"The recipe could not be written to {folder}: {error.strerror}."
        ) from error
    return folder


@dataclass(frozen=True, slots=True)
class CodeOnDesk:
    """What a person is shown before a recipe's code may run."""

    folder: Path
    files: tuple[str, ...]
    digest: str


def code_of(recipe: Recipe) -> CodeOnDesk:
    """The recipe's code as a person should see it before saying yes."""
    files = tuple(path.as_posix() for path in recipe_files(recipe.folder))
    return CodeOnDesk(recipe.folder, files, recipe.digest)


def is_trusted(desk: Desk, recipe: Recipe) -> bool:
    """Whether the recipe's code may run: it is bundled, or the user said yes to this content."""
    return recipe.bundled or recipe.digest in _trusted(desk)


def trust(desk: Desk, recipe: Recipe) -> None:
    """Keep the user's yes to the recipe as it is now; any change of its files asks anew.

    Raises BusyError where the files changed meanwhile, DeskError where the yes cannot be kept.
    """
    if digest_of(recipe.folder) != recipe.digest:
        raise BusyError(
            f"The recipe at {recipe.folder} changed while it was looked at.", "Look at it again."
        )
    kept = _trusted(desk) | {recipe.digest: {"name": recipe.name, "at": stamp(desk.clock())}}
    file = desk.root / _TRUSTED
    temporary = file.with_suffix(".tmp")
    try:
        temporary.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
        temporary.replace(file)
    except OSError as error:
        raise DeskError(
            f"Your yes could not be kept in {file}: {error.strerror}. Nothing was run.",
            "Is there room on the disk, and may you write there?",
            exit_code=RUN_FAILED,
        ) from error


def require_trust(desk: Desk, recipe: Recipe) -> None:
    """Raise UsageProblemError with what would run and how to say yes, unless it is trusted."""
    if is_trusted(desk, recipe):
        return
    code = code_of(recipe)
    raise UsageProblemError(
        f"The recipe {recipe.name} is code that did not come with this program, and runs with your "
        f"rights. It is in {code.folder}: {', '.join(code.files)} (SHA-256 {code.digest}). "
        "Nothing was run.",
        "Read it. Then say yes with `--trust`; the yes holds until a file of it changes.",
    )


def _trusted(desk: Desk) -> dict[str, object]:
    file = desk.root / _TRUSTED
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadInputError(
            f"The list of trusted recipes {file} cannot be read: {error}",
            "Move it away; then each of your recipes asks again.",
        ) from error
    return kept if isinstance(kept, dict) else {}


def _names(ref: str) -> list[str]:
    try:
        return [parse_arxiv_id(ref).base]
    except UsageProblemError:
        return [ref.strip()] if "/" not in ref and ref.strip() else []


def _roots(desk: Desk) -> list[Root]:
    bundled = Root(assets.folder("data") / "recipes", bundled=True)
    return [Root(desk.settings.recipes, bundled=False), bundled]


def _load_all(desk: Desk) -> tuple[list[Recipe], list[BadInputError]]:
    good, bad = [], []
    for folder, bundled in recipe_folders(_roots(desk)):
        try:
            good.append(load_recipe(folder, bundled=bundled))
        except BadInputError as error:
            bad.append(error)
    return good, bad
