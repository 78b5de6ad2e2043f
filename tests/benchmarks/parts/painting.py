"""Keys pressed in an app without a terminal, and the moment at which what they changed was painted.

The app runs with a driver that throws away what it is given, so that everything is done that is
done for a terminal: layout, styles, and the escape sequences of what changed.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any
from unittest import mock

from textual import events
from textual.app import App
from textual.drivers import headless_driver
from textual.pilot import Pilot

CHARACTERS = {"space": " ", "comma": ",", "full_stop": "."}
"""Of the keys that have a name and write something."""
BEGINS = "\x1b[?2026h"
_LOST_S = 0.5
_APART_S = 0.03
_QUIET_S = 0.25


class Painting(headless_driver.HeadlessDriver):
    """Remembers when something was painted last."""

    painted: list[float] = []

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        if len(data) > len(BEGINS):
            self.painted.append(perf_counter())


@asynccontextmanager
async def painted_app(app: App[Any], size: tuple[int, int]) -> AsyncIterator[Pilot[Any]]:
    app.animation_level = "none"
    with mock.patch.object(headless_driver, "HeadlessDriver", Painting):
        async with app.run_test(size=size) as pilot:
            yield pilot


@dataclass(frozen=True, slots=True)
class Pressed:
    """Seconds from each key to the paint that followed; ``lost``: keys that nothing followed.

    ``cpu`` are the seconds of the processor of all threads in that time.
    """

    clock: Sequence[float]
    cpu: Sequence[float]
    lost: int = 0

    @property
    def median(self) -> float:
        return median(self.clock)

    def high(self, of: str = "clock") -> float:
        """The 95th percentile."""
        values = sorted(self.clock if of == "clock" else self.cpu)
        return values[int(0.95 * (len(values) - 1))]


async def press(app: App[Any], keys: Sequence[str]) -> Pressed:
    """Press the keys as fast as a held key repeats, and wait for each one's paint."""
    clock, cpu, lost = [], [], 0
    for key in keys:
        Painting.painted.clear()
        start, spent = perf_counter(), process_time()
        app.post_message(events.Key(key, CHARACTERS.get(key, key if len(key) == 1 else None)))
        while not Painting.painted and perf_counter() - start < _LOST_S:
            await asyncio.sleep(0.0005)
        if Painting.painted:
            clock.append(Painting.painted[0] - start)
            cpu.append(process_time() - spent)
        else:
            lost += 1
        await asyncio.sleep(_APART_S)
    return Pressed(clock, cpu, lost)


async def quiet(patience: float = 8.0) -> None:
    """Wait until nothing was painted for a while."""
    start = perf_counter()
    while perf_counter() - start < patience:
        last = Painting.painted[-1] if Painting.painted else start
        if perf_counter() - max(last, start) > _QUIET_S:
            return
        await asyncio.sleep(0.01)
