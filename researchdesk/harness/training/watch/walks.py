"""The graph that a loss hangs on, walked once for all who look into it."""

from typing import Any


class Walk:
    """Operations below a root (a ``grad_fn``), breadth first, as far as somebody asked."""

    def __init__(self, root: Any) -> None:
        self._order: list[Any] = [root]
        self._below: list[list[Any]] = []
        self._known: set[Any] = {root}

    def first(self, most: int) -> list[Any]:
        """The root and what is below it: all, or ``most`` and a few more."""
        order, below, known = self._order, self._below, self._known
        while len(below) < len(order) and len(order) <= most:
            following = [one for one, _ in order[len(below)].next_functions if one is not None]
            below.append(following)
            for one in following:
                if one not in known:
                    known.add(one)
                    order.append(one)
        return order

    def below(self, at: int) -> list[Any]:
        """What made the inputs of the operation at this place of ``first``."""
        return self._below[at]
