"""Ready-filled entries for the "that's funny" log: listed, taken, and hinted at."""

import shlex
from collections.abc import Sequence
from typing import Any

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.surprise_pages import delta_record, record
from researchdesk.domain.deltas import words
from researchdesk.errors import DeskError, NotOnDeskError, UsageProblemError
from researchdesk.services import offers
from researchdesk.services.desk import Desk
from researchdesk.services.offers import Offer


def register(group: click.Group) -> None:
    """Give the group its verbs ``offers`` and ``take``."""
    group.add_command(list_offers)
    group.add_command(take)


@click.command("offers")
@click.argument("ref", metavar="[RUN|watch:N]", default="")
@json_option
@pass_session
def list_offers(session: Session, ref: str, as_json: bool) -> None:
    """List ready-filled entries: claims that are different, failed checks, likely findings.

    They are of the runs and reports written last, or of the one named. Nothing is kept until it
    is taken.
    """
    found = offers.offers_of(session.desk, ref) if ref else offers.open_offers(session.desk)
    if as_json:
        output.emit_json({"offers": [offer_record(session.desk, one) for one in found]})
        return
    if not found:
        where = f" of {ref}" if ref else ""
        diagnostics.say(f"Nothing funny{where} waits to be kept.")
    for number, offer in enumerate(found, 1):
        _print(offer, "" if ref else str(number))
    if found:
        diagnostics.say(f"Keep one: {take_command([found[0]])}")
    for offer, told in offers.again(session.desk, ref):
        diagnostics.say(
            f"Again as {told.ref} said ({told.state.value}): {offer.text} ({offer.of}). "
            f"See: researchdesk funny show {told.id}"
        )


@click.command()
@click.argument("sources", metavar="SOURCE...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Take all that `funny offers` lists.")
@json_option
@pass_session
def take(session: Session, sources: tuple[str, ...], every: bool, as_json: bool) -> None:
    """Keep ready-filled entries as surprises.

    SOURCE is the name or the number of an offer as `funny offers` lists it; a run, or watch:N, is
    all of its offers.
    """
    if every == bool(sources):
        raise UsageProblemError(
            "Which are to be kept? Nothing was kept.",
            "Give the names that `researchdesk funny offers` lists, or --all.",
        )
    chosen = _chosen(session.desk, sources)
    kept = [offers.take_offer(session.desk, offer) for offer in chosen]
    if as_json:
        output.emit_json({"surprises": [record(one) for one in kept]})
        return
    if not kept:
        diagnostics.say("Nothing funny waits to be kept.")
    for surprise in kept:
        output.emit_number("surprise", surprise.id)
        diagnostics.say(f"Surprise {surprise.id} kept: {surprise.text}")
    if kept:
        diagnostics.say(f"Next: researchdesk funny show {kept[0].id}")


def offer_record(desk: Desk, offer: Offer) -> dict[str, Any]:
    """An offer as JSON has it; ``surprise``: the number of the entry that tells of it."""
    told = offers.told_by(desk, offer)
    return {
        "source": offer.source,
        "text": offer.text,
        "expected": offer.expected,
        "observed": offer.observed,
        "on": offer.on,
        "delta": delta_record(offer.delta),
        "surprise": told.id if told else None,
    }


def run_records(desk: Desk, run_id: str) -> list[dict[str, Any]]:
    """All that is funny of a run, kept or not, as JSON has it."""
    return [offer_record(desk, offer) for offer in offers.all_of_run(desk, run_id)]


def log_run(desk: Desk, run_id: str) -> None:
    """Keep what is funny of a run and not there yet, and say so; the run's end is told anyhow."""
    try:
        for offer in offers.all_of_run(desk, run_id):
            told = offers.told_by(desk, offer)
            kept = told or offers.take_offer(desk, offer)
            word = "tells of it already" if told else "kept"
            diagnostics.say(f"Surprise {kept.id} {word}: {kept.text}")
    except DeskError as error:
        diagnostics.warn(f"What is funny was not kept. {error.message}")


def hint(desk: Desk, ref: str) -> None:
    """Say how many things of a run or a report are funny, and what keeps them."""
    try:
        found = offers.offers_of(desk, ref)
        told = offers.tellers_of(desk, ref)
    except DeskError:
        return
    if found:
        things = "1 thing is" if len(found) == 1 else f"{len(found)} things are"
        diagnostics.say(f"That's funny: {things} not as expected. {_commands(found, ref)}")
    for surprise in told:
        diagnostics.say(
            f"Surprise {surprise.id} tells of it: researchdesk funny show {surprise.id}"
        )


def take_command(found: Sequence[Offer]) -> str:
    """The command that keeps these."""
    return f"researchdesk funny take {' '.join(shlex.quote(one.source) for one in found)}"


def _commands(found: Sequence[Offer], ref: str) -> str:
    if len(found) == 1:
        return f"Keep it: {take_command(found)}"
    named = shlex.quote(ref)
    return (
        f"See them: researchdesk funny offers {named}; keep them: researchdesk funny take {named}"
    )


def _chosen(desk: Desk, sources: Sequence[str]) -> list[Offer]:
    """What is meant, each once. Raises NotOnDeskError where one of them is nothing."""
    listed = offers.open_offers(desk) if not sources or any(map(str.isdecimal, sources)) else []
    if not sources:
        return listed
    chosen: dict[str, Offer] = {}
    for source in sources:
        if source.isdecimal():
            found = listed[int(source) - 1 : int(source)] if int(source) else []
        elif "#" in source:
            found = [offers.offer_named(desk, source)]
        else:
            chosen.update((one.source, one) for one in offers.offers_of(desk, source))
            continue
        if not found:
            raise NotOnDeskError(
                f"There is no offer {source}; nothing was kept.", "See: researchdesk funny offers"
            )
        chosen.update((one.source, one) for one in found)
    return list(chosen.values())


def _print(offer: Offer, number: str) -> None:
    margin = " " * max(3, len(number) + 2)
    output.emit(f"{number:<{len(margin)}}{offer.text}" if number else offer.text)
    output.emit(f"{margin}expected: {offer.expected}")
    output.emit(f"{margin}observed: {offer.observed}")
    if offer.delta is not None:
        output.emit(f"{margin}delta:    {words(offer.delta)}")
    output.emit(f"{margin}source:   {offer.source}")
