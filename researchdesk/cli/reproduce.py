"""``researchdesk reproduce``: run a paper's recipe and compare claim by claim."""

import signal
import sys
import threading
from types import FrameType
from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.claims_table import print_claims
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.domain.recipes import Claim
from researchdesk.domain.runs import Event
from researchdesk.domain.verdicts import ClaimResult
from researchdesk.errors import NotOnDeskError
from researchdesk.services import library, recipes, reproduction
from researchdesk.services.desk import Desk
from researchdesk.services.reproduction import Report, ReproduceOptions


@click.command()
@click.argument("ref", metavar="ID")
@click.option("--seeds", type=NUMBER, help="How many seeds of each arm.")
@click.option("--arm", "arms", multiple=True, help="Only this arm; may be given again.")
@click.option("--jobs", type=NUMBER, help="Worker processes at a time.")
@click.option("--quick", is_flag=True, help="A short look; never more than consistency.")
@click.option("--trust", is_flag=True, help="Say yes to the code of a recipe of your own.")
@json_option
@pass_session
def reproduce(
    session: Session,
    ref: str,
    seeds: int | None,
    arms: tuple[str, ...],
    jobs: int | None,
    quick: bool,
    trust: bool,
    as_json: bool,
) -> int:
    """Run a paper's experiment, and say claim by claim whether the numbers hold.

    Interrupted, what had finished is kept, and the same command goes on with it.

    Exit codes: 0 every tested claim reproduced, 1 one is different, 6 inconclusive: too little
    evidence, seeds that failed, or a run that could not be made.
    """
    desk = session.desk
    trust = trust or _asked(desk, ref)
    options = ReproduceOptions(seeds, arms, jobs, quick, trust)
    cancel = threading.Event()
    progress = _Progress()
    signal.signal(signal.SIGTERM, lambda number, frame: _stop(cancel, number, frame))
    report = reproduction.reproduce(desk, ref, options, progress, cancel)
    diagnostics.clear_progress()
    for note in report.notes:
        diagnostics.say(note)
    if as_json:
        output.emit_json(report_record(desk, report))
    elif report.run.results or report.run.failures:
        print_claims(report)
    _say_end(report)
    return report.exit_code


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
        "claims": [_claim(by_id[result.claim_id], result) for result in report.claims],
        "checks": [],
        "seeds": [
            {"arm": r.task.arm, "seed": r.task.seed, "seconds": r.seconds, "metrics": r.metrics}
            for r in run.results
        ],
        "failures": [
            {"arm": task.arm, "seed": task.seed, "error": error}
            for task, error in run.failures.items()
        ],
        "notes": [*report.recipe.notes, *report.notes],
        "environment": report.environment,
    }


def _claim(claim: Claim, result: ClaimResult) -> dict[str, Any]:
    interval = result.interval
    return {
        "id": claim.id,
        "text": claim.text,
        "where": claim.where,
        "quote": claim.quote,
        "quote_verified": claim.verified,
        "kind": claim.kind,
        "arm": claim.arm,
        "versus": claim.versus or None,
        "metric": claim.metric,
        "unit": claim.unit,
        "direction": claim.direction or None,
        "claimed": claim.claimed,
        "tolerance": claim.tolerance,
        "tolerance_rule": claim.tolerance_rule,
        "n": result.n,
        "mean": result.mean,
        "sd": result.sd,
        "interval": [interval.low, interval.high] if interval else None,
        "test": result.test or None,
        "p": result.p,
        "verdict": result.verdict,
        "why": result.why,
        "shortfall": result.shortfall,
    }


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


class _Progress:
    """Tells on stderr how far the seeds are: one line written over, or a line for each seed."""

    def __init__(self) -> None:
        self._done = 0
        self._latest = ""

    def __call__(self, event: Event) -> None:
        where = f"{event.arm} seed {event.seed}"
        if event.kind == "metric":
            name, value = event.data.get("name"), event.data.get("value")
            number = f"{value:.4g}" if isinstance(value, int | float) else value
            self._latest = f"{where}, step {event.data.get('step')}: {name} {number}"
        elif event.kind == "seed_finished":
            self._done += 1
            seconds = event.data.get("seconds", 0.0)
            self._line(f"{where} done in {seconds:.1f} s")
        elif event.kind == "seed_failed":
            self._line(f"{where} failed: {event.data.get('error', '')}")
        elif event.kind in {"run_started", "run_resumed"}:
            self._line("run started" if event.kind == "run_started" else "run resumed")
        diagnostics.show_progress(f"{self._done} seeds done · {self._latest}"[:78], 0, None)

    def _line(self, text: str) -> None:
        diagnostics.clear_progress()
        diagnostics.say(text)


def _asked(desk: Desk, ref: str) -> bool:
    """Show code that is not ours and ask, where there is somebody to ask."""
    recipe = recipes.recipe_for(desk, ref)
    if recipes.is_trusted(desk, recipe) or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    code = recipes.code_of(recipe)
    diagnostics.say(
        f"The recipe {recipe.name} is code that did not come with this program; it runs with your "
        f"rights.\nFolder: {code.folder}\nFiles:  {', '.join(code.files)}\nSHA-256 {code.digest}"
    )
    return click.confirm("Run it, and trust it until a file of it changes?", err=True)


def _stop(cancel: threading.Event, number: int, frame: FrameType | None) -> None:
    cancel.set()


def _say_end(report: Report) -> None:
    if report.exit_code == reproduction.INTERRUPTED:
        diagnostics.say(
            f"Interrupted; {len(report.run.results)} of {len(report.run.tasks)} seeds are kept. "
            "The same command goes on."
        )
    else:
        diagnostics.say(f"{report.run.verdict or 'untested'} · run {report.run.id}")
