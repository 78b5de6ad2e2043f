"""What came of a trial's task, as Ray tells it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from researchdesk.domain.engines import Fate
from researchdesk.domain.text import clean
from researchdesk.errors import DeskError
from researchdesk.harness.engines.ray_tickets import load

_LOOKS = 8
_LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class Node:
    """Where a start of a trial runs: Ray's id of the node, its name, and the worker's process."""

    id: str
    name: str
    pid: int = 0


class TrialEndedError(Exception):
    """The trial came to no end of its own: its fate, and what is said of it."""

    def __init__(self, fate: Fate, words: str) -> None:
        super().__init__(fate, words)
        self.fate = fate
        self.words = words


async def fate_of(ref: Any, where: Callable[[], Node | None]) -> tuple[Fate, str]:
    """Wait for a task of ``ray_trial.run_trial``; how it ended, in words too where it was lost."""
    wrong = load("ray.exceptions")

    try:
        return await ref, ""
    except asyncio.CancelledError:
        return Fate.CANCELLED, ""
    except wrong.TaskCancelledError:
        return Fate.CANCELLED, ""
    except wrong.OutOfMemoryError as error:
        return Fate.OUT_OF_MEMORY, _out_of_memory(error, where())
    except wrong.RayTaskError as error:
        return _told(error)
    except wrong.RayError as error:
        node = where()
        if node is not None and await _is_lost(node):
            return Fate.NODE_LOST, f"The node {node.name} was lost."
        at = f" (process {node.pid} on {node.name})" if node else ""
        return Fate.KILLED, f"Its Ray worker{at} died. {_first(error)}"


def _told(error: Any) -> tuple[Fate, str]:
    cause = error.cause
    if isinstance(cause, TrialEndedError):
        return cause.fate, cause.words
    if isinstance(cause, DeskError):
        return Fate.KILLED, f"{cause.message} {cause.hint}".strip()
    text = clean(str(error))
    if "No module named 'researchdesk" in text:
        return Fate.KILLED, "researchdesk is not installed on the node that the trial was given to."
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return Fate.KILLED, f"The trial could not be hosted: {lines[-1] if lines else ''}"


async def _is_lost(node: Node) -> bool:
    """Whether the node is gone: the cluster may take a moment to notice."""
    ray = load()

    for _ in range(_LOOKS):
        alive = {one["NodeID"] for one in ray.nodes() if one["Alive"]}
        if node.id not in alive:
            return True
        await asyncio.sleep(_LOOK_S)
    return False


def _out_of_memory(error: BaseException, node: Node | None) -> str:
    where = f" on {node.name}" if node else ""
    return f"Ray's memory monitor ended it{where}. {_first(error)}"


def _first(error: BaseException) -> str:
    return next(iter(clean(str(error)).strip().splitlines()), "")
