"""Sweeps listed."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.sweep_words import number_words
from researchdesk.services.sweep_heads import SweepHead, sweep_heads


@click.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the sweeps, the newest first."""
    found = sweep_heads(session.desk)
    if as_json:
        output.emit_json({"sweeps": [head_record(head) for head in found]})
        return
    if not found:
        diagnostics.say(
            "No sweep yet. Try: researchdesk sweep start example-ladder --arm regularise "
            "--metric valid_accuracy"
        )
        return
    rows = [
        (
            head.id,
            head.state.value,
            head.engine,
            f"{head.ended}/{head.budget.trials}" if head.budget.trials else str(head.ended),
            str(head.failed or ""),
            number_words(head.value),
            f"{head.looks} at {head.looked_trials}" if head.looks else "",
            f"{head.spec.recipe} {head.spec.arm}, {head.spec.metric}",
        )
        for head in found
    ]
    heads = ("sweep", "state", "engine", "trials", "failed", "best", "test looks", "of")
    output.emit_table(heads, rows)


def head_record(head: SweepHead) -> dict[str, object]:
    """A sweep in the list, as JSON has it."""
    return {
        "sweep": head.id,
        "name": head.spec.name,
        "recipe": head.spec.recipe,
        "arm": head.spec.arm,
        "metric": head.spec.metric,
        "search": head.spec.search,
        "state": head.state,
        "engine": head.engine,
        "started": head.started_at,
        "ended": head.ended_at,
        "budget": head.budget,
        "trials_done": head.ended,
        "trials_failed": head.failed,
        "best": None if head.best is None else {"trial": head.best, "value": head.value},
        "looks": {"count": head.looks, "different_trials": head.looked_trials},
    }
