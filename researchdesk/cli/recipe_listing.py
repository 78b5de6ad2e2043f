"""Recipes listed, and one shown."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.recipe_page import print_recipe
from researchdesk.services import recipes
from researchdesk.services.recipe_templates import broken_among, templates_line


@click.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the recipes: your own first, then the bundled ones."""
    found = recipes.recipes(session.desk)
    problems = recipes.recipe_problems(session.desk)
    for problem in broken_among(problems):
        diagnostics.tell(problem)
    if as_json:
        output.emit_json({"recipes": found})
        return
    rows = [
        (
            item.arxiv_id or item.name,
            "bundled" if item.bundled else "yours",
            str(len(item.claims)),
            "" if item.budget_minutes is None else f"{item.budget_minutes:g} min",
            item.title,
        )
        for item in found
    ]
    output.emit_table(("paper", "whose", "claims", "budget", "title"), rows)
    if line := templates_line(problems):
        diagnostics.say(f"{line}; see: researchdesk recipe check")


@click.command()
@click.argument("ref", metavar="ID")
@json_option
@pass_session
def show(session: Session, ref: str, as_json: bool) -> None:
    """Show a recipe: claims and how their tolerances came about, arms, data, budget, trust."""
    found = recipes.recipe_for(session.desk, ref)
    if not as_json:
        print_recipe(session.desk, found)
        return
    waiting = recipes.awaiting_yes(session.desk, found)
    authors = [
        {**output.plain(item), "trusted": item not in waiting.authors}
        for item in recipes.what_would_run(found).authors
    ]
    trust = {"recipe": waiting.code is None, "authors": authors}
    output.emit_json({**output.plain(found), "trust": trust})
