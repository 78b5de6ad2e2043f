"""The settings in force, and where each came from."""

import os
from dataclasses import asdict

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.config import ENVIRONMENT, config_path


@click.command()
@json_option
@pass_session
def config(session: Session, as_json: bool) -> None:
    """Show the settings, the file they are kept in, and the variables that override them."""
    values = asdict(session.settings)
    values["s2_key"] = "(kept to itself)" if values["s2_key"] else ""
    if as_json:
        output.emit_json({"file": config_path(), "settings": values})
        return
    rows = [
        (
            key,
            str(value),
            f"{ENVIRONMENT[key]}{' (set)' if os.environ.get(ENVIRONMENT[key]) else ''}",
        )
        for key, value in values.items()
    ]
    output.emit_table(("setting", "value", "variable"), rows)
    state = "" if config_path().is_file() else "  (not there yet)"
    output.emit(f"\nfile: {config_path()}{state}")
    diagnostics.say('Write settings there, one a line, as: theme = "desk-light"')
