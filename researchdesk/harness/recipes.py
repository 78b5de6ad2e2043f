"""Recipe folders: found, read, checked. A recipe is ``recipe.toml`` and ``experiment.py``."""

import hashlib
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from researchdesk.domain.identifiers import folder_name, parse_arxiv_id
from researchdesk.domain.recipes import MOST_SEEDS, Arm, Claim, ClaimKind, Recipe
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.harness.locate import places
from researchdesk.harness.recipe_fields import Problems, Table, is_plain

FILE = "recipe.toml"
EXPERIMENT = "experiment.py"
_DIRECTIONS = ("at least", "at most")
_HINT = "Mend the file and look again with `researchdesk recipe check`. Nothing was run."
_TEXTS = ("title", "summary", "seeds", "budget", "data", "notes")
_KEYS = (*_TEXTS, "paper", "arms", "claims", "template")


@dataclass(frozen=True, slots=True)
class Root:
    """A folder of recipe folders; ``bundled`` where they are ours."""

    folder: Path
    bundled: bool


def recipe_folders(roots: Iterable[Root]) -> list[tuple[Path, bool]]:
    """Every folder with a recipe file, roots in their order, and whether it is bundled."""
    found = []
    for root in roots:
        if root.folder.is_dir():
            inside = sorted(path.parent for path in root.folder.glob(f"*/{FILE}"))
            found += [(folder, root.bundled) for folder in inside]
    return found


def find_recipe(roots: Iterable[Root], ref: str) -> Recipe | None:
    """The first recipe for a paper's base id, or of that name. Raises BadInputError if broken."""
    prefix = folder_name(ref)
    for folder, bundled in recipe_folders(roots):
        if folder.name in (ref, prefix) or folder.name.startswith(f"{prefix}-"):
            return load_recipe(folder, bundled=bundled)
    return None


def recipe_files(folder: Path) -> list[Path]:
    """The recipe's files, sorted, relative to its folder; compiled and hidden ones left out."""
    relative = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(
        path
        for path in relative
        if not any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    )


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and contents of the recipe's files, in hexadecimal."""
    total = hashlib.sha256()
    for path in recipe_files(folder):
        name, content = path.as_posix().encode(), (folder / path).read_bytes()
        for part in (name, content):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def load_recipe(folder: Path, *, bundled: bool) -> Recipe:
    """Read and check a recipe folder.

    Raises BadInputError naming every problem with file, line and key.
    """
    file = folder / FILE
    try:
        text = file.read_text(encoding="utf-8")
        values = tomllib.loads(text)
        problems = Problems(file, places(text))
        recipe = _recipe(Table(values, "", problems), folder, bundled)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"The recipe {file} cannot be read: {error}", _HINT) from error
    except ValueError as error:
        raise BadInputError(f"The recipe {file} is not TOML: {error}", _HINT) from error
    except RecursionError as error:
        raise BadInputError(f"The recipe {file} is nested too deeply.", _HINT) from error
    if recipe.arxiv_id and not folder.name.startswith(folder_name(recipe.arxiv_id)):
        problems.add("paper", "id", f"the folder's name must begin with it: {folder.name}")
    if not (folder / EXPERIMENT).is_file():
        problems.found.append(f"{folder / EXPERIMENT}:1: the file is missing")
    else:
        problems.found += _syntax_problems(folder / EXPERIMENT)
    if problems.found:
        raise BadInputError("The recipe is not right:\n" + "\n".join(problems.found), _HINT)
    return recipe


def _recipe(top: Table, folder: Path, bundled: bool) -> Recipe:
    top.only(*_KEYS)
    if top.flag("template"):
        top.problem(
            "template",
            "this is still the template: write the paper's claims, then delete this line",
        )
    arxiv_id, version = _paper(top.table("paper"))
    arms = tuple(_arm(table) for table in top.tables("arms"))
    if not arms:
        top.problem("arms", "there is none: write one [[arms]] at least")
    _unique(top.tables("arms"), [arm.name for arm in arms], "name")
    claims = tuple(_claim(table, arms) for table in top.tables("claims"))
    _unique(top.tables("claims"), [claim.id for claim in claims], "id")
    return Recipe(
        name=folder.name,
        folder=folder,
        arxiv_id=arxiv_id,
        version=version,
        title=top.text("title", needed=True),
        summary=top.text("summary"),
        seeds=top.whole("seeds", least=1, most=MOST_SEEDS, default=5) or 5,
        arms=arms,
        claims=claims,
        digest=digest_of(folder),
        bundled=bundled,
        budget=top.text("budget"),
        data=top.text("data"),
        notes=top.texts("notes"),
    )


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


