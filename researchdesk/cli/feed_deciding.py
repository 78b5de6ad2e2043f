"""Decisions about what feeds brought: keep, later, no, undo."""

import importlib
from collections.abc import Sequence
from datetime import date

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.feed_pages import entry_record
from researchdesk.cli.kinds import DAY, as_date
from researchdesk.domain.feeds import EntryState, FeedEntry
from researchdesk.services import feeds

_why_option = click.option("--why", default="", metavar="TEXT", help="The reason, to be kept.")
_ids = click.argument("ids", nargs=-1, required=True, metavar="ID...")


def register(group: click.Group) -> None:
    """Make these commands of ``feed``."""
    for command in (keep, later, no, undo):
        group.add_command(command)


@click.command()
@_ids
@_why_option
@click.option("--tag", "tags", multiple=True, help="Tag it on the desk.")
@click.option("--pdf", is_flag=True, help="Fetch its PDF, too.")
@json_option
@pass_session
def keep(
    session: Session,
    ids: tuple[str, ...],
    why: str,
    tags: tuple[str, ...],
    pdf: bool,
    as_json: bool,
) -> None:
    """Put papers on the desk that a feed brought."""
    entries = _decide(session, ids, EntryState.KEPT, why, tags=tags)
    if pdf:
        acquire = importlib.import_module("researchdesk.services.acquire")
        for entry in entries:
            version = f"{entry.arxiv_id}v{entry.words.version}"
            acquire.add(session.desk, version, diagnostics.show_progress)
            diagnostics.clear_progress()
    _tell(entries, as_json)
    newer = [entry for entry in entries if entry.announced.is_replacement]
    if newer and not pdf and not as_json:
        names = " ".join(f"{entry.arxiv_id}v{entry.words.version}" for entry in newer)
        diagnostics.say(f"Fetch the newer version: researchdesk add {names}")
    elif not pdf and not as_json:
        names = " ".join(entry.arxiv_id for entry in entries)
        diagnostics.say(f"Fetch the PDF: researchdesk add {names}")


@click.command()
@_ids
@_why_option
@click.option("--again", type=DAY, callback=as_date, help="The day on which it comes again.")
@json_option
@pass_session
def later(
    session: Session, ids: tuple[str, ...], why: str, again: date | None, as_json: bool
) -> None:
    """Put papers off: they come again tomorrow, or on the day given."""
    _tell(_decide(session, ids, EntryState.LATER, why, again), as_json)


@click.command()
@_ids
@_why_option
@json_option
@pass_session
def no(session: Session, ids: tuple[str, ...], why: str, as_json: bool) -> None:
    """Have papers no more; they do not come again."""
    _tell(_decide(session, ids, EntryState.NO, why), as_json)


@click.command()
@json_option
@pass_session
def undo(session: Session, as_json: bool) -> None:
    """Take the last decision back; again: the one before. A paper that was kept goes again,
    unless it was read or noted on since."""
    entry = feeds.undo_decision(session.desk)
    if as_json:
        output.emit_json({"undone": entry_record(entry) if entry else None})
    elif entry is None:
        diagnostics.say("There is no decision to take back.")
    elif entry.before is not None and not entry.announced.is_replacement:
        diagnostics.say(f"{entry.arxiv_id} is undecided, and stays on the desk: {entry.title}")
    else:
        diagnostics.say(f"{entry.arxiv_id} waits as before: {entry.title}")


def _decide(
    session: Session,
    ids: Sequence[str],
    state: EntryState,
    why: str,
    again: date | None = None,
    tags: Sequence[str] = (),
) -> list[FeedEntry]:
    """All of them, or none where one is not there."""
    desk = session.desk
    with desk.database.writing():
        found = [feeds.entry_of(desk, item) for item in ids]
        return [feeds.decide(desk, entry.id, state, why, again, tags) for entry in found]


def _tell(entries: Sequence[FeedEntry], as_json: bool) -> None:
    if as_json:
        output.emit_json({"entries": [entry_record(entry) for entry in entries]})
        return
    for entry in entries:
        until = f", again on {entry.again_on}" if entry.again_on else ""
        diagnostics.say(f"{entry.arxiv_id} {entry.state.value}{until}: {entry.title}")
