"""Running the experiments of an investigation, and their table."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.ablation import put_out, table_options
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.engine_options import engine_options
from researchdesk.cli.investigation_pages import experiment_record, print_hypotheses
from researchdesk.cli.kinds import INVESTIGATION, NUMBER
from researchdesk.cli.reproduce import cancelled_by_signal, report_record
from researchdesk.cli.run_progress import RunProgress
from researchdesk.domain.verdicts import untested_note
from researchdesk.services import experiment_runs, recipes
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_runs import ExperimentsRun
from researchdesk.services.planning import DEVICES
from researchdesk.services.reproduction import INTERRUPTED, ReproduceOptions


def register(group: click.Group) -> None:
    """Put these commands into the group of investigations."""
    group.add_command(run)
    group.add_command(table)


@click.command()
@click.argument("number", metavar="N", type=INVESTIGATION)
@click.argument("names", nargs=-1, metavar="[EXPERIMENT]...")
@click.option("--all", "again", is_flag=True, help="Those that were run already, too.")
@click.option("--seeds", type=NUMBER, help="How many seeds of each experiment.")
@click.option("--jobs", type=NUMBER, help="Worker processes at a time.")
@click.option("--quick", is_flag=True, help="A short look; never more than consistency.")
@click.option(
    "--device", type=click.Choice(DEVICES), default="auto", help="A GPU where there is one (auto)."
)
@engine_options
@click.option(
    "--trust", is_flag=True, help="Say yes to code that is not ours: yours, the authors'."
)
@json_option
@pass_session
def run(
    session: Session,
    number: int,
    names: tuple[str, ...],
    again: bool,
    seeds: int | None,
    jobs: int | None,
    quick: bool,
    device: str,
    engine: str,
    detach: bool,
    trust: bool,
    as_json: bool,
) -> int:
    """Run the experiments that are not run yet, or those named (3.2), and judge the hypotheses.

    Interrupted, what had finished is kept, and the same command goes on with it.

    Exit codes: 0 done, whatever the hypotheses came to (a refuted one is a result), 6 where a run
    could not be made or measured nothing.
    """
    desk = session.desk
    if not trust:
        _ask(desk, number, names)
    options = ReproduceOptions(
        seeds, (), jobs, quick, trust, "", device, engine=engine, detach=detach
    )
    found = experiment_runs.run_experiments(
        desk, number, names, options, RunProgress(), cancelled_by_signal(), diagnostics.say,
        again=again,
    )  # fmt: skip
    _tell(desk, found, number, as_json)
    return found.exit_code


@click.command()
@click.argument("number", metavar="N", type=INVESTIGATION)
@click.option(
    "--kind", type=click.Choice(experiment_runs.KINDS), default="ablation", show_default=True,
    help="ablation: what differs and what each change did; results: experiments by metrics.",
)  # fmt: skip
@table_options
@json_option
@pass_session
def table(
    session: Session,
    number: int,
    kind: str,
    form: str | None,
    metrics: tuple[str, ...],
    to: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Make the table of the experiments, as their runs measured them: text, markdown, LaTeX, CSV.

    The best mean is bold only where it differs significantly from every other row, with Holm's
    correction over the table; the table says so. A file names the runs it comes from.
    """
    if kind == "results":
        found = experiment_runs.results_of(session.desk, number, metrics)
    else:
        found = tuple(
            one
            for metric in metrics or ("",)
            for one in experiment_runs.tables_of(session.desk, number, metric)
        )
    put_out(found, kind, form, to, force=force, as_json=as_json)


def _ask(desk: Desk, number: int, names: Sequence[str]) -> None:
    """Show code that is not ours and ask, where there is somebody to ask: first the recipe's, then
    that of the authors, as the experiments would run it. The yes is to what was shown."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    chosen = [name if "." in name else f"{number}.{name}" for name in names]
    while (waiting := experiment_runs.awaiting_yes(desk, number, chosen)).anything:
        diagnostics.say(recipes.shown(waiting))
        if not click.confirm("Run it, and trust it until it changes?", err=True):
            return
        experiment_runs.say_yes(desk, number, waiting, chosen)


def _tell(desk: Desk, found: ExperimentsRun, number: int, as_json: bool) -> None:
    diagnostics.clear_progress()
    for report in found.reports:
        for note in report.notes:
            if note != untested_note(report.claims):
                diagnostics.say(note)
    if as_json:
        output.emit_json(
            {
                "experiments": [experiment_record(item) for item in found.experiments],
                "runs": [report_record(desk, report) for report in found.reports],
            }
        )
    elif found.experiments:
        print_hypotheses(found.experiments)
    if not found.reports:
        diagnostics.say("Every experiment was run already; --all runs them again.")
        return
    last = found.reports[-1].run
    if found.exit_code == INTERRUPTED:
        done = f"{len(last.results)} of {len(last.tasks)} seeds are kept"
        diagnostics.say(f"Interrupted; {done}. The same command goes on.")
    else:
        diagnostics.say(f"run {last.id} · the table: researchdesk investigate table {number}")
