"""The recipe that an investigation's experiments are run by: the base's code, arms of its own."""

import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from researchdesk.domain.derived_names import derived_name
from researchdesk.domain.investigations import Experiment, Investigation
from researchdesk.domain.recipes import Arm, Command, Recipe
from researchdesk.domain.settings import ABSENT, differences
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import BadInputError, DeskError
from researchdesk.harness.recipes import FILE, copy_recipe, digest_of, load_recipe
from researchdesk.harness.toml_writing import toml_of
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_claims import claim_of, claim_table
from researchdesk.services.trust import require_trust, trust

_OF_BASE = ("seeds", "data", "notes", "varies", "baselines", "limits", "data_needs", "ranges")


def derived_recipe(
    desk: Desk, investigation: Investigation, base: Recipe, experiments: Sequence[Experiment]
) -> Recipe:
    """Write the recipe whose arms are the experiments and whose claims are their hypotheses, and
    keep for it the yes that its base has, as its code is the same.

    It names no paper, so that a hypothesis never counts as what a paper claims. Raises
    UsageProblemError where the base is not trusted, BusyError where it is changed meanwhile,
    BadInputError where an experiment's arm is gone from it, DeskError where nothing can be written.
    """
    require_trust(desk, base)
    text = toml_of(_tables(investigation, base, experiments))
    name = derived_name(base.name, investigation.id)
    folder = desk.root / "investigations" / str(investigation.id) / name
    return kept_derived(desk, base, folder, text, "The experiments")


def kept_derived(desk: Desk, base: Recipe, folder: Path, text: str, what: str) -> Recipe:
    """Write a recipe with the base's code and ``text`` for its recipe.toml, and keep for it the
    yes that the base has. ``what`` is told where it cannot be written: DeskError is raised then,
    and BusyError where the base changed."""
    try:
        _write_derived(folder, base, text)
    except OSError as error:
        raise DeskError(
            f"{what} could not be written to {folder}: {error.strerror or error}. Nothing was run.",
            "Is there room on the disk, and may you write there?",
            exit_code=RUN_FAILED,
        ) from error
    recipe = load_recipe(folder, bundled=False)
    trust(desk, replace(recipe, name=base.name, arms=()))
    return recipe


@contextmanager
def drafted_recipe(
    investigation: Investigation, base: Recipe, experiments: Sequence[Experiment]
) -> Iterator[Recipe]:
    """The recipe as ``derived_recipe`` would write it, in a folder that goes again: for looking
    at it only. Raises BusyError, BadInputError and DeskError as that does."""
    text = toml_of(_tables(investigation, base, experiments))
    try:
        with tempfile.TemporaryDirectory(prefix="recipe-") as place:
            folder = Path(place) / derived_name(base.name, investigation.id)
            folder.mkdir()
            copy_recipe(base.folder, base.digest, folder)
            (folder / FILE).write_text(text, encoding="utf-8")
            yield load_recipe(folder, bundled=False)
    except OSError as error:
        raise DeskError(
            f"The experiments could not be written: {error.strerror or error}. Nothing was run.",
            "Is there room on the disk?",
            exit_code=RUN_FAILED,
        ) from error


def _write_derived(folder: Path, base: Recipe, text: str) -> None:
    """Write a recipe that has the base's files but for its recipe.toml, which is ``text``; whole,
    or the folder is as it was before. Raises OSError, and BusyError where the base changed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        copy_recipe(base.folder, base.digest, new)
        (new / FILE).write_text(text, encoding="utf-8")
        if folder.is_dir() and digest_of(folder) == digest_of(new):
            return
        new.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _tables(
    investigation: Investigation, base: Recipe, experiments: Sequence[Experiment]
) -> dict[str, Any]:
    known = tomllib.loads((base.folder / FILE).read_text(encoding="utf-8"))
    top: dict[str, Any] = {
        "title": f"Investigation {investigation.id}: {investigation.title}",
        "summary": f"Experiments that begin from {base.name}, one change at a time.",
        **{key: known[key] for key in _OF_BASE if key in known},
    }
    able = {name for item in experiments for name in item.settings}
    ranges = {name: found for name, found in top.pop("ranges", {}).items() if name in able}
    top |= {"ranges": ranges} if ranges else {}
    by_number = {item.number: item for item in experiments}
    arms = [_arm(item, by_number, base) for item in experiments]
    claims = [claim_table(claim) for item in experiments if (claim := claim_of(item))]
    return top | {"arms": arms, "claims": claims}


def _base_arm(base: Recipe, item: Experiment) -> Arm:
    found = base.arm(item.arm)
    if found is None:
        raise BadInputError(
            f"The recipe {base.name} has no arm {item.arm!r} any more, from which experiment "
            f"{item.name} begins. Nothing was run.",
            "Put the arm back, or begin another investigation.",
        )
    return found


def _arm(item: Experiment, others: Mapping[int, Experiment], base: Recipe) -> dict[str, Any]:
    """The experiment as an arm: one change against its parent's, where that can be written so.

    What a parent has and the experiment has not cannot be taken away; its settings are then whole.
    """
    table: dict[str, Any] = {"name": item.name, "description": item.label}
    parent, like = _parent(item, others), _base_arm(base, item)
    table["quick"] = _quick(item, others, base)
    changed = differences(parent.settings, item.settings) if parent else ()
    if parent is None or any(one.after is ABSENT for one in changed):
        table["settings"] = dict(item.settings)
    else:
        table |= {"kind": "ablation", "parent": parent.name, "change": item.changed}
        table["settings"] = {one.name: one.after for one in changed}
    for key in ("deterministic", "seeds", "needs", "needs_minutes", "needs_gpu"):
        value = getattr(like, key)
        if value:
            table[key] = list(value) if isinstance(value, tuple) else value
    if like.command:
        table |= {"kind": "authors", "command": _command(like.command)}
    return table


def _parent(item: Experiment, others: Mapping[int, Experiment]) -> Experiment | None:
    return others.get(item.parent) if item.parent is not None else None


def _quick(item: Experiment, others: Mapping[int, Experiment], base: Recipe) -> dict[str, Any]:
    """What is shortened in a quick run: what is of the parent, but never the one change."""
    parent = _parent(item, others)
    if parent is None:
        quick = _base_arm(base, item).quick
        return {key: value for key, value in quick.items() if key in item.settings}
    above = _quick(parent, others, base)
    changed = {one.name: one.after for one in differences(parent.settings, item.settings)}
    found = {key: changed.get(key, value) for key, value in above.items()}
    return {key: value for key, value in found.items() if value is not ABSENT}


def _command(command: Command) -> dict[str, Any]:
    found: dict[str, Any] = {
        "repository": command.repository,
        "commit": command.commit,
        "run": list(command.run),
        "setup": [list(line) for line in command.setup],
        "interpreter": command.interpreter,
        "patterns": dict(command.patterns),
        "metrics_file": command.metrics_file,
    }
    return {key: value for key, value in found.items() if value}
