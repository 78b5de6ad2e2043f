"""The engines of the settings: what they are, and whether a trial comes through them."""

import importlib.metadata
import importlib.util
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from researchdesk.domain.engines import EngineKind, EngineSettings
from researchdesk.domain.runs import Task
from researchdesk.domain.text import clean
from researchdesk.errors import BadInputError, DeskError, EngineError
from researchdesk.files import write_text
from researchdesk.harness.engines.backend import Backend, Handed
from researchdesk.harness.engines.handing import MailReader, hand
from researchdesk.harness.engines.hosting import FilePost, host
from researchdesk.harness.engines.requirements import LIBRARIES, require_library
from researchdesk.harness.engines.settings import (
    backend_of,
    effective,
    engine_named,
    engine_names,
    near_engine,
)
from researchdesk.harness.jobs import MEASURE, ArmSetup, Job, Plan
from researchdesk.services.carrying_out import require_online
from researchdesk.services.desk import Desk

_POLL_S = 0.3
_EXPERIMENT = '''"""Measures nothing: whether a trial comes back is what is asked."""


def measure(run):
    run.log(1, echo=run.seed)
    return {"echo": run.seed}
'''
_RECIPE = 'title = "A trial of an engine"\nsummary = "It measures nothing."\nseeds = 1\n'
_SEED = 7

Tell = Callable[["Step"], None]


