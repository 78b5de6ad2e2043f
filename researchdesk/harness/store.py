"""The folder of runs: each run one folder, its events the truth."""

import contextlib
import re
import shutil
import tempfile
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from researchdesk.domain.clock import Clock
from researchdesk.domain.json_text import parse_json
from researchdesk.domain.recipes import Recipe
from researchdesk.domain.run_rows import RunChoice
from researchdesk.domain.runs import Event, RunState, RunSummary
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import (
    BadInputError,
    BusyError,
    DeskError,
    NotOnDeskError,
    UsageProblemError,
)
from researchdesk.harness.events import read_events
from researchdesk.harness.history import RunConfig, moment_of, read_config, summarise
from researchdesk.harness.locks import FileLock, is_held
from researchdesk.harness.open_run import (
    CANCEL,
    CONFIG,
    ENVIRONMENT,
    EVENTS,
    PRINTS,
    OnEvent,
    OpenRun,
    recipe_copy,
)
from researchdesk.harness.outline import read_outline
from researchdesk.harness.recipes import copy_recipe, digest_of
from researchdesk.harness.run_folders import LOCK, NEW, beginning, folders_in, is_run_id
from researchdesk.harness.run_index import RunIndex, Tell, plan_key

_FEW = 200
LONGEST_NAME = 60
"""Letters of a recipe's name in a run's id; a name may have 255 bytes."""
_BEFORE_NAME = len("20260101-000000-")


def recipe_in(run_id: str) -> str:
    """What a run's id says of its recipe's name: in safe letters, cut off at LONGEST_NAME, and
    with a number behind it where several runs began in one second."""
    return run_id[_BEFORE_NAME:]


