"""Ray as an engine: trials are tasks of a keeper on the cluster, which outlives the desk."""

import contextlib
import os
import secrets
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import researchdesk
from researchdesk.domain.engines import EngineSettings, Fate, Standing
from researchdesk.errors import BadInputError, DeskError, EngineError
from researchdesk.harness.engines.backend import MAIL, Handed
from researchdesk.harness.engines.ray_bridging import Bridge, RefusedError
from researchdesk.harness.engines.ray_tickets import Had, Manner
from researchdesk.harness.engines.ray_trial import read_files, write_files
from researchdesk.harness.engines.settings import HERE, ray_address

_NAME_FILE = ".ray-keeper"
_CLIENT = "ray://"
_KNOCK_S = 5.0
_JOIN_S = 45.0
_BEGIN_S = 120.0
_ANSWER_S = 60.0
_HAND_S = 300.0


def connect(engine: EngineSettings, run_folder: Path) -> "RayBackend":
    """The cluster of ``options.address``: ``auto``, ``HOST:PORT`` (this machine is a node of it),
    ``ray://HOST:10001`` (it is none), ``local`` for one that ends with this process; without it
    RAY_ADDRESS, else ``local``. Raises EngineError within a minute where it cannot be reached.
    """
    options = engine.options
    address = ray_address(engine)
    _knock(address)
    manner = Manner(
        _keeper_name(run_folder),
        dict(options.get("runtime_env") or {}),
        float(options.get("checkpoint_mb", 512.0)),
        float(options.get("keep_days", 7.0)),
    )
    return RayBackend(address, manner, float(options.get("object_store_mb", 0)))


class RayBackend:
    """See ``backend.Backend``. A handle is ``KEY/SUBMISSION``."""

    def __init__(self, address: str, manner: Manner, object_store_mb: float) -> None:
        self._manner = manner
        self._kept = False
        self._had: dict[str, dict[str, int]] = {}
        self._read: dict[str, int] = {}
        self._trials: dict[str, Handed] = {}
        self._bridge = Bridge()
        try:
            patience = _BEGIN_S if address in HERE else _JOIN_S
            self._address = self._ask("connect", address, object_store_mb, patience=patience)
        except DeskError:
            self.close()
            raise

    def describe(self) -> Mapping[str, Any]:
        found = self._ask("describe", patience=_ANSWER_S)
        return {"engine": "ray", "address": self._address, **found}

    def submit(self, trials: Sequence[Handed]) -> Sequence[str]:
        if not trials:
            return []
        self._keep()
        most = self._manner.checkpoint_mb
        handed = {_handle(trial): (trial, read_files(trial.folder, most)) for trial in trials}
        if not self._keeper("submit", handed, read_files(trials[0].recipe), patience=_HAND_S):
            self._kept = False
            raise EngineError(
                "The keeper of the run ended as trials were handed to it; they were not taken.",
                "Give the same command again: another one is begun.",
            )
        return [_handle(trial) for trial in trials]

    def collect(self, trials: Mapping[str, Handed]) -> None:
        done = [handle for handle in self._trials if handle not in trials]
        if not trials and not done:
            return
        found = self._keeper("collect", self._all_had(trials), done, patience=_HAND_S) or {}
        for handle in done:
            self._had.pop(handle, None)
            self._read.pop(handle, None)
        self._trials = dict(trials)
        for handle, (offset, mail, files) in found.items():
            folder = trials[handle].folder
            folder.mkdir(parents=True, exist_ok=True)
            # files first: mail that tells of an end is not seen before what belongs to it
            write_files(folder, {name: content for name, (_, content) in files.items()})
            _write_at(folder / MAIL, offset, mail)
            self._read[handle] = offset + len(mail)
            had = self._had.setdefault(handle, {})
            had |= {name: version for name, (version, _) in files.items()}

    def standing(self, trials: Mapping[str, Handed]) -> Mapping[str, Standing]:
        known = self._keeper("standing", list(trials), patience=_ANSWER_S) or {}
        lost = Standing(Fate.UNKNOWN, "No keeper of this run is on the cluster.")
        return {handle: Standing(*known[handle]) if handle in known else lost for handle in trials}

    def cancel(self, handles: Sequence[str]) -> None:
        self._keeper("cancel", list(handles), patience=_ANSWER_S)

    def close(self) -> None:
        if self._trials:
            with contextlib.suppress(DeskError):
                had = self._all_had(self._trials)
                self._keeper("leave", had, patience=_KNOCK_S)
        self._trials = {}
        self._bridge.close()

    def _keep(self) -> None:
        if self._kept:
            return
        version = self._ask("keep", self._manner, patience=_BEGIN_S)
        if version != researchdesk.__version__:
            raise BadInputError(
                f"The head of the cluster has researchdesk {version}, and the desk has "
                f"{researchdesk.__version__}; nothing was handed over.",
                "Install the same version on every node of the cluster.",
            )
        self._kept = True

    def _all_had(self, trials: Mapping[str, Handed]) -> dict[str, Had]:
        return {
            handle: (self._mail_had(handle, trial), self._had.get(handle, {}))
            for handle, trial in trials.items()
        }

    def _mail_had(self, handle: str, trial: Handed) -> int:
        """The folder tells, unless the trial came to its end and it was removed."""
        if not trial.folder.is_dir():
            return self._read.get(handle, 0)
        return _size(trial.folder / MAIL)

    def _keeper(self, method: str, *arguments: Any, patience: float) -> Any:
        return self._ask("ask", self._manner.name, method, arguments, patience=patience)

    def _ask(self, name: str, *arguments: Any, patience: float) -> Any:
        try:
            return self._bridge.ask(name, *arguments, patience=patience)
        except RefusedError as error:
            raise _refused(error) from error


