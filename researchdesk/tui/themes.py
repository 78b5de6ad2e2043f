"""Themes from TOML files, each key looked at before Textual sees it."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import Theme

from researchdesk.domain.text import one_line

_COLOURS = (
    "primary", "secondary", "warning", "error", "success", "accent",
    "foreground", "background", "surface", "panel", "boost",
)  # fmt: skip
_FLAGS = ("dark", "ansi")
_NUMBERS = ("luminosity_spread", "text_alpha")
_STYLES = {"bold", "dim", "italic", "none", "reverse", "strike", "underline", "b", "i", "u", "not"}


def load_theme(folders: Sequence[Path], name: str) -> Theme | None:
    """The theme of this name where it is sound and in a file of this name, as ``load_themes`` would
    have it; else None."""
    if Path(name).name != name:
        return None
    for folder in reversed(folders):
        themes, _ = _read([folder / f"{name}.toml"])
        if themes:
            return themes.get(name)
    return None


def load_theme_file(path: Path) -> tuple[Theme | None, list[str]]:
    """The theme of one file, or None and all that is wrong with it."""
    found, problems = _read([path])
    return next(iter(found.values()), None), problems.get(path, [])


def load_themes(folders: Sequence[Path]) -> tuple[list[Theme], list[str]]:
    """Themes from every ``*.toml`` of these folders, and what is wrong with the others.

    A later folder wins over an earlier one. A broken file gives one message naming the file and
    the first key that is wrong, and the rest load. A folder that does not exist holds none.
    """
    found, problems = _read([path for folder in folders for path in sorted(folder.glob("*.toml"))])
    told = [
        f"{wrong[0]}{f' (and {len(wrong) - 1} more)' if len(wrong) > 1 else ''}"
        for wrong in problems.values()
    ]
    return list(found.values()), told


def _read(paths: Iterable[Path]) -> tuple[dict[str, Theme], dict[Path, list[str]]]:
    found: dict[str, Theme] = {}
    problems: dict[Path, list[str]] = {}
    for path in paths:
        wrong: list[str] = []
        try:
            theme = _theme(tomllib.loads(path.read_text(encoding="utf-8")), path.stem, wrong)
        except (OSError, ValueError, RecursionError) as error:
            wrong.append(str(error))
        else:
            if theme is not None:
                found[theme.name] = theme
        if wrong:
            problems[path] = [one_line(f"{path.name}: {what}") for what in wrong]
    return found, problems


def _theme(table: dict[str, Any], stem: str, wrong: list[str]) -> Theme | None:
    """None where anything is wrong, which is added to ``wrong``."""
    known = {item.name for item in fields(Theme)}
    wrong += [
        f"{key}: unknown key; known: {', '.join(sorted(known))}"
        for key in table
        if key not in known
    ]
    name, variables = table.get("name", stem), table.get("variables", {})
    if not isinstance(name, str) or not name.strip():
        wrong.append(f"name: {name!r}, but text is wanted")
    if "primary" not in table:
        wrong.append("primary: missing; a colour is wanted")
    wrong += [why for key in _COLOURS if key in table if (why := _no_colour(key, table[key]))]
    for key in _FLAGS:
        if not isinstance(table.get(key, False), bool):
            wrong.append(f"{key}: {table[key]!r}, but true or false is wanted")
    for key in _NUMBERS:
        value = table.get(key, 0.5)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            wrong.append(f"{key}: {value!r}, but a number from 0 to 1 is wanted")
    if not isinstance(variables, dict):
        wrong.append("variables: a table is wanted")
        return None
    sound = {"name": stem, "primary": "#000000"} if wrong else {**table, "name": name}
    theme = Theme(**{**sound, "variables": {}})
    known_variables = theme.to_color_system().generate()
    wrong += [
        why for key in variables if (why := _no_variable(key, variables[key], known_variables))
    ]
    theme.variables = variables
    return None if wrong else theme


def _no_variable(key: str, value: Any, known: dict[str, str]) -> str:
    """Why this is no variable with its value; ``""`` where it is one."""
    where = f"variables.{key}"
    if key not in known:
        return f"{where}: no such variable"
    if not isinstance(value, str):
        return f"{where}: {value!r}, but text is wanted"
    if "style" not in key:
        return _no_colour(where, value.removeprefix("auto ").strip(), percent=True)
    sound = value.split() and set(value.split()) <= _STYLES
    return "" if sound else f"{where}: {value!r} is no text style"


def _no_colour(key: str, value: Any, *, percent: bool = False) -> str:
    """Why this is no colour; ``""`` where it is one."""
    if not isinstance(value, str):
        return f"{key}: {value!r}, but a colour is wanted"
    colour, _, share = value.partition(" ")
    if percent and (value == "initial" or _is_share(value)):
        return ""
    if share and not (percent and _is_share(share)):
        return f"{key}: {value!r} is no colour"
    try:
        Color.parse(colour)
    except ColorParseError:
        return f"{key}: {value!r} is no colour"
    return ""


def _is_share(text: str) -> bool:
    return text.endswith("%") and text[:-1].strip().isdigit()
