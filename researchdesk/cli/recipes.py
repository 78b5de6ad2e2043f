"""Recipes: list, show, look at the data, check, new, trust."""

import click

from researchdesk.cli.lazy import LazyGroup

COMMANDS = {
    "list": ("researchdesk.cli.recipe_listing:list_", "List the recipes, your own first."),
    "show": (
        "researchdesk.cli.recipe_listing:show",
        "Show a recipe: claims, tolerances, arms, data, trust.",
    ),
    "data": ("researchdesk.cli.looking:data", "Look at a recipe's data before it is run."),
    "new": ("researchdesk.cli.recipe_making:new", "Begin a recipe of your own for a paper."),
    "check": ("researchdesk.cli.recipe_making:check", "Check a recipe; with --run train it twice."),
    "trust": (
        "researchdesk.cli.recipe_trust:trust",
        "See whose code a recipe runs, and say yes to it or take it back.",
    ),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def recipe() -> None:
    """List, show, check and begin recipes: experiments that test what a paper claims."""
