"""Messages for a person at a terminal: lines end between words, and what is copied stays whole."""

import re
import shutil
import sys
from os import get_terminal_size

from researchdesk.domain.text import cells

_WHOLE = re.compile(r"`[^`\n]+`[^\s`]*|(?<=: )researchdesk (?:(?![.;,]\s)[^\n`])+\S*|\S+")
"""What is not broken: a command in quotes or behind a colon, else a word."""
_USUAL = 80


def wrapped(text: str, columns: int) -> str:
    """``text`` in lines of at most so many columns, ended between words; what has none to end at
    is left to the terminal, so that it can be copied. Lines keep their indent."""
    return "\n".join(_line(line, columns) for line in text.split("\n"))


def columns_of_stderr() -> int:
    """How wide the terminal is that messages go to."""
    try:
        return get_terminal_size(sys.stderr.fileno()).columns or _USUAL
    except (OSError, ValueError):
        return shutil.get_terminal_size().columns


def _line(line: str, columns: int) -> str:
    if cells(line) <= columns:
        return line
    indent = line[: len(line) - len(line.lstrip())]
    lines, so_far, end = list[str](), indent, len(indent)
    for word in _WHOLE.finditer(line):
        gap = line[end : word.start()] if so_far.strip() else ""
        end = word.end()
        if so_far.strip() and cells(so_far + gap + word[0]) > columns:
            lines.append(so_far)
            so_far, gap = indent, ""
        so_far += gap + word[0]
    return "\n".join([*lines, so_far])
