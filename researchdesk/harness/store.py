"""The folder of runs: each run one folder, its events the truth."""

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from researchdesk.domain.clock import Clock
from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import Event, RunState, RunSummary, Task
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import BadInputError, BusyError, DeskError, NotOnDeskError
from researchdesk.harness.events import EventLog, read_events
from researchdesk.harness.history import RunConfig, read_config, summarise
from researchdesk.harness.locks import FileLock, is_held
from researchdesk.harness.recipes import digest_of, recipe_files

EVENTS, CONFIG, ENVIRONMENT, PRINTS = (
    "events.jsonl",
    "config.toml",
    "environment.json",
    "stdout.log",
)
_LOCK, _CANCEL, _RECIPE, _NEW = "lock", "cancel", "recipe", ".new-"
_RUN_ID = re.compile(r"\d{8}-\d{6}-[\w.-]+")

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
        (folder / _CANCEL).unlink(missing_ok=True)
        self._log = EventLog(folder / EVENTS)

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
        arm, seed = (task.arm, task.seed) if task else ("", None)
        event = Event(kind, self._clock(), arm, seed, data)
        self._log.append(event)
        self._on_event(event)

    def stop_asked(self) -> bool:
        """Whether another process asked this run to stop."""
        return (self.folder / _CANCEL).exists()

    def close(self) -> None:
        self._log.close()
        self._lock.release()


def recipe_copy(folder: Path, config: RunConfig) -> Path:
    """Where a run keeps its copy of the recipe."""
    return folder / _RECIPE / config.recipe


