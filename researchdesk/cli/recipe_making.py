"""A recipe of one's own: begun, and checked."""

import threading

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.domain.identifiers import parse_arxiv_id
from researchdesk.domain.recipes import Recipe
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.services import claims, library, recipe_checks, recipe_quotes, recipes
from researchdesk.services.recipe_checks import TrainedTwice
from researchdesk.services.recipe_writing import SHAPES, new_recipe


@click.command()
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
    absent = [claim.id for claim in recipe_quotes.not_in_the_text(session.desk, found)]
    ran = _ran(session, found, say_yes) if run_it else ()
    well = all(item.same is not False for item in ran)
    if as_json:
        names = {"recipe": found.name, "claims": len(found.claims), "arms": len(found.arms)}
        told = {"ok": well, **names, "problems": [], "ran": ran}
        output.emit_json({**told, "quotes_not_found": absent})
        return 0 if well else 1
    for item in ran:
        mark = {True: "ok", False: "NOT RIGHT", None: "-"}[item.same]
        output.emit(f"{item.arm}: {mark}: {item.message}")
    if absent:
        diagnostics.say(
            "Said to be verified, but not found in the paper's text as this desk has it: the "
            f"{'quote' if len(absent) == 1 else 'quotes'} of {', '.join(absent)}."
        )
    counted = f"{found.name}: {len(found.claims)} claims, {len(found.arms)} arms."
    diagnostics.say(f"{counted} {'No problem.' if well else 'It does not run as it should.'}")
    return 0 if well else 1


@click.command()
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
    folder = new_recipe(session.desk, ref, title, accepted, shape)
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


def _ran(session: Session, found: Recipe, say_yes: bool) -> tuple[TrainedTwice, ...]:
    ours = [arm.name for arm in found.arms if arm.command is None]
    if say_yes and ours:
        recipes.trust(session.desk, found, ours)
    recipes.require_trust(session.desk, found)
    diagnostics.say(f"Measuring seed 0 of {len(ours)} arms twice, with the settings of --quick.")
    return recipe_checks.train_twice(session.desk, found, threading.Event())
