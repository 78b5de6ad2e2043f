"""SQLite by sqlite-utils: the only place with SQL."""

import sys

_OPTIONAL = ("numpy", "pandas")


def _load_sqlite_utils() -> None:
    """Without NumPy and pandas: where they are installed sqlite-utils imports both, only to know
    their types of columns, and that takes longer than all else that a short command needs."""
    hidden = [name for name in _OPTIONAL if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        import sqlite_utils  # noqa: F401, PLC0415
    finally:
        for name in hidden:
            sys.modules.pop(name, None)


_load_sqlite_utils()
