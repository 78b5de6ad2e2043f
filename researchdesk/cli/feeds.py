"""What is followed, and what it brought: feed."""

import importlib
from datetime import UTC, date, datetime, time
from typing import Any

import click

from researchdesk.cli import diagnostics, feed_deciding, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.feed_pages import (
    entry_record,
    feed_record,
    is_watched,
    order_words,
    outcome_record,
    print_entries,
    print_entry,
    print_feeds,
    tell_outcomes,
)
from researchdesk.cli.kinds import DAY, as_date
from researchdesk.domain.feed_reports import FeedReport
from researchdesk.domain.feeds import FeedEntry, FeedKind
from researchdesk.errors import SourceError, UsageProblemError
from researchdesk.export.feed_digest import digest
from researchdesk.services import feeds

_HOW = 'Nothing is followed yet: researchdesk feed follow cs.LG --author "Name" --search "words"'
_ASK = " Online, what is new is asked for by: researchdesk feed refresh"
_SHOWN = (
    click.option("--markdown", is_flag=True, help="Print a digest in markdown."),
    click.option(
        "--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="At most."
    ),
    json_option,
)


def _shown(command: Any) -> Any:
    for option in _SHOWN:
        command = option(command)
    return command


@click.group(invoke_without_command=True)
@click.option("--since", type=DAY, callback=as_date, help="What came on this day or later.")
@click.option("--from", "name", default="", metavar="FEED", help="What this feed brought.")
@click.option(
    "--replaced", is_flag=True, help="Newer versions of papers that are not on the desk, too."
)
@_shown
@pass_session
def feed(
    session: Session,
    since: date | None,
    name: str,
    replaced: bool,
    markdown: bool,
    limit: int,
    as_json: bool,
) -> int | None:
    """Follow categories, authors, searches and feeds; sort what is new.

    Alone it asks for what is new, where that was not done today, and shows the papers that wait,
    best first. From cron: researchdesk feed refresh --markdown, which prints only what came.
    """
    command = click.get_current_context().invoked_subcommand
    if command is not None:
        if since or name or replaced or markdown or as_json:
            raise UsageProblemError(
                "Options of feed stand behind its command.",
                f"As in: researchdesk feed {command} --json",
            )
        return None
    desk = session.desk
    wanted = feeds.feed_named(desk, name) if name else None
    report = _refreshed_today(session)
    moment = datetime.combine(since, time()).astimezone(UTC) if since else None
    every = feeds.waiting(desk, limit=None, feed=wanted, since=moment, every=replaced)
    shown = every[:limit]
    if as_json:
        outcomes = [outcome_record(outcome) for outcome in report.outcomes]
        told = {"waiting": len(every), "put_off": feeds.count_put_off(desk), "feeds": outcomes}
        output.emit_json({**told, "entries": [entry_record(entry) for entry in shown]})
    else:
        _print(session, shown, len(every), markdown)
    tell_outcomes(report, quietly=as_json or not is_watched())
    if not every and not as_json and (is_watched() or session.settings.offline):
        diagnostics.say(_nothing(session))
    elif shown and not as_json and not markdown:
        diagnostics.say(_rest(shown, len(every)))
    return _code(report)


@feed.command()
@click.argument("what", nargs=-1, metavar="[CATEGORY|ADDRESS]...")
@click.option("--author", multiple=True, metavar="NAME", help="An author, as arXiv spells them.")
@click.option("--search", multiple=True, metavar="WORDS", help="Words that must all occur.")
@click.option("--address", multiple=True, metavar="URL", help="Another RSS or Atom feed.")
@json_option
@pass_session
def follow(
    session: Session,
    what: tuple[str, ...],
    author: tuple[str, ...],
    search: tuple[str, ...],
    address: tuple[str, ...],
    as_json: bool,
) -> None:
    """Follow arXiv categories, authors, saved searches, or feeds by their address.

    Of other feeds (a subreddit, a lab's page) the entries count that link to papers of arXiv.
    """
    wanted = [
        *((FeedKind.ADDRESS if "://" in item else FeedKind.CATEGORY, item) for item in what),
        *((FeedKind.AUTHOR, item) for item in author),
        *((FeedKind.SEARCH, item) for item in search),
        *((FeedKind.ADDRESS, item) for item in address),
    ]
    if not wanted:
        raise UsageProblemError(
            "There is nothing to follow.", 'Give a category as cs.LG, or --author "Name".'
        )
    followed = feeds.follow_all(session.desk, wanted)
    if as_json:
        output.emit_json({"feeds": [feed_record(item) for item in followed]})
        return
    for item in followed:
        output.emit(f"{item.id}  {item.name}")
    diagnostics.say("What is new there: researchdesk feed")


