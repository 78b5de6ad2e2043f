"""The keys of the terminal app: every command, and whether the user's own keys can be used."""

import importlib
from collections.abc import Sequence
from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.config import config_path

_NOT_ALL = 1
_CELLS = 12
"""A cell of several keys or places is not wider than this, where its first is not."""


class _WordsOrCommand(click.Group):
    """What is no command of this group are words to look for."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in self.commands:
            return super().resolve_command(ctx, args)
        return "", _find, args


@click.group(
    cls=_WordsOrCommand,
    invoke_without_command=True,
    subcommand_metavar="[WORDS]... | COMMAND [ARGS]...",
)
@click.option("--changed", is_flag=True, help="Only commands that have other keys than usual.")
@json_option
@click.pass_context
def keys(ctx: click.Context, changed: bool, as_json: bool) -> None:
    """List every command of the terminal app: its id, its keys, where they work, what it does.

    Other keys are written below [keys] in the settings file, a command a line:

    \b
        [keys]
        "library.remove" = "ctrl+d"
        "app.help" = ["alt+h", "?"]

    Letters stand for themselves (upper case is another key), others have names: enter, escape,
    delete, pageup, f1, ctrl+d, alt+x, shift+up. A line that cannot be used is left out and told;
    see also: researchdesk keys check.

    With WORDS only commands are listed that have them all in their id, keys, label or sentence. Of
    many keys and places the first is shown; --json has all.
    """
    if ctx.invoked_subcommand is None:
        session: Session = ctx.obj
        _list(session, changed, as_json)


@click.command()
@click.argument("words", nargs=-1)
@click.option("--changed", is_flag=True, help="Only commands that have other keys than usual.")
@json_option
@click.pass_context
def _find(ctx: click.Context, words: tuple[str, ...], changed: bool, as_json: bool) -> None:
    """List the commands of the terminal app that have these WORDS."""
    before = ctx.parent.params if ctx.parent else {}
    changed, as_json = changed or before["changed"], as_json or before["as_json"]
    _list(ctx.obj, changed, as_json, " ".join(words).split())


@keys.command()
@json_option
@pass_session
def check(session: Session, as_json: bool) -> None:
    """Look whether your own keys can be used: all that is wrong with them, at once.

    Ends with 1 where a line is left out.
    """
    own = importlib.import_module("researchdesk.tui.own_keys")
    found = own.check(session.settings.keys)
    if as_json:
        problems = [{"id": one.command, "problem": one.why} for one in found.problems]
        output.emit_json({"file": config_path(), "problems": problems})
    else:
        for one in found.problems:
            output.emit(f"{config_path()}: [keys] {one.words}")
        said = len(session.settings.keys)
        output.emit(f"{said - len(found.problems)} of {said} lines hold." if said else _NONE)
    if found.problems:
        raise click.exceptions.Exit(_NOT_ALL)


_NONE = "There are no keys of your own: those that commands come with hold."


def _list(session: Session, changed: bool, as_json: bool, words: Sequence[str] = ()) -> None:
    own = importlib.import_module("researchdesk.tui.own_keys")
    found = own.check(session.settings.keys)
    records = [_record(item, found.keymap) for item in own.every_command()]
    records = [record for record in records if record["changed"] or not changed]
    records = [record for record in records if _has(record, words)]
    problems = [{"id": one.command, "problem": one.why} for one in found.problems]
    if as_json:
        output.emit_json({"file": config_path(), "commands": records, "problems": problems})
        return
    if records:
        rows = [
            (one["id"], _first(_said(one)), _first(_places(one)), one["help"]) for one in records
        ]
        output.emit_table(("command", "keys", "where", "what it does"), rows)
    else:
        output.emit("No command has these words." if words else _NONE)
    if found.problems:
        count = len(found.problems)
        lines = "1 line is" if count == 1 else f"{count} lines are"
        diagnostics.warn(f"{lines} left out; see: researchdesk keys check")


def _said(record: dict[str, Any]) -> list[str]:
    spoken = importlib.import_module("researchdesk.tui.commands").spoken
    return [spoken(key) for key in record["keys"]]


def _places(record: dict[str, Any]) -> list[str]:
    return [place.removesuffix(" screen") for place in record["where"]]


def _first(parts: Sequence[str]) -> str:
    """As many of them as stand in few cells, and how many more there are."""
    shown = parts[:1]
    while len(shown) < len(parts) and len(", ".join(parts[: len(shown) + 1])) <= _CELLS:
        shown = parts[: len(shown) + 1]
    more = len(parts) - len(shown)
    return f"{', '.join(shown)}{f' +{more}' if more else ''}"


def _has(record: dict[str, Any], words: Sequence[str]) -> bool:
    said = " ".join(
        [record["id"], record["label"], record["help"], *record["keys"], *_said(record)]
    )
    return all(word.casefold() in said.casefold() for word in words)


def _record(item: Any, keymap: dict[str, str]) -> dict[str, Any]:
    command, commands = item.command, importlib.import_module("researchdesk.tui.commands")
    usual = [key.strip() for key in command.keys.split(",")]
    now = keymap.get(command.id, command.keys).split(",")
    return {
        "id": command.id,
        "keys": [key.strip() for key in now],
        "usual": usual,
        "changed": [key.strip() for key in now] != usual,
        "where": item.where,
        "label": command.label,
        "help": commands.with_keys(command.help, keymap, {}),
    }
