"""Finds the line of a key in a TOML file, which the standard library's reader does not tell."""

import re
from dataclasses import dataclass, field

_HEADER = re.compile(r"^\s*\[\[?\s*([A-Za-z0-9_.\"' -]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+|\"[^\"]+\"|'[^']+')\s*[.=]")
_FENCES = ('"""', "'''")


@dataclass(slots=True)
class Places:
    """Line numbers, counted from 1, of tables and of the keys in them.

    A table is named by its path, with the number of its entry in an array of tables: ``arms[0]``,
    ``arms[0].settings``.
    """

    tables: dict[str, int] = field(default_factory=dict)
    keys: dict[tuple[str, str], int] = field(default_factory=dict)

    def line(self, table: str = "", key: str = "") -> int:
        """The key's line, else that of its table, else 1."""
        return self.keys.get((table, key)) or self.tables.get(table) or 1


def places(text: str) -> Places:
    """Where the tables and keys of a TOML text stand. Broken text gives what can be found."""
    found, counts, table, fence = Places(), dict[str, int](), "", ""
    for number, line in enumerate(text.splitlines(), start=1):
        if fence:
            fence = "" if fence in line else fence
            continue
        if header := _HEADER.match(line):
            table = _table(header[1], line.lstrip().startswith("[["), counts)
            found.tables.setdefault(table, number)
        elif key := _KEY.match(line):
            found.keys.setdefault((table, key[1].strip("\"'")), number)
        fence = next((mark for mark in _FENCES if line.count(mark) % 2), "")
    return found


def _table(name: str, is_array: bool, counts: dict[str, int]) -> str:
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    if is_array:
        counts[parts[0]] = counts.get(parts[0], -1) + 1
        return f"{parts[0]}[{counts[parts[0]]}]"
    if parts[0] in counts:
        parts[0] = f"{parts[0]}[{counts[parts[0]]}]"
    return ".".join(parts)
