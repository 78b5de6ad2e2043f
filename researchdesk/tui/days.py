"""Days as a person types them."""

from datetime import date, timedelta


def day_in(text: str, today: date) -> date | None:
    """``2027-01-31``, or ``+7`` for in seven days; None for what is no day."""
    try:
        if text.startswith("+"):
            return today + timedelta(days=int(text[1:]))
        return date.fromisoformat(text)
    except (ValueError, OverflowError):
        return None


def coming(typed: str, today: date, least: int = 1) -> date | None:
    """As ``day_in``; None where it is not at least so many days from today."""
    day = day_in(typed, today)
    return None if day is None or (day - today).days < least else day


def no_day(typed: str, least: int = 1) -> str:
    """What to say where ``coming`` found none."""
    wanted = "no day to come" if least else "neither today nor a day to come"
    return f"{typed!r} is {wanted}; say 2027-01-31, or +7."
