"""A run shown, gone on with, stopped, held against another."""

import click

from researchdesk.cli import diagnostics, offers, output
from researchdesk.cli.claims_table import print_claims
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.cli.reproduce import (
    cancelled_by_signal,
    print_variance,
    report_record,
    tell_report,
)
from researchdesk.cli.run_ids import RUN
from researchdesk.cli.run_pages import (
    comparison_record,
    print_comparison,
    print_curves,
    print_retries,
)
from researchdesk.cli.run_progress import RunProgress
from researchdesk.cli.run_steps import write_steps
from researchdesk.domain.engines import EngineKind
from researchdesk.domain.runs import RunState
from researchdesk.services import away, reproduction
from researchdesk.services.run_curves import arm_curves


@click.command()
@click.argument("run_id", metavar="RUN", type=RUN)
@click.option(
    "--steps",
    type=(str, str),
    metavar="ARM SEED",
    help="Write every logged step of a seed instead, as CSV (with --json as lines of JSON). "
    "A varied seed is written 3.init.",
)
@json_option
@pass_session
def show(session: Session, run_id: str, steps: tuple[str, str] | None, as_json: bool) -> None:
    """Show what a run says, so far, of each claim, and its curves in short."""
    if steps is not None:
        write_steps(session.desk, run_id, *steps, as_json=as_json)
        return
    hindered = away.gather(session.desk, run_id)
    report = reproduction.report_of(session.desk, run_id)
    curves = arm_curves(session.desk, report.run)
    if hindered:
        diagnostics.say(hindered)
    if as_json:
        output.emit_json({**report_record(session.desk, report), "curves": curves})
        return
    run = report.run
    on = "" if run.engine == EngineKind.LOCAL else f"  on {run.engine}"
    output.emit(f"{run.id}  {run.state.value}  {len(run.results)}/{len(run.tasks)} seeds{on}\n")
    print_claims(report)
    print_variance(report)
    print_curves(curves)
    for note in report.notes:
        diagnostics.say(note)
    print_retries(run)
    for task, error in run.failures.items():
        diagnostics.say(f"{task.arm} seed {task.seed} failed: {error}")
    if run.state is RunState.AWAY:
        diagnostics.say(
            f"{run.at_engine} of its trials are with {run.engine}. "
            f"Follow them: researchdesk runs resume {run.id}"
        )
    elif run.state.can_go_on:
        diagnostics.say(f"It is not finished. It goes on with: researchdesk runs resume {run.id}")
    offers.hint(session.desk, f"run:{run.id}")


@click.command()
@click.argument("run_id", metavar="RUN", type=RUN)
@click.option("--jobs", type=NUMBER, help="Worker processes at a time.")
@click.option("--trust", is_flag=True, help="Say yes to code of the run that is not ours.")
@json_option
@pass_session
def resume(session: Session, run_id: str, jobs: int | None, trust: bool, as_json: bool) -> int:
    """Go on with a run that was interrupted or crashed, by its own copy of the recipe.

    Seeds that had finished are kept, the others go on from their last checkpoint. Exit codes are
    those of reproduce.
    """
    report = reproduction.resume_run(
        session.desk, run_id, RunProgress(), cancelled_by_signal(), jobs, trusted=trust
    )
    return tell_report(session.desk, report, as_json=as_json)


@click.command()
@click.argument("run_id", metavar="RUN", type=RUN)
@pass_session
def cancel(session: Session, run_id: str) -> None:
    """Stop a run that is under way, or whose trials are with an engine; finished seeds are kept.

    It can be gone on with: researchdesk runs resume RUN.
    """
    done = away.call_off(session.desk, run_id)
    diagnostics.say(f"{run_id} was stopped." if done else f"Asked {run_id} to stop.")


@click.command("compare")
@click.argument("a", metavar="A", type=RUN)
@click.argument("b", metavar="B", type=RUN)
@json_option
@pass_session
def compare(session: Session, a: str, b: str, as_json: bool) -> None:
    """Show two runs side by side: settings, environment, claims and metrics."""
    found = reproduction.compare(session.desk, a, b)
    if as_json:
        output.emit_json(comparison_record(found))
    else:
        print_comparison(found)
