"""What the bench says of a run: that it starts, stops, ended; and how to go on with one."""

from textual.dom import DOMNode

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.verdicts import Verdict, overall
from researchdesk.services.reproduction import INTERRUPTED, Report
from researchdesk.tui.at_hand import KEEPS
from researchdesk.tui.commands import keyed
from researchdesk.tui.notices import say, tell, warn
from researchdesk.tui.screens.bench_runs import OwnRun


def doing_words(own: OwnRun | None) -> str:
    """What stands for the state of a run that is between two states."""
    if own is None:
        return ""
    if own.stopping:
        return "stopping; finished seeds are kept …"
    return "" if own.run_id else "starting …"


def tell_end(node: DOMNode, own: OwnRun) -> None:
    """Tell how a run of this process ended."""
    if own.error is not None:
        tell(node, own.error)
    elif own.report is not None:
        _tell_report(node, own.recipe, own.report)


def _tell_report(node: DOMNode, recipe: Recipe, report: Report) -> None:
    run = report.run
    notes = "".join(f"\n{note}" for note in report.notes)
    if report.exit_code == INTERRUPTED:
        kept = f"{len(run.results)} of {len(run.tasks)} seeds are kept"
        kept += keyed("; {bench.resume} goes on from there.")
        say(node, kept + notes, f"{recipe.title}: stopped")
    elif run.failures:
        failed = f"{len(run.failures)} of {len(run.tasks)} seeds failed: see the seeds."
        warn(node, failed + notes, f"{recipe.title}: {overall(report.claims).value}")
    else:
        different = run.verdict is Verdict.DIFFERENT
        funny = f"\n{keyed(KEEPS)}." if different else ""
        say(node, f"Run {run.id} is finished.{notes}{funny}", f"{recipe.title}: {run.verdict}")
