"""Reviews of ideas and investigations: what is due, what one shows, its answer."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.idea_pages import happening_line, record, said
from researchdesk.cli.kinds import DAY, as_date
from researchdesk.domain.clock import local_day
from researchdesk.domain.ideas import score
from researchdesk.domain.review_words import left_words, progress_words, spent_words
from researchdesk.domain.reviews import Answer, DueReview, Review
from researchdesk.errors import UsageProblemError
from researchdesk.services import reviews

_ANSWERS = {"go-on": Answer.GO_ON, "park": Answer.PARK, "stop": Answer.STOP}
_KINDS = {"investigate": "investigation"}


@click.command()
@click.argument("ref", required=False, metavar="[REF]")
@click.option("--answer", type=click.Choice(list(_ANSWERS)), help="Go on, park it, or stop.")
@click.option("--why", default="", help="The reason; to park and to stop there must be one.")
@click.option("--until", type=DAY, callback=as_date, help="Parked until this day; else 30 days.")
@json_option
@pass_session
def review(
    session: Session,
    ref: str | None,
    answer: str | None,
    why: str,
    until: date | None,
    as_json: bool,
) -> None:
    """Is it worth going on? Shows what was reached and what it cost; --answer keeps the answer.

    REF is a number, idea:3, or investigation:2. Without it, the reviews that are due: monthly, and
    after two weeks without progress.
    """
    if ref is None:
        if answer or why or until:
            raise UsageProblemError(
                "Say what is reviewed: a number, idea:3 or investigation:2.",
                "What is due stands in: researchdesk investigate review",
            )
        _tell_due(session, as_json)
        return
    named = _named(ref)
    if answer is None:
        if why or until:
            raise UsageProblemError(
                "--why and --until go with --answer; nothing was kept.", "Give --answer with them."
            )
        _tell(reviews.review_of(session.desk, named), as_json)
        return
    kept = reviews.answer_review(session.desk, named, _ANSWERS[answer], why, until)
    if as_json:
        output.emit_json(kept)
    else:
        day = f" until {kept.until}" if kept.until else ""
        diagnostics.say(f"{named}: {kept.said}{day}.")


def _named(ref: str) -> str:
    """A bare number is one of the group that the command stands in."""
    parent = click.get_current_context().parent
    kind = _KINDS.get(parent.info_name or "" if parent else "", "idea")
    return f"{kind}:{ref}" if ref.strip().isdecimal() else ref


def _tell_due(session: Session, as_json: bool) -> None:
    due = reviews.reviews_due(session.desk, session.desk.today())
    if as_json:
        output.emit_json({"due": due})
    elif due:
        _print_due(due)
    else:
        diagnostics.say("No review is due.")


def _print_due(due: Sequence[DueReview]) -> None:
    rows = [(item.ref, str(item.since), item.reason, item.title) for item in due]
    output.emit_table(("what", "due since", "why", "title"), rows)


def _tell(found: Review, as_json: bool) -> None:
    if as_json:
        output.emit_json(_record(found))
        return
    output.emit(f"{found.ref}  {found.state}  {found.title}")
    if found.due:
        output.emit(f"A review is due: {found.due}.")
    for head, lines in (
        (f"Progress since {local_day(found.since)}", progress_words(found.progress)),
        ("Time spent", spent_words(found.spent)),
        ("Impact against work left", left_words(found.left)),
        ("Instead", _instead(found)),
        ("Earlier reviews", [happening_line(item) for item in found.earlier]),
    ):
        if lines:
            output.emit()
            output.emit(head)
        for line in lines:
            output.emit(f"  {line}")
    output.emit()
    output.emit(
        "Go on, park, or stop?  --answer go-on | --answer park --until DATE --why … | "
        "--answer stop --why …"
    )


def _instead(found: Review) -> list[str]:
    own = [found.instead] if found.instead else []
    others = [
        f"idea {item.id} (score {score(item).words}, {said(item.work_days)} days): {item.text}"
        for item in found.others
    ]
    return [*own, *others] or ["Nothing else stands in the backlog."]


def _record(found: Review) -> dict[str, Any]:
    fields: dict[str, Any] = output.plain(found)
    return {**fields, "others": [record(item) for item in found.others]}