class RunStore:
    """All runs of a desk."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self.index = RunIndex(folder, self.get)

    def start(
        self, recipe: Recipe, config: RunConfig, on_event: OnEvent, tell: Tell | None = None
    ) -> tuple[OpenRun, str]:
        """Resume the newest run of this plan if it is unfinished, else begin one.

        Also tells what of that the user should know. Raises BusyError where a living process has
        such a run under way, DeskError where the folder cannot be written. ``tell`` as in
        ``RunIndex.newest``.
        """
        known = partial(self.index.catch_up, tell, beyond=_FEW)
        with beginning(self._folder, "run", known):
            self._sweep()
            return self._resume_or_begin(recipe, config, on_event)

    def resume(self, run_id: str, on_event: OnEvent) -> OpenRun:
        """Open an unfinished run to go on with it, by its own copy of the recipe.

        Raises NotOnDeskError, BusyError where it is under way, UsageProblemError where it came to
        its end, BadInputError where its copy of the recipe is not what was started.
        """
        run = self.get(run_id)
        if run.state is RunState.RUNNING:
            raise _busy(run_id)
        if not run.state.can_go_on:
            raise UsageProblemError(
                f"The run {run_id} came to its end; there is nothing to resume.",
                f"A new one: `researchdesk reproduce {run.arxiv_id or run.recipe}`.",
            )
        if not self._copy_is_whole(run_id):
            raise BadInputError(
                f"The recipe in {self.folder_of(run_id)} was changed since the run began.",
                f"Begin a new run: `researchdesk reproduce {run.arxiv_id or run.recipe}`.",
            )
        return self._reopen(run_id, on_event)

    def config(self, run_id: str) -> RunConfig:
        """What the run set out to do. Raises NotOnDeskError, and BadInputError if unreadable."""
        return read_config(self.folder_of(run_id) / CONFIG)

    def all(self) -> list[RunSummary]:
        """Every readable run, newest first."""
        found = []
        for name, _ in sorted(folders_in(self._folder), reverse=True):
            try:
                found.append(self._summary(self._folder / name))
            except BadInputError:
                continue
        return found

    def get(self, run_id: str) -> RunSummary:
        """One run. Raises NotOnDeskError."""
        return self._summary(self.folder_of(run_id))

    def folder_of(self, run_id: str) -> Path:
        """The run's folder. Raises NotOnDeskError, also for what is no run's id."""
        folder = self._folder / run_id
        if not is_run_id(run_id) or not folder.is_dir():
            raise NotOnDeskError(f"There is no run {run_id}.", "See `researchdesk runs list`.")
        return folder

    def events(self, run_id: str) -> list[Event]:
        """The run's events, oldest first."""
        return read_events(self.folder_of(run_id) / EVENTS)

    def recipe_folder(self, run_id: str) -> tuple[Path, bool]:
        """The run's copy of its recipe, and whether that is a bundled one."""
        folder = self.folder_of(run_id)
        config = read_config(folder / CONFIG)
        return recipe_copy(folder, config), config.bundled

    def environment(self, run_id: str) -> dict[str, Any]:
        """What the run was made with; empty where that was not written."""
        try:
            content = (self.folder_of(run_id) / ENVIRONMENT).read_text(encoding="utf-8")
            found = parse_json(content)
        except (OSError, ValueError):
            return {}
        if not isinstance(found, dict):
            return {}
        engine = found.get("engine")
        if isinstance(engine, str) and engine.startswith("torch "):  # before there were engines
            found |= {"engine": "local", "compute": engine}
        return found

    def ways(self, run_id: str) -> dict[str, bool]:
        """Of each arm whose way was chosen by measuring, whether its seeds are batched."""
        said = [
            event.data
            for event in read_outline(self.folder_of(run_id) / EVENTS)
            if event.kind == "run_planned"
        ]
        return {str(data.get("arm")): data.get("batched") is True for data in said}

    def ask_to_stop(self, run_id: str) -> None:
        """Ask the process that owns the run to stop it. Raises NotOnDeskError if none does."""
        folder = self.folder_of(run_id)
        if not is_held(folder / LOCK):
            raise NotOnDeskError(f"The run {run_id} is not under way.", "Nothing was changed.")
        (folder / CANCEL).touch()

    def remove(self, run_id: str) -> None:
        """Remove a run for good. Raises BusyError where it is under way, DeskError if it stays."""
        folder = self.folder_of(run_id)
        lock = FileLock(folder / LOCK)
        try:
            if not lock.acquire():
                raise _busy(run_id)
            gone = folder.with_name(f"{NEW}{run_id}")
            shutil.rmtree(gone, ignore_errors=True)
            folder.rename(gone)
            shutil.rmtree(gone)
        except FileNotFoundError:  # another process sweeps away what is no run any more
            return
        except OSError as error:
            raise _unwritable("removed whole", folder, error) from error
        finally:
            lock.release()

    def _summary(self, folder: Path) -> RunSummary:
        try:
            owned = is_held(folder / LOCK)
            config = read_config(folder / CONFIG)
            return summarise(folder.name, config, read_outline(folder / EVENTS), owned)
        except (OSError, ValueError) as error:
            raise BadInputError(
                f"The run {folder} cannot be read: {error}", "Move the run's folder away."
            ) from error

    def _resume_or_begin(
        self, recipe: Recipe, config: RunConfig, on_event: OnEvent
    ) -> tuple[OpenRun, str]:
        mine = self.index.newest(RunChoice(recipe=config.recipe)).rows
        same = [run for run in mine if run.plan == _plan(config)]
        for run in same:
            if run.state is RunState.RUNNING:
                raise _busy(run.id)
        if same and same[0].state.can_go_on and self._copy_is_whole(same[0].id):
            return self._reopen(same[0].id, on_event), ""
        older = next((run for run in mine if run.state.can_go_on), None)
        note = ""
        if older and older.recipe_digest != config.digest:
            note = f"The recipe changed since the unfinished run {older.id}, which stays as it is."
        elif older and older is mine[0] and older not in same:
            note = (
                f"The unfinished run {older.id} is of other seeds, arms, data, device or engine; "
                "it stays as it is."
            )
        return self._begin(recipe, config, on_event), note

    def _copy_is_whole(self, run_id: str) -> bool:
        folder = self.folder_of(run_id)
        config = read_config(folder / CONFIG)
        return digest_of(recipe_copy(folder, config)) == config.digest

    def _reopen(self, run_id: str, on_event: OnEvent) -> OpenRun:
        folder = self.folder_of(run_id)
        lock = FileLock(folder / LOCK)
        try:
            if not lock.acquire():
                raise _busy(run_id)
            return self._open(folder, lock, on_event)
        except OSError as error:
            raise _unwritable("gone on with", folder, error) from error

    def _begin(self, recipe: Recipe, config: RunConfig, on_event: OnEvent) -> OpenRun:
        """Make the folder under another name first: a run is there whole, or not at all."""
        new = Path(tempfile.mkdtemp(prefix=NEW, dir=self._folder))
        lock = FileLock(new / LOCK)
        try:
            lock.acquire()
            (new / CONFIG).write_text(config.to_toml(), encoding="utf-8")
            copy_recipe(recipe.folder, config.digest, recipe_copy(new, config))
            (new / PRINTS).touch()
            new.chmod(0o755)
            folder = new.rename(self._free_name(recipe.name))
        except BaseException:
            lock.release()
            shutil.rmtree(new, ignore_errors=True)
            raise
        return self._open(folder, lock, on_event)

    def _open(self, folder: Path, lock: FileLock, on_event: OnEvent) -> OpenRun:
        try:
            return OpenRun(folder, read_config(folder / CONFIG), lock, self._clock, on_event)
        except (OSError, BadInputError):
            lock.release()
            raise

    def _free_name(self, recipe: str) -> Path:
        name = re.sub(r"[^\w.-]+", "-", recipe)[:LONGEST_NAME]
        stem = f"{self._moment():%Y%m%d-%H%M%S}-{name}"
        names = [stem, *(f"{stem}-{number:02}" for number in range(2, 100))]
        for name in names:
            if not (self._folder / name).exists():
                return self._folder / name
        raise BusyError("Too many runs began in this second.", "Try again in a moment.")

    def _moment(self) -> datetime:
        """The present one, to the second; behind the newest run where the clock went back: what
        began last stands last."""
        now = self._clock().replace(microsecond=0)
        names = (path.name for path in self._folder.iterdir())
        newest = max((name[:15] for name in names if is_run_id(name)), default="")
        if newest <= f"{now:%Y%m%d-%H%M%S}":
            return now
        with contextlib.suppress(ValueError, OverflowError):
            return moment_of(newest) + timedelta(seconds=1)
        return now

    def _sweep(self) -> None:
        """Clear away what a crash left half made."""
        for path in self._folder.glob(f"{NEW}*"):
            if not is_held(path / LOCK):
                shutil.rmtree(path, ignore_errors=True)


def _plan(config: RunConfig) -> str:
    rest = config.device, config.data, config.engine
    return plan_key(config.digest, config.quick, config.tasks, *rest)


def _busy(run_id: str) -> BusyError:
    return BusyError(
        f"The run {run_id} is under way in another process. Nothing was changed.",
        f"Wait for it, or stop it with `researchdesk runs cancel {run_id}`.",
    )


def _unwritable(what: str, folder: Path, error: OSError) -> DeskError:
    return DeskError(
        f"The run could not be {what}: {folder}: {error.strerror or error}.",
        "Is there room on the disk, and may you write there?",
        exit_code=RUN_FAILED,
    )
