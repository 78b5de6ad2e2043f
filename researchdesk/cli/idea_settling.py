"""Ideas: moved in the backlog, and settled."""

from datetime import date

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.idea_pages import record, state_words
from researchdesk.cli.kinds import DAY, IDEA, as_date, check_until
from researchdesk.domain.ideas import IdeaState
from researchdesk.errors import UsageProblemError
from researchdesk.services import ideas

_STATES = {
    "done": IdeaState.DONE,
    "stopped": IdeaState.STOPPED,
    "parked": IdeaState.PARKED,
    "open": IdeaState.OPEN,
}


@click.command()
@click.argument("number", type=IDEA, metavar="[IDEA]", required=False)
@click.option("--before", type=IDEA, metavar="IDEA", help="Put it directly before this one.")
@click.option("--top", is_flag=True, help="Put it before all others.")
@click.option("--by-score", is_flag=True, help="Back to where the score puts it; alone: all ideas.")
@json_option
@pass_session
def move(
    session: Session,
    number: int | None,
    before: int | None,
    top: bool,
    by_score: bool,
    as_json: bool,
) -> None:
    """Put an idea where you want it. What stands above it stays there: your own order."""
    if sum((before is not None, top, by_score)) != 1 or (number is None and not by_score):
        raise UsageProblemError(
            "Say where to: one of --before IDEA, --top, --by-score. Nothing was moved.",
            "As in: researchdesk idea move 7 --before 3",
        )
    if number is None:
        found = ideas.set_own_order(session.desk, ())
    elif top:
        order = [item.id for item in ideas.list_ideas(session.desk)]
        found = ideas.move_idea(session.desk, number, order[0] if order else number)
    else:
        found = ideas.move_idea(session.desk, number, before)
    if as_json:
        output.emit_json({"ideas": [record(item) for item in found]})
        return
    own = sum(item.place is not None for item in found)
    first = "The first one stands" if own == 1 else f"The first {own} stand"
    what = f"{first} in your own order" if own else "Your own order is empty"
    diagnostics.say(f"{what}; {'the rest' if own else 'all'} by score. See: researchdesk idea list")


@click.command()
@click.argument("number", type=IDEA, metavar="IDEA")
@click.argument("state", type=click.Choice(list(_STATES)))
@click.option("--why", default="", help="The reason; for parked and stopped there must be one.")
@click.option("--until", type=DAY, callback=as_date, help="Parked until this day; else 30 days.")
@json_option
@pass_session
def settle(
    session: Session, number: int, state: str, why: str, until: date | None, as_json: bool
) -> None:
    """Say that an idea is done, stopped, parked until a day, or open again."""
    check_until(until, state)
    found = ideas.settle_idea(session.desk, number, _STATES[state], why, until)
    if as_json:
        output.emit_json(record(found))
    else:
        diagnostics.say(f"Idea {number} is {state_words(found)}.")
