"""Whether the data that a recipe needs can be had here, and what is taken in its place."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from researchdesk.domain.recipes import SUBSTITUTE, Arm, DataNeed, Recipe
from researchdesk.harness.training.datasets import file_of, is_whole, why_not

_HUB = "https://huggingface.co"
_PATIENCE_S = 4.0

Answers = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Resolved:
    """``taken``: for each data need its own name, or ``substitute:`` and the source in its place.

    ``missing``: why an arm cannot be run here; ``notes`` say what was substituted, and why.
    """

    taken: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def hub_answers() -> bool:
    """Whether the hub of data sets answers at all, within a few seconds."""
    try:
        httpx.head(os.environ.get("HF_ENDPOINT", _HUB), timeout=_PATIENCE_S)
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        return False
    return True


def datasets_available(
    need: DataNeed, cache: Path, offline: bool, answers: Answers = hub_answers
) -> str:
    """Why the data cannot be had; empty where it can.

    What comes with scikit-learn or is made is always there; what the hub holds, where the cache
    keeps it whole or there is a network. Raises BadInputError for a hub source of no known form.
    """
    scheme = need.source.partition(":")[0]
    if scheme not in ("hf", "scikit-learn"):
        return ""
    reason = why_not(need.source, cache, offline=offline)
    if reason or scheme != "hf":
        return reason
    kept = file_of(need.source, cache)
    if offline or (kept.is_file() and is_whole(kept)) or answers():
        return ""
    return "it is not in the cache and the network does not answer"


def resolve(
    recipe: Recipe,
    arms: Iterable[Arm],
    cache: Path,
    offline: bool,
    answers: Answers = hub_answers,
) -> Resolved:
    """What is taken for each data need of these arms. Raises BadInputError for an unknown form."""
    arms = tuple(arms)
    wanted = {name for arm in arms for name in (arm.needs or [need.name for need in recipe.data])}
    taken: dict[str, str] = {}
    lacking: dict[str, str] = {}
    notes = []
    for need in recipe.data:
        if need.name not in wanted:
            continue
        reason = need.why if need.always else datasets_available(need, cache, offline, answers)
        if not (need.always or reason):
            taken[need.name] = need.name
        elif need.substitute:
            taken[need.name] = f"{SUBSTITUTE}{need.substitute}"
            because = f": {reason}" if reason else ""
            notes.append(f"{need.substitute} stands in for {need.name}{because}.")
        else:
            lacking[need.name] = f"needs the data {need.name} ({need.source}): {reason}"
    every = [need.name for need in recipe.data]
    missing = {
        arm.name: "; ".join(lacking[name] for name in (arm.needs or every) if name in lacking)
        for arm in arms
    }
    return Resolved(taken, {name: why for name, why in missing.items() if why}, tuple(notes))