@feed.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List what is followed: how many papers wait, when it was asked, what went wrong."""
    followed = feeds.feeds(session.desk)
    waiting = feeds.waiting_by_feed(session.desk)
    if as_json:
        records = [feed_record(item, waiting.get(item.id, 0)) for item in followed]
        output.emit_json({"feeds": records})
        return
    if not followed:
        diagnostics.say(_HOW)
    print_feeds(followed, waiting)


@feed.command()
@click.argument("ref", metavar="FEED")
@pass_session
def drop(session: Session, ref: str) -> None:
    """Follow a feed no longer: its number or name. What was decided stays."""
    gone = feeds.unfollow(session.desk, ref)
    diagnostics.say(f"{gone.name} is followed no longer.")


@feed.command()
@_shown
@pass_session
def refresh(session: Session, markdown: bool, limit: int, as_json: bool) -> int:
    """Ask for what is new, as far as it can have changed, and print what came, best first.

    Prints nothing where nothing is new and nobody looks. Ends with 4 where a source failed and
    nothing else came.
    """
    desk = session.desk
    report = _ask(session, daily=False)
    came = set(report.came)
    entries = [entry for entry in feeds.waiting(desk, limit=None) if entry.id in came]
    if as_json:
        outcomes = [outcome_record(outcome) for outcome in report.outcomes]
        shown = [entry_record(entry) for entry in entries[:limit]]
        output.emit_json({"feeds": outcomes, "came": len(entries), "entries": shown})
    else:
        _print(session, entries[:limit], len(entries), markdown)
    tell_outcomes(report, quietly=as_json or not (is_watched() or (entries and not markdown)))
    if not report.outcomes and not as_json:
        diagnostics.say(_HOW)
    return _code(report)


@feed.command()
@click.argument("ref", metavar="ID")
@json_option
@pass_session
def show(session: Session, ref: str, as_json: bool) -> None:
    """Show one paper that a feed brought: its abstract, where it came from, what was decided."""
    entry = feeds.entry_of(session.desk, ref)
    if as_json:
        output.emit_json(entry_record(entry))
    else:
        print_entry(entry)


feed_deciding.register(feed)


def _refreshed_today(session: Session) -> FeedReport:
    """What came of asking where that was not done today; what is at hand where it cannot be."""
    if not feeds.due(session.desk, daily=True):
        return FeedReport(())
    if session.settings.offline:
        diagnostics.say("The desk is offline: nobody was asked. What is here already is shown.")
        return FeedReport(())
    return _ask(session, daily=True)


def _ask(session: Session, *, daily: bool) -> FeedReport:
    """What asks the sources is loaded only here: it takes long."""
    service = importlib.import_module("researchdesk.services.feeds_refreshing")
    report: FeedReport = service.refresh(session.desk, diagnostics.show_progress, daily=daily)
    diagnostics.clear_progress()
    return report


def _print(session: Session, entries: list[FeedEntry], total: int, markdown: bool) -> None:
    if markdown and entries:
        output.emit(digest(entries, session.desk.today(), total))
    else:
        print_entries(entries)


def _code(report: FeedReport) -> int:
    """4 where a source failed and nothing else came."""
    return SourceError.exit_code if report.failed and not report.came else 0


def _nothing(session: Session) -> str:
    if not feeds.feeds(session.desk):
        return _HOW
    put_off = feeds.count_put_off(session.desk)
    quiet = "" if session.settings.offline else feeds.quiet_day(session.desk)
    off = f"; {put_off} put off to a later day" if put_off else ""
    ask = _ASK if session.settings.offline else ""
    return f"Nothing waits{off}.{f' {quiet}.' if quiet else ''}{ask}"


def _rest(shown: list[FeedEntry], total: int) -> str:
    return (
        f"{len(shown)} of {total}.{order_words(shown)} "
        f"Sort them: researchdesk feed keep|later|no {shown[0].arxiv_id}"
    )
