"""Keeps a curve's points few, whatever the number of steps."""

from collections.abc import Sequence


class Thinning:
    """Keeps the first 60 points, then every 2nd, 4th, 8th, ..., 16 points at each spacing.

    Ten thousand points come out as about 200, a million as about 300, without knowing beforehand
    how many there will be.
    """

    def __init__(self, whole: int = 60, at_each: int = 16) -> None:
        self._at_each = at_each
        self._left = whole
        self._spacing = 1
        self._skip = 0

    def keeps_next(self) -> bool:
        """Whether the next point is kept."""
        if self._skip:
            self._skip -= 1
            return False
        self._left -= 1
        if self._left == 0:
            self._spacing *= 2
            self._left = self._at_each
        self._skip = self._spacing - 1
        return True

    def state(self) -> list[int]:
        """Where it is, for ``restore``."""
        return [self._left, self._spacing, self._skip]

    def restore(self, state: Sequence[int]) -> None:
        """Go on from where another one was."""
        self._left, self._spacing, self._skip = state
