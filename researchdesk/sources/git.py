"""Git as an external program, kept from running anything of a repository and from asking.

No hooks, submodules, filters, textconv or settings of the user or the machine; no prompt; only
the protocols that are allowed. A process is started with a group of its own, and the group is
killed when it is cancelled, takes too long, or fetches too much.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError, SourceError
from researchdesk.sources import git_settings

Progress = Callable[[str, int, int | None], None]
"""What is being done, bytes so far (0: not known), bytes in all."""

_SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.symlinks": "false",
    "core.fsmonitor": "false",
    "core.askPass": "",
    "credential.helper": "",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "advice.detachedHead": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
}
_SEEN = re.compile(r"(?:remote: )?([A-Z][a-z]+ [a-z]+):\s+(\d+)%")
_AMOUNT = re.compile(r", ([\d.]+) (KiB|MiB|GiB)")
_BYTES = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
_NOT_PUBLIC = "there is no public repository at this address"
_TICK_S = 0.05
_WEIGH_S = 1.0
_READ_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a fetch may take in seconds, and how many bytes the folder may come to hold."""

    seconds: float = 900.0
    size: int = 2 << 30


class StoppedError(SourceError):
    """The person stopped it."""

    exit_code = 130


def fetch(
    arguments: Sequence[str],
    folder: Path,
    *,
    protocols: Sequence[str] = ("https",),
    limits: Limits = Limits(),
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> None:
    """Run a git command that reaches out: ``folder`` is where it writes.

    Raises SourceError where it failed, was too slow or too large, StoppedError when ``cancel`` was
    set, DeskError without git. No process is left then; the folder may hold half of it.
    """
    process = _start([*arguments[:1], "--progress", *arguments[1:]], folder, protocols)
    told: list[str] = []
    reader = threading.Thread(target=_listen, args=(process, told, progress), daemon=True)
    reader.start()
    try:
        _await(process, folder, limits, cancel)
    finally:
        _kill(process)
        reader.join(5.0)
        if process.stderr:
            process.stderr.close()
    if process.returncode:
        raise SourceError(
            f"git did not bring it: {_reason(told)}.",
            "Look at the address and the network. Nothing on the desk was changed.",
        )


def read(
    arguments: Sequence[str],
    folder: Path,
    *,
    most: int | None = None,
    may_fail: bool = False,
    environment: dict[str, str] | None = None,
) -> bytes:
    """What a git command that only reads prints, ``most`` bytes of it at the most.

    ``may_fail``: an exit code of 1 is no failure (``grep`` without a hit). Raises DeskError.
    """
    process = _start(arguments, folder, (), subprocess.PIPE, environment)
    watch = threading.Timer(_READ_LIMIT_S, _kill, [process])
    watch.start()
    try:
        taken = process.stdout.read(most if most is not None else -1) if process.stdout else b""
        more = most is not None and len(taken) == most
        if more:
            _kill(process)
        told = process.stderr.read().decode("utf-8", "replace") if process.stderr else ""
        process.wait()
    finally:
        watch.cancel()
        _kill(process)
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()
    if process.returncode and not more and not (may_fail and process.returncode == 1):
        raise DeskError(
            f"git could not read {folder.name}: {_reason(told.splitlines())}.",
            "Clone it again if its folder was changed by hand.",
        )
    return taken


def _start(
    arguments: Sequence[str],
    folder: Path,
    protocols: Sequence[str],
    out: int = subprocess.DEVNULL,
    environment: dict[str, str] | None = None,
) -> "subprocess.Popen[bytes]":
    program = shutil.which("git")
    if program is None:
        raise DeskError(
            "git is not installed, or not on the PATH; nothing was done.",
            "Install git, then try again.",
        )
    git_settings.check(program, folder)
    settings = [part for key, value in _SETTINGS.items() for part in ("-c", f"{key}={value}")]
    try:
        return subprocess.Popen(
            [program, *settings, *arguments],
            cwd=folder,
            env={**_environment(protocols, folder), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise DeskError(
            f"git could not be started in {folder}: {error.strerror or error}.",
            "Is the folder still there? Clone it again if not.",
        ) from error


def _environment(protocols: Sequence[str], folder: Path) -> dict[str, str]:
    """``folder`` is the repository or holds it: one that lies around it is never meant."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name in {"GIT_SSL_CAINFO", "GIT_SSL_CAPATH"}
    }
    kept.pop("SSH_ASKPASS", None)
    return {
        **kept,
        "LC_ALL": "C",
        "GIT_CEILING_DIRECTORIES": str(folder.absolute().parent),
        "GIT_ALLOW_PROTOCOL": ":".join(protocols) or "none",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_PAGER": "cat",
    }


def _listen(process: "subprocess.Popen[bytes]", told: list[str], progress: Progress | None) -> None:
    """Pass progress on; keep what else git says."""
    waiting = b""
    with contextlib.suppress(ValueError, OSError):
        while process.stderr and (data := os.read(process.stderr.fileno(), 4096)):
            *lines, waiting = re.split(rb"[\r\n]", waiting + data)
            for line in lines:
                _hear(line.decode("utf-8", "replace"), told, progress)
    _hear(waiting.decode("utf-8", "replace"), told, progress)


def _hear(line: str, told: list[str], progress: Progress | None) -> None:
    if seen := _SEEN.match(line):
        amount = _AMOUNT.search(line)
        size = int(float(amount[1]) * _BYTES[amount[2]]) if amount else 0
        if progress:
            progress(f"{seen[1]} {seen[2]} %", size, None)
    elif line.strip():
        told.append(one_line(line))
        del told[:-20]


def _await(
    process: "subprocess.Popen[bytes]",
    folder: Path,
    limits: Limits,
    cancel: threading.Event | None,
) -> None:
    began = weighed = time.monotonic()
    while process.poll() is None:
        if cancel is not None and cancel.wait(_TICK_S):
            raise StoppedError(
                "Stopped; what had come is taken away again.",
                "Give the same command again to fetch it anew.",
            )
        if cancel is None:
            time.sleep(_TICK_S)
        now = time.monotonic()
        if now - began > limits.seconds:
            raise SourceError(
                f"It took longer than {limits.seconds / 60:g} minutes and was stopped.",
                "Try again on a faster network.",
            )
        if now - weighed > _WEIGH_S:
            weighed = now
            _weigh(folder, limits)
    _weigh(folder, limits)


def _weigh(folder: Path, limits: Limits) -> None:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118
        if total > limits.size:
            raise SourceError(
                f"The repository is larger than {limits.size / 1e6:.0f} MB and was not kept.",
                "Clone it yourself, outside of the desk.",
            )


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End the whole group, and wait for it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _reason(told: Sequence[str]) -> str:
    """The last thing git complained of, without its closing point."""
    told = [line for line in told if line.strip()]
    blamed = [line for line in told if line.startswith(("fatal:", "error:"))]
    said = one_line((blamed or [*told, "it did not say why"])[-1]).removeprefix("fatal: ")
    return _NOT_PUBLIC if "could not read Username" in said else said.rstrip(".")
