"""How what follows an engine's trials is spoken to, and what it answers at its end."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """``LEFT``: the trials go on at the engine. ``CALLED_OFF``: they were cancelled there."""

    THROUGH = "through"
    LEFT = "left"
    CALLED_OFF = "called off"


@dataclass(frozen=True, slots=True)
class Ears:
    """How a follower is spoken to: ``leave`` and ``call_off`` are asked several times a second.

    ``patience_s``: how long an engine may be out of reach. ``grace_s``: how long the mail of a
    trial is waited for when the engine says that it is over, as a shared folder may show it late.
    ``look``: nothing is handed over, what was lost waits.
    """

    leave: Callable[[], bool]
    call_off: Callable[[], bool]
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    patience_s: float = 600.0
    grace_s: float = 6.0
    look: bool = False
