"""Which of many backups are kept: the newest, and fewer the older they are."""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime

NEWEST, WEEKS, MONTHS = 7, 4, 12


def kept(moments: Iterable[datetime], newest: int = NEWEST) -> set[datetime]:
    """Those of ``moments`` that stay: the ``newest`` ones, and the last of each of the last four
    weeks and twelve months that have one.

    Weeks and months are those of the calendar (ISO 8601). At least one stays where there is one.
    """
    ordered = sorted(moments, reverse=True)
    return {
        *ordered[: max(newest, 1)],
        *_last_of_each(ordered, lambda moment: moment.isocalendar()[:2], WEEKS),
        *_last_of_each(ordered, lambda moment: (moment.year, moment.month), MONTHS),
    }


def _last_of_each(
    ordered: list[datetime], period: Callable[[datetime], Hashable], count: int
) -> list[datetime]:
    found: dict[Hashable, datetime] = {}
    for moment in ordered:
        found.setdefault(period(moment), moment)
    return list(found.values())[:count]
