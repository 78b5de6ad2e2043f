"""``researchdesk reproduce``: run a paper's recipe and compare claim by claim."""

import signal
import sys
import threading
from types import FrameType
from typing import Any

import click

from researchdesk.cli import diagnostics, offers, output
from researchdesk.cli.claims_json import claim_json
from researchdesk.cli.claims_table import print_claims
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.engine_options import engine_options
from researchdesk.cli.kinds import NUMBER
from researchdesk.cli.run_progress import RunProgress
from researchdesk.domain.runs import RunState, RunSummary, Task
from researchdesk.errors import NotOnDeskError
from researchdesk.services import library, recipes, reproduction
from researchdesk.services.desk import Desk
from researchdesk.services.planning import CHOICES, DEVICES
from researchdesk.services.reproduction import Report, ReproduceOptions

_SHARES = (
    "Shares are of the variance where all sources that are seeded apart vary together (all);\n"
    "sources interact, and few seeds tell little of a variance: they need not add up to 100 %."
)


@click.command()
@click.argument("ref", metavar="ID")
@click.option("--seeds", type=NUMBER, help="How many seeds of each arm.")
@click.option("--arm", "arms", multiple=True, help="Only this arm; may be given again.")
@click.option("--jobs", type=NUMBER, help="Worker processes at a time.")
@click.option("--quick", is_flag=True, help="A short look; never more than consistency.")
@click.option(
    "--vary",
    type=click.Choice([*CHOICES]),
    help="Report the variance of one source of randomness, or of all that the recipe seeds apart, "
    "or of settings drawn from its ranges (hyper).",
)
@click.option(
    "--device", type=click.Choice(DEVICES), default="auto", help="A GPU where there is one (auto)."
)
@engine_options
@click.option(
    "--trust", is_flag=True, help="Say yes to code that is not ours: yours, the authors'."
)
@click.option(
    "--no-check", is_flag=True, help="Leave out the ladder's short rungs before the seeds."
)
@click.option(
    "--log",
    is_flag=True,
    help='Keep what is funny in the "that\'s funny" log, without being asked.',
)
@json_option
@pass_session
def reproduce(
    session: Session,
    ref: str,
    seeds: int | None,
    arms: tuple[str, ...],
    jobs: int | None,
    quick: bool,
    vary: str | None,
    device: str,
    engine: str,
    detach: bool,
    trust: bool,
    no_check: bool,
    log: bool,
    as_json: bool,
) -> int:
    """Run a paper's experiment, and say claim by claim whether the numbers hold.

    Interrupted, what had finished is kept, and the same command goes on with it.

    What is funny (a claim that is different, a check that failed) is told with the command that
    keeps it; in JSON, under "surprises", with the number of the surprise that tells of it, if one
    does. --log keeps it, where no open surprise tells of it yet.

    --on names who runs the trials: local, ray, slurm, or one of the settings file. Those of ray and
    slurm go on when this command ends; the same command, or "runs resume", follows them again.

    Exit codes: 0 every tested claim reproduced, 1 one is different, 6 inconclusive: too little
    evidence, seeds that failed, or a run that could not be made; 4 the engine cannot be reached.
    """
    desk = session.desk
    if not trust:
        ask(desk, ref, arms)
    options = ReproduceOptions(
        seeds, arms, jobs, quick, trust, vary or "", device, not no_check, engine, detach
    )
    report = reproduction.reproduce(
        desk, ref, options, RunProgress(), cancelled_by_signal(), diagnostics.say
    )
    return tell_report(desk, report, as_json=as_json, log=log)


def cancelled_by_signal() -> threading.Event:
    """An event that a request to end this process sets, so that a run stops in good order."""
    cancel = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: _stop(cancel, number, frame))
    return cancel


def tell_report(desk: Desk, report: Report, *, as_json: bool, log: bool = False) -> int:
    """Print what a run says at its end; gives the exit code. With ``log`` the funny is kept."""
    diagnostics.clear_progress()
    for note in report.notes:
        diagnostics.say(note)
    if log:
        offers.log_run(desk, report.run.id)
    if as_json:
        output.emit_json(report_record(desk, report))
    elif report.run.results or report.run.failures or report.run.missing:
        print_claims(report)
        print_variance(report)
    _say_end(report)
    offers.hint(desk, f"run:{report.run.id}")
    return report.exit_code


