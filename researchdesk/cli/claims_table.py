"""The claims table of a run, for a terminal or a pipe."""

import shutil
import sys
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from researchdesk.cli import output
from researchdesk.domain.figures import MARKS, claimed, interval, measured
from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import Verdict
from researchdesk.services.reproduction import Report

_WIDTH_OF_PIPES = 120
_KEY = (
    "± after a claimed number is the tolerance declared beforehand; after a measured one, the "
    "standard deviation over the seeds."
)
_COLOURS = {
    Verdict.REPRODUCED: "green",
    Verdict.IMPRECISE: "yellow",
    Verdict.DIFFERENT: "red",
    Verdict.NOT_COMPARABLE: "magenta",
    Verdict.UNTESTED: "blue",
}


def print_claims(report: Report) -> None:
    """Claim, place, claimed, measured, interval, verdict; below it how each was come to."""
    page = StringIO()
    terminal = sys.stdout.isatty()
    console = Console(
        file=page,
        force_terminal=terminal,
        width=shutil.get_terminal_size().columns if terminal else _WIDTH_OF_PIPES,
        highlight=False,
        markup=False,
    )
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("claim", "where", "claimed", "measured", "95 % interval", "verdict"):
        table.add_column(name, overflow="fold", vertical="top")
    by_id = {claim.id: claim for claim in report.recipe.claims}
    judged = [(by_id[result.claim_id], result) for result in report.claims]
    for claim, result in judged:
        mark, colour = MARKS[result.verdict], _COLOURS[result.verdict]
        table.add_row(
            Text(one_line(claim.text)),
            Text(one_line(claim.where)),
            Text(claimed(claim)),
            Text(measured(claim, result)),
            Text(interval(result)),
            Text(f"{mark} {result.verdict.value}", style=colour),
        )
    console.print(table)
    console.print()
    for claim, result in judged:
        mark, colour = MARKS[result.verdict], _COLOURS[result.verdict]
        unverified = "" if claim.verified else " (quote not checked against the paper's text)"
        line = Text.assemble(
            (f"{mark} ", colour), (claim.id, "bold"), f": {one_line(result.why)}{unverified}"
        )
        console.print(line)
    console.print(Text(_KEY, style="dim"))
    output.write(page.getvalue().rstrip("\n"))
