"""A sweep shown, and its trials, without what is measured on the test."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.sweep_ids import SWEEP
from researchdesk.cli.sweep_pages import (
    away_words,
    print_sweep,
    print_trials,
    sweep_record,
    trial_record,
    trials_csv,
)
from researchdesk.domain.runs import RunState
from researchdesk.errors import UsageProblemError
from researchdesk.services.sweep_reading import sweep_page


@click.command()
@click.argument("sweep_id", metavar="SWEEP", type=SWEEP)
@click.option("--all", "everything", is_flag=True, help="Every trial, not only the best ten.")
@json_option
@pass_session
def show(session: Session, sweep_id: str, everything: bool, as_json: bool) -> None:
    """Show a sweep: what it took of its budget, the best trial so far, the ten best.

    Trials are told apart by the validation metric; what is measured on the test is kept back until
    `sweep test` asks for it. It is said how often that was.
    """
    page, hindered = sweep_page(session.desk, sweep_id), ""
    if page.state is RunState.AWAY:
        from researchdesk.services.sweep_away import gather_sweep  # noqa: PLC0415 - slow to import

        hindered = gather_sweep(session.desk, sweep_id)
        page = sweep_page(session.desk, sweep_id)
    if as_json:
        output.emit_json(sweep_record(page))
    else:
        print_sweep(page, everything=everything)
        if page.state is RunState.AWAY:
            diagnostics.say(away_words(page))
        elif page.state.can_go_on and page.can_go_on:
            diagnostics.say(f"It is not finished. It goes on: researchdesk sweep resume {page.id}")
    if hindered:
        diagnostics.say(hindered)


@click.command()
@click.argument("sweep_id", metavar="SWEEP", type=SWEEP)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@json_option
@pass_session
def trials(session: Session, sweep_id: str, as_csv: bool, as_json: bool) -> None:
    """List all trials of a sweep in their order, without what is measured on the test."""
    if as_csv and as_json:
        raise UsageProblemError("--csv and --json are two forms.", "Give one of them.")
    page = sweep_page(session.desk, sweep_id)
    if as_json:
        told = {"sweep": page.id, "metric": page.spec.metric}
        output.emit_json({**told, "trials": [trial_record(trial) for trial in page.trials]})
    elif as_csv:
        output.emit(trials_csv(page))
    else:
        print_trials(page.spec.metric, page.trials)
