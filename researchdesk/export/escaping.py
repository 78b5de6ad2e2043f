"""Text from outside, such that markdown shows it as it stands."""

import re
from collections.abc import Sequence

_SPECIAL = re.compile(r"([\\`*_\[\]<>|$~])")
_LEADING = re.compile(r"^(\s*)([#+-]|=(?==*[ \t]*$))|^(\s*\d{1,9})([.)])(?=\s|$)", re.MULTILINE)


def escape(text: str) -> str:
    """``text`` with a backslash before what markdown would take for a mark."""
    return _LEADING.sub(_guarded, _SPECIAL.sub(r"\\\1", text))


def table(head: str, rows: Sequence[tuple[str, ...]]) -> list[str]:
    """A table's lines; ``head`` is its columns' names between ``|``."""
    names = [name.strip() for name in head.split("|")]
    lines = [f"| {' | '.join(names)} |", f"| {' | '.join('---' for _ in names)} |"]
    return lines + [f"| {' | '.join(' '.join(cell.split()) for cell in row)} |" for row in rows]


def _guarded(match: re.Match[str]) -> str:
    """What would begin a heading or a list, with a backslash before its mark."""
    before, mark = (match[1], match[2]) if match[2] else (match[3], match[4])
    return f"{before}\\{mark}"
