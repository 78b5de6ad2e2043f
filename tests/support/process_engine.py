"""An engine of plain processes, for tests of what follows one: they outlive who started them."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from researchdesk.domain.engines import Fate, Standing
from researchdesk.errors import EngineError
from researchdesk.harness.engines.backend import MAIL, Handed

_RUN = """
import pickle, sys
from pathlib import Path
from researchdesk.harness.engines.hosting import FilePost, host

trial = pickle.loads(Path(sys.argv[1]).read_bytes())
host(trial, FilePost(trial.folder), node="node-1")
"""


class ProcessEngine:
    """A trial is a process group; its handle is the process id. ``down``: it cannot be reached."""

    def __init__(self) -> None:
        self.down = False
        self.submitted: list[Handed] = []
        self.forgotten: set[str] = set()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def describe(self) -> Mapping[str, Any]:
        self._reach()
        return {"version": "1", "nodes": ["node-1"]}

    def submit(self, trials: Sequence[Handed]) -> Sequence[str]:
        self._reach()
        handles = []
        for trial in trials:
            order = trial.folder / "order.pickle"
            order.write_bytes(pickle.dumps(trial))
            process = subprocess.Popen(
                [sys.executable, "-c", _RUN, str(order)], start_new_session=True
            )
            self._processes[str(process.pid)] = process
            self.submitted.append(trial)
            handles.append(str(process.pid))
        return handles

    def collect(self, trials: Mapping[str, Handed]) -> None:
        self._reach()

    def standing(self, trials: Mapping[str, Handed]) -> Mapping[str, Standing]:
        self._reach()
        return {handle: self._of(handle) for handle in trials if handle not in self.forgotten}

    def cancel(self, handles: Sequence[str]) -> None:
        for handle in handles:
            if self._processes[handle].poll() is None:
                self.kill(handle)

    def close(self) -> None:
        pass

    def kill(self, handle: str) -> None:
        """End a trial as a node that is switched off does."""
        os.killpg(int(handle), signal.SIGKILL)
        self._processes[handle].wait()

    def _reach(self) -> None:
        if self.down:
            raise EngineError("The engine is out of reach.")

    def _of(self, handle: str) -> Standing:
        code = self._processes[handle].poll()
        if code is None:
            return Standing(Fate.RUNNING, node="node-1")
        return Standing(Fate.ENDED if code == 0 else Fate.KILLED, node="node-1")


def mail_of(trial: Handed) -> Path:
    return trial.folder / MAIL
