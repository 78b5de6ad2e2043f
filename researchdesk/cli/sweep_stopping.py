"""Sweeps stopped, removed."""

import click

from researchdesk.cli import diagnostics
from researchdesk.cli.context import Session, pass_session
from researchdesk.cli.removing import require_whole, require_yes
from researchdesk.cli.sweep_ids import SWEEP
from researchdesk.services import sweeps
from researchdesk.services.sweep_store import full_sweep_id


@click.command()
@click.argument("sweep_id", metavar="SWEEP", type=SWEEP)
@pass_session
def cancel(session: Session, sweep_id: str) -> None:
    """Stop a sweep that is under way, or whose trials are with an engine; what ended is kept.

    It can be gone on with: researchdesk sweep resume SWEEP.
    """
    done = sweeps.cancel_sweep(session.desk, sweep_id)
    diagnostics.say(f"{sweep_id} was stopped." if done else f"Asked {sweep_id} to stop.")


@click.command()
@click.argument("named", metavar="SWEEP")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def rm(session: Session, named: str, yes: bool) -> None:
    """Remove a sweep and all it kept, for good.

    The beginning of its id is enough where you are asked; with --yes it takes the whole id.
    """
    head = sweeps.sweep_head(session.desk, full_sweep_id(session.desk, named))
    command = f"researchdesk sweep rm {head.id} --yes"
    if yes:
        require_whole("sweep", named, head.id, command)
    else:
        require_yes(f"{head.id} with {head.ended} trials", command)
    sweeps.remove_sweep(session.desk, head.id)
    diagnostics.say(f"{head.id} is removed.")
