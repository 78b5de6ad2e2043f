"""YAML front matter: our keys kept up to date, the user's own left as they stand."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

_KEY = re.compile(r"(?P<key>[A-Za-z_][\w-]*)\s*:")


def split(text: str) -> tuple[str, str]:
    """The lines between the ``---`` fences at the head of ``text``, and what follows them.

    ``("", text)`` where there is no front matter.
    """
    match = re.match(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE)
    return (match[1], text[match.end() :]) if match else ("", text)


def merge(old: str, values: Mapping[str, Any]) -> str:
    """``old`` with the block of every key in ``values`` written anew, other blocks untouched."""
    blocks = _blocks(old)
    written = {
        key: yaml.safe_dump({key: value}, allow_unicode=True, sort_keys=False, width=100)
        for key, value in values.items()
    }
    merged = [written.pop(key, block) if key else block for key, block in blocks]
    return "".join([*merged, *written.values()])


def _blocks(text: str) -> list[tuple[str, str]]:
    """(key, lines) of each top-level key; comments and blank lines before one have key ``""``."""
    blocks: list[tuple[str, str]] = []
    for line in text.splitlines(keepends=True):
        match = _KEY.match(line)
        if match:
            blocks.append((match["key"], line))
        elif line.lstrip().startswith("#") and not line.startswith((" ", "\t")):
            blocks.append(("", line))
        elif blocks:
            blocks[-1] = (blocks[-1][0], blocks[-1][1] + line)
        else:
            blocks.append(("", line))
    return blocks
