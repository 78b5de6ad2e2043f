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
    """The theme of one file, or None and what is wrong with it."""
    found, problems = _read([path])
    return next(iter(found.values()), None), problems


def load_themes(folders: Sequence[Path]) -> tuple[list[Theme], list[str]]:
    """Themes from every ``*.toml`` of these folders, and what is wrong with the others.

    A later folder wins over an earlier one. A broken file gives one message naming the file and
    the key, and the rest load. A folder that does not exist holds none.
    """
    found, problems = _read([path for folder in folders for path in sorted(folder.glob("*.toml"))])
    return list(found.values()), problems


def _read(paths: Iterable[Path]) -> tuple[dict[str, Theme], list[str]]:
    found: dict[str, Theme] = {}
    problems: list[str] = []
    for path in paths:
        try:
            theme = _theme(tomllib.loads(path.read_text(encoding="utf-8")), path.stem)
        except (OSError, ValueError, RecursionError) as error:
            problems.append(one_line(f"{path.name}: {error}"))
        else:
            found[theme.name] = theme
    return found, problems


def _theme(table: dict[str, Any], stem: str) -> Theme:
    known = {item.name for item in fields(Theme)}
    for key in table:
        if key not in known:
            raise ValueError(f"{key}: unknown key; known: {', '.join(sorted(known))}")
    name = table.get("name", stem)
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"name: {name!r}, but text is wanted")
    if "primary" not in table:
        raise ValueError("primary: missing; a colour is wanted")
    for key in _COLOURS:
        if key in table:
            _check_colour(key, table[key])
    for key in _FLAGS:
        if not isinstance(table.get(key, False), bool):
            raise ValueError(f"{key}: {table[key]!r}, but true or false is wanted")
    for key in _NUMBERS:
        value = table.get(key, 0.5)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise ValueError(f"{key}: {value!r}, but a number from 0 to 1 is wanted")
    variables = table.get("variables", {})
    if not isinstance(variables, dict):
        raise ValueError("variables: a table is wanted")
    theme = Theme(**{**table, "name": name, "variables": {}})
    _check_variables(variables, theme.to_color_system().generate())
    theme.variables = variables
    return theme


def _check_variables(variables: dict[str, Any], known: dict[str, str]) -> None:
    for key, value in variables.items():
        where = f"variables.{key}"
        if key not in known:
            raise ValueError(f"{where}: no such variable")
        if not isinstance(value, str):
            raise ValueError(f"{where}: {value!r}, but text is wanted")
        if "style" in key:
            if not value.split() or not set(value.split()) <= _STYLES:
                raise ValueError(f"{where}: {value!r} is no text style")
        else:
            _check_colour(where, value.removeprefix("auto ").strip(), percent=True)


def _check_colour(key: str, value: Any, *, percent: bool = False) -> None:
    if not isinstance(value, str):
        raise ValueError(f"{key}: {value!r}, but a colour is wanted")
    colour, _, share = value.partition(" ")
    if percent and (value == "initial" or _is_share(value)):
        return
    if share and not (percent and _is_share(share)):
        raise ValueError(f"{key}: {value!r} is no colour")
    try:
        Color.parse(colour)
    except ColorParseError as error:
        raise ValueError(f"{key}: {value!r} is no colour") from error


def _is_share(text: str) -> bool:
    return text.endswith("%") and text[:-1].strip().isdigit()