def _arm(table: Table) -> Arm:
    table.only("name", "description", "deterministic", "settings", "quick")
    settings, quick = table.table("settings"), table.table("quick")
    for key in quick.values:
        if key not in settings.values:
            quick.problem(key, "overrides a setting that the arm does not have")
    for part in (settings, quick):
        for key, value in part.values.items():
            if not is_plain(value):
                part.problem(key, "is or has a date or time (write it as text), or is too large")
    return Arm(
        table.text("name", needed=True),
        table.text("description"),
        table.flag("deterministic"),
        dict(settings.values),
        dict(quick.values),
    )


def _claim(table: Table, arms: Sequence[Arm]) -> Claim:
    table.only(
        *("id", "text", "kind", "metric", "arm", "versus", "direction", "where", "quote"),
        *("verified", "claimed", "unit", "tolerance", "tolerance_rule"),
    )
    kind = table.text("kind", needed=True)
    if kind and kind not in list(ClaimKind):
        table.problem("kind", f"is {kind!r}, not one of {', '.join(ClaimKind)}")
        kind = ClaimKind.VALUE
    claim = Claim(
        id=table.text("id", needed=True),
        text=table.text("text", needed=True),
        kind=ClaimKind(kind or ClaimKind.VALUE),
        metric=table.text("metric", needed=True),
        arm=table.text("arm", needed=True),
        where=table.text("where", needed=True),
        claimed=table.number("claimed", needed=True) or 0.0,
        quote=table.text("quote"),
        verified=table.flag("verified"),
        unit=table.text("unit"),
        tolerance=table.number("tolerance", least=0),
        tolerance_rule=table.text("tolerance_rule"),
        direction=table.text("direction"),
        versus=table.text("versus"),
    )
    _check_claim(table, claim, {arm.name: arm for arm in arms})
    return claim


def _check_claim(table: Table, claim: Claim, arms: dict[str, Arm]) -> None:
    for key, name in (("arm", claim.arm), ("versus", claim.versus)):
        if name and name not in arms:
            table.problem(key, f"names the arm {name!r}, which is not among {', '.join(arms)}")
    if claim.verified and not claim.quote:
        table.problem("verified", "is true, but there is no quote")
    if claim.kind in (ClaimKind.VALUE, ClaimKind.COUNT):
        if "tolerance" not in table.values:
            table.problem("tolerance", "is missing: declare it before the run")
        elif not claim.tolerance_rule:
            table.problem("tolerance_rule", "is missing: say what the tolerance follows from")
        unwanted = [key for key in ("direction", "versus") if key in table.values]
    else:
        if claim.direction not in _DIRECTIONS:
            table.problem("direction", "is neither 'at least' nor 'at most'")
        unwanted = ["tolerance"] if "tolerance" in table.values else []
        if claim.kind is ClaimKind.ORDERING and not claim.versus:
            table.problem("versus", "is missing: name the arm to compare with")
        if claim.kind is ClaimKind.BOUND and claim.versus:
            unwanted.append("versus")
    for key in unwanted:
        table.problem(key, f"has no meaning for a claim of kind {claim.kind}")


def _unique(tables: Sequence[Table], names: Sequence[str], key: str) -> None:
    for number, name in enumerate(names):
        if name and name in names[:number]:
            tables[number].problem(key, f"{name!r} is there twice")


def _syntax_problems(path: Path) -> list[str]:
    """Where the experiment is no Python, or has no ``measure``. It is not run for that."""
    try:
        text = path.read_text(encoding="utf-8")
        code = compile(text, str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError, OSError) as error:
        line = getattr(error, "lineno", None) or 1
        return [f"{path}:{line}: is not Python: {error}"]
    except (RecursionError, MemoryError):
        return [f"{path}:1: is nested too deeply for Python"]
    if "measure" not in code.co_names:
        return [f"{path}:1: there is no `measure(run)`"]
    return []
