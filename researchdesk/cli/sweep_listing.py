"""Sweeps listed."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.sweep_words import number_words
from researchdesk.domain.sampling import grid_size
from researchdesk.services.sweep_heads import SweepHead, sweep_heads

_HERE = "local"


@click.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the sweeps, the newest first.

    Trials are those that are over, of the budget's, with how many failed (✗), and how many more
    were lost with their process or node. Where a test was looked at, it is said how often and at
    how many different trials. The names of engines are shown where one of them is not local.
    """
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
    elsewhere = any(head.engine != _HERE for head in found)
    looked = any(head.looks for head in found)
    heads = ("sweep", "state", *(["on"] if elsewhere else []), "trials", "best")
    heads += ("test looked at",) if looked else ()
    rows = [_row(head, elsewhere=elsewhere, looked=looked) for head in found]
    output.emit_table((*heads, "of"), rows)


def _row(head: SweepHead, *, elsewhere: bool, looked: bool) -> tuple[str, ...]:
    """The columns of a sweep; what may be long stands last, for it is cut."""
    return (
        head.id,
        head.state.value,
        *([head.engine] if elsewhere else []),
        _trials(head),
        number_words(head.value),
        *([_looks(head)] if looked else []),
        _of(head),
    )


def _trials(head: SweepHead) -> str:
    wanted = min(filter(None, (head.budget.trials, grid_size(head.spec))), default=0)
    done = f"{head.ended}/{wanted}" if wanted else str(head.ended)
    done += f", {head.failed} ✗" if head.failed else ""
    return done + (f", {head.lost} lost" if head.lost else "")


def _looks(head: SweepHead) -> str:
    """``once``, ``4 times, 2 trials``."""
    if head.looks < 2:
        return "once" if head.looks else ""
    trials = "1 trial" if head.looked_trials == 1 else f"{head.looked_trials} trials"
    return f"{head.looks} times, {trials}"


def _of(head: SweepHead) -> str:
    """What is swept, the sweep's own name before it where it has one."""
    what = f"{head.spec.recipe} {head.spec.arm}"
    usual = head.spec.name in ("", head.spec.recipe, what)
    return f"{'' if usual else head.spec.name + ': '}{what}, {head.spec.metric}"


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
        "trials_lost": head.lost,
        "best": None if head.best is None else {"trial": head.best, "value": head.value},
        "looks": {"count": head.looks, "different_trials": head.looked_trials},
    }
