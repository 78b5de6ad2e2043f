"""Export: notes as markdown files."""

from pathlib import Path

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.errors import UsageProblemError
from researchdesk.services import exporting


@click.group()
def export() -> None:
    """Write what is on the desk out to files."""


@export.command()
@click.argument("refs", nargs=-1, metavar="ID...")
@click.option("--all", "everything", is_flag=True, help="Every paper on the desk.")
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder; made if it is not there.",
)
@json_option
@pass_session
def notes(
    session: Session, refs: tuple[str, ...], everything: bool, folder: Path, as_json: bool
) -> None:
    """Write one markdown file for each paper.

    Written again, it changes only what changed. What you write outside the marked regions stays.
    """
    if bool(refs) is everything:
        raise UsageProblemError("Name papers, or say --all.", "One of the two.")
    done = exporting.export_notes(session.desk, None if everything else refs, folder)
    if as_json:
        records = [
            {"id": item.paper.name, "path": item.path, "changed": item.changed} for item in done
        ]
        output.emit_json({"files": records})
        return
    for item in done:
        output.emit(f"{'written' if item.changed else 'unchanged'}  {item.path}")
    diagnostics.say(f"{sum(item.changed for item in done)} of {len(done)} files changed.")
