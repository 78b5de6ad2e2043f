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
