"""The keys of the terminal app: every command, and whether the user's own keys can be used."""

import importlib
from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.config import config_path

_NOT_ALL = 1


@click.group(invoke_without_command=True)
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
    """
    if ctx.invoked_subcommand is None:
        session: Session = ctx.obj
        _list(session, changed, as_json)


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


def _list(session: Session, changed: bool, as_json: bool) -> None:
    own = importlib.import_module("researchdesk.tui.own_keys")
    found = own.check(session.settings.keys)
    records = [_record(item, found.keymap) for item in own.every_command()]
    records = [record for record in records if record["changed"] or not changed]
    problems = [{"id": one.command, "problem": one.why} for one in found.problems]
    if as_json:
        output.emit_json({"file": config_path(), "commands": records, "problems": problems})
        return
    if records:
        words = importlib.import_module("researchdesk.tui.commands").spoken
        rows = [
            (one["id"], words(",".join(one["keys"])), ", ".join(one["where"]), one["help"])
            for one in records
        ]
        output.emit_table(("command", "keys", "where", "what it does"), rows)
    else:
        output.emit(_NONE)
    if found.problems:
        count = len(found.problems)
        lines = "1 line is" if count == 1 else f"{count} lines are"
        diagnostics.warn(f"{lines} left out; see: researchdesk keys check")


def _record(item: Any, keymap: dict[str, str]) -> dict[str, Any]:
    command = item.command
    usual = [key.strip() for key in command.keys.split(",")]
    now = keymap.get(command.id, command.keys).split(",")
    return {
        "id": command.id,
        "keys": [key.strip() for key in now],
        "usual": usual,
        "changed": [key.strip() for key in now] != usual,
        "where": item.where,
        "label": command.label,
        "help": command.help,
    }
