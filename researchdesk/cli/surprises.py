"""The "that's funny" log: add, list."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.services import surprises


@click.group()
def funny() -> None:
    """Keep and list surprises: what was expected, and what was observed."""


@funny.command()
@click.argument("text")
@click.option("--expected", required=True, help="What was expected.")
@click.option("--observed", required=True, help="What was observed.")
@click.option("--on", default="", metavar="REF", help="A paper or a run it was seen on.")
@json_option
@pass_session
def add(session: Session, text: str, expected: str, observed: str, on: str, as_json: bool) -> None:
    """Keep a surprise."""
    kept = surprises.add_surprise(session.desk, text, expected, observed, on)
    if as_json:
        output.emit_json(kept)
    else:
        output.emit(str(kept.id))
        diagnostics.say(f"Surprise {kept.id} kept.")


@funny.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the surprises, the last noticed first."""
    found = surprises.list_surprises(session.desk)
    if as_json:
        output.emit_json({"surprises": found})
        return
    if not found:
        diagnostics.say(
            'Nothing funny yet. Keep one: researchdesk funny add "…" --expected "…" --observed "…"'
        )
    for item in found:
        on = f"  on {item.on}" if item.on else ""
        output.emit(f"{item.id}  {item.noticed_at.date()}{on}  {item.text}")
        output.emit(f"     expected: {item.expected}\n     observed: {item.observed}")
