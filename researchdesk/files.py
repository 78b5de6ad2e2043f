"""Files written whole or not at all, byte for byte what they are given."""

import contextlib
import errno
import fcntl
import importlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from researchdesk.errors import BadInputError, UsageProblemError

_PART = ".part"


def path_of(typed: str | Path) -> Path:
    """The path that a person typed; ``~`` is their home, and a ``~name`` of nobody a name.

    Raises UsageProblemError for what no file can be called.
    """
    path = Path(os.path.expanduser(typed))  # noqa: PTH111 - pathlib's fails where there is nobody
    try:
        path.lstat()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise no_name(typed) from error
    except ValueError as error:
        raise no_name(typed) from error
    return path


def no_name(typed: str | Path) -> UsageProblemError:
    """What to say of what no file can be called."""
    shown = str(typed)[:40].replace("\0", "")
    return UsageProblemError(
        f"Nothing can be called {shown!r}…: it is too long, or has a NUL in it.",
        "Give an id, or the path of a file that is there.",
    )


def leads_out(path: Path, root: Path) -> bool:
    """Whether links on the way to ``path``, which is below ``root``, lead out of ``root``."""
    return not path.resolve().is_relative_to(root.resolve())


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


def write_text(path: Path, text: str, *, mode: int | None = None) -> bool:
    """Write ``text`` through a temporary file; False where the file says that already.

    A link stays one: the file it leads to is written. ``mode`` are its permissions from its first
    byte on; else those it has, and 0644 of a new one. Raises BadInputError where it cannot be
    written; the old file is then as it was.
    """
    return write_bytes(path, text.encode("utf-8"), mode=mode)


def write_bytes(path: Path, data: bytes, *, mode: int | None = None) -> bool:
    """As ``write_text``, of a file that is no text."""
    try:
        target = Path(os.path.realpath(path))
        if target.is_file() and target.read_bytes() == data:
            if mode is not None and stat.S_IMODE(target.stat().st_mode) != mode:
                target.chmod(mode)
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        with written(target, mode) as file:
            file.write(data)
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
        with written(path) as file:
            file.write(source.read_bytes())
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be written: {error.strerror or error}.",
            "Choose another folder, or make room.",
        ) from error
    return True


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file, however large, through a temporary one: it is there whole or not at all, and
    outlives a loss of power. Raises OSError; what stood there is then as it was."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as original, written(target, 0o644) as file:
        importlib.import_module("shutil").copyfileobj(original, file)


def copy_in(source: Path, target: Path) -> None:
    """As ``copy_whole``, to the desk. Raises BadInputError; the desk is then as it was."""
    try:
        copy_whole(source, target)
    except OSError as error:
        raise BadInputError(
            f"{source} could not be copied to the desk: {error.strerror or error}. "
            "The desk is as it was.",
            "Make room, or choose another desk with --desk.",
        ) from error


@contextlib.contextmanager
def written(path: Path, mode: int | None = None, *, lasting: bool = True) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of ``path`` at the block's end, whole; where the
    block raises, what stood there is as it was. Its folder must be there; a link is replaced.

    ``mode`` as ``write_text``. ``lasting`` is to outlive a loss of power: what is kept to be quick
    and can be made anew need not. Several processes and threads may write one file at once. Raises
    OSError.
    """
    handle, name = _part_of(path)
    part = Path(name)
    with os.fdopen(handle, "wb") as file:
        try:
            yield file
            file.flush()
            if lasting:
                os.fsync(handle)
            if mode is None:
                mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
            part.chmod(mode)
            # held until it is in its place: another would begin to write in it
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    if lasting:
        sync(path.parent)


def make_private(folder: Path) -> None:
    """Make the folder, and those it is in, for their owner alone; one that is there stays as it is.
    Raises OSError.

    https://specifications.freedesktop.org/basedir-spec/latest/#referencing
    """
    for one in reversed([folder, *folder.parents]):
        if not one.is_dir():
            one.mkdir(mode=0o700, exist_ok=True)


def sync(path: Path) -> None:
    """Have what a file holds, or which names a folder has, outlive a loss of power; nothing where
    it is not there. Raises OSError of a file; some file systems know no such thing of folders, and
    a folder may be written that cannot be read."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    except PermissionError:
        if not path.is_dir():
            raise
        return
    try:
        os.fsync(handle)
    except OSError:
        if not path.is_dir():
            raise
    finally:
        os.close(handle)


def _lock(handle: int, part: Path) -> None:
    """Raises OSError where another process has it, or the file system knows no locks; then nothing
    is left beside the file."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _part_of(target: Path) -> tuple[int, str]:
    """A temporary file beside ``target``, open and empty.

    What a write that was killed left there is used again, so that no second one comes to lie beside
    a person's files; where another process is writing it, or it is no plain file, one of another
    name is made.
    """
    part, handle = target.with_name(f".{target.name}{_PART}"), -1
    with contextlib.suppress(OSError):
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
        _lock(handle, part)
        held = os.fstat(handle)
        # it may have been put in place since it was opened
        is_ours = os.path.samestat(held, part.lstat()) and held.st_nlink == 1
        if is_ours and stat.S_ISREG(held.st_mode):
            os.ftruncate(handle, 0)
            return handle, str(part)
    if handle >= 0:
        os.close(handle)
    mkstemp = importlib.import_module("tempfile").mkstemp
    made: tuple[int, str] = mkstemp(_PART, f".{target.name}.", target.parent)
    return made
