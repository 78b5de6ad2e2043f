"""How long a person was reading, and not how long a window stood open."""

from collections.abc import Callable

IDLE_S = 180.0
"""Seconds after the last key or move of the mouse that still count as reading."""


class ActiveTime:
    """Seconds of reading. ``clock`` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._running = False
        self._touched = self._counted = clock()
        self._seconds = 0.0

    @property
    def running(self) -> bool:
        return self._running

    def touch(self) -> None:
        """A key was pressed, the mouse moved."""
        if self._running:
            self._count()
            self._touched = self._clock()

    def resume(self) -> None:
        """The text is looked at from now on."""
        if not self._running:
            self._running = True
            self._touched = self._counted = self._clock()

    def pause(self) -> None:
        """The text is not looked at any more."""
        self._count()
        self._running = False

    def take(self) -> float:
        """The seconds since the last time they were taken."""
        self._count()
        seconds, self._seconds = self._seconds, 0.0
        return seconds

    def _count(self) -> None:
        now = self._clock()
        if self._running:
            self._seconds += max(0.0, min(now, self._touched + IDLE_S) - self._counted)
        self._counted = max(now, self._counted)
