"""Sweeps started, gone on with, extended."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.engine_options import engine_options
from researchdesk.cli.kinds import AMOUNT, NUMBER
from researchdesk.cli.reproduce import ask, cancelled_by_signal
from researchdesk.cli.sweep_ids import SWEEP
from researchdesk.cli.sweep_pages import away_words, print_sweep, sweep_record
from researchdesk.cli.sweep_progress import SweepProgress
from researchdesk.cli.sweep_words import trials_words
from researchdesk.domain.runs import RunState
from researchdesk.domain.sweeps import Search
from researchdesk.services import sweeps
from researchdesk.services.desk import Desk
from researchdesk.services.planning import DEVICES
from researchdesk.services.sweep_pages import metric_warning
from researchdesk.services.sweeps import INTERRUPTED, SweepHow, SweepOptions, SweepRun

Command = Callable[..., Any]
_SAID = ("arm", "metric", "better", "trials", "seed", "search", "hours", "gpu_hours")


def _put(command: Command, *options: Callable[[Command], Command]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command


def how_options(command: Command) -> Command:
    """Who runs the trials, and how many at a time: gives the command ``how``, a SweepHow."""

    @wraps(command)
    def told(
        *args: Any, engine: str, jobs: int | None, detach: bool, trust: bool, **rest: Any
    ) -> Any:
        return command(*args, how=SweepHow(engine, jobs, detach, trust), **rest)

    return _put(
        told,
        engine_options,
        click.option("--jobs", type=NUMBER, help="Trials at a time."),
        click.option("--trust", is_flag=True, help="Say yes to code that is not ours."),
    )


def _limits(command: Command) -> Command:
    return _put(
        command,
        click.option("--trials", type=NUMBER, help="How many trials in all."),
        click.option(
            "--hours",
            type=AMOUNT,
            help="How many hours by the clock in all; trials under way then come to their end. "
            "Time in which an engine has trials and nobody follows is not counted.",
        ),
        click.option("--gpu-hours", type=AMOUNT, help="How many hours of a GPU in all."),
    )


def _chosen(command: Command) -> Command:
    """What is said of a sweep beside its file: gives the command ``options``."""

    @wraps(command)
    def told(*args: Any, **rest: Any) -> Any:
        given = {name: rest.pop(name) for name in _SAID}
        options = {name: value for name, value in given.items() if value is not None}
        return command(*args, options=SweepOptions(**options), **rest)

    return _put(
        told,
        click.option("--arm", help="The arm whose settings are drawn."),
        click.option("--metric", help="The validation metric that trials are chosen by."),
        click.option(
            "--better", type=click.Choice(["higher", "lower"]), help="Which way is better."
        ),
        _limits,
        click.option("--seed", type=click.IntRange(0), help="Decides all that is drawn."),
        click.option(
            "--search",
            type=click.Choice([str(one) for one in Search]),
            help="How settings are chosen.",
        ),
    )


@click.command()
@click.argument("source", metavar="FILE|ID")
@_chosen
@how_options
@click.option(
    "--device", type=click.Choice(DEVICES), default="auto", help="A GPU where there is one (auto)."
)
@json_option
@pass_session
def start(
    session: Session, source: str, options: SweepOptions, device: str, how: SweepHow, as_json: bool
) -> int:
    """Try many settings of one arm, and choose on validation.

    FILE is a TOML file (`sweep new` writes one to begin with); ID a paper's id or a recipe's name,
    whose own ranges are taken then. Options go before what the file says. The same command goes on
    with a sweep that was interrupted; what had ended is kept. The trials of ray and slurm go on
    when this command ends; `sweep resume` follows them again.

    \b
    Try, about a minute on two cores:
    researchdesk sweep start example-ladder --arm regularise --metric valid_accuracy

    Exit codes: 0 done, 6 nothing measured, 4 the engine cannot be reached, 130 interrupted.
    """
    desk = session.desk
    recipe, spec = sweeps.made(desk, source, options)
    if warning := metric_warning(spec.metric):
        diagnostics.warn(warning)
    if not how.trust:
        ask(desk, recipe.name, (spec.arm,))
    found = sweeps.start_sweep(
        desk, recipe, spec, how, device, SweepProgress(), cancelled_by_signal(), diagnostics.say
    )
    return tell_sweep(desk, found, as_json=as_json)


@click.command()
@click.argument("sweep_id", metavar="SWEEP", type=SWEEP)
@how_options
@json_option
@pass_session
def resume(session: Session, sweep_id: str, how: SweepHow, as_json: bool) -> int:
    """Go on with a sweep that was interrupted or crashed, by its own copy of the recipe.

    Trials that had ended are kept, the others go on from their last checkpoint. With --on another
    engine takes over. Exit codes are those of start.
    """
    found = sweeps.resume_sweep(session.desk, sweep_id, how, SweepProgress(), cancelled_by_signal())
    return tell_sweep(session.desk, found, as_json=as_json)


@click.command()
@click.argument("sweep_id", metavar="SWEEP", type=SWEEP)
@_limits
@how_options
@json_option
@pass_session
def extend(
    session: Session,
    sweep_id: str,
    trials: int | None,
    hours: float | None,
    gpu_hours: float | None,
    how: SweepHow,
    as_json: bool,
) -> int:
    """Give a sweep a larger budget, and go on with it.

    The numbers are the whole budget, not what is added: `--trials 64` after 32 makes 32 more, the
    same that 64 from the beginning would have had. Exit codes are those of start.
    """
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
            f"Interrupted; {trials_words(page.spent.trials)} kept, and those under way go on from "
            f"their checkpoints: researchdesk sweep resume {page.id}"
        )
    elif page.best is not None:
        diagnostics.say(f"Its test metrics, counted as a look: researchdesk sweep test {page.id}")
    return found.exit_code
