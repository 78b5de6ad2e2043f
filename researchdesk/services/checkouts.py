"""The authors' own code at its pinned commit, fetched and made ready on the desk."""

import hashlib
import json
import os
import shlex
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from researchdesk.domain.code import Repository, parse_repository
from researchdesk.domain.json_text import parse_json
from researchdesk.domain.recipes import Arm, Command, Limits, Recipe
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError, UsageProblemError
from researchdesk.harness.groups import run_group
from researchdesk.services.desk import Desk
from researchdesk.services.fetched_here import FetchedHere
from researchdesk.services.trust import filled, is_command_trusted
from researchdesk.sources import git
from researchdesk.sources.git import StoppedError

Progress = Callable[[str], None]

PROTOCOLS: tuple[str, ...] = ("https",)
"""What is fetched by."""

SETUP_LIMITS = Limits(minutes=30.0, memory_gb=8.0)
"""What each setup command may take."""

_READY = "ready.json"
_LOG = "setup.log"
_TREE = "tree"


@dataclass(frozen=True, slots=True)
class Checkout:
    """The authors' repository, with the pinned commit checked out, its setup done."""

    folder: Path


@dataclass(frozen=True, slots=True)
class NotHere:
    """Why the authors' code cannot be run here, in words that follow *untested:*."""

    why: str


