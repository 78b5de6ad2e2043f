"""``sweep curve``: what the budget of sweeps bought."""

from pathlib import Path
from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.budget_pages import curves_csv, emit_curves
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.figure_options import picture_options
from researchdesk.cli.kinds import AMOUNT, FINITE
from researchdesk.cli.sweep_ids import SWEEP
from researchdesk.domain.budget_curves import Against
from researchdesk.errors import UsageProblemError
from researchdesk.services.budget_draws import Asked
from researchdesk.services.budget_sweeps import SweepCurves, sweep_curves


@click.command("curve")
@click.argument("sweep_ids", metavar="SWEEP...", nargs=-1, required=True, type=SWEEP)
@click.option(
    "--against",
    type=click.Choice([one.value for one in Against]),
    default=Against.TRIALS.value,
    show_default=True,
    help="What is spent: trials, hours of trials one after another, or those times their GPUs.",
)
@click.option(
    "--replacement/--without",
    default=True,
    show_default=True,
    help="How draws are made of the trials: with replacement (Dodge et al. 2019, biased to the "
    "worse near the full budget) or without (Tang et al. 2020, unbiased where every trial came to "
    "its end with a value).",
)
@click.option("--reach", type=FINITE, metavar="VALUE", help="Tell what it takes to reach a value.")
@click.option(
    "--gpus", type=AMOUNT, metavar="N",
    help="GPUs that each trial held, where the sweep does not know it.",
)  # fmt: skip
@picture_options(required=False)
@click.option("--csv", "as_csv", is_flag=True, help="Print every point as CSV.")
@json_option
@pass_session
def curve(
    session: Session,
    sweep_ids: tuple[str, ...],
    against: str,
    replacement: bool,
    reach: float | None,
    gpus: float | None,
    to: Path | None,
    width: str,
    with_latex: bool,
    force: bool,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Show what the budget of sweeps bought: the best value that so many trials, or so much time,
    reach in expectation, with a bootstrap band.

    An expectation is made of random searches; of a grid, or of Optuna's trials, the best so far is
    shown in the order they came. Of several sweeps the first is compared with each other: at
    which budgets one is better, judged up to a quarter of what the smaller one spent, and of ten
    trials or more. Where their seeds differ neither is called better, for each may have been
    measured on a validation part of its own. Only the metric that trials are chosen by is read.
    """
    if as_csv and as_json:
        raise UsageProblemError("One cannot have both CSV and JSON.", "Leave one of them out.")
    if with_latex and to is None:
        raise UsageProblemError("There is no file to include.", "Name one with --to.")
    asked = Asked(Against(against), replacement, reach)
    found = sweep_curves(session.desk, sweep_ids, asked, gpus)
    drawn = {} if to is None else _draw(found, to, width, with_latex=with_latex, force=force)
    if as_json:
        output.emit_json({"curves": found.curves, "comparisons": _compared(found), **drawn})
    elif as_csv:
        output.write(curves_csv(found.curves))
    elif to is not None:
        output.emit(drawn.get("latex") or str(to))
        for one in found.curves:
            diagnostics.say(f"From {one.source.words}")
    else:
        emit_curves(found)


def _compared(found: SweepCurves) -> list[dict[str, Any]]:
    return [
        {
            "first": one.first, "second": one.second, "against": one.against, "better": one.better,
            "seeds": one.seeds, "one_validation_part": one.one_part, "from": one.from_on,
            "up_to": one.up_to, "stretches": one.stretches, "difference": one.points,
        }
        for one in found.comparisons
    ]  # fmt: skip


def _draw(
    found: SweepCurves, to: Path, width: str, *, with_latex: bool, force: bool
) -> dict[str, Any]:
    from researchdesk.services import budget_figures, run_figures  # noqa: PLC0415 - slow to import

    made = budget_figures.picture(found, width)
    latex = {"latex": run_figures.snippet(made, to)} if with_latex else {}
    run_figures.write(made, to, force=force)
    return {"file": to, "caption": made.caption, **latex}
