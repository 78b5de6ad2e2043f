"""Files of a release, written such that what its owner changed there stays."""

import filecmp
import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from researchdesk import files
from researchdesk.domain.json_text import parse_json
from researchdesk.errors import BadInputError
from researchdesk.services.own_files import place_for

MANIFEST = ".researchdesk-release.json"


class Done(StrEnum):
    """``KEPT``: it is its owner's, and stays; ``BESIDE``: the new text is beside it."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """What became of a file; ``path`` is relative to the release, ``beside`` where its new text
    went instead, or ``""``."""

    path: str
    done: Done
    beside: str = ""


class ReleaseWriter:
    """Writes into a folder. It remembers there what it wrote: a file that says something else by
    now is its owner's, and stays. ``force``: such files are written over."""

    def __init__(self, folder: Path, *, force: bool = False) -> None:
        self._folder = folder
        self._force = force
        self._known = _read_manifest(folder / MANIFEST)
        self.done: list[ReleaseFile] = []

    def text(self, name: str, content: str) -> None:
        """Write a text file. Raises BadInputError where it cannot be written."""
        self._data(name, content.encode("utf-8"), beside=True)

    def copy(self, name: str, source: Path) -> None:
        """Copy a file; where its owner changed it, it stays, with nothing beside it."""
        try:
            self._data(name, source.read_bytes(), beside=False)
        except OSError as error:
            raise _failed(source, error) from error

    def large(self, name: str, source: Path) -> None:
        """Copy a file that need not fit into memory; whole, or not at all."""
        target = self._at(name)
        try:
            if target.is_file() and filecmp.cmp(source, target, shallow=False):
                self.done.append(ReleaseFile(name, Done.UNCHANGED))
                return
            files.copy_whole(source, target)
        except OSError as error:
            raise _failed(target, error) from error
        self.done.append(ReleaseFile(name, Done.WRITTEN))

    def close(self) -> None:
        """Remember what was written. Raises BadInputError."""
        text = json.dumps({"files": dict(sorted(self._known.items()))}, indent=1)
        files.write_text(self._folder / MANIFEST, f"{text}\n")

    def _at(self, name: str) -> Path:
        target = self._folder / name
        if files.leads_out(target, self._folder):
            raise BadInputError(
                f"{target} leads out of {self._folder} by a link. Nothing was written there.",
                "Put a file of its own in its place, then give the command again.",
            )
        return target

    def _data(self, name: str, data: bytes, *, beside: bool) -> None:
        target, new = self._at(name), _digest(data)
        there = _read(target)
        if there is None or self._force or self._known.get(name) == _digest(there):
            done = ReleaseFile(
                name, Done.WRITTEN if files.write_bytes(target, data) else Done.UNCHANGED
            )
        elif there == data:
            done = ReleaseFile(name, Done.UNCHANGED)
        elif not beside or self._known.get(name) == new:
            done = ReleaseFile(name, Done.KEPT)
        else:
            other = place_for(target, lambda path: path != target and self._is_ours(path, data))
            files.write_bytes(other, data)
            self._known[self._name(other)] = new
            done = ReleaseFile(name, Done.BESIDE, self._name(other))
        self._known[name] = new
        self.done.append(done)

    def _is_ours(self, path: Path, data: bytes) -> bool:
        there = _read(path)
        known = self._known.get(self._name(path))
        return there == data or (there is not None and known == _digest(there))

    def _name(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()


def _read(target: Path) -> bytes | None:
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _failed(target, error) from error


def _read_manifest(path: Path) -> dict[str, str]:
    """What was written by name; empty where it cannot be read: all that is there is then kept."""
    try:
        found = parse_json(path.read_text("utf-8"))["files"]
        return {str(name): str(digest) for name, digest in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _failed(path: Path, error: OSError) -> BadInputError:
    return BadInputError(
        f"{path} cannot be read or written: {error.strerror or error}. What was there is unharmed.",
        "Choose another folder, or make room.",
    )
