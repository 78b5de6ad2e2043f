"""What a worker says to the process that started it."""

import json
import math
import os
import traceback
from collections.abc import Mapping
from typing import Any

from researchdesk.harness.training.assignment import SeedGiven
from researchdesk.harness.training.run import Emit

_LAST_LINES = 12


class Answers:
    """The one way out to the parent: a pipe that children of this process do not inherit."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)
        self._descriptor = descriptor

    def say(self, kind: str, data: Mapping[str, Any]) -> None:
        """One line of JSON; NaN and infinities are words, which JSON has no numbers for."""
        line = json.dumps({"kind": kind, **plain(data)}).encode() + b"\n"
        # In one go where it can be: a time limit may interrupt between two writes.
        while line:
            line = line[os.write(self._descriptor, line) :]

    def of(self, given: SeedGiven) -> Emit:
        """Says things of one seed."""

        def say(kind: str, data: Mapping[str, Any]) -> None:
            self.say(kind, {"seed": given.seed, "vary": given.vary, **data})

        return say


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """``data`` with NaN and infinities as the words ``nan``, ``inf`` and ``-inf``."""
    return {key: _plain(value) for key, value in data.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def last_lines(error: BaseException) -> str:
    """The end of an error's traceback, which says most."""
    text = "".join(traceback.format_exception(error))
    return "\n".join(text.strip().splitlines()[-_LAST_LINES:])
