"""What a shell is told while a line is typed: the program was called to complete, not to run.

The script of ``completion`` calls with the line up to the cursor in ``RESEARCHDESK_LINE`` and the
shell's name in ``_RESEARCHDESK_COMPLETE``. Nothing is ever said on stderr.
"""

import os
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from researchdesk.cli.completion_tree import Page, Word, page_of
from researchdesk.cli.completion_values import Values, values
from researchdesk.cli.lazy import LazyGroup
from researchdesk.config import load_settings
from researchdesk.errors import DeskError
from researchdesk.files import path_of

VARIABLE = "_RESEARCHDESK_COMPLETE"
_PATHS = {"files", "folders"}
_SPECIAL = set(" \t\"'\\$`&|;<>()*?[]#~!{}")
_WITHIN = {
    "'": {"'": r"'\''"},
    '"': {**{sign: f"\\{sign}" for sign in '"\\$`'}, "!": "\"'!'\""},
}
"""What stands for a sign within quotes, so that it stays a sign of the word. Bash closes them
itself, unless the last sign is such a quote."""


@dataclass(frozen=True, slots=True)
class Line:
    """The words before the one at the cursor, what of that is typed, and the quote it is in."""

    words: tuple[str, ...]
    begun: str
    quote: str = ""


def answer(cli: click.Group, environment: Mapping[str, str] = os.environ) -> int:
    """Print what the word at the cursor may become; gives the exit code."""
    line = read_line(environment.get("RESEARCHDESK_LINE", ""))
    shell = environment.get(VARIABLE, "")
    try:
        found = complete(cli, line)
    except (DeskError, OSError, sqlite3.Error, click.ClickException):
        return 0
    for value, words in found:
        text = _as_bash(value, line) if shell == "bash" else value
        sys.stdout.write(f"{text}\t{words}\n")
    return 0


def complete(cli: click.Group, line: Line) -> Values:
    """The values that fit, each with a few words; ``:files`` and ``:folders`` leave it to the
    shell. Raises DeskError, OSError or sqlite3.Error where the desk cannot be read."""
    words, desk = list(line.words[1:]), None
    while words and words[0].startswith("-"):
        if words.pop(0) == "--desk":
            if not words:
                return [(":folders", "")]
            desk = words.pop(0)
    settings = load_settings(desk=path_of(desk) if desk else None)
    if not words:
        return _first(cli, line.begun)
    page = page_of(cli, words.pop(0), settings.state / "completion")
    return [] if page is None else _within(page, words, line.begun, settings.desk)


def read_line(text: str) -> Line:
    """A line as a shell splits it; the last word may be open, and may be empty."""
    words: list[str] = []
    word, begun, quote = "", False, ""
    signs = iter(text)
    for sign in signs:
        if quote:
            if sign == quote:
                quote = ""
            elif sign == "\\" and quote == '"':
                word += next(signs, "")
            else:
                word += sign
        elif sign in "'\"":
            quote, begun = sign, True
        elif sign == "\\":
            word, begun = word + next(signs, ""), True
        elif sign.isspace():
            words += [word] if begun else []
            word, begun = "", False
        else:
            word, begun = word + sign, True
    return Line(tuple(words), word, quote)


def _first(cli: click.Group, begun: str) -> Values:
    """The commands, or the options that stand before them."""
    if begun.startswith("-"):
        options = [(p.opts, p.help or "") for p in cli.params if isinstance(p, click.Option)]
        found = [(name, _short(words)) for names, words in options for name in names]
        return [item for item in [*found, ("--help", "Show help")] if item[0].startswith(begun)]
    known = cli.lazy if isinstance(cli, LazyGroup) else {}
    return [(name, _short(words)) for name, (_, words) in known.items() if name.startswith(begun)]


def _within(page: Page, words: Sequence[str], begun: str, desk: Path) -> Values:
    """What fits in the words of a command, of which ``words`` are typed."""
    place, open_option, wanted, ended = 0, None, 0, False
    for word in words:
        if wanted:
            wanted -= 1
        elif word == "--":
            ended = True
        elif word.startswith("-") and len(word) > 1 and not ended:
            open_option = _option(page, word.partition("=")[0])
            wanted = open_option.takes if open_option and "=" not in word else 0
        elif open_option and open_option.many and not ended:
            continue
        elif page.commands:
            below = page.commands.get(word)
            if below is None:
                return []
            page, place, open_option = below, 0, None
        else:
            place, open_option = place + 1, None
    if open_option and (wanted or (open_option.many and not begun.startswith("-"))):
        return _values(open_option, begun, desk)
    if begun.startswith("-") and not ended:
        return _options(page, begun, desk)
    if page.commands:
        return [(n, b.help) for n, b in page.commands.items() if n.startswith(begun)]
    return _values(_argument(page, place), begun, desk)


def _options(page: Page, begun: str, desk: Path) -> Values:
    name, equals, value = begun.partition("=")
    if equals and (option := _option(page, name)):
        return [(f"{name}={found}", words) for found, words in _values(option, value, desk)]
    known = page.options
    return [
        (name, _short(option.help))
        for option in known
        for name in option.names
        if name.startswith(begun) and (name.startswith("--") or begun == name)
    ]


def _option(page: Page, name: str) -> Word | None:
    return next((option for option in page.options if name in option.names), None)


def _argument(page: Page, place: int) -> Word | None:
    if place < len(page.arguments):
        return page.arguments[place]
    last = page.arguments[-1] if page.arguments else None
    return last if last and last.many else None


def _values(word: Word | None, begun: str, desk: Path) -> Values:
    if word is None:
        return []
    if word.kind in _PATHS:
        return [(f":{word.kind}", "")]
    if word.values:
        return [(value, "") for value in word.values if value.startswith(begun)]
    return values(word.kind, begun, desk) if word.kind else []


def _as_bash(value: str, line: Line) -> str:
    """As bash puts it into the line: what it took for words before is left out, signs quoted."""
    if value in {":files", ":folders"}:
        return value
    if line.quote:
        text = "".join(_WITHIN[line.quote].get(sign, sign) for sign in value)
        return text + line.quote if text.endswith(line.quote) else text
    for sign in "=:":
        if sign in line.begun:
            value = value.removeprefix(line.begun.rpartition(sign)[0] + sign)
    return "".join(f"\\{sign}" if sign in _SPECIAL else sign for sign in value)


def _short(words: str) -> str:
    return words.split(". ")[0].rstrip(".")
