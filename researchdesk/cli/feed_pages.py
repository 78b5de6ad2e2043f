"""Feeds and what they brought, as the command line shows them."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from researchdesk.cli import diagnostics, output
from researchdesk.domain.clock import local_minute
from researchdesk.domain.feed_reports import FeedOutcome, FeedReport
from researchdesk.domain.feeds import Feed, FeedEntry
from researchdesk.export.feed_digest import NEWEST_FIRST

_WORDS = 4


def feed_record(feed: Feed, waiting: int | None = None) -> dict[str, Any]:
    """A feed as JSON has it."""
    record = {
        "feed": feed.id,
        "kind": feed.kind,
        "what": feed.what,
        "name": feed.name,
        "checked": feed.checked_at,
        "announced_on": feed.announced_on,
        "problem": feed.problem,
    }
    return record if waiting is None else {**record, "waiting": waiting}


def entry_record(entry: FeedEntry) -> dict[str, Any]:
    """An entry as JSON has it."""
    words = entry.words
    return {
        "entry": entry.id,
        "id": entry.arxiv_id,
        "version": words.version,
        "announced": entry.announced,
        "replaces": entry.before if entry.announced.is_replacement else None,
        "title": words.title,
        "authors": words.authors,
        "abstract": words.abstract,
        "categories": words.categories,
        "published": words.published,
        "link": entry.link,
        "feeds": entry.feeds,
        "score": entry.score,
        "words": entry.speaks,
        "state": entry.state,
        "why": entry.why,
        "again_on": entry.again_on,
        "seen": entry.seen_at,
    }


def outcome_record(outcome: FeedOutcome) -> dict[str, Any]:
    """What came of asking for a feed, as JSON has it."""
    return {
        "feed": outcome.feed.id,
        "name": outcome.feed.name,
        "asked": outcome.asked,
        "new": outcome.new,
        "cross": outcome.cross,
        "replaced": outcome.replaced,
        "left_out": outcome.left_out,
        "words": outcome.words,
        "problem": outcome.problem,
    }


def print_entries(entries: Sequence[FeedEntry]) -> None:
    """A line for each, best first."""
    if not entries:
        return
    rows = [
        (
            entry.arxiv_id,
            entry.kind_words,
            entry.words.categories[0] if entry.words.categories else "",
            f"{entry.title} ({_authors(entry.words.authors)}){_because(entry)}",
        )
        for entry in entries
    ]
    output.emit_table(("id", "announced", "category", "title"), rows)


def print_entry(entry: FeedEntry) -> None:
    """All that is known of one."""
    words = entry.words
    output.emit(words.title)
    output.emit(", ".join(words.authors) or "Authors unknown")
    rows = {
        "id": f"{entry.arxiv_id}v{words.version}",
        "announced": entry.kind_words,
        "categories": ", ".join(words.categories),
        "from": ", ".join(entry.feeds),
        "state": _state(entry),
        "why": entry.why,
        "ranked by": ", ".join(entry.speaks),
        "link": entry.link,
    }
    for name, value in rows.items():
        if value:
            output.emit(f"{name:<12}{value}")
    output.emit()
    output.emit(words.abstract or "There is no abstract.")


def print_feeds(feeds: Sequence[Feed], waiting: Mapping[int, int]) -> None:
    """A line for each feed."""
    rows = [
        (
            str(feed.id),
            feed.kind.value,
            str(waiting.get(feed.id, 0)),
            local_minute(feed.checked_at) if feed.checked_at else "never",
            f"{feed.name if feed.problem or feed.name == feed.what else _with_address(feed)}"
            f"{f' — {feed.problem}' if feed.problem else ''}",
        )
        for feed in feeds
    ]
    if rows:
        output.emit_table(("feed", "kind", "waiting", "asked", "what"), rows)


def tell_outcomes(report: FeedReport, *, quietly: bool) -> None:
    """What each source came to, on stderr; ``quietly`` only what failed."""
    for outcome in report.outcomes:
        if outcome.problem:
            diagnostics.warn(f"{outcome.feed.name}: {outcome.problem}")
            if outcome.hint:
                diagnostics.say(f"  {outcome.hint}")
        elif not quietly:
            diagnostics.say(f"{outcome.feed.name}: {outcome.summary}.")


def is_watched() -> bool:
    """Whether a person sees what is said: cron should not send a letter that nothing is new."""
    return sys.stderr.isatty()


def order_words(entries: Sequence[FeedEntry]) -> str:
    """By what they are ranked, where that is not by the desk."""
    ranked = any(entry.score is not None for entry in entries)
    return "" if ranked or len(entries) < 2 else f" {NEWEST_FIRST}"


def _state(entry: FeedEntry) -> str:
    again = f", again on {entry.again_on}" if entry.again_on else ""
    return f"{entry.state.value}{again}"


def _because(entry: FeedEntry) -> str:
    return f" — {', '.join(entry.speaks[:_WORDS])}" if entry.speaks else ""


def _authors(names: tuple[str, ...]) -> str:
    if not names:
        return "authors unknown"
    return f"{names[0]} et al." if len(names) > 2 else " and ".join(names)


def _with_address(feed: Feed) -> str:
    return f"{feed.name} ({feed.what})" if feed.title else feed.name