class RunStore:
    """All runs of a desk."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def start(
        self, recipe: Recipe, tasks: tuple[Task, ...], quick: bool, on_event: OnEvent
    ) -> tuple[OpenRun, str]:
        """Resume the newest run of this plan if it is unfinished, else begin one.

        Also tells what of that the user should know. Raises BusyError where a living process has
        such a run under way, DeskError where the folder cannot be written.
        """
        config = RunConfig(
            recipe.name, recipe.digest, recipe.arxiv_id, recipe.bundled, quick, tasks
        )
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            gate = FileLock(self._folder / ".lock")
            if not gate.acquire():
                raise BusyError("Another run is just starting.", "Try again in a moment.")
            try:
                self._sweep()
                return self._resume_or_begin(recipe, config, on_event)
            finally:
                gate.release()
        except OSError as error:
            raise DeskError(
                f"A run could not be started in {self._folder}: {error.strerror or error}.",
                "Nothing was run. Is there room on the disk, and may you write there?",
                exit_code=RUN_FAILED,
            ) from error

    def all(self) -> list[RunSummary]:
        """Every readable run, newest first."""
        found = []
        for folder in self._folders():
            try:
                found.append(self._summary(folder))
            except BadInputError:
                continue
        return found

    def get(self, run_id: str) -> RunSummary:
        """One run. Raises NotOnDeskError."""
        return self._summary(self.folder_of(run_id))

    def folder_of(self, run_id: str) -> Path:
        """The run's folder. Raises NotOnDeskError, also for what is no run's id."""
        folder = self._folder / run_id
        if not _RUN_ID.fullmatch(run_id) or not folder.is_dir():
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
            found = json.loads(content)
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def ask_to_stop(self, run_id: str) -> None:
        """Ask the process that owns the run to stop it. Raises NotOnDeskError if none does."""
        folder = self.folder_of(run_id)
        if not is_held(folder / _LOCK):
            raise NotOnDeskError(f"The run {run_id} is not under way.", "Nothing was changed.")
        (folder / _CANCEL).touch()

    def remove(self, run_id: str) -> None:
        """Remove a run for good. Raises BusyError where it is under way."""
        folder = self.folder_of(run_id)
        lock = FileLock(folder / _LOCK)
        if not lock.acquire():
            raise _busy(run_id)
        try:
            gone = folder.with_name(f"{_NEW}{run_id}")
            folder.rename(gone)
            shutil.rmtree(gone)
        finally:
            lock.release()

    def _folders(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        inside = (
            path
            for path in self._folder.iterdir()
            if _RUN_ID.fullmatch(path.name) and path.is_dir()
        )
        return sorted(inside, key=lambda path: path.name, reverse=True)

    def _summary(self, folder: Path) -> RunSummary:
        try:
            owned = is_held(folder / _LOCK)
            config = read_config(folder / CONFIG)
            return summarise(folder.name, config, read_events(folder / EVENTS, curves=False), owned)
        except (OSError, ValueError) as error:
            raise BadInputError(
                f"The run {folder} cannot be read: {error}", "Move the run's folder away."
            ) from error

    def _resume_or_begin(
        self, recipe: Recipe, config: RunConfig, on_event: OnEvent
    ) -> tuple[OpenRun, str]:
        mine = [run for run in self.all() if run.recipe == config.recipe]
        same = [run for run in mine if _plan_of(run) == _plan(config)]
        for run in same:
            if run.state is RunState.RUNNING:
                raise _busy(run.id)
        if same and same[0].state is RunState.INTERRUPTED and self._copy_is_whole(same[0].id):
            return self._reopen(same[0].id, on_event), ""
        older = next((run for run in mine if run.state is RunState.INTERRUPTED), None)
        note = ""
        if older and older.recipe_digest != config.digest:
            note = f"The recipe changed since the unfinished run {older.id}, which stays as it is."
        return self._begin(recipe, config, on_event), note

    def _copy_is_whole(self, run_id: str) -> bool:
        folder = self.folder_of(run_id)
        config = read_config(folder / CONFIG)
        return digest_of(recipe_copy(folder, config)) == config.digest

    def _reopen(self, run_id: str, on_event: OnEvent) -> OpenRun:
        folder = self.folder_of(run_id)
        lock = FileLock(folder / _LOCK)
        if not lock.acquire():
            raise _busy(run_id)
        return self._open(folder, lock, on_event)

    def _begin(self, recipe: Recipe, config: RunConfig, on_event: OnEvent) -> OpenRun:
        """Make the folder under another name first: a run is there whole, or not at all."""
        new = Path(tempfile.mkdtemp(prefix=_NEW, dir=self._folder))
        lock = FileLock(new / _LOCK)
        try:
            lock.acquire()
            (new / CONFIG).write_text(config.to_toml(), encoding="utf-8")
            copy = recipe_copy(new, config)
            for path in recipe_files(recipe.folder):
                (copy / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(recipe.folder / path, copy / path)
            if digest_of(copy) != config.digest:
                raise BusyError("The recipe changed while it was started.", "Try again.")
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
        stem = f"{self._clock():%Y%m%d-%H%M%S}-{recipe}"
        names = [stem, *(f"{stem}-{number:02}" for number in range(2, 100))]
        for name in names:
            if not (self._folder / name).exists():
                return self._folder / name
        raise BusyError("Too many runs began in this second.", "Try again in a moment.")

    def _sweep(self) -> None:
        """Clear away what a crash left half made."""
        for path in self._folder.glob(f"{_NEW}*"):
            if not is_held(path / _LOCK):
                shutil.rmtree(path, ignore_errors=True)


def write_environment(folder: Path, values: Mapping[str, Any]) -> None:
    """Write ``environment.json`` in one go. Raises DeskError where that cannot be."""
    temporary = folder / f".{ENVIRONMENT}"
    try:
        temporary.write_text(json.dumps(values, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        temporary.replace(folder / ENVIRONMENT)
    except OSError as error:
        raise DeskError(
            f"The run's environment could not be written to {folder}: {error.strerror}. "
            "The run was stopped; the seeds that had finished are kept.",
            "Make room on the disk, then give the same command again: it goes on from there.",
            exit_code=RUN_FAILED,
        ) from error


def _plan(config: RunConfig) -> tuple[Any, ...]:
    return config.digest, config.quick, frozenset(config.tasks)


def _plan_of(run: RunSummary) -> tuple[Any, ...]:
    return run.recipe_digest, run.quick, frozenset(run.tasks)


def _busy(run_id: str) -> BusyError:
    return BusyError(
        f"The run {run_id} is under way in another process. Nothing was changed.",
        f"Wait for it, or stop it with `researchdesk runs cancel {run_id}`.",
    )
