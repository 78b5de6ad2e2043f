"""Reading: the reader opened at a paper, and passes moved from the command line."""

import importlib
import sys
from datetime import date

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import DAY, NUMBER, as_date
from researchdesk.cli.words import rescued
from researchdesk.domain.clock import local_day
from researchdesk.domain.durations import spent
from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Decision, PassState, ReadingPass
from researchdesk.errors import UsageProblemError
from researchdesk.services import library, reading

_number = click.option("--pass", "number", type=NUMBER, required=True, help="The pass, from 1.")


class _Decisions(click.Choice[str]):
    """The decisions; ``go-on`` and ``GO ON`` are ``go on``."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return super().convert(value.replace("-", " "), param, ctx)


_DECISIONS = _Decisions([decision.value for decision in Decision], case_sensitive=False)
_again = click.option("--again", type=DAY, callback=as_date, help="The day to come back to it.")


@click.command()
@click.argument("ref", metavar="ID")
@click.option("--pass", "number", type=NUMBER, help="The pass to open.")
@pass_session
def read(session: Session, ref: str, number: int | None) -> None:
    """Open a paper in the reader, at the step where it was left."""
    paper = library.get_paper(session.desk, ref)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageProblemError(
            "The reader needs a terminal.", f"Without one: researchdesk show {paper.name}"
        )
    importlib.import_module("researchdesk.tui.app").run(session.desk, paper.name, number)


@click.group("pass")
def pass_() -> None:
    """Start, finish or leave a reading pass, and list them. Leaving is a normal, good end."""


@pass_.command()
@click.argument("ref", metavar="ID")
@_number
@click.option("--workflow", help="The reading workflow; the default is in the settings.")
@json_option
@pass_session
def start(session: Session, ref: str, number: int, workflow: str | None, as_json: bool) -> None:
    """Start a pass, or go on with it; one that ended is opened again."""
    paper = library.get_paper(session.desk, ref)
    item = reading.start_pass(session.desk, paper, number, workflow)
    if as_json:
        output.emit_json(item)
        return
    plan = reading.plan_of(reading.workflow_named(session.desk, item.workflow), number)
    output.emit(f"Pass {number} of {item.workflow}: {plan.title}. {plan.aim}")
    for index, step in enumerate(plan.steps):
        output.emit(f"{'>' if index == item.step else ' '} {index + 1}. {step.title}")
        output.emit(f"     {step.question}")
    diagnostics.say(f"Read it with: researchdesk read {paper.name} --pass {number}")


@pass_.command()
@click.argument("ref", metavar="ID")
@_number
@click.option("--decision", type=_DECISIONS, help="What comes next; a day to come back is later.")
@click.option("--why", default="", help="What was decided, in a line.")
@_again
@json_option
@pass_session
def finish(
    session: Session,
    ref: str,
    number: int,
    decision: str | None,
    why: str,
    again: date | None,
    as_json: bool,
) -> None:
    """Finish a pass that was read to its end: go on now, later on a day, or stop.

    In a terminal what is not said is asked for.
    """
    desk = session.desk
    paper = library.get_paper(desk, ref)
    given = why
    if decision is None and again is None and _asks() and _is_under_way(session, paper, number):
        decision, again, why = _ask(why)
    chosen = Decision(decision) if decision else None
    with rescued(session, why, given):
        item = reading.finish_pass(desk, paper, number, why, again, chosen)
    for sentence in _left_out(reading.steps_left(desk, item)):
        diagnostics.say(sentence)
    _tell(item, as_json)


@pass_.command()
@click.argument("ref", metavar="ID")
@_number
@click.option("--why", required=True, help="Why the paper is left here.")
@_again
@json_option
@pass_session
def drop(
    session: Session, ref: str, number: int, why: str, again: date | None, as_json: bool
) -> None:
    """Leave the paper in this pass, and say why."""
    paper = library.get_paper(session.desk, ref)
    item = reading.drop_pass(session.desk, paper, number, why, again)
    _tell(item, as_json)


@pass_.command("list")
@click.argument("ref", metavar="ID")
@json_option
@pass_session
def list_(session: Session, ref: str, as_json: bool) -> None:
    """List the passes over a paper: the time spent, what was decided, and why."""
    paper = library.get_paper(session.desk, ref)
    found = reading.passes_of(session.desk, paper)
    if as_json:
        output.emit_json({"paper": paper.name, "passes": found})
        return
    if not found:
        diagnostics.say(f"Not read yet. Start: researchdesk pass start {paper.name} --pass 1")
        return
    rows = [
        (
            f"{item.number} of {item.workflow}",
            f"v{item.version}",
            item.state.value,
            str(local_day(item.started_at)),
            spent(item.seconds) or "-",
            " ".join(filter(None, (item.decision or "", str(item.again_on or "")))) or "-",
            item.why,
        )
        for item in found
    ]
    output.emit_table(("pass", "version", "state", "started", "time", "decision", "why"), rows)


def _asks() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _is_under_way(session: Session, paper: Paper, number: int) -> bool:
    found = reading.current_pass(session.desk, paper, number)
    return found is not None and found.state is PassState.STARTED


def _ask(why: str) -> tuple[str, date | None, str]:
    decision = click.prompt("And now?", type=_DECISIONS, default="go on", err=True)
    again = None
    if decision == Decision.LATER:
        again = click.prompt("The day to come back", type=DAY, err=True).date()
    return decision, again, why or click.prompt("Why?", default="", show_default=False, err=True)


def _left_out(left: reading.StepsLeft) -> list[str]:
    told = {"Not reached": left.not_reached, "Without a note": left.without_note}
    return [
        f"{words}: {', '.join(step.title for step in steps)}."
        for words, steps in told.items()
        if steps
    ]


def _tell(item: ReadingPass, as_json: bool) -> None:
    if as_json:
        output.emit_json(item)
        return
    word = "finished" if item.state is PassState.FINISHED else "left"
    time = f" after {spent(item.seconds)}" if item.seconds else ""
    decided = f" Decided: {item.decision}." if item.decision else " No --decision was given."
    again = f" Again on {item.again_on}." if item.again_on else ""
    why = f" {item.why.rstrip('.')}." if item.why else ""
    diagnostics.say(f"Pass {item.number} {word}{time}.{why}{decided}{again}")
