"""The explanations of a surprise, held side by side until one is refuted."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.surprise_evidence import number_argument
from researchdesk.cli.words import rescued, words
from researchdesk.domain.surprises import Explanation
from researchdesk.errors import UsageProblemError
from researchdesk.services import explaining, surprises

_letter = click.argument("letter", metavar="LETTER")


def register(group: click.Group) -> None:
    """Add these commands to the group of surprises."""
    for command in (explain, rule_out, apart):
        group.add_command(command)


@click.command()
@number_argument
@click.argument("text", required=False, metavar="[TEXT|-]")
@click.option("--predicts", help="What would be seen if it were so.")
@click.option("--refuted-by", help="What would refute it.")
@click.option("--letter", default="", help="Change this one; what it said stays in the history.")
@json_option
@pass_session
def explain(
    session: Session,
    number: int,
    text: str | None,
    predicts: str | None,
    refuted_by: str | None,
    letter: str,
    as_json: bool,
) -> None:
    """Put an explanation beside the others, each under a letter: two that oppose each other."""
    if letter and text is None and predicts is None and refuted_by is None:
        raise UsageProblemError(
            f"What is to be said of {letter}? Nothing was changed.",
            "Give TEXT, --predicts or --refuted-by.",
        )
    said = None if letter and text is None else words(text) or ""
    with rescued(session, said, text):
        if letter:
            kept = explaining.change_explanation(
                session.desk, number, letter, said, predicts, refuted_by
            )
        else:
            kept = explaining.explain(
                session.desk, number, said or "", predicts or "", refuted_by or ""
            )
    if as_json:
        output.emit_json(kept)
        return
    output.emit(kept.letter)
    diagnostics.say(f"Explanation {kept.letter} of surprise {number} kept.")
    _ask(session, kept)


@click.command("rule-out")
@number_argument
@_letter
@click.option("--why", default="", help="What speaks against it.")
@click.option("--undo", is_flag=True, help="It stands again.")
@json_option
@pass_session
def rule_out(
    session: Session, number: int, letter: str, why: str, undo: bool, as_json: bool
) -> None:
    """Say that an explanation does not stand, and why. It is kept."""
    if undo:
        changed = explaining.let_stand(session.desk, number, letter)
    else:
        changed = explaining.rule_out(session.desk, number, letter, why)
    if as_json:
        output.emit_json(changed)
    else:
        diagnostics.say(
            f"Explanation {changed.letter} {'stands' if changed.stands else 'is ruled out'}."
        )


@click.command()
@number_argument
@click.argument("text", required=False, metavar="TEXT|-")
@json_option
@pass_session
def apart(session: Session, number: int, text: str | None, as_json: bool) -> None:
    """Say which experiment would tell the explanations apart."""
    old = surprises.get_surprise(session.desk, number).apart
    said = words(text, old) or ""
    with rescued(session, said, text):
        changed = explaining.set_apart(session.desk, number, said)
    if as_json:
        output.emit_json({"surprise": number, "apart": changed.apart})
    else:
        diagnostics.say(f'Kept. Follow it up: researchdesk investigate new "…" --of funny:{number}')


def _ask(session: Session, kept: Explanation) -> None:
    """Ask for what was not said yet: what would refute it, and what would tell it from another."""
    number = kept.surprise_id
    if not kept.refuted_by:
        diagnostics.say(
            "What would refute it? "
            f'researchdesk funny explain {number} --letter {kept.letter} --refuted-by "…"'
        )
    case = surprises.case_of(session.desk, number)
    if len(case.rivals) > 1 and not case.surprise.apart:
        one, other = (item.letter for item in case.rivals[:2])
        diagnostics.say(
            f'Which experiment would tell {one} from {other}? researchdesk funny apart {number} "…"'
        )
