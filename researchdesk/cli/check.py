"""``researchdesk check``: the ladder before any claim is believed."""

from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.reproduce import ask
from researchdesk.domain.ladder import Ladder, Rung, RungState, Standing
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.services import checking

_MARKS = {RungState.PASSED: "✓", RungState.FAILED: "✗", RungState.NOT_RUN: "–"}
_COLOURS = {RungState.PASSED: "green", RungState.FAILED: "red", RungState.NOT_RUN: "yellow"}


@click.command()
@click.argument("ref", metavar="RECIPE")
@click.option("--arm", default="", help="The arm that is checked; else the first.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=checking.SECONDS,
    show_default=True,
    help="About how long it may take.",
)
@click.option("--trust", is_flag=True, help="Say yes to the code of a recipe of your own.")
@json_option
@pass_session
def check(session: Session, ref: str, arm: str, seconds: float, trust: bool, as_json: bool) -> int:
    """Climb the ladder of a recipe's experiment, before any claim of it is believed.

    Its data is looked at, its first loss, its outputs and what it saves; one sample is learnt by
    heart, then four, one batch, and 5, 10, 100, 1000, where it must generalise; it is held against
    blank inputs, a smaller model and simple baselines.

    Exit codes: 0 no rung failed, 1 one did, 6 none could be run.
    """
    if not trust:
        ask(session.desk, ref, (arm,) if arm else ())
    diagnostics.show_progress("Climbing the ladder", 0, None)
    ladder = checking.check(
        session.desk, ref, arm, seconds=seconds, trusted=trust, on_rung=_progress
    )
    diagnostics.clear_progress()
    if as_json:
        output.emit_json(ladder_record(ladder))
    else:
        print_ladder(ladder)
    return exit_code(ladder)


def exit_code(ladder: Ladder) -> int:
    """1 where a rung failed, 6 where none was run."""
    if ladder.count(RungState.FAILED):
        return 1
    return 0 if ladder.count(RungState.PASSED) else RUN_FAILED


def ladder_record(ladder: Ladder) -> dict[str, Any]:
    """A ladder as JSON has it."""
    here = ladder.here
    return {
        "recipe": ladder.recipe,
        "arm": ladder.arm,
        "seconds": ladder.seconds,
        "passed": ladder.count(RungState.PASSED),
        "failed": ladder.count(RungState.FAILED),
        "not_run": ladder.count(RungState.NOT_RUN),
        "rungs": [
            {
                "name": rung.name,
                "title": rung.kind.title,
                "step": rung.kind.step,
                "state": rung.state,
                "figure": rung.figure,
                "message": rung.message,
                "seconds": rung.seconds,
            }
            for rung in ladder.rungs
        ],
        "steps": ladder.steps,
        "stands_at": here.step if here else None,
    }


def print_ladder(ladder: Ladder) -> None:
    """The rungs step by step, with their figures; then where the experiment stands."""
    arm = f", arm {ladder.arm}" if ladder.arm else ""
    output.emit(f"{ladder.recipe}{arm}: {_count(ladder)}")
    own = {rung.kind.step for rung in ladder.rungs}
    for number, standing in enumerate(ladder.steps, start=1):
        here = "   ← here" if standing is ladder.here else ""
        output.emit(f"\n{number}. {standing.step.value}{_words(standing, own)}{here}")
        for rung in ladder.rungs:
            if rung.kind.step is standing.step:
                _print_rung(rung)


def _words(standing: Standing, own: set[Any]) -> str:
    return "" if standing.step in own else f": {standing.words}"


def _print_rung(rung: Rung) -> None:
    mark = click.style(_MARKS[rung.state], fg=_COLOURS[rung.state])
    figure = f"  {rung.figure}" if rung.figure else ""
    output.emit(f"  {mark} {rung.kind.title:<32}{figure}".rstrip())
    if rung.message:
        output.emit(f"      {rung.message}")
    if rung.state is RungState.FAILED and rung.kind.mend:
        output.emit(f"      {rung.kind.mend}")


def _count(ladder: Ladder) -> str:
    return ", ".join(f"{ladder.count(state)} {state.value}" for state in RungState)


def _progress(rung: Rung) -> None:
    diagnostics.clear_progress()
    diagnostics.say(f"{_MARKS[rung.state]} {rung.kind.title}  {rung.figure}".rstrip())
    diagnostics.show_progress("Climbing the ladder", 0, None)
