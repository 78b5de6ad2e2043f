"""How many seeds would decide, if mean and spread stayed as they are."""

from collections.abc import Callable

MOST = 1000


def fewest(decides: Callable[[int], bool], least: int = 2, most: int = MOST) -> int | None:
    """The least n from ``least`` to ``most`` for which ``decides(n)``; None where there is none.

    It is found by steps that widen and then by halving, as if what decides for n decided for more
    too; where that is not quite so, n may be a little more than the least.
    """
    low, high = least - 1, least
    while not decides(min(high, most)):
        if high >= most:
            return None
        low, high = high, high + max(1, high // 2)
    high = min(high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if decides(middle) else (middle, high)
    return high
