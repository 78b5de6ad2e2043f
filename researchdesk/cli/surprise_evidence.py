"""Evidence about a surprise: filed, withdrawn, and what the desk knows already."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER, SURPRISE
from researchdesk.cli.surprise_pages import print_known
from researchdesk.cli.words import words
from researchdesk.domain.evidence import Standing
from researchdesk.domain.surprises import Doubt, Evidence, Side, SurpriseState, lacks
from researchdesk.errors import UsageProblemError
from researchdesk.services import doubts, explaining, refs, surprises
from researchdesk.services.evidence import state_of

number_argument = click.argument("number", type=SURPRISE, metavar="SURPRISE")


def warn_of_nowhere(session: Session, ref: str) -> None:
    """Say so where nothing on the desk answers to a ref."""
    if ref and state_of(session.desk, ref).standing is Standing.GONE:
        diagnostics.warn_of_nowhere(ref)


@click.command()
@number_argument
@click.argument("said", nargs=-1, metavar="[REF] [WORDS]|-")
@click.option("--for", "favour", metavar="ABOUT", help="It speaks for this: see below.")
@click.option("--against", metavar="ABOUT", help="It speaks against this.")
@click.option("--known", is_flag=True, help="Show what the desk knows already, numbered.")
@click.option("--take", type=NUMBER, multiple=True, metavar="K", help="File that of --known.")
@click.option("--withdraw", type=NUMBER, metavar="ID", help="It no longer counts; it is kept.")
@click.option("--back", type=NUMBER, metavar="ID", help="What was withdrawn counts again.")
@json_option
@pass_session
def evidence(
    session: Session,
    number: int,
    said: tuple[str, ...],
    favour: str | None,
    against: str | None,
    known: bool,
    take: tuple[int, ...],
    withdraw: int | None,
    back: int | None,
    as_json: bool,
) -> None:
    """File evidence about a surprise: a REF (a paper, run, claim, note …), words, or both.

    ABOUT is trust (can the experiment be trusted?), expectation (is the expectation well founded?)
    or the letter of an explanation. A surprise may count as real when both questions have linked
    evidence for, and no more against.
    """
    _check_asked(number, (favour, against, known or None, take or None, withdraw, back), said)
    if known:
        _show_known(session, number, as_json)
    elif withdraw or back:
        _turned(session, number, withdraw, back, as_json)
    elif take:
        taken = doubts.take_known(session.desk, number, *take)
        _told(session, number, taken, as_json)
    else:
        _told(session, number, [_filed(session, number, said, favour, against)], as_json)


def _check_asked(number: int, asked: tuple[object, ...], said: tuple[str, ...]) -> None:
    """One thing is asked for, and words only where something is filed."""
    hint = f"File one: researchdesk funny evidence {number} --for trust run:ID"
    if sum(item is not None for item in asked) != 1:
        raise UsageProblemError(
            "One thing at a time: --for, --against, --known, --take, --withdraw or --back.", hint
        )
    if said and asked[0] is None and asked[1] is None:
        raise UsageProblemError(
            "REF and WORDS go with --for or --against only; nothing was filed.", hint
        )


def _show_known(session: Session, number: int, as_json: bool) -> None:
    case = surprises.case_of(session.desk, number)
    found = doubts.known_about(session.desk, case.surprise)
    have = [item for item in case.evidence if item.counts]
    filed = [any(item.is_same(other) for other in have) for item in found]
    if as_json:
        records = [
            {"place": place, **output.plain(item), "filed": filed[place - 1]}
            for place, item in enumerate(found, 1)
        ]
        output.emit_json({"surprise": number, "known": records})
        return
    if not found:
        diagnostics.say(
            "The desk knows nothing about it. It looks at the run or the paper that a surprise was "
            "seen on."
        )
        return
    print_known(found, filed)
    diagnostics.say(f"File one: researchdesk funny evidence {number} --take K")


def _filed(
    session: Session, number: int, said: tuple[str, ...], favour: str | None, against: str | None
) -> Evidence:
    text = (words(said[0]) or "") if said == ("-",) else " ".join(said)
    ref, rest = refs.ref_and_words(session.desk, text)
    side = Side.FOR if favour is not None else Side.AGAINST
    kept = explaining.file_evidence(session.desk, number, favour or against or "", side, ref, rest)
    warn_of_nowhere(session, kept.ref)
    return kept


def _turned(
    session: Session, number: int, withdraw: int | None, back: int | None, as_json: bool
) -> None:
    if withdraw:
        changed = explaining.withdraw_evidence(session.desk, number, withdraw)
    else:
        changed = explaining.give_back_evidence(session.desk, number, back or 0)
    if as_json:
        output.emit_json(changed)
    elif changed.counts:
        diagnostics.say(f"Evidence {changed.id} counts again.")
    else:
        diagnostics.say(
            f"Evidence {changed.id} no longer counts. "
            f"Back: researchdesk funny evidence {number} --back {changed.id}"
        )


def _told(session: Session, number: int, filed: list[Evidence], as_json: bool) -> None:
    if as_json:
        output.emit_json({"surprise": number, "filed": filed})
        return
    for item in filed:
        output.emit_number("evidence", item.id)
        diagnostics.say(f"Filed {item.side.value} {item.about}: {item.line}")
    case = surprises.case_of(session.desk, number)
    doubted = any(i.about == Doubt.TRUST and i.side is Side.AGAINST for i in filed)
    if doubted and case.surprise.state is not SurpriseState.ARTEFACT:
        diagnostics.say(
            f"If that is all there is to it: researchdesk funny resolve {number} artefact"
        )
    elif case.surprise.state is SurpriseState.NOTICED and not lacks(case):
        diagnostics.say(
            "Both questions have their evidence: it may count as real. "
            f"researchdesk funny resolve {number} standing"
        )
