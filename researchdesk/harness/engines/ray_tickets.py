"""What the desk, the keeper and the tasks of a run on Ray hand to each other."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import researchdesk
from researchdesk.harness.engines.backend import Handed

NAMESPACE = "researchdesk"
HEAD = "node:__internal_head__"
"""A resource that only the head has. Source: ``ray._private.resource_spec`` of Ray 2.60."""

Had = tuple[int, Mapping[str, int]]
"""What the desk has of a trial: so many bytes of its mail, and of each file this version."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How trials are run: the names are those of the engine's options."""

    name: str
    runtime_env: Mapping[str, Any] = field(default_factory=dict)
    checkpoint_mb: float = 512.0
    keep_days: float = 7.0


@dataclass(frozen=True, slots=True)
class Ticket:
    """One start of a trial, as its task gets it. ``number`` counts the starts from 1."""

    handle: str
    number: int
    trial: Handed
    manner: Manner
    version: str = researchdesk.__version__


def load(name: str = "ray") -> Any:
    """A module of Ray, which is an extra: it is imported where it is first spoken to."""
    return importlib.import_module(name)
