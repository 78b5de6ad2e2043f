"""The settings in force, and where each came from."""

import os
from dataclasses import asdict

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.config import ENVIRONMENT, config_path
from researchdesk.domain.engines import without_secrets


@click.command()
@json_option
@pass_session
def config(session: Session, as_json: bool) -> None:
    """Show the settings, the file they are kept in, and the variables that override them.

    vault is the kind of vault that notes are exported to: plain, obsidian or logseq; empty, it is
    what the folder is.

    vault_keys are the properties of the pages there, divided by commas: KEY, KEY=NAME where it is
    called otherwise in the vault, or 'TEXT'=NAME for one that always says the same. So "title,
    status=state, 'paper'=type". The keys are id, kind, key, version, title, aliases, authors,
    categories, status, verdict, published, updated, added, read, doi, tags, year, venue, url,
    stars, priority. id is there whatever is named: pages are found again by it. Empty, there are
    the usual ones.
    """
    values = asdict(session.settings)
    values["s2_key"] = "(kept to itself)" if values["s2_key"] else ""
    values["engines"] = {name: without_secrets(one) for name, one in values["engines"].items()}
    if as_json:
        output.emit_json({"file": config_path(), "settings": values})
        return
    rows = [
        (
            key,
            ", ".join(value) if isinstance(value, dict) else "" if value is None else str(value),
            _variable(key),
        )
        for key, value in values.items()
    ]
    output.emit_table(("setting", "value", "variable"), rows)
    state = "" if config_path().is_file() else "  (not there yet)"
    output.emit(f"\nfile: {config_path()}{state}")
    diagnostics.say('Write settings there, one a line, as: theme = "desk-light"')


def _variable(key: str) -> str:
    name = ENVIRONMENT.get(key, "")
    return f"{name} (set)" if name and os.environ.get(name) else name
