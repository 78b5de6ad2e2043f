"""Arrays kept in the desk's cache, written whole or not at all; a broken file is as none."""

import contextlib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from researchdesk import files

FORMAT = 2
"""Of the files; one of another format is as none."""
_BROKEN = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, NotImplementedError)

Arrays = Mapping[str, NDArray[Any]]


def save(path: Path, **arrays: NDArray[Any]) -> bool:
    """Write the arrays in the place of what stood there; False where the disk did not let us.

    What another process reads meanwhile is the old file, whole.
    """
    named: dict[str, Any] = {"format": np.array([FORMAT]), **arrays}
    return _put(path, lambda file: np.savez(file, **named))


def save_one(path: Path, array: NDArray[Any]) -> bool:
    """As ``save``, one array, to be mapped."""
    return _put(path, lambda file: np.save(file, array))


def _put(path: Path, write: Callable[[BinaryIO], None]) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with files.written(path, lasting=False) as file:
            write(file)
    except OSError:
        return False
    return True


def clear_parts(folder: Path) -> None:
    """Remove what a killed process left half written."""
    for part in folder.glob(".*.np[yz].*"):
        with contextlib.suppress(OSError):
            part.unlink()


def load(path: Path, names: Sequence[str]) -> Arrays | None:
    """The arrays of these names; None where the file is absent, broken, or of another format."""
    try:
        with np.load(path, allow_pickle=False) as file:
            if file["format"].tolist() != [FORMAT]:
                return None
            return {name: file[name] for name in names}
    except _BROKEN:
        return None


def load_one(path: Path) -> NDArray[Any] | None:
    """The array of ``save_one``, mapped: read only where it is used; None as ``load``."""
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except _BROKEN:
        return None
    return array


def as_array(words: Sequence[bytes]) -> NDArray[np.uint8]:
    """Words without line ends, as one array."""
    return np.frombuffer(b"\n".join(words), dtype=np.uint8)


def as_words(data: NDArray[np.uint8]) -> tuple[bytes, ...]:
    """Undo ``as_array``."""
    return tuple(data.tobytes().split(b"\n")) if data.size else ()
