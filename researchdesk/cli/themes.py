"""Themes of the terminal app: list them, check them."""

import importlib
from pathlib import Path
from typing import Any

import click

from researchdesk.assets import folder
from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.errors import BadInputError


@click.group()
def theme() -> None:
    """List and check the themes of the terminal app. Your own are TOML files in the desk's
    "themes" folder; one with the name of a shipped one takes its place."""


@theme.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the themes, shipped and your own. In the app, Theme changes to another."""
    home = session.settings.desk / "themes"
    records = [
        record
        for own, place in ((False, folder("themes")), (True, home))
        for record in map(_record, sorted(place.glob("*.toml")))
        if record.update(own=own) is None
    ]
    if as_json:
        output.emit_json({"themes": records, "folder": home})
        return
    rows = [
        (
            one["name"],
            "dark" if one["dark"] else "light",
            "own" if one["own"] else "shipped",
            f"{one['lowest']:.1f}",
        )
        for one in records
        if not one["problems"]
    ]
    output.emit_table(("theme", "kind", "from", "lowest contrast of text"), rows)
    for one in records:
        for problem in one["problems"]:
            diagnostics.warn(problem)
    diagnostics.say(f"Your own go into {home}; check one with: researchdesk theme check FILE")


@theme.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@json_option
@pass_session
def check(session: Session, file: Path | None, as_json: bool) -> None:
    """Check a theme FILE, or all of your own: every problem with its file and key.

    Words that could be hard to read, by the contrast that WCAG asks of text (4.5), are noted.
    Words that cannot be seen, with a contrast below 1.5, are a problem. Either way the theme can
    be used. Exit codes: 0 no problem, 5 there is one.
    """
    home = session.settings.desk / "themes"
    if file is not None and not file.is_file():
        raise BadInputError(f"There is no file {file}.", "A theme is a TOML file with colours.")
    files = [file] if file is not None else sorted(home.glob("*.toml"))
    records = [_record(path) for path in files]
    if as_json:
        output.emit_json({"files": records})
    else:
        _tell(records)
    if not files:
        diagnostics.say(f"There are none of your own in {home}.")
    if any(one["problems"] for one in records):
        raise BadInputError("A broken theme is left out.", "Mend what is named above.")
    if any(one["unreadable"] for one in records):
        raise BadInputError(
            "Words of a theme cannot be read; the app would use it all the same.",
            "Choose other colours for what is named above.",
        )


def _tell(records: list[dict[str, Any]]) -> None:
    for one in records:
        for problem in one["problems"]:
            output.emit(f"{one['file'].parent / problem}")
        for words in one["unreadable"]:
            output.emit(f"{one['file']}: {words}")
        for note in one["notes"]:
            output.emit(f"{one['file']}: note: {note}")
        errors = one["problems"] + one["unreadable"]
        found = f"{_counted(one['notes'], 'note')}, {_counted(errors, 'error')}."
        if errors or one["notes"]:
            diagnostics.say(f"{one['file']}: {found}")
        else:
            lowest = f"lowest contrast of text {one['lowest']:.1f}"
            diagnostics.say(f"{one['file']}: {one['name']!r}, {lowest}. No problem.")


def _counted(found: list[str], what: str) -> str:
    return f"{len(found) or 'no'} {what}{'' if len(found) < 2 else 's'}"


def _record(path: Path) -> dict[str, Any]:
    themes = importlib.import_module("researchdesk.tui.themes")
    reading = importlib.import_module("researchdesk.tui.theme_contrast")
    found, problems = themes.load_theme_file(path)
    record: dict[str, Any] = {"file": path, "problems": problems, "unreadable": [], "notes": []}
    if found is not None:
        record |= {
            "name": found.name,
            "dark": found.dark,
            "lowest": reading.lowest_contrast(found),
            "unreadable": reading.contrast_problems(found),
            "notes": reading.contrast_notes(found),
        }
    return record