def checkout_for(
    desk: Desk,
    recipe: Recipe,
    arm: Arm,
    *,
    offline: bool = False,
    trusted: bool = False,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Checkout | NotHere:
    """The checkout that the arm's command runs in, fetched where the desk has none that is sound.

    The commit is verified and the authors' files are as it has them; what setup or earlier runs
    wrote beside them stays. ``trusted``: the user said yes just now. Setup runs once, each command
    in a process group of its own. Raises StoppedError where ``cancel`` was set, and DeskError where
    the desk's disk cannot be written.
    """
    command = arm.command
    if command is None:
        raise ValueError(f"the arm {arm.name} has no command")
    what = f"the authors' code, {command.repository} at {command.commit[:12]}"
    if not (trusted or is_command_trusted(desk, arm)):
        return NotHere(
            f"needs your yes to run {what}: look with `researchdesk recipe trust {recipe.name}`, "
            "say yes with --trust"
        )
    try:
        wanted = parse_repository(command.repository, PROTOCOLS)
    except UsageProblemError as error:
        return NotHere(f"needs {what}: {error.message}")
    home = desk.root / "checkouts" / _name(wanted, arm, command)
    offline = offline or desk.settings.offline
    token = FetchedHere(home, desk.settings.state)
    return _made_ready(_Work(home, token, wanted, arm, command, offline, progress, cancel))


def _made_ready(work: "_Work") -> Checkout | NotHere:
    """What comes of the work, which this process does alone."""
    try:
        work.home.mkdir(parents=True, exist_ok=True)
        with FileLock(work.home / ".lock", timeout=0):
            return work.ready()
    except Timeout:
        return work.lacking("another process is fetching it; run again when it has come")
    except StoppedError:
        raise
    except OSError as error:
        raise DeskError(
            f"{work.home} could not be written: {error.strerror or error}. Nothing was run.",
            "Make room, or mend its permissions.",
        ) from error
    except DeskError as error:
        return work.lacking(error.message)


def _name(wanted: Repository, arm: Arm, command: Command) -> str:
    """A folder's name: repository, commit, and what was done to set it up."""
    name = f"{wanted.folder[:60]}-{command.commit[:12]}"
    return f"{name}-{_setup_digest(arm, command)[:8]}" if command.setup else name


def _setup_digest(arm: Arm, command: Command) -> str:
    lines = [_setup_words(line, arm) for line in command.setup]
    return hashlib.sha256(json.dumps([command.repository, *lines]).encode()).hexdigest()


def _setup_words(line: Sequence[str], arm: Arm) -> list[str]:
    """``{python}`` of setup is the interpreter that we run with."""
    return [filled(word, arm.settings).replace("{python}", sys.executable) for word in line]


@dataclass(frozen=True, slots=True)
class _Work:
    """Making one checkout ready, in ``home``, which this process alone has."""

    home: Path
    here: FetchedHere
    wanted: Repository
    arm: Arm
    command: Command
    offline: bool
    progress: Progress | None
    cancel: threading.Event | None

    @property
    def tree(self) -> Path:
        return self.home / _TREE

    def ready(self) -> Checkout | NotHere:
        if not self._sound():
            if self.offline:
                return self.lacking("the desk is offline")
            self._fetch()
        if not self._is_set_up():
            if self.command.setup and self.offline:
                return self.lacking("its setup has not been run, and the desk is offline")
            if failed := self._set_up():
                return self.lacking(failed)
        interpreter = self.command.interpreter
        if interpreter and not (self.tree / interpreter).is_file():
            return self.lacking(f"its interpreter {interpreter} is not there after its setup")
        return Checkout(self.tree)

    def lacking(self, why: str) -> NotHere:
        """Why it is not here."""
        commit = self.command.commit[:12]
        return NotHere(f"needs the authors' code, {self.wanted.url} at {commit}: {why}")

    def _sound(self) -> bool:
        """Whether the commit is here; its files that were written over are brought back."""
        if not (self.tree / ".git").is_dir() or not self.here.holds():
            return False
        try:
            if not self._is_pinned():
                git.read(
                    ["checkout", "--quiet", "--force", "--detach", self.command.commit], self.tree
                )
            return self._is_pinned()
        except DeskError:
            return False

    def _is_pinned(self, *more: str) -> bool:
        head = git.read(["rev-parse", "--verify", "HEAD^{commit}"], self.tree).decode().strip()
        changed = git.read(
            ["status", "--porcelain", "-z", *(more or ("--untracked-files=no",))], self.tree
        )
        return head == self.command.commit and not changed

    def _fetch(self) -> None:
        """Fetch the commit alone, or all branches where the host does not give out a commit."""
        self._say(f"fetching {self.wanted.url}")
        for left in self.home.glob(".part-*"):
            shutil.rmtree(left, ignore_errors=True)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=self.home))
        try:
            git.read(["init", "--quiet", "--template=", "."], part)
            try:
                self._bring(part, "--depth", "1", "--", self.wanted.url, self.command.commit)
            except StoppedError:
                raise
            except DeskError:
                self._bring(part, "--", self.wanted.url, "+refs/heads/*:refs/remotes/origin/*")
            git.read(["checkout", "--quiet", "--detach", self.command.commit], part)
            shutil.rmtree(self.tree, ignore_errors=True)
            (self.home / _READY).unlink(missing_ok=True)
            part.rename(self.tree)
            self.here.keep()
        finally:
            shutil.rmtree(part, ignore_errors=True)
        if not self._is_pinned("--untracked-files=all"):
            raise DeskError(
                "what came is not the pinned commit as it is",
                "The recipe names another commit than the repository has; tell who made it.",
            )

    def _bring(self, part: Path, *what: str) -> None:
        git.fetch(["fetch", "--no-tags", *what], part, protocols=PROTOCOLS, cancel=self.cancel)

    def _is_set_up(self) -> bool:
        try:
            kept = parse_json((self.home / _READY).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        digest = _setup_digest(self.arm, self.command)
        return isinstance(kept, dict) and kept.get("setup") == digest

    def _set_up(self) -> str:
        """Run the setup commands in a tree that nothing was done to; what went wrong, or empty."""
        git.read(["clean", "-ffdxq"], self.tree)
        for line in self.command.setup:
            words = _setup_words(line, self.arm)
            self._say(f"setting up: {one_line(shlex.join(words))}")
            if failed := self._run(words):
                return failed
        if not self._is_pinned():
            return "its setup changes the authors' own files"
        ready = {"setup": _setup_digest(self.arm, self.command)}
        (self.home / _READY).write_text(json.dumps(ready), encoding="utf-8")
        return ""

    def _run(self, words: Sequence[str]) -> str:
        shown = one_line(shlex.join(words))
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_THEIRS}
        try:
            ended = run_group(words, self.tree, self.home / _LOG, SETUP_LIMITS, self.cancel, kept)
        except OSError as error:
            return f"its setup `{shown}` could not be started: {error.strerror or error}"
        if self.cancel is not None and self.cancel.is_set():
            raise StoppedError(
                "Stopped; what had come stays, and is set up the next time.",
                "Give the same command again.",
            )
        if ended.well:
            return ""
        how = ended.stopped or f"it ended with exit code {ended.code}"
        last = one_line(ended.tail.splitlines()[-1]) if ended.tail else "it printed nothing"
        return f"its setup `{shown}` failed: {how} ({last}); see {self.home / _LOG}"

    def _say(self, what: str) -> None:
        if self.progress:
            self.progress(what)


_NOT_THEIRS = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