@dataclass(frozen=True, slots=True)
class EngineEntry:
    """An engine that can be named. ``library`` is what its extra brings, ``version`` that of it
    here, empty where it is not installed; ``problem`` says why its settings cannot be used.
    ``given`` is what its table says but for the kind, ``values`` what holds, key by key."""

    name: str
    settings: EngineSettings | None
    library: str = ""
    version: str = ""
    usual: bool = False
    problem: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a check, and how many seconds it took; ``hint`` says what to do where it did not
    go well."""

    name: str
    ok: bool
    seconds: float
    words: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class EngineCheck:
    """What checking an engine came to. ``found`` is what it says of itself."""

    engine: str
    steps: tuple[Step, ...]
    found: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return all(step.ok for step in self.steps)


def engines(desk: Desk) -> list[EngineEntry]:
    """Every engine that can be named; one whose settings are wrong says so."""
    tables, usual = desk.settings.engines, desk.settings.engine
    found = []
    for name in engine_names(tables):
        try:
            settings = engine_named(tables, name)
        except BadInputError as error:
            found.append(EngineEntry(name, None, usual=name == usual, problem=error.message))
            continue
        library = LIBRARIES.get(settings.kind, ("", ""))[0]
        values = effective(settings)
        table = tables.get(name, {})
        given = {key: table[key] for key in values if key in table and key != "kind"}
        entry = EngineEntry(name, settings, library, _version(library), name == usual)
        found.append(replace(entry, given=given, values=values))
    return found


def usual_problem(desk: Desk) -> str:
    """What is wrong with the engine that the settings name for where none is named; empty where
    there is such an engine."""
    tables, usual = desk.settings.engines, desk.settings.engine
    if usual in engine_names(tables):
        return ""
    near = near_engine(tables, usual)
    return f"The settings say engine = {clean(usual)!r}, and there is no such engine. {near}"


def check_engine(desk: Desk, name: str, minutes: float, tell: Tell) -> EngineCheck:
    """Run one tiny trial through the engine, and tell of each step as it was done.

    It waits so many minutes for the trial, and cancels it then. Nothing of it is kept, unless the
    trial ended without a word: what it printed is in the folder that the step names then. Raises
    NotOnDeskError for a name that is none, BadInputError for settings that cannot be used, and as
    ``require_online``.
    """
    engine = engine_named(desk.settings.engines, name)
    require_online(desk, engine)
    check = _Check(engine, minutes, tell)
    # below the desk: an engine that shares the file system sees it there
    folder = desk.settings.desk / f"engine-check-{uuid4().hex[:12]}"
    try:
        folder.mkdir(parents=True)
        check.through(folder.absolute())
    finally:
        if not check.silent:
            shutil.rmtree(folder, ignore_errors=True)
    return EngineCheck(name, tuple(check.steps), check.found)


class _StoppedError(Exception):
    """A step did not go well; it was told."""


class _SilentError(EngineError):
    """The trial is over, and said nothing of why."""


class _Check:
    silent = False

    def __init__(self, engine: EngineSettings, minutes: float, tell: Tell) -> None:
        self.steps: list[Step] = []
        self.found: Mapping[str, Any] = {}
        self._engine, self._minutes, self._tell = engine, minutes, tell

    def through(self, folder: Path) -> None:
        try:
            trial = _trial(folder, self._engine)
            if self._engine.kind is EngineKind.LOCAL:
                self._here(trial)
            else:
                self._away(trial, folder)
        except _StoppedError:
            return

    def _here(self, trial: Handed) -> None:
        with self._step("trial") as words:
            host(trial, FilePost(trial.folder))
            words.append(_came_back(MailReader(trial.folder)))

    def _away(self, trial: Handed, folder: Path) -> None:
        with self._step("extra") as words:
            words.append(_extra(self._engine))
        with self._step("connect") as words:
            backend = backend_of(self._engine, folder)
            words.append("The engine answers.")
        try:
            with self._step("describe") as words:
                self.found = dict(backend.describe())
                words.append(_described(self.found))
            with self._step("submit") as words:
                (handle,) = backend.submit([trial])
                words.append(f"It took the trial as {clean(handle)}.")
            self._wait(backend, handle, trial)
        finally:
            backend.close()

    def _wait(self, backend: Backend, handle: str, trial: Handed) -> None:
        trials, mail = {handle: trial}, MailReader(trial.folder)
        deadline = time.monotonic() + self._minutes * 60
        with self._step("begin") as words:
            while not (trial.folder / "mail.jsonl").exists():
                _look(backend, handle, trials, deadline)
            words.append("A node has begun the trial.")
        with self._step("trial") as words:
            said: list[str] = []
            while "came back" not in (told := _came_back(mail, said)):
                _look(backend, handle, trials, deadline)
            words.append(told)

    @contextmanager
    def _step(self, name: str) -> Iterator[list[str]]:
        words: list[str] = []
        begun = time.monotonic()
        try:
            yield words
        except (DeskError, OSError) as error:
            self.silent = isinstance(error, _SilentError)
            said = error.message if isinstance(error, DeskError) else str(error)
            hint = error.hint if isinstance(error, DeskError) else ""
            self._done(Step(name, False, time.monotonic() - begun, said, hint))
            raise _StoppedError from error
        self._done(Step(name, True, time.monotonic() - begun, " ".join(words)))

    def _done(self, step: Step) -> None:
        self.steps.append(step)
        self._tell(step)


def _trial(folder: Path, engine: EngineSettings) -> Handed:
    recipe = folder / "recipe" / "engine-check"
    recipe.mkdir(parents=True)
    write_text(recipe / "recipe.toml", _RECIPE)
    write_text(recipe / "experiment.py", _EXPERIMENT)
    task = Task("echo", _SEED)
    log = folder / "stdout.log"
    plan = Plan(recipe, [task], {"echo": ArmSetup()}, log, 1, folder / "cache")
    return hand(Job(MEASURE, "echo", (task,)), plan, engine)


def _extra(engine: EngineSettings) -> str:
    require_library(engine)
    library, _ = LIBRARIES[engine.kind]
    return f"{library} {_version(library)} is installed."


def _version(library: str) -> str:
    if not library or importlib.util.find_spec(library) is None:
        return ""
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _described(found: Mapping[str, Any]) -> str:
    """What it says of itself, and how many of its nodes are up."""
    said = {key: found.get(key) for key in ("slurm", "launcher", "address", "cluster")}
    version = clean(f"{found.get('engine', '')} {found.get('version', '')}").strip()
    words = [version] if version else []
    words += [f"{key} {clean(str(value))}" for key, value in said.items() if value]
    nodes = found.get("nodes")
    if isinstance(nodes, list):
        alive = sum(bool(node.get("alive", True)) for node in nodes if isinstance(node, Mapping))
        words.append(f"nodes that are up {alive} of {len(nodes)}")
    return f"It is {', '.join(words)}." if words else "It says nothing of itself."


def _look(backend: Backend, handle: str, trials: Mapping[str, Handed], deadline: float) -> None:
    """Collect, and wait a little. Raises EngineError where nothing will come any more."""
    standing = backend.standing(trials)[handle]
    backend.collect(trials)
    trial = trials[handle]
    if standing.fate.is_over and "came back" not in _came_back(MailReader(trial.folder)):
        raise _SilentError(
            f"The engine says that the trial is over: {standing.fate}. {clean(standing.words)}",
            "Is the same version of researchdesk installed on every node? What the trial left is "
            f"kept in {trial.folder.parents[2]}: remove it when you have looked.",
        )
    if time.monotonic() > deadline:
        backend.cancel([handle])
        raise EngineError(
            f"The trial is still {standing.fate}, and was cancelled. {clean(standing.words)}",
            "Are there nodes with what [engines.NAME] asks for (cpus, gpus, memory_gb)? "
            "`--minutes` waits longer.",
        )
    time.sleep(_POLL_S)


def _came_back(mail: MailReader, said: list[str] | None = None) -> str:
    """Words that hold ``came back`` once the trial's number did. Raises EngineError where the trial
    says that it failed."""
    for kind, data, _ in mail.new():
        if kind in ("failed", "lost"):
            why = clean(str(data.get("error") or data.get("reason") or ""))
            raise EngineError(
                f"The trial failed: {why}", "Does `python -c 'import torch'` work on the nodes?"
            )
        if kind == "hosted" and said is not None:
            said.append(clean(str(data.get("node", ""))))
        if kind == "finished" and (data.get("metrics") or {}).get("echo") == _SEED:
            where = f" from {said[-1]}" if said else ""
            return f"Its number came back{where}."
    return ""
