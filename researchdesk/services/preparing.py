"""What every run needs before its first seed, and the record of what it computes with."""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from researchdesk.domain.engines import EngineKind, EngineSettings
from researchdesk.domain.recipes import Arm, Recipe
from researchdesk.errors import UsageProblemError
from researchdesk.harness.data import resolve
from researchdesk.harness.environment import changed, gpu_likely
from researchdesk.harness.open_run import OpenRun, write_environment
from researchdesk.harness.store import RunStore
from researchdesk.services.arms import Setups, out_of_reach, setups_of
from researchdesk.services.desk import Desk

_CHECKOUT = "runs a command of the authors in their checkout, which Ray's nodes do not see"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What arms are run with: ``data`` says what was taken for each need, ``missing`` why an arm
    cannot be run here, ``notes`` what the user should know of the data."""

    setups: Setups
    data: Mapping[str, str]
    missing: Mapping[str, str]
    notes: tuple[str, ...]


def prepare(
    desk: Desk,
    recipe: Recipe,
    arms: tuple[Arm, ...],
    asked: Collection[str],
    device: str,
    *,
    engine: EngineSettings,
    quick: bool = False,
    cancel: threading.Event | None = None,
    on_note: Callable[[str], None] | None = None,
) -> Prepared:
    """Find the data and make the arms ready; ``asked`` are those that the user named.

    Whether there is a GPU is asked of this machine, or of what trials take of the engine. Raises
    UsageProblemError where there is none for ``cuda``, and as ``resolve`` and ``setups_of`` do.
    """
    data = resolve(recipe, arms, desk.settings.cache, desk.settings.offline)
    gpu = device != "cpu" and (engine.needs.gpus > 0 if engine.outlives else gpu_likely())
    if device == "cuda" and not gpu:
        raise UsageProblemError(
            "There is no GPU here; nothing was run.",
            "`--device auto` takes one where there is one, and does without where there is none.",
        )
    beyond = {**out_of_reach(arms, asked, gpu), **_not_there(arms, engine)}
    able = {arm.name for arm in arms} - set(data.missing) - set(beyond)
    setups = setups_of(desk, recipe, able, quick, cancel, on_note)
    missing = {**data.missing, **beyond, **setups.missing}
    return Prepared(setups, data.taken, missing, data.notes)


def _not_there(arms: tuple[Arm, ...], engine: EngineSettings) -> dict[str, str]:
    """Arms that the engine's nodes cannot run: they do not see the checkouts of this machine."""
    if engine.kind is not EngineKind.RAY:
        return {}
    return {arm.name: _CHECKOUT for arm in arms if arm.command is not None}


def keep_engine(store: RunStore, run: OpenRun, found: Mapping[str, Any]) -> None:
    """What the first worker computes with. Raises UsageProblemError where it lacks the device."""
    device = run.config.device
    if device == "cuda" and not found.get("gpu"):
        raise UsageProblemError(
            "There is no GPU here that torch can use; the run was stopped.",
            "`--device auto` takes one where there is one, and does without where there is none.",
        )
    used = device if device != "auto" else "cuda" if found.get("gpu") else "cpu"
    keep_environment(store, run, {**found, "device": used})


def keep_environment(store: RunStore, run: OpenRun, found: Mapping[str, Any]) -> None:
    """Add to what is known; what differs from an earlier stretch of the run is named."""
    known = store.environment(run.id)
    differs = sorted({*known.get("changed_on_resume", []), *changed(known, found)})
    write_environment(run.folder, {**known, **found, "changed_on_resume": differs})
