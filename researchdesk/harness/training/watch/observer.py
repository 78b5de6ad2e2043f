"""Watches the process that it is made in, from now until its end, and writes the report."""

import contextlib
import math
import os
import time
from collections.abc import Sequence
from typing import Any

import torch

from researchdesk.harness.training.watch import reporting
from researchdesk.harness.training.watch.detectors import DETECTORS
from researchdesk.harness.training.watch.limits import limits_of
from researchdesk.harness.training.watch.probes import (
    data,
    dropping,
    files,
    functions,
    gradients,
    losses,
    modules,
    optimizers,
    processes,
)
from researchdesk.harness.training.watch.probes.wrapping import wrap
from researchdesk.harness.training.watch.session import Session

_PROBES = (modules, optimizers, gradients, losses, data, dropping, files, functions)
_FIRST_REST_S, _REST_S = 0.5, 5.0
_UNDER_WAY = "under way, or killed"


def observed(every: int = 0) -> Session:
    """A session that hears of what this process does from now on, until it is closed.

    The probes stay where they are put: this is for a process that trains once, and ends.
    """
    session = Session(DETECTORS, every)
    for probe in _PROBES:
        _install(probe, session)
    return session


def _install(probe: Any, session: Session) -> None:
    """An older or newer torch may lack what a probe needs."""
    try:
        probe.install(session)
    except Exception as error:  # noqa: BLE001 - the script goes on with the other probes
        what = f"{probe.__name__.rpartition('.')[2]}: {type(error).__name__}: {error}"
        session.limits.append(f"This torch does not let everything be seen ({what}).")


class Observer:
    """Installs the probes. Only the process that made it reports: children stay silent."""

    def __init__(self, file: str, every: int, argv: Sequence[str]) -> None:
        self._file, self._argv = file, list(argv)
        self._owner = os.getpid()
        self._wrote, self._rest = time.monotonic(), _FIRST_REST_S
        self._session = observed(every)
        self._session.between_steps = self._keep
        self._ended = False
        _install(processes, self._session)
        wrap(os, "_exit", self._leave)
        os.register_at_fork(after_in_child=self._session.close)
        self._write(None, _UNDER_WAY)

    def _leave(self, original: Any, code: int = 0) -> None:
        """``os._exit``: no more will come."""
        if os.getpid() == self._owner and not self._ended:
            with contextlib.suppress(Exception):
                self.end(code, "os._exit")
        original(code)

    def _keep(self) -> None:
        """Write what is known so far now and then: the process may be killed."""
        if time.monotonic() - self._wrote > self._rest and os.getpid() == self._owner:
            self._write(None, _UNDER_WAY)
            self._wrote, self._rest = time.monotonic(), min(2 * self._rest, _REST_S)

    def end(self, exit_code: int, how: str) -> None:
        """The script is over."""
        if os.getpid() == self._owner:
            self._ended = True
            self._session.finish()
            self._write(exit_code, how)
            self._session.close()

    def _write(self, exit_code: int | None, how: str) -> None:
        session = self._session
        report = {
            **reporting.empty(self._argv, exit_code, how),
            "torch": torch.__version__,
            "findings": [_plain(item.record()) for item in session.findings()],
            "seen": {**session.seen, "steps looked at closely": session.looked},
            "readings": _plain(session.readings),
            "limits": [*session.limits, *limits_of(session, over=exit_code is not None)],
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
