"""Ideas: add, list, show, edit, move, settle, and their reviews."""

import click

from researchdesk.cli.lazy import LazyGroup

_KEEPING, _SETTLING = "researchdesk.cli.idea_keeping", "researchdesk.cli.idea_settling"
COMMANDS = {
    "add": (f"{_KEEPING}:add", "Keep an idea: impact, work, fun, and what else could be done."),
    "list": (f"{_KEEPING}:list_", "List the backlog: your own order first, then by score."),
    "show": (f"{_KEEPING}:show", "Show an idea with what happened to it."),
    "edit": (f"{_KEEPING}:edit", "Change an idea; what it was is kept."),
    "move": (f"{_SETTLING}:move", "Put an idea where you want it: your own order."),
    "settle": (f"{_SETTLING}:settle", "Done, stopped, parked until a day, or open again."),
    "review": (
        "researchdesk.cli.reviews:review",
        "Is it worth going on? What is due; go on, park, or stop.",
    ),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def idea() -> None:
    """Keep ideas in the order of their worth, and say when to stop.

    The score is impact x fun / days of work: what a day of work buys. What is not said counts as
    the middle of its scale (impact 3, fun 3, five days) and shows as "~". Your own order
    ("idea move") stands above the score.
    """
