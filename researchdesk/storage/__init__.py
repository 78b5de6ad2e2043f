"""SQLite by sqlite-utils: the SQL of the desk's tables.

Elsewhere stands what must do without an open desk: completions, the first look of the app, a copy
that is restored, and reports of a database that may be broken.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

_OPTIONAL = ("numpy", "pandas")


class _Light(SourceFileLoader):
    """Loads sqlite-utils without NumPy and pandas: where they are installed it imports both, only
    to know their types of columns, and that takes longer than all else that a short command needs.
    """

    def exec_module(self, module: ModuleType) -> None:
        hidden = [name for name in _OPTIONAL if name not in sys.modules]
        sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
        try:
            super().exec_module(module)
        finally:
            for name in hidden:
                sys.modules.pop(name, None)


class _Finder:
    """Has sqlite-utils loaded so when it is first asked for; a search does without it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != "sqlite_utils":
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Light(spec.loader.name, spec.loader.path)
        return spec


sys.meta_path.insert(0, _Finder())
