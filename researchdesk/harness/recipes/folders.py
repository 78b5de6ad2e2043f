"""Folders of recipe folders, and the files that make up a recipe."""

import hashlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from researchdesk.errors import BusyError
from researchdesk.files import leads_out

FILE = "recipe.toml"
EXPERIMENT = "experiment.py"


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


def recipe_files(folder: Path) -> list[Path]:
    """The recipe's files, sorted, relative to its folder; compiled and hidden ones left out, and
    links that lead out of it: ``links_out`` names these."""
    relative = (
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file() and not (path.is_symlink() and leads_out(path, folder))
    )
    return sorted(
        path
        for path in relative
        if not any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    )


def links_out(folder: Path) -> list[Path]:
    """The links of a recipe that lead out of its folder: nothing there is read, run or copied."""
    return sorted(
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_symlink() and leads_out(path, folder)
    )


def stamp_of(folder: Path) -> tuple[tuple[str, int, int, int], ...]:
    """Name, size and times of each of the recipe's files: what stays the same is not read again.

    Raises OSError. Whether code may run never rests on it, but on ``digest_of``.
    """
    files = ((path, (folder / path).stat()) for path in recipe_files(folder))
    return tuple(
        (path.as_posix(), found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        for path, found in files
    )


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and contents of the recipe's files, in hexadecimal."""
    return _digest(folder, recipe_files(folder))


def code_digest_of(folder: Path) -> str:
    """As ``digest_of``, without the recipe file: the same for recipes that run the same code."""
    return _digest(folder, [path for path in recipe_files(folder) if path != Path(FILE)])


def _digest(folder: Path, paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        name, content = os.fsencode(path.as_posix()), (folder / path).read_bytes()
        for part in (name, content):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def copy_recipe(folder: Path, digest: str, to: Path) -> None:
    """Copy the files that the digest is of, and nothing else: what runs is what was said yes to.

    What is linked to, hidden or compiled beside them stays behind. Raises BusyError where they are
    not of that digest any more, OSError where they cannot be copied.
    """
    for path in recipe_files(folder):
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / path, to / path)
    if digest_of(to) != digest:
        raise BusyError("The recipe changed while it was started.", "Try again.")
