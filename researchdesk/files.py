"""Files written whole or not at all, byte for byte what they are given."""

import os
import shutil
import tempfile
from pathlib import Path

from researchdesk.errors import BadInputError


def read_text(path: Path) -> str:
    """The file's text with its line ends and byte order mark; ``""`` without a file.

    Raises BadInputError where it is not UTF-8 text.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(
            f"{path} cannot be read as text: {error}. Nothing was written.", "Move it away."
        ) from error


def write_text(path: Path, text: str) -> bool:
    """Write ``text`` through a temporary file; False where the file says that already.

    A link stays one: the file it leads to is written. Raises BadInputError where it cannot be
    written; the old file is then as it was.
    """
    return write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> bool:
    """As ``write_text``, of a file that is no text."""
    try:
        target = Path(os.path.realpath(path))
        if target.is_file() and target.read_bytes() == data:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        _put(target, data)
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be written: {error.strerror or error}. What stood there is unharmed.",
            "Choose another folder, or make room.",
        ) from error
    return True


def write_new(path: Path, source: Path) -> bool:
    """Write what ``source`` holds to a file that is not there yet, whole or not at all; False where
    it is there, whatever it holds. Raises BadInputError where it cannot be written."""
    if path.exists():
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _put(path, source.read_bytes())
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be written: {error.strerror or error}.",
            "Choose another folder, or make room.",
        ) from error
    return True


def copy_in(source: Path, target: Path) -> None:
    """Copy a file to the desk, through a temporary one: it is there whole or not at all.

    Raises BadInputError where that cannot be done; the desk is then as it was.
    """
    part: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".copy-", dir=target.parent)
        os.close(handle)
        part = Path(name)
        shutil.copyfile(source, part)
        part.chmod(0o644)
        part.replace(target)
    except OSError as error:
        raise BadInputError(
            f"{source} could not be copied to the desk: {error.strerror or error}. "
            "The desk is as it was.",
            "Make room, or choose another desk with --desk.",
        ) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _put(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
