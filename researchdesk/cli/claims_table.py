"""The claims table of a run, for a terminal or a pipe."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from researchdesk.cli import output
from researchdesk.domain.figures import (
    CHOSEN,
    MARKS,
    WIDER,
    claimed,
    interval,
    is_wider,
    measured,
    paper,
    tolerance,
)
from researchdesk.domain.recipes import Claim, ToleranceRule
from researchdesk.domain.text import clean, one_line
from researchdesk.domain.verdicts import ClaimResult, Verdict
from researchdesk.services.reproduction import Report

_WIDTH_OF_PIPES = 120
_KEY = (
    "± after a claimed number is the tolerance declared beforehand; after a measured one, the "
    "standard deviation over the seeds. An interval marked † is where a run like the paper's would "
    "fall; others are those of the mean or of a difference (Δ: of rates)."
)
_CHOSEN_KEY = f"{CHOSEN} a tolerance chosen for its reason, not by a rule:"
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
            _text(one_line(claim.text)),
            _text(one_line(claim.where)),
            _text(claimed(claim)),
            _text(measured(claim, result)),
            _text(_interval(claim, result)),
            _text(f"{mark} {result.verdict.value}", colour),
        )
    console.print(table)
    console.print()
    for claim, result in judged:
        for line in _told(claim, result):
            console.print(line)
    for key in _keys(judged):
        console.print(_text(key, "dim"))
    output.write(page.getvalue().rstrip("\n"))


def _text(words: str, style: str = "") -> Text:
    return Text(output.shown(words), style=style)


def _interval(claim: Claim, result: ClaimResult) -> str:
    predicts = result.interval is not None and "prediction interval" in result.test
    return f"{interval(claim, result)}{' †' if predicts else ''}"


def _told(claim: Claim, result: ClaimResult) -> Iterator[Text]:
    """How a verdict was come to; the arithmetic too where it speaks against the paper."""
    mark, colour = MARKS[result.verdict], _COLOURS[result.verdict]
    unverified = "" if claim.verified else " (quote not checked against the paper's text)"
    said = f": {one_line(result.why)}{unverified}"
    yield Text.assemble((f"{mark} ", colour), (claim.id, "bold"), said)
    if result.verdict is Verdict.DIFFERENT:
        yield Text(f"    the paper: {one_line(paper(claim))}", style="dim")
        for line in result.arithmetic:
            yield Text(f"    {clean(line)}", style="dim")
    for cause in result.causes:
        yield Text(f"    likely cause: {one_line(cause)}")


def _keys(judged: Sequence[tuple[Claim, ClaimResult]]) -> Iterator[str]:
    yield _KEY
    if any(is_wider(result) for _, result in judged):
        yield WIDER
    chosen = [claim for claim, _ in judged if claim.tolerance_rule is ToleranceRule.CHOSEN]
    if chosen:
        yield _CHOSEN_KEY
    for claim in chosen:
        yield f"  {claim.id}: {one_line(tolerance(claim))}"
