"""Looking: the data of a recipe, and a trained model's errors."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.look_pages import print_errors, print_look
from researchdesk.cli.run_ids import RUN
from researchdesk.services import looking


@click.command("data")
@click.argument("ref", metavar="ID")
@click.option("--arm", default="", help="The arm whose data it is; else the first.")
@click.option("--trust", is_flag=True, help="Say yes to the code of a recipe of your own.")
@json_option
@pass_session
def data(session: Session, ref: str, arm: str, trust: bool, as_json: bool) -> None:
    """Look at a recipe's data before anything is trained on it.

    Sizes, classes and their balance, ranges and missing values, equal rows within and across
    splits, near-duplicates, suspicious labels, features that give the label away; in a terminal
    also pictures. What was seen is kept until the recipe changes.
    """
    diagnostics.show_progress("Looking at the data", 0, None)
    found = looking.look_at_data(session.desk, ref, arm, trusted=trust)
    diagnostics.clear_progress()
    if as_json:
        output.emit_json(found)
    else:
        print_look(found)


@click.command("errors")
@click.argument("run_id", metavar="RUN", type=RUN)
@click.option("--arm", default="", help="The arm; else the first with a trained model.")
@click.option("--seed", type=click.IntRange(0), help="The seed; else the first that finished.")
@click.option("--trust", is_flag=True, help="Say yes to code of the run that is not ours.")
@json_option
@pass_session
def errors(
    session: Session, run_id: str, arm: str, seed: int | None, trust: bool, as_json: bool
) -> None:
    """Look at where a trained classifier is wrong on the test split.

    Confusion, precision and recall of each class, the worst rows with what their loss hangs on
    (input-gradient saliency), and the accuracy under the fast gradient sign attack.
    """
    diagnostics.show_progress("Looking at the errors", 0, None)
    found = looking.errors_of(session.desk, run_id, arm, seed, trusted=trust)
    diagnostics.clear_progress()
    if as_json:
        output.emit_json(found)
    else:
        print_errors(found)
