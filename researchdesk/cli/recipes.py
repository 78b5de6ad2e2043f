"""Recipes: list, show, check, new, trust."""

import sys
import threading

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.looking import data
from researchdesk.cli.recipe_page import print_recipe, trust_lines
from researchdesk.domain.identifiers import parse_arxiv_id
from researchdesk.domain.recipes import Recipe
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services import claims, library, recipe_checks, recipes
from researchdesk.services.recipe_checks import TrainedTwice
from researchdesk.services.recipe_writing import SHAPES


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


@recipe.command()
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


@recipe.command()
@click.argument("ref", metavar="ID|FOLDER")
@click.option("--run", "run_it", is_flag=True, help="Also train each arm twice, quickly.")
@click.option("--trust", "say_yes", is_flag=True, help="With --run: say yes to a recipe's code.")
@json_option
@pass_session
def check(session: Session, ref: str, run_it: bool, say_yes: bool, as_json: bool) -> int:
    """Check a recipe; every problem is named with file, line and key.

    With --run, seed 0 of each arm is measured twice with the settings of a quick run, to see that
    it runs and that the same seed gives the same result.

    Exit codes: 0 no problem, 1 there is one.
    """
    try:
        found = recipes.check_recipe(session.desk, ref)
    except BadInputError as error:
        problems = error.message.splitlines()
        if as_json:
            output.emit_json({"ok": False, "problems": problems[1:] or problems, "ran": []})
        else:
            diagnostics.tell(error)
        return 1
    ran = _ran(session, found, say_yes) if run_it else ()
    well = all(item.same is not False for item in ran)
    if as_json:
        names = {"recipe": found.name, "claims": len(found.claims), "arms": len(found.arms)}
        output.emit_json({"ok": well, **names, "problems": [], "ran": ran})
        return 0 if well else 1
    for item in ran:
        mark = {True: "ok", False: "NOT RIGHT", None: "-"}[item.same]
        output.emit(f"{item.arm}: {mark}: {item.message}")
    counted = f"{found.name}: {len(found.claims)} claims, {len(found.arms)} arms."
    diagnostics.say(f"{counted} {'No problem.' if well else 'It does not run as it should.'}")
    return 0 if well else 1


@recipe.command()
@click.argument("ref", metavar="ID")
@click.option(
    "--shape",
    type=click.Choice(SHAPES),
    default=SHAPES[0],
    show_default=True,
    help="Small methods with everything around them free, or one plain function.",
)
@json_option
@pass_session
def new(session: Session, ref: str, shape: str, as_json: bool) -> None:
    """Begin a recipe of your own for a paper, from the claims of it that you accepted."""
    title, accepted = "", []
    try:
        paper = library.get_paper(session.desk, ref)
    except NotOnDeskError:
        pass
    else:
        title, ref = paper.title, str(paper.arxiv or ref)
        accepted = claims.claims_of(session.desk, paper)
    before = {item.arxiv_id: item.name for item in recipes.recipes(session.desk)}
    folder = recipes.new_recipe(session.desk, ref, title, accepted, shape)
    if name := before.get(parse_arxiv_id(ref).base):
        diagnostics.say(
            f"There is the recipe {name} of this paper, too. Yours goes before it as long as its "
            "folder is there."
        )
    if as_json:
        output.emit_json({"folder": folder, "shape": shape, "claims": len(accepted)})
    else:
        output.emit(str(folder))
    if not accepted:
        diagnostics.say(
            "No claim of this paper is accepted yet, so that the recipe has an example: see some "
            f"with `researchdesk claim suggest {ref}`, take one with `researchdesk claim accept "
            f"{ref} NUMBER`."
        )
    diagnostics.say(
        f"Edit recipe.toml and experiment.py there, then: researchdesk recipe check {ref}"
    )


@recipe.command()
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
        raise UsageProblemError("--list, --forget and --yes are three things; nothing was changed.")
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


def _ran(session: Session, found: Recipe, say_yes: bool) -> tuple[TrainedTwice, ...]:
    ours = [arm.name for arm in found.arms if arm.command is None]
    if say_yes and ours:
        recipes.trust(session.desk, found, ours)
    diagnostics.say(f"Measuring seed 0 of {len(ours)} arms twice, with the settings of --quick.")
    return recipe_checks.train_twice(session.desk, found, threading.Event())


recipe.add_command(data)
