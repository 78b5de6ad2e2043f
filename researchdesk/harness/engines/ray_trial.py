"""One start of a trial as a task of Ray: hosted on its node, everything sent to the keeper."""

import contextlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from platformdirs import PlatformDirs

import researchdesk
from researchdesk.domain.engines import Fate
from researchdesk.errors import EngineError
from researchdesk.files import leads_out, written
from researchdesk.harness.engines.backend import Handed
from researchdesk.harness.engines.hosting import host, node_name
from researchdesk.harness.engines.ray_fates import TrialEndedError
from researchdesk.harness.engines.ray_scratch import scratch
from researchdesk.harness.engines.ray_tickets import NAMESPACE, Ticket, load
from researchdesk.harness.training.places import CHECKPOINTS

_BATCH_S = 0.5
_BEAT_S = 2.0
_FILES_S = 5.0
_PATIENCE_S = 120.0
_MB = 1_000_000
_ENDS = (b'"finished"', b'"failed"', b'"lost"', b'"done"')


def run_trial(ticket: Ticket) -> Fate:
    """Host the trial in a scratch folder of this node. Gives ``ENDED``, or ``CANCELLED`` where the
    keeper wants it no more. Raises TrialEndedError where it was lost and EngineError where this
    node's program is not the desk's."""
    if ticket.version != researchdesk.__version__:
        raise EngineError(
            f"researchdesk {researchdesk.__version__} is installed on the node {node_name()}, and "
            f"the desk has {ticket.version}.",
            "Install the same version on every node of the cluster.",
        )
    ray = load()

    context = ray.get_runtime_context()
    keeper = ray.get_actor(ticket.manner.name, namespace=NAMESPACE)
    node = (context.get_node_id(), node_name())
    begun = keeper.begun.remote(ticket.handle, ticket.number, node, os.getpid())
    # not ray.get: a task that waits in it gives its processors to the next one
    given = begun.future().result(_PATIENCE_S)
    if given is None:
        return Fate.CANCELLED
    with scratch() as place:
        trial = _unpacked(ticket.trial, place, *given)
        post = _KeeperPost(keeper, ticket, trial.folder)
        fate = host(trial, post, start=ticket.number, stop=post.is_to_stop)
        post.close()
    return _said(fate, post, ticket)


