"""The "that's funny" log: add, list, show, resolve."""

from datetime import date

import click

from researchdesk.cli import diagnostics, offers, output, surprise_evidence, surprise_explanations
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import DAY, as_date
from researchdesk.cli.surprise_evidence import number_argument, warn_of_nowhere
from researchdesk.cli.surprise_pages import case_record, print_case, print_list, record
from researchdesk.domain.deltas import words as delta_words
from researchdesk.domain.surprises import OPEN_STATES, Surprise, SurpriseState
from researchdesk.services import becoming, evidence, surprises

_SPOKEN = {
    "noticed": SurpriseState.NOTICED,
    "artefact": SurpriseState.ARTEFACT,
    "standing": SurpriseState.STANDING,
    "investigated": SurpriseState.INVESTIGATED,
    "explained": SurpriseState.EXPLAINED,
    "dropped": SurpriseState.DROPPED,
    "idea": SurpriseState.IDEA,
}


class _States(click.Choice[str]):
    """The states as a person says them; ``being investigated`` is ``investigated``."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        wanted = value.casefold().replace("-", " ").strip()
        spoken = {state.value: word for word, state in _SPOKEN.items()}
        return super().convert(spoken.get(wanted, wanted), param, ctx)


_STATES = _States(list(_SPOKEN), case_sensitive=False)


@click.group()
def funny() -> None:
    """Surprises: what was expected, what was observed, and what came of it.

    A surprise is noticed; it stands as real once both questions have evidence; two explanations are
    held side by side until one is refuted. Nothing is deleted.
    """


funny.add_command(surprise_evidence.evidence)
surprise_explanations.register(funny)
offers.register(funny)


@funny.command()
@click.argument("text")
@click.option("--expected", default="", help="What was expected.")
@click.option("--observed", default="", help="What was observed.")
@click.option("--on", default="", metavar="REF", help="A paper, run:ID, claim:…: where it was met.")
@json_option
@pass_session
def add(session: Session, text: str, expected: str, observed: str, on: str, as_json: bool) -> None:
    """Keep a surprise. Where both sides are numbers, the delta is worked out.

    TEXT alone is enough in the form "expected 93.4, got 91.2".
    """
    if not (expected or observed):
        expected, observed = surprises.both_sides(text)
    kept = surprises.add_surprise(session.desk, text, expected, observed, on)
    warn_of_nowhere(session, kept.on)
    if as_json:
        output.emit_json(record(kept))
        return
    output.emit_number("surprise", kept.id)
    delta = f": {delta_words(kept.delta)}" if kept.delta else ""
    diagnostics.say(f"Surprise {kept.id} kept{delta}.")
    diagnostics.say(
        f"Is it real? What the desk knows: researchdesk funny evidence {kept.id} --known"
    )


@funny.command("list")
@click.argument("words", nargs=-1)
@click.option("--state", "states", type=_STATES, multiple=True, help="Of this state only.")
@click.option("--all", "every", is_flag=True, help="Those that are closed, too.")
@click.option("--on", default="", metavar="REF", help="Those seen on this.")
@json_option
@pass_session
def list_(
    session: Session,
    words: tuple[str, ...],
    states: tuple[str, ...],
    every: bool,
    on: str,
    as_json: bool,
) -> None:
    """List the open surprises, the last noticed first; WORDS are looked for in all their texts."""
    wanted = tuple(_SPOKEN[item] for item in states) or (() if every else OPEN_STATES)
    said = " ".join(words)
    found = surprises.list_surprises(session.desk, states=wanted, on=on, words=said)
    if as_json:
        output.emit_json({"surprises": [record(item) for item in found]})
        return
    if not found:
        diagnostics.say(_nothing(session, bool(states or every or on or said)))
    print_list(found)


@funny.command()
@number_argument
@json_option
@pass_session
def show(session: Session, number: int, as_json: bool) -> None:
    """Show a surprise: its delta, the two questions, its explanations, and what happened to it."""
    case = surprises.case_of(session.desk, number)
    after = becoming.followed_up(session.desk, case.surprise)

    def state_of(ref: str) -> evidence.EvidenceState:
        return evidence.state_of(session.desk, ref)

    if as_json:
        output.emit_json(case_record(case, after, state_of))
    else:
        print_case(case, after, state_of)


@funny.command()
@number_argument
@click.argument("state", type=_STATES, metavar="STATE")
@click.option("--by", default="", metavar="LETTER", help="The explanation that explains it.")
@click.option("--why", default="", help="The reason; to drop or explain it there must be one.")
@click.option("--again", type=DAY, callback=as_date, help="Put it off: it comes back on this day.")
@json_option
@pass_session
def resolve(
    session: Session,
    number: int,
    state: str,
    by: str,
    why: str,
    again: date | None,
    as_json: bool,
) -> None:
    """Say how far a surprise was followed up.

    STATE is noticed, artefact (a suspected one), standing (it counts as real), investigated,
    explained, dropped, or idea, which keeps an idea as well. The last three close it.
    """
    wanted = _SPOKEN[state]
    if wanted is SurpriseState.IDEA and not (by or again):
        changed, idea = becoming.become_idea(session.desk, number, why=why)
        after = f"Weigh it: researchdesk idea edit {idea.id}"
    else:
        changed = surprises.resolve(session.desk, number, wanted, why, by=by, again_on=again)
        after = ""
    _changed(changed, as_json, after)


@funny.command()
@number_argument
@json_option
@pass_session
def undo(session: Session, number: int, as_json: bool) -> None:
    """Take back the last change of a surprise's state; the history keeps both."""
    _changed(surprises.undo_last(session.desk, number), as_json)


def _changed(item: Surprise, as_json: bool, after: str = "") -> None:
    if as_json:
        output.emit_json(record(item))
        return
    again = f", again on {item.again_on}" if item.again_on else ""
    diagnostics.say(f"Surprise {item.id}: {item.state.value}{again}.")
    if after:
        diagnostics.say(after)


def _nothing(session: Session, narrowed: bool) -> str:
    if narrowed:
        return "No such surprise."
    if surprises.list_surprises(session.desk):
        return "No open surprises. The others: researchdesk funny list --all"
    return 'Nothing funny yet. Keep one: researchdesk funny add "…" --expected "…" --observed "…"'
