"""Time as something that is passed in, so that nothing has to wait for it."""

from collections.abc import Callable
from datetime import UTC, date, datetime

Clock = Callable[[], datetime]
"""Gives the present moment, with a time zone."""


def utc_now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC to the microsecond; sorts as text in the order of time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def parse_stamp(text: str) -> datetime:
    """The moment that ``stamp`` wrote; a text without a zone is taken as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text!r} is before or behind all time") from error


def local_day(moment: datetime) -> date:
    """The day that it was, where the person sits."""
    return moment.astimezone().date()


def local_minute(moment: datetime) -> str:
    """``2026-03-01 13:59`` as a person's own clock shows it."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def utc_day(moment: datetime) -> date:
    """The day in UTC, for files: they are the same wherever the person who writes them sits."""
    return moment.astimezone(UTC).date()


def utc_minute(moment: datetime) -> str:
    """``2026-03-01 13:59 UTC``, for files, as ``utc_day``."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
