"""A run that this process owns: its folder, locked, and what is written there."""

import contextlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from researchdesk.domain.clock import Clock
from researchdesk.domain.runs import Event, Task
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import DeskError
from researchdesk.files import written
from researchdesk.harness.events import EventLog
from researchdesk.harness.history import RunConfig
from researchdesk.harness.locks import FileLock

EVENTS, CONFIG, ENVIRONMENT, PRINTS = (
    "events.jsonl",
    "config.toml",
    "environment.json",
    "stdout.log",
)
CANCEL = "cancel"
_RECIPE = "recipe"

OnEvent = Callable[[Event], None]


class OpenRun:
    """A run that this process owns. Close it, and others may resume or remove it."""

    def __init__(
        self, folder: Path, config: RunConfig, lock: FileLock, clock: Clock, on_event: OnEvent
    ) -> None:
        self.folder = folder
        self.config = config
        self._lock = lock
        self._clock = clock
        self._on_event = on_event
        (folder / CANCEL).unlink(missing_ok=True)
        events = folder / EVENTS
        self.is_new = not events.exists() or events.stat().st_size == 0
        self._log = EventLog(events)

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def recipe(self) -> Path:
        """The run's own copy of the recipe: what was started is what runs and is judged."""
        return recipe_copy(self.folder, self.config)

    @property
    def prints(self) -> Path:
        return self.folder / PRINTS

    def record(self, kind: str, task: Task | None = None, data: Mapping[str, Any] = {}) -> None:
        """Write an event down, then tell it. Raises DeskError where the disk takes no more."""
        if task:
            event = Event(kind, self._clock(), task.arm, task.seed, data, task.vary)
        else:
            event = Event(kind, self._clock(), data=data)
        self._log.append(event)
        self._on_event(event)

    def record_at_end(self, kind: str, data: Mapping[str, Any]) -> None:
        """As ``record``, where the run ends for want of room on the disk: it may not be written."""
        with contextlib.suppress(DeskError):
            self.record(kind, data=data)

    def stop_asked(self) -> bool:
        """Whether another process asked this run to stop."""
        return (self.folder / CANCEL).exists()

    def close(self) -> None:
        self._log.close()
        self._lock.release()


def recipe_copy(folder: Path, config: RunConfig) -> Path:
    """Where a run keeps its copy of the recipe."""
    return folder / _RECIPE / config.recipe


def write_environment(folder: Path, values: Mapping[str, Any]) -> None:
    """Write ``environment.json`` in one go. Raises DeskError where that cannot be."""
    try:
        with written(folder / ENVIRONMENT, lasting=False) as file:
            file.write(f"{json.dumps(values, indent=2, sort_keys=True)}\n".encode())
    except OSError as error:
        raise DeskError(
            f"The run's environment could not be written to {folder}: {error.strerror}. "
            "The run was stopped; the seeds that had finished are kept.",
            "Make room on the disk, then give the same command again: it goes on from there.",
            exit_code=RUN_FAILED,
        ) from error
