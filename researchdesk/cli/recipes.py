"""Recipes: list, show, check, new."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.domain.figures import claimed
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.services import library, recipes


@click.group()
def recipe() -> None:
    """List, show, check and begin recipes: experiments that test what a paper claims."""


@recipe.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the recipes: your own first, then the bundled ones."""
    found = recipes.recipes(session.desk)
    for problem in recipes.recipe_problems(session.desk):
        diagnostics.tell(problem)
    if as_json:
        output.emit_json({"recipes": found})
        return
    rows = [
        (item.arxiv_id, "bundled" if item.bundled else "yours", str(len(item.claims)), item.title)
        for item in found
    ]
    output.emit_table(("paper", "whose", "claims", "title"), rows)


@recipe.command()
@click.argument("ref", metavar="ID")
@json_option
@pass_session
def show(session: Session, ref: str, as_json: bool) -> None:
    """Show a recipe: its claims, arms, and what could not be verified."""
    found = recipes.recipe_for(session.desk, ref)
    if as_json:
        output.emit_json(found)
        return
    output.emit(f"{found.title}  ({found.name})\n{found.summary}\n")
    for arm in found.arms:
        seeds = "once" if arm.deterministic else f"{found.seeds} seeds"
        output.emit(f"arm {arm.name}, {seeds}: {arm.description}")
    output.emit()
    rows = [(item.id, item.where, claimed(item), item.text) for item in found.claims]
    output.emit_table(("claim", "where", "claimed", "text"), rows)
    for note in found.notes:
        output.emit(f"\nnote: {note}")
    output.emit(f"\nfolder: {found.folder}")


@recipe.command()
@click.argument("ref", metavar="ID|FOLDER")
@pass_session
def check(session: Session, ref: str) -> int:
    """Check a recipe; every problem is named with file, line and key.

    Exit codes: 0 no problem, 1 there is one.
    """
    try:
        found = recipes.check_recipe(session.desk, ref)
    except BadInputError as error:
        diagnostics.tell(error)
        return 1
    diagnostics.say(
        f"{found.name}: {len(found.claims)} claims, {len(found.arms)} arms. No problem."
    )
    return 0


@recipe.command()
@click.argument("ref", metavar="ID")
@json_option
@pass_session
def new(session: Session, ref: str, as_json: bool) -> None:
    """Begin a recipe of your own for a paper."""
    title = ""
    try:
        paper = library.get_paper(session.desk, ref)
    except NotOnDeskError:
        pass
    else:
        title, ref = paper.title, str(paper.arxiv or ref)
    folder = recipes.new_recipe(session.desk, ref, title)
    if as_json:
        output.emit_json({"folder": folder})
    else:
        output.emit(str(folder))
    diagnostics.say(
        f"Edit recipe.toml and experiment.py there, then: researchdesk recipe check {ref}"
    )
