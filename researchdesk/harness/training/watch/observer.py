"""Watches the process that it is made in, from now until its end, and writes the report."""

import math
import os
import time
from collections.abc import Sequence
from typing import Any

import torch

from researchdesk.harness.training.watch import reporting
from researchdesk.harness.training.watch.detectors import DETECTORS
from researchdesk.harness.training.watch.probes import (
    data,
    dropping,
    gradients,
    losses,
    modules,
    optimizers,
)
from researchdesk.harness.training.watch.session import Session

_PROBES = (modules, optimizers, gradients, losses, data, dropping)
_REST_S = 5.0


class Observer:
    """Installs the probes. Only the process that made it reports: children stay silent."""

    def __init__(self, file: str, every: int, argv: Sequence[str]) -> None:
        self._file, self._argv = file, list(argv)
        self._owner = os.getpid()
        self._wrote = time.monotonic()
        self._session = Session(DETECTORS, every)
        self._session.between_steps = self._keep
        for probe in _PROBES:
            probe.install(self._session)
        os.register_at_fork(after_in_child=self._session.close)

    def _keep(self) -> None:
        """Write what is known so far now and then: the process may be killed."""
        if time.monotonic() - self._wrote > _REST_S and os.getpid() == self._owner:
            self._write(None, "under way, or killed")
            self._wrote = time.monotonic()

    def end(self, exit_code: int, how: str) -> None:
        """The script is over."""
        if os.getpid() == self._owner:
            self._session.finish()
            self._write(exit_code, how)
            self._session.close()

    def _write(self, exit_code: int | None, how: str) -> None:
        session = self._session
        report = {
            **reporting.empty(self._argv, exit_code, how),
            "torch": torch.__version__,
            "findings": [_plain(item.record()) for item in session.findings()],
            "seen": dict(session.seen),
            "readings": _plain(session.readings),
            "limits": list(session.limits),
            "problems": list(session.problems),
        }
        reporting.write(self._file, report)


def _plain(value: Any) -> Any:
    """What JSON has: numbers that are not finite become words."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)