def print_variance(report: Report) -> None:
    """What each source of randomness makes, where the run varied them."""
    if not report.variance:
        return
    rows = [
        (
            row.arm,
            row.metric,
            row.source,
            str(row.n),
            f"{row.sd:.4g}",
            (row.note or "–") if row.share is None else f"{100 * row.share:.0f} %",
        )
        for row in report.variance
    ]
    output.emit()
    output.emit_table(("arm", "metric", "varied", "n", "sd", "share of variance"), rows)
    output.emit(_SHARES)


def report_record(desk: Desk, report: Report) -> dict[str, Any]:
    """A report as JSON has it."""
    by_id = {claim.id: claim for claim in report.recipe.claims}
    run = report.run
    return {
        "paper": _paper(desk, report),
        "run": run.id,
        "recipe": report.recipe.name,
        "state": run.state,
        "quick": run.quick,
        "verdict": run.verdict,
        "claims": [claim_json(by_id[result.claim_id], result) for result in report.claims],
        "checks": run.checks,
        "surprises": offers.run_records(desk, run.id),
        "variance": report.variance,
        "data": run.data,
        "missing": run.missing,
        "seeds": [
            {
                **_task(result.task),
                **_place(run, result.task),
                "seconds": result.seconds,
                "metrics": result.metrics,
            }
            for result in run.results
        ],
        "failures": [{**_task(task), "error": error} for task, error in run.failures.items()],
        "retries": [
            {**_task(task), "reasons": list(reasons)} for task, reasons in run.retries.items()
        ],
        "at_engine": run.at_engine,
        "notes": [*report.recipe.notes, *report.notes],
        "environment": report.environment,
    }


def _task(task: Task) -> dict[str, Any]:
    return {"arm": task.arm, "seed": task.seed, **({"vary": task.vary} if task.vary else {})}


def _place(run: RunSummary, task: Task) -> dict[str, Any]:
    """The node of a seed, where an engine put it."""
    return {"node": run.nodes[task]} if task in run.nodes else {}


def _paper(desk: Desk, report: Report) -> dict[str, Any]:
    record: dict[str, Any] = {"arxiv_id": report.recipe.arxiv_id, "title": report.recipe.title}
    try:
        paper = library.get_paper(desk, report.recipe.arxiv_id)
    except NotOnDeskError:
        return {**record, "version": report.recipe.version}
    return {
        **record,
        "title": paper.title,
        "authors": paper.metadata.authors,
        "version": report.recipe.version,
    }


def ask(desk: Desk, ref: str, arms: tuple[str, ...]) -> None:
    """Show code that is not ours and ask, where there is somebody to ask.

    The yes is to what was shown: where that changes before it is given, it is none.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    recipe = recipes.recipe_for(desk, ref)
    awaits = recipes.awaiting_yes(desk, recipe, arms)
    if not awaits.anything:
        return
    diagnostics.say(recipes.shown(awaits))
    if click.confirm("Run it, and trust it until it changes?", err=True):
        recipes.trust(desk, recipe, arms)


def _stop(cancel: threading.Event, number: int, frame: FrameType | None) -> None:
    cancel.set()


def _say_end(report: Report) -> None:
    if report.run.state is RunState.AWAY:
        run = report.run
        gathered = f"{len(run.results)} of {len(run.tasks)} seeds are gathered"
        waiting = (
            f" {run.waiting} more are not handed over yet: it takes no more at a time, and they "
            "wait for `runs resume`."
        )
        diagnostics.say(
            f"{gathered}; {run.at_engine} of the trials are with {run.engine} and go on there."
            f"{waiting if run.waiting else ''} "
            f"Follow them: researchdesk runs resume {run.id} · stop them: runs cancel {run.id}"
        )
    elif report.exit_code == reproduction.INTERRUPTED:
        diagnostics.say(
            f"Interrupted; {len(report.run.results)} of {len(report.run.tasks)} seeds are kept. "
            "The same command goes on."
        )
    else:
        diagnostics.say(f"{report.run.verdict or 'untested'} · run {report.run.id}")