def _refused(error: RefusedError) -> DeskError:
    """Nobody waits for a cluster that will say the same again."""
    first = next((line for line in error.words.splitlines() if line.strip()), error.name)
    if "ersion mismatch" in error.words:
        said = " ".join(error.words.split())
        return BadInputError(
            f"The cluster and the desk do not match: {said} Nothing was handed over.",
            "Ray and Python have to be of the same version on both sides.",
        )
    if "No module named 'researchdesk" in error.words:
        return BadInputError(
            "researchdesk is not installed on the head of the cluster; nothing was handed over.",
            "Install the same version on every node, or name it in the engine's runtime_env.",
        )
    return EngineError(
        f"Ray refused: {first} What was handed over before goes on.",
        "Is the cluster up? `ray status` on its head says so. One that asks for a token (`ray "
        "start` does where there is ~/.ray/auth_token) wants RAY_AUTH_MODE=token here, too.",
    )


def _knock(address: str) -> None:
    """See that somebody listens: Ray itself would try for minutes. Raises EngineError."""
    if address in (*HERE, "auto"):
        return
    host, _, port = address.removeprefix(_CLIENT).rpartition(":")
    if not host or not port.isdecimal():
        raise EngineError(
            f"{address!r} is no address of a Ray cluster; nothing was handed over.",
            "It is HOST:6379 on a node of it, ray://HOST:10001 from elsewhere, auto, or local.",
        )
    try:
        socket.create_connection((host.strip("[]"), int(port)), _KNOCK_S).close()
    except (OSError, OverflowError) as error:
        raise EngineError(
            f"Nobody answers at {address} ({error}); nothing was handed over.",
            "Is the cluster up, and the port open? `ray status` on its head says so.",
        ) from error


def _keeper_name(run_folder: Path) -> str:
    """A name that no other run has, on whatever desk; kept with the run."""
    file = run_folder / _NAME_FILE
    try:
        return file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        name = f"{run_folder.name}-{secrets.token_hex(6)}"
        run_folder.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{name}\n", encoding="utf-8")
        return name


def _handle(trial: Handed) -> str:
    return f"{trial.key}/{trial.submission}"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _write_at(path: Path, offset: int, content: bytes) -> None:
    """Write where it belongs: the same twice is the same once."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        while content:
            written = os.pwrite(descriptor, content, offset)
            content, offset = content[written:], offset + written
    finally:
        os.close(descriptor)
