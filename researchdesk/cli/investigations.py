"""Investigations: begin one, list, show, answer its steps, settle it."""

from datetime import date

import click

from researchdesk.cli import diagnostics, experiment_running, experiments, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.investigation_pages import (
    investigation_record,
    next_lines,
    print_investigation,
    print_list,
    short_record,
)
from researchdesk.cli.kinds import DAY, INVESTIGATION, as_date, check_until
from researchdesk.cli.reviews import review
from researchdesk.cli.words import rescued, words
from researchdesk.domain.investigations import Investigation, InvestigationState
from researchdesk.domain.next_steps import next_step
from researchdesk.services import investigations
from researchdesk.services.experiments import experiments_of
from researchdesk.services.investigation_records import USUAL

_NUMBER = click.argument("number", metavar="N", type=INVESTIGATION)
_STATES = click.Choice([state.value for state in InvestigationState])


@click.group()
def investigate() -> None:
    """Follow a surprise or an idea up: benchmark, baseline, proof, then one change at a time.

    Each experiment differs from its parent in one setting, says what is expected of it before it is
    run, and is run for real; the table of them builds itself.
    """


experiments.register(investigate)
experiment_running.register(investigate)
investigate.add_command(review)


@investigate.command()
@click.argument("title")
@click.option("--of", default="", metavar="REF", help="What it follows up: funny:3, idea:2.")
@click.option("--recipe", default="", metavar="R", help="The recipe that it begins from.")
@click.option("--arm", default="", metavar="A", help="The recipe's arm that is the baseline.")
@click.option("--workflow", default=USUAL, show_default=True, help="Whose steps it takes.")
@json_option
@pass_session
def new(
    session: Session, title: str, of: str, recipe: str, arm: str, workflow: str, as_json: bool
) -> None:
    """Begin an investigation. What it is of is being investigated from then on.

    Without --recipe, a surprise that was seen on a run or a paper brings its recipe along.
    """
    begun = investigations.begin(session.desk, title, of, recipe, arm, workflow=workflow)
    if as_json:
        output.emit_json(investigation_record(session.desk, begun))
        return
    output.emit_number("investigation", begun.id)
    if begun.recipe:
        first = experiments_of(session.desk, begun.id, judge=False)[0]
        diagnostics.say(f"Baseline {first.name}: the arm {first.arm} of {begun.recipe}.")
    _say_next(session, begun)


@investigate.command("list")
@click.option("--all", "every", is_flag=True, help="Parked and closed ones, too.")
@json_option
@pass_session
def list_(session: Session, every: bool, as_json: bool) -> None:
    """List the investigations at hand, the last touched first."""
    found = investigations.list_investigations(session.desk, every=every)
    if as_json:
        output.emit_json({"investigations": [short_record(item) for item in found]})
        return
    if not found:
        away = not every and investigations.list_investigations(session.desk, every=True)
        diagnostics.say(
            "None at hand. The others: researchdesk investigate list --all"
            if away
            else 'No investigations yet. Begin one: researchdesk investigate new "…" --of funny:3'
        )
    print_list(found)


@investigate.command()
@_NUMBER
@json_option
@pass_session
def show(session: Session, number: int, as_json: bool) -> None:
    """Show an investigation: its steps, its experiments as a tree, and what comes next."""
    found = investigations.get_investigation(session.desk, number)
    if as_json:
        output.emit_json(investigation_record(session.desk, found))
    else:
        print_investigation(session.desk, found)


@investigate.command()
@_NUMBER
@click.argument("step")
@click.argument("text", required=False)
@json_option
@pass_session
def answer(session: Session, number: int, step: str, text: str | None, as_json: bool) -> None:
    """Answer a STEP, named by its key as `investigate show` has it. TEXT may be - for stdin, or
    left out to write it in $EDITOR. Earlier answers are kept."""
    known = investigations.get_investigation(session.desk, number)
    said = words(text, known.answers.get(step, ""))
    if said is None:
        diagnostics.say("Left without saving; nothing was changed.")
        return
    with rescued(session, said, text):
        found = investigations.answer(session.desk, number, step, said)
    if as_json:
        output.emit_json(investigation_record(session.desk, found))
    else:
        diagnostics.say(f"Answered: {step}.")
        _say_next(session, found)


@investigate.command()
@_NUMBER
@click.argument("state", type=_STATES)
@click.option("--why", default="", help="The reason; to park or stop there must be one.")
@click.option(
    "--until", type=DAY, callback=as_date, help="Parked until this day, else for thirty days."
)
@json_option
@pass_session
def settle(
    session: Session, number: int, state: str, why: str, until: date | None, as_json: bool
) -> None:
    """Say where it stands: open, parked, stopped, or done. Parked, it comes back on its day."""
    check_until(until, state)
    found = investigations.settle(session.desk, number, InvestigationState(state), why, until)
    if as_json:
        output.emit_json(short_record(found))
        return
    again = f" until {found.again_on}" if found.again_on else ""
    diagnostics.say(f"Investigation {number}: {found.state.value}{again}.")
    if found.state is InvestigationState.DONE and found.of.startswith("funny:"):
        surprise = found.of.partition(":")[2]
        diagnostics.say(
            f"If the surprise is explained: researchdesk funny resolve {surprise} explained --why …"
        )


def _say_next(session: Session, found: Investigation) -> None:
    steps = investigations.steps_of(session.desk, found)
    trials = experiments_of(session.desk, found.id, judge=False)
    for line in next_lines(found, next_step(found, steps, trials)):
        diagnostics.say(line)