def _said(fate: Fate, post: "_KeeperPost", ticket: Ticket) -> Fate:
    if post.over_time:
        words = f"It took longer than the engine's limit of {ticket.trial.needs.minutes:g} minutes."
        raise TrialEndedError(Fate.OVER_TIME, words)
    if fate is Fate.KILLED:
        raise TrialEndedError(fate, post.lost)
    return fate


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by their names below ``folder``, each whole or not at all. Raises OSError."""
    for name, content in files.items():
        place = folder / name
        if leads_out(place, folder):
            raise ValueError(f"{name} lies outside of the trial's folder.")
        place.parent.mkdir(parents=True, exist_ok=True)
        with written(place, lasting=False) as file:
            file.write(content)


def read_files(folder: Path, most_mb: float = float("inf")) -> dict[str, bytes]:
    """The files below ``folder``, those being written and those larger left out.

    Checkpoints are read first: what a checkpoint says was logged is then in the steps read after.
    """
    return {name: (folder / name).read_bytes() for name, _ in _listed(folder, most_mb)}


def _listed(folder: Path, most_mb: float) -> list[tuple[str, tuple[int, int]]]:
    found = []
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            if path.is_file() and not path.name.startswith("."):
                stat = path.stat()
                if stat.st_size <= most_mb * _MB:
                    name = path.relative_to(folder).as_posix()
                    found.append((name, (stat.st_mtime_ns, stat.st_size)))
    return sorted(found, key=lambda one: (not one[0].startswith(f"{CHECKPOINTS}/"), one[0]))


def _unpacked(
    trial: Handed, place: Path, recipe: Mapping[str, bytes], files: Mapping[str, bytes]
) -> Handed:
    """The trial with its folders on this node, and what it needs in them."""
    folder, copy = place / "trial", place / "recipe" / trial.recipe.name
    folder.mkdir()
    copy.mkdir(parents=True)
    write_files(copy, recipe)
    write_files(folder, files)
    line = json.loads(trial.line)
    line |= {"run_folder": str(folder), "cache": str(_cache(line.get("cache", "")))}
    if line.get("checkout") and not Path(line["checkout"]).is_dir():
        raise EngineError(
            f"The authors' checkout {line['checkout']} is not on the node {node_name()}.",
            "Put it there under the same path, or run this arm with `--on local`.",
        )
    return replace(trial, folder=folder, recipe=copy, line=json.dumps(line).encode() + b"\n")


def _cache(named: str) -> Path:
    """The desk's cache where this node sees it too, else one of the user's own here."""
    if named and Path(named).is_dir() and os.access(named, os.W_OK):
        return Path(named)
    place = Path(PlatformDirs("researchdesk", appauthor=False).user_cache_dir, "data")
    place.mkdir(parents=True, exist_ok=True)
    return place


class _KeeperPost:
    """Sends to the keeper, one parcel at a time; asked several times a second whether to stop."""

    def __init__(self, keeper: Any, ticket: Ticket, folder: Path) -> None:
        self._keeper, self._ticket, self._folder = keeper, ticket, folder
        self.lost = ""
        self.over_time = False
        self._lines: list[bytes] = []
        self._parcel: tuple[int, bytes, dict[str, bytes], bool] = (0, b"", {}, False)
        self._under_way: Any = None
        self._unwanted = False
        self._begun = self._sent = time.monotonic()
        self._files_at = -_FILES_S
        self._stamps = dict(_listed(folder, float("inf")))

    def say(self, lines: Sequence[bytes]) -> None:
        for line in lines:
            record = json.loads(line)
            if record.get("kind") == "lost":
                self.lost = str(record.get("reason", ""))
        self._lines += lines

    def is_to_stop(self) -> bool:
        """Send what is due. True where the keeper wants no more, or time is over."""
        now, minutes = time.monotonic(), self._ticket.trial.needs.minutes
        self.over_time = bool(minutes) and now - self._begun > minutes * 60
        self._answer(0)
        due = _BATCH_S if self._lines else _BEAT_S
        if self._under_way is None and now - self._sent >= due:
            self._send(now)
        return self._unwanted or self.over_time

    def close(self) -> None:
        """Send all that is left, and wait until the keeper has it."""
        while self._under_way is not None and not self._unwanted:
            self._answer(_PATIENCE_S)
        if not self._unwanted:
            self._note_large()
            self._send(time.monotonic())
        while self._under_way is not None and not self._unwanted:
            self._answer(_PATIENCE_S)

    def _send(self, now: float) -> None:
        content = b"".join(self._lines)
        files: dict[str, bytes] = {}
        due = now - self._files_at >= _FILES_S and self._has_new_checkpoint()
        if due or any(word in content for word in _ENDS):
            files, self._files_at = self._changed(), now
        self._lines = []
        self._parcel = (self._parcel[0] + 1, content, files, bool(self._too_large()))
        self._post(now)

    def _post(self, now: float) -> None:
        handle, number = self._ticket.handle, self._ticket.number
        self._sent = now
        self._under_way = self._keeper.post.remote(handle, number, *self._parcel).future()

    def _answer(self, patience: float) -> None:
        """Hear the answer to the parcel under way; one that may not have come is sent again."""
        if self._under_way is None:
            return
        wrong = load("ray.exceptions")
        try:
            self._unwanted = not self._under_way.result(patience)
            self._under_way = None
        except TimeoutError:
            self._unwanted = self._unwanted or patience > 0
        except wrong.ActorUnavailableError:
            time.sleep(_BATCH_S)
            self._post(time.monotonic())
        except wrong.RayError:
            self._unwanted, self._under_way = True, None

    def _has_new_checkpoint(self) -> bool:
        return any(
            name.startswith(f"{CHECKPOINTS}/") and self._stamps.get(name) != stamp
            for name, stamp in _listed(self._folder, self._ticket.manner.checkpoint_mb)
        )

    def _changed(self) -> dict[str, bytes]:
        found = {}
        for name, stamp in _listed(self._folder, self._ticket.manner.checkpoint_mb):
            if self._stamps.get(name) != stamp:
                self._stamps[name] = stamp
                found[name] = (self._folder / name).read_bytes()
        return found

    def _too_large(self) -> dict[str, int]:
        """The files that are larger than what is sent, and their sizes in bytes."""
        most = self._ticket.manner.checkpoint_mb * _MB
        listed = _listed(self._folder, float("inf"))
        return {name: size for name, (_, size) in listed if size > most}

    def _note_large(self) -> None:
        """Say in the prints what stays behind."""
        for name, size in self._too_large().items():
            words = f"{name} ({size / _MB:.0f} MB) stayed on {node_name()}: checkpoint_mb is "
            with (self._folder / "stdout.log").open("a", encoding="utf-8") as prints:
                prints.write(f"{words}{self._ticket.manner.checkpoint_mb:g}.\n")
