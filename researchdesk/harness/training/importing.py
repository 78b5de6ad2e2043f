"""Imports from a recipe's folder: its sources as they are, and nothing that only lies there.

A yes is to the recipe's files by their content. Compiled files in ``__pycache__`` and what a link
leads to are none of these, though Python would run them in their place.
"""

import os
import sys
from collections.abc import Sequence
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    SourceFileLoader,
)
from pathlib import Path
from types import CodeType, ModuleType


class SourceLoader(SourceFileLoader):
    """Compiles the source each time."""

    def get_code(self, fullname: str) -> CodeType | None:
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


def import_from(folder: Path) -> None:
    """Let modules be imported from the folder, before all others."""
    place = str(folder)
    if place in sys.path:
        return

    class Finder(FileFinder):
        def find_spec(self, fullname: str, target: ModuleType | None = None) -> ModuleSpec | None:
            found = super().find_spec(fullname, target)
            return found if found is not None and _inside(folder, found) else None

    make = Finder.path_hook(
        (ExtensionFileLoader, EXTENSION_SUFFIXES), (SourceLoader, SOURCE_SUFFIXES)
    )

    def of_folder(path: str) -> Finder:
        if path != place and not path.startswith(place + os.sep):
            raise ImportError(f"{path} is not of the recipe")
        finder = make(path)
        if not isinstance(finder, Finder):
            raise ImportError(f"{path} has no modules")
        return finder

    sys.path_hooks.insert(0, of_folder)
    sys.path_importer_cache.pop(place, None)
    sys.path.insert(0, place)


def _inside(folder: Path, found: ModuleSpec) -> bool:
    """Whether all that the module is made of is in the folder itself, not at a link's end."""
    if found.has_location and found.origin:
        places: Sequence[str] = [found.origin]
    else:
        places = list(found.submodule_search_locations or ())
    real = os.path.realpath(folder)
    return all(
        os.path.realpath(place) == os.path.join(real, os.path.relpath(place, folder))  # noqa: PTH118
        for place in places
    )
