"""Sweeps started, gone on with, extended."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.engine_options import engine_options
from researchdesk.cli.kinds import NUMBER
from researchdesk.cli.reproduce import ask, cancelled_by_signal
from researchdesk.cli.sweep_ids import SWEEP
from researchdesk.cli.sweep_pages import away_words, print_sweep, sweep_record
from researchdesk.cli.sweep_progress import SweepProgress
from researchdesk.domain.runs import RunState
from researchdesk.domain.sweeps import Search
from researchdesk.services import sweeps
from researchdesk.services.desk import Desk
from researchdesk.services.planning import DEVICES
from researchdesk.services.sweeps import INTERRUPTED, SweepHow, SweepOptions, SweepRun

Command = TypeVar("Command", bound=Callable[..., Any])
_HOURS = click.FloatRange(min=0.0, min_open=True)


def _options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def put(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return put


_budget = _options(
    click.option("--trials", type=NUMBER, help="How many trials in all."),
    click.option("--hours", type=_HOURS, help="How many hours by the clock in all."),
    click.option("--gpu-hours", type=_HOURS, help="How many hours of a GPU in all."),
)
_how = _options(
    engine_options,
    click.option("--jobs", type=NUMBER, help="Trials at a time."),
    click.option("--trust", is_flag=True, help="Say yes to code that is not ours."),
)


@click.command()
@click.argument("source", metavar="FILE|ID")
@click.option("--arm", default="", help="The arm whose settings are drawn.")
@click.option("--metric", default="", help="The validation metric that trials are chosen by.")
@click.option("--better", type=click.Choice(["higher", "lower"]), help="Which way is better.")
@_budget
@click.option("--seed", type=click.IntRange(0), help="Decides all that is drawn.")
@click.option("--search", type=click.Choice(list(Search)), help="How settings are chosen.")
@click.option(
    "--device", type=click.Choice(DEVICES), default="auto", help="A GPU where there is one (auto)."
)
@_how
@json_option
@pass_session
def start(
    session: Session,
    source: str,
    arm: str,
    metric: str,
    better: str | None,
    trials: int | None,
    hours: float | None,
    gpu_hours: float | None,
    seed: int | None,
    search: str | None,
    device: str,
    engine: str,
    jobs: int | None,
    detach: bool,
    trust: bool,
    as_json: bool,
) -> int:
    """Try many settings of one arm, and choose on validation.

    FILE is a TOML file (`sweep new` writes one to begin with); ID a paper's id or a recipe's name,
    whose own ranges are taken then. Options go before what the file says. The same command goes on
    with a sweep that was interrupted; what had ended is kept. The trials of ray and slurm go on
    when this command ends; `sweep resume` follows them again.

    Try, about a minute on two cores:

        researchdesk sweep start example-ladder --arm regularise --metric valid_accuracy

    Exit codes: 0 done, 6 nothing measured, 4 the engine cannot be reached, 130 interrupted.
    """
    desk = session.desk
    options = SweepOptions(arm, metric, better or "", trials, seed, search or "", hours, gpu_hours)
    recipe, spec = sweeps.made(desk, source, options)
    if not trust:
        ask(desk, recipe.name, (spec.arm,))
    how = SweepHow(engine, jobs, detach, trust)
    found = sweeps.start_sweep(
        desk, recipe, spec, how, device, SweepProgress(), cancelled_by_signal(), diagnostics.say
    )
    return tell_sweep(desk, found, as_json=as_json)


@click.command()
@click.argument("sweep_id", metavar="SWEEP", type=SWEEP)
@_how
@json_option
@pass_session
def resume(
    session: Session,
    sweep_id: str,
    engine: str,
    jobs: int | None,
    detach: bool,
    trust: bool,
    as_json: bool,
) -> int:
    """Go on with a sweep that was interrupted or crashed, by its own copy of the recipe.

    Trials that had ended are kept, the others go on from their last checkpoint. With --on another
    engine takes over. Exit codes are those of start.
    """
    how = SweepHow(engine, jobs, detach, trust)
    found = sweeps.resume_sweep(session.desk, sweep_id, how, SweepProgress(), cancelled_by_signal())
    return tell_sweep(session.desk, found, as_json=as_json)


@click.command()
@click.argument("sweep_id", metavar="SWEEP", type=SWEEP)
@_budget
@_how
@json_option
@pass_session
def extend(
    session: Session,
    sweep_id: str,
    trials: int | None,
    hours: float | None,
    gpu_hours: float | None,
    engine: str,
    jobs: int | None,
    detach: bool,
    trust: bool,
    as_json: bool,
) -> int:
    """Give a sweep a larger budget, and go on with it.

    The numbers are the whole budget, not what is added: `--trials 64` after 32 makes 32 more, the
    same that 64 from the beginning would have had. Exit codes are those of start.
    """
    how = SweepHow(engine, jobs, detach, trust)
    more = SweepOptions(trials=trials, hours=hours, gpu_hours=gpu_hours)
    found = sweeps.extend_sweep(
        session.desk, sweep_id, more, how, SweepProgress(), cancelled_by_signal()
    )
    return tell_sweep(session.desk, found, as_json=as_json)


def tell_sweep(desk: Desk, found: SweepRun, *, as_json: bool) -> int:
    """Print what a sweep came to; gives the exit code."""
    diagnostics.clear_progress()
    for note in found.notes:
        diagnostics.say(note)
    page = found.page
    if as_json:
        output.emit_json(sweep_record(page))
    else:
        print_sweep(page)
    if page.state is RunState.AWAY:
        diagnostics.say(away_words(page))
    elif found.exit_code == INTERRUPTED:
        diagnostics.say(
            f"Interrupted; {page.spent.trials} trials are kept, and those under way go on from "
            f"their checkpoints: researchdesk sweep resume {page.id}"
        )
    elif page.best is not None:
        diagnostics.say(f"Its test metrics, counted as a look: researchdesk sweep test {page.id}")
    return found.exit_code
