"""A run's arms as a table."""

import click

from researchdesk.cli import output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.services import ablation
from researchdesk.services.ablation import FORMATS
from researchdesk.services.reports import report_of


@click.command("table")
@click.argument("run_id", metavar="RUN")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
    help="How it is written; LaTeX with booktabs.",
)  # fmt: skip
@click.option("--metric", default="", help="The metric; else the first of the claims'.")
@json_option
@pass_session
def table(session: Session, run_id: str, form: str, metric: str, as_json: bool) -> None:
    """Print a run's arms as a table: what differs, what was measured, what each change did."""
    if as_json:
        report = report_of(session.desk, run_id)
        output.emit_json({"tables": ablation.table_of(report, metric)})
    else:
        output.emit(ablation.table_text(session.desk, run_id, form, metric))
