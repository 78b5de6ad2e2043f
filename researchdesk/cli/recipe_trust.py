"""Whose code a recipe runs: seen, said yes to, taken back."""

import sys

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.recipe_page import trust_lines
from researchdesk.domain.recipes import Recipe
from researchdesk.errors import UsageProblemError
from researchdesk.services import recipes


@click.command()
@click.argument("ref", metavar="ID")
@click.option(
    "--list", "listed", is_flag=True, help="Show what you said yes to, and change nothing."
)
@click.option("--forget", is_flag=True, help="Take back every yes to it.")
@click.option("--yes", "say_yes", is_flag=True, help="Say yes without being asked.")
@json_option
@pass_session
def trust(
    session: Session, ref: str, listed: bool, forget: bool, say_yes: bool, as_json: bool
) -> None:
    """See whose code a recipe runs, and say yes to it, or take a yes back.

    A yes holds until anything of the code changes: a file of a recipe of your own; repository,
    commit or command of the paper's authors.
    """
    if sum((listed, forget, say_yes)) > 1:
        raise UsageProblemError(
            "--list, --forget and --yes are three things; nothing was changed.", "Give one of them."
        )
    desk = session.desk
    found = recipes.recipe_for(desk, ref)
    if forget:
        gone = recipes.forget(desk, found)
        diagnostics.say(f"Taken back: {len(gone)}. It asks again before it runs.")
    elif say_yes:
        recipes.trust(desk, found)
    elif not listed:
        _ask(session, found)
    if as_json:
        kept, waiting = recipes.yeses(desk, found), recipes.awaiting_yes(desk, found)
        output.emit_json({"recipe": found.name, "yes": kept, "waiting": waiting})
        return
    for line in trust_lines(desk, found):
        output.emit(line)
    for yes in recipes.yeses(desk, found):
        state = "" if yes.holds else ", of an earlier state: it holds no more"
        output.emit(f"yes: {yes.of}, said {yes.at}{state}")


def _ask(session: Session, found: Recipe) -> None:
    waiting = recipes.awaiting_yes(session.desk, found)
    if not waiting.anything:
        return
    diagnostics.say(recipes.shown(waiting))
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        diagnostics.say("Say yes with --yes.")
    elif click.confirm("Trust it until any of this changes?", err=True):
        recipes.trust(session.desk, found)
