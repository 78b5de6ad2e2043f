"""Recipes: the experiment that tests what a paper claims."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

MOST_SEEDS = 10_000
"""More seeds of an arm than this are taken for a slip of the hand."""


class ClaimKind(StrEnum):
    """What sort of sentence the claim is, which decides how it is tested."""

    VALUE = "value"
    COUNT = "count"
    ORDERING = "ordering"
    BOUND = "bound"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a paper says that a run could contradict.

    ``claimed`` is in ``unit``; ``tolerance`` in the same unit and declared beforehand, with its
    ``tolerance_rule``. ``where`` is the place in the paper; ``quote`` its words; ``verified`` says
    whether the quote was held against the paper's own text. ``arm`` is the arm measured and
    ``versus`` the arm it is compared with (ordering). ``direction`` is ``"at least"`` or
    ``"at most"`` for bounds and orderings, ``""`` else.
    """

    id: str
    text: str
    kind: ClaimKind
    metric: str
    arm: str
    where: str
    claimed: float
    quote: str = ""
    verified: bool = False
    unit: str = ""
    tolerance: float | None = None
    tolerance_rule: str = ""
    direction: str = ""
    versus: str = ""


@dataclass(frozen=True, slots=True)
class Arm:
    """One variant of the experiment. A deterministic arm runs once, whatever the seeds."""

    name: str
    description: str = ""
    deterministic: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    quick: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe folder, read. ``digest`` is the SHA-256 over its files; ``bundled``: it is ours.

    ``data`` says what data the experiment needs, ``budget`` what it costs, ``notes`` what could not
    be verified or was chosen by us.
    """

    name: str
    folder: Path
    arxiv_id: str
    version: int | None
    title: str
    summary: str
    seeds: int
    arms: tuple[Arm, ...]
    claims: tuple[Claim, ...]
    digest: str
    bundled: bool
    budget: str = ""
    data: str = ""
    notes: tuple[str, ...] = ()

    def arm(self, name: str) -> Arm | None:
        return next((arm for arm in self.arms if arm.name == name), None)
