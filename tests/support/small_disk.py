"""A disk of a few megabytes, or one that cannot be written, for commands of their own."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

_SERVER = Path(__file__).with_name("forked_cli.py")
_MOUNT = 'mount -t tmpfs -o size="$2" tmpfs "$1" && echo ready && exec "$3" "$4"'
_BLOCK = 4096


def can_mount() -> bool:
    """Whether this system lets a process have mounts of its own."""
    with contextlib.suppress(OSError):
        return subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode == 0
    return False


class SmallDisk:
    """``with SmallDisk(folder, "8m", streams) as disk:`` mounts a disk for ``disk.run`` alone.

    What is on it is seen from outside below ``disk.outside``.
    """

    def __init__(self, folder: Path, size: str, streams: Path) -> None:
        self.folder, self._size, self._streams = folder, size, streams
        self._numbers = count()

    def __enter__(self) -> "SmallDisk":
        self.folder.mkdir(parents=True, exist_ok=True)
        self._streams.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            ["unshare", "-rm", "sh", "-c", _MOUNT, "sh", str(self.folder), self._size,
             sys.executable, str(_SERVER)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        self.outside = Path(f"/proc/{self._process.pid}/root{self.folder}")
        return self

    def __exit__(self, *rest: object) -> None:
        self._process.communicate()

    @property
    def pid(self) -> int:
        """The process whose mounts the disk is one of."""
        return self._process.pid

    def run(
        self, *args: str, stdin: str = "", environ: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """``researchdesk ARGS`` in a process of its own that has the disk."""
        streams = [self._streams / f"{next(self._numbers)}" for _ in range(3)]
        streams[0].write_text(stdin, "utf-8")
        asked = {
            "args": args,
            "cwd": str(self._streams),
            "env": {**os.environ, **(environ or {})},
            "streams": list(map(str, streams)),
            "seconds": 90,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        out, said = (file.read_text("utf-8") for file in streams[1:])
        return subprocess.CompletedProcess(args, code, out, said)

    @contextlib.contextmanager
    def full(self, leave: int = 0) -> Iterator[None]:
        """While the block runs, ``leave`` bytes are free on it."""
        filler = self.outside / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(b"x" * _BLOCK):
                pass
        if leave:
            os.truncate(filler, filler.stat().st_size - leave)
        try:
            yield
        finally:
            filler.unlink()

    @contextlib.contextmanager
    def read_only(self) -> Iterator[None]:
        """While the block runs, nothing on it can be written, by nobody."""
        self._remount("ro")
        try:
            yield
        finally:
            self._remount("rw")

    def _remount(self, how: str) -> None:
        enter = ["nsenter", "-t", str(self.pid), "-U", "-m", "--preserve-credentials"]
        subprocess.run([*enter, "mount", "-o", f"remount,{how}", str(self.folder)], check=True)
