"""Chooses the steps to spend time on."""

import math

_WARM = 16
_FIRST = 8
_FREE_S, _SHORT_S = 0.12, 0.015
_SHARE, _TOY_SHARE = 0.02, 0.2
_LONG_S = 0.02
_AGAIN, _RENEWALS = 10, 6
_MOST = 1_000
_JUMP = 4.0


class Pace:
    """Whether the present step (or call) is one to look at: ``on``.

    The first ones are, later every ``every``-th; with ``every`` 0 as many as keep the time spent on
    them, after the first 0.12 s, at about 2 % of steps of 20 ms and more, and below 20 % of
    those that take next to no time. Two gaps take turns, so that of things which alternate each has
    its turn.
    """

    def __init__(self, every: int = 0) -> None:
        self.on = True
        self.looked = 0
        self._every = every
        self._count = self._next = 0
        self._last = self._spent = 0.0
        self._cost = self._plain = 0.0
        self._longer = False
        self._until = self._renewed = 0

    @property
    def is_long(self) -> bool:
        """Whether steps take so long that time adds up in few of them."""
        return self._plain >= _SHORT_S

    def begin(self, now: float, spent: float) -> None:
        """What came before was something else: the time is taken from here."""
        self._last, self._spent = now, spent

    def renew(self) -> None:
        """Something new begins, as fine-tuning with an optimizer of its own: look at its start."""
        if self._count and self._renewed < _RENEWALS:
            self._renewed += 1
            self._until = self._count + _AGAIN
            self.on = True

    def over(self, now: float, spent: float) -> None:
        """One is over. ``now`` is a clock's, ``spent`` the seconds spent looking so far."""
        cost = spent - self._spent
        plain = max(now - self._last - cost, 1e-9)
        # the first came after all that a script does before it trains
        if self._count:
            self._plain = _towards(self._plain, plain, 0.5 if plain < self._plain else 0.1)
        if self.on:
            self._cost = _towards(self._cost, cost, 0.3)
        self._last, self._spent = now, spent
        self._count += 1
        short = self._plain < _SHORT_S
        first = self._count < max(_WARM if short or self._every else _FIRST, self._until)
        free = short and not self._every and spent < _FREE_S
        self.on = first or free or self._count >= self._next
        if self.on:
            self.looked += 1
            gap = self._gap()
            self._longer = not self._longer
            self._next = self._count + gap + (self._longer and gap > 1)

    def _gap(self) -> int:
        if self._every:
            return self._every
        if not self._plain:
            return 1
        share = min(_TOY_SHARE, max(_SHARE, _SHARE * _LONG_S / self._plain))
        return min(_MOST, max(1, math.ceil(self._cost / (share * self._plain))))


def _towards(known: float, found: float, weight: float) -> float:
    """A running average, of which one outlier makes no mess."""
    if not known:
        return found
    return (1 - weight) * known + weight * min(found, _JUMP * known)
