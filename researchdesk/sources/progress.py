"""How a source tells what it is doing."""

from collections.abc import Callable

Progress = Callable[[str, int, int | None], None]
"""Takes what is being done, the bytes done so far, and the total or ``None``."""

Sleep = Callable[[float], None]
"""Waits for so many seconds."""


def silent(what: str, done: int, total: int | None) -> None:
    """Progress for nobody."""
