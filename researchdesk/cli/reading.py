"""Reading: the reader opened at a paper, and passes moved from the command line."""

import importlib
import sys
from datetime import date

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import DAY, NUMBER, as_date
from researchdesk.domain.reading import PassState, ReadingPass
from researchdesk.errors import UsageProblemError
from researchdesk.services import library, reading

_number = click.option("--pass", "number", type=NUMBER, required=True, help="The pass, from 1.")
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
    """Start, finish or leave a reading pass. Leaving is a normal, good end."""


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
@click.option("--why", default="", help="What was decided, in a line.")
@_again
@json_option
@pass_session
def finish(
    session: Session, ref: str, number: int, why: str, again: date | None, as_json: bool
) -> None:
    """Finish a pass that was read to its end."""
    paper = library.get_paper(session.desk, ref)
    item = reading.finish_pass(session.desk, paper, number, why, again)
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


def _tell(item: ReadingPass, as_json: bool) -> None:
    if as_json:
        output.emit_json(item)
        return
    word = "finished" if item.state is PassState.FINISHED else "left"
    again = f" Again on {item.again_on}." if item.again_on else ""
    diagnostics.say(f"Pass {item.number} {word}.{f' {item.why}.' if item.why else ''}{again}")
