"""A sweep's file, begun from a recipe."""

from pathlib import Path

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, pass_session
from researchdesk.errors import UsageProblemError
from researchdesk.files import write_text
from researchdesk.services.recipes import recipe_for
from researchdesk.services.sweep_drafts import draft


@click.command()
@click.argument("ref", metavar="ID")
@click.option("--arm", default="", help="The arm whose settings are drawn.")
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), help="Write this file, not stdout."
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@pass_session
def new(session: Session, ref: str, arm: str, to: Path | None, force: bool) -> None:
    """Write a commented TOML file to begin a sweep with, from a recipe's own ranges.

    For example `sweep new example-ladder --arm regularise --to ladder.toml`, and then
    `sweep start ladder.toml`.
    """
    text = draft(session.desk, recipe_for(session.desk, ref), arm)
    if to is None:
        output.write(text.rstrip("\n"))
        return
    if to.exists() and not force:
        raise UsageProblemError(
            f"There is {to} already; nothing was written.", "--force writes over it."
        )
    write_text(to, text)
    output.emit(str(to))
    diagnostics.say(f"Look at metric, budget and space, then: researchdesk sweep start {to}")
