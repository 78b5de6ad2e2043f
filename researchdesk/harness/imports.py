"""What a recipe's code imports beside the standard library, with the versions installed."""

import ast
import sys
from importlib import metadata
from pathlib import Path

from researchdesk.harness.recipes import recipe_files

_DISTRIBUTIONS = {
    "torch": "torch",
    "numpy": "numpy",
    "scipy": "scipy",
    "sklearn": "scikit-learn",
    "researchdesk": "researchdesk",
}
"""Of what is imported most: to look all others up takes a fifth of a second."""


def imported_versions(folder: Path) -> dict[str, str]:
    """Versions by the names of the packages; what is not installed, or is no package, lacks."""
    names = _imported(folder) - set(sys.stdlib_module_names)
    unknown = names - set(_DISTRIBUTIONS)
    known = metadata.packages_distributions() if unknown else {}
    found = {_DISTRIBUTIONS[name] for name in names - unknown}
    found |= {package for name in unknown for package in known.get(name, ())}
    versions = {}
    for package in sorted(found):
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return versions


def _imported(folder: Path) -> set[str]:
    """The first part of each module that is imported, but for the recipe's own."""
    files = [folder / path for path in recipe_files(folder) if path.suffix == ".py"]
    own = {path.stem for path in files} | {path.parent.name for path in files}
    names: set[str] = set()
    for path in files:
        try:
            tree = ast.parse(path.read_bytes())
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - own
