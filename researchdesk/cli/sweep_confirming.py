"""The trial that a sweep chose, measured anew with fresh seeds."""

from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.engine_options import engine_options
from researchdesk.cli.kinds import NUMBER
from researchdesk.cli.reproduce import cancelled_by_signal
from researchdesk.cli.run_progress import RunProgress
from researchdesk.cli.sweep_ids import SWEEP
from researchdesk.cli.sweep_pages import looks_record, trial_record
from researchdesk.cli.sweep_words import number_words, settings_words
from researchdesk.domain.runs import RunState
from researchdesk.services import sweep_confirming
from researchdesk.services.reproduction import INTERRUPTED
from researchdesk.services.sweep_confirming import Confirmation, Confirmed
from researchdesk.services.sweep_following import SweepHow
from researchdesk.services.sweep_notes import of_no_validation


@click.command()
@click.argument("sweep_id", metavar="SWEEP", type=SWEEP)
@click.option(
    "--seeds", type=NUMBER, default=sweep_confirming.USUAL_SEEDS, show_default=True,
    help="How many fresh seeds.",
)  # fmt: skip
@engine_options
@click.option("--jobs", type=NUMBER, help="Seeds at a time.")
@click.option("--trust", is_flag=True, help="Say yes to code that is not ours.")
@json_option
@pass_session
def confirm(
    session: Session,
    sweep_id: str,
    seeds: int,
    engine: str,
    detach: bool,
    jobs: int | None,
    trust: bool,
    as_json: bool,
) -> int:
    """Measure the trial that validation chose anew, with fresh seeds, on validation and test.

    The best of many trials owes a part of its value to luck; fresh seeds were not chosen, and the
    sweep's own, whose split the trial was chosen on, is left out. Where a recipe cuts its test part
    by the seed, rows of it may still have served in the sweep. They are a run of the desk, which
    `runs show` tells of, and count as a look at the test. Interrupted, the same command goes on.

    Exit codes: 0 done, 6 nothing measured, or a seed failed or gave no finite number, 4 the engine
    cannot be reached, 130 interrupted.
    """
    how = SweepHow(engine, jobs, detach, trust)
    found = sweep_confirming.confirm_sweep(
        session.desk, sweep_id, seeds, how, RunProgress(), cancelled_by_signal()
    )
    diagnostics.clear_progress()
    if as_json:
        output.emit_json(_confirmed_record(found))
    else:
        _print_confirmed(found)
    run = found.report.run
    if run.state is RunState.AWAY:
        diagnostics.say(f"Its seeds are with {run.engine}. The same command follows them.")
    elif found.exit_code == INTERRUPTED:
        done = f"{len(run.results)} of {len(run.tasks)} seeds are kept"
        diagnostics.say(f"Interrupted; {done}. The same command goes on.")
    return found.exit_code


def _print_confirmed(found: Confirmation) -> None:
    trial, run = found.trial, found.report.run
    doubt = of_no_validation(found.metric)
    by = f"by {doubt}" if doubt else "on validation"
    output.emit(f"Trial {trial.number} of {found.sweep_id}, the best of {found.of} {by}:")
    output.emit(f"  {settings_words(trial.settings)}")
    output.emit(f"  {found.metric} {number_words(trial.value)} in the sweep")
    output.emit(f"Fresh seeds: {len(run.results)} of {len(run.tasks)}, run {run.id}")
    if not found.rows:
        return
    output.emit()
    heads = ("metric", "kept back", "n", "mean", "sd", "95 % interval of the mean")
    output.emit_table(heads, [_cells(row) for row in found.rows])
    if any(row.not_finite for row in found.rows):
        diagnostics.say(
            "Where a seed gave NaN or an infinite number, no mean is told: that of the other seeds "
            f"would flatter. `researchdesk runs show {run.id}` shows each seed."
        )
    if any(row.n < len(run.results) for row in found.rows):
        diagnostics.say(
            f"Where n is less than {len(run.results)}, the other seeds did not measure it: that "
            f"mean may flatter. `researchdesk runs show {run.id}` shows each seed."
        )
    diagnostics.say(
        "The value in the sweep was chosen for being the best, and is too good by what luck added. "
        f"These seeds were not chosen, and the sweep's own, {found.sweep_seed}, is not among them."
    )
    diagnostics.say(
        "One thing remains: where the recipe cuts validation or test by the seed, as with "
        '`run.generator("split")`, rows that are tested on here may have been trained on or chosen '
        "by in the sweep, and the means can still be a little too good. Of a test part that comes "
        "with the data set nothing remains."
    )
    diagnostics.say(found.looks.words)


def _cells(row: Confirmed) -> tuple[str, ...]:
    interval = row.interval
    low_high = f"{interval.low:.4g} to {interval.high:.4g}" if interval else "–"
    if row.not_finite:
        low_high = f"{row.not_finite} of {row.n} not finite"
    numbers = number_words(row.mean), number_words(row.sd)
    return row.metric, "yes" if row.kept_back else "no", str(row.n), *numbers, low_high


def _confirmed_record(found: Confirmation) -> dict[str, Any]:
    run = found.report.run
    return {
        "sweep": found.sweep_id,
        **trial_record(found.trial),
        "of": found.of,
        "run": run.id,
        "state": run.state,
        "seeds_done": len(run.results),
        "seeds": len(run.tasks),
        "without_seed": found.sweep_seed,
        "over_seeds": [
            {
                "metric": row.metric,
                "kept_back": row.kept_back,
                "n": row.n,
                "not_finite": row.not_finite,
                "mean": row.mean,
                "sd": row.sd,
                "interval": row.interval,
                "in_sweep": row.in_sweep,
            }
            for row in found.rows
        ],
        "looks": looks_record(found.looks),
        "environment": found.report.environment,
    }
