"""Files of what was begun and not kept: each belongs to the program that writes it."""

import atexit
import glob
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

_OWN = uuid.uuid4().hex[:8]
_ALIVE: dict[Path, FileLock] = {}
"""For each folder the lock that is held as long as this program runs: others leave its files."""
_PATIENCE_S = 1.0


class DraftFiles:
    """One file a draft, for each program that writes one of that name.

    The kernel gives up the lock of a program that is killed, so that what it had begun goes to the
    program that asks for it first.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def to_write(self, name: str) -> Path:
        """The file of this program. Raises OSError where it cannot be said to be alive."""
        self._live()
        return self._own(name)

    def to_read(self, name: str) -> Path | None:
        """The file of this program, else one that was left behind; None where there is none."""
        own = self._own(name)
        if own.exists():
            return own
        for left in self._left(name):
            try:
                self._live()
                left.replace(own)
            except FileNotFoundError:
                continue
            except OSError:
                return left
            return own
        return None

    def names(self, beginning: str) -> list[str]:
        """The drafts that begin so and are this program's, or were left behind."""
        found = {path.stem.rpartition("@")[0] for path in self._folder.glob(f"{beginning}*@*.json")}
        return sorted(name for name in found if self._own(name).exists() or self._left(name))

    def written_at(self, name: str) -> datetime | None:
        """When the one that ``to_read`` gives was written, in UTC; None where there is none."""
        own = self._own(name)
        paths = [own] if own.exists() else self._left(name)
        return datetime.fromtimestamp(_changed(paths[0]), UTC) if paths else None

    def forget(self, name: str) -> None:
        """Remove the file of this program. Raises OSError."""
        self._own(name).unlink(missing_ok=True)

    def _own(self, name: str) -> Path:
        return self._folder / f"{name}@{_OWN}.json"

    def _left(self, name: str) -> list[Path]:
        """Those whose program ended, the newest first."""
        of_others = self._folder.glob(f"{glob.escape(name)}@*.json")
        left = [path for path in of_others if not self._is_alive(path.stem.rpartition("@")[2])]
        plain = self._folder / f"{name}.json"
        return sorted([*left, *([plain] if plain.exists() else [])], key=_changed, reverse=True)

    def _lock(self, owner: str) -> Path:
        return self._folder / f".{owner}.lock"

    def _live(self) -> None:
        if self._folder in _ALIVE and self._lock(_OWN).exists():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._lock(_OWN))
        lock.acquire(timeout=_PATIENCE_S)
        _ALIVE[self._folder] = lock

    def _is_alive(self, owner: str) -> bool:
        """Whether the program of a file runs still; it held its lock before it wrote the file."""
        path = self._lock(owner)
        if owner == _OWN or not path.exists():
            return owner == _OWN
        try:
            with FileLock(path, timeout=0), suppress(OSError):
                path.unlink(missing_ok=True)
        except (Timeout, PermissionError):  # another's lock: what they write is theirs
            return True
        except OSError:
            return False
        return False


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


@atexit.register
def _end() -> None:
    """Nothing is left of a program that ended by itself but what it had begun."""
    for folder, lock in _ALIVE.items():
        lock.release()
        with suppress(OSError):
            (folder / f".{_OWN}.lock").unlink(missing_ok=True)
