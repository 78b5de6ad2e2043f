"""A text lent to a person's own editor. No word of it is lost where the editor fails."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from researchdesk.errors import BadInputError, DeskError

TO_UTF_8 = "iconv -f LATIN1 -t UTF-8"
"""The command that makes UTF-8 of a text in the most usual of other encodings."""


def edited(text: str, folder: Path, edit: Callable[[Path], None]) -> str | None:
    """``text`` as ``edit`` leaves it in a file; None where the file was not saved.

    Raises what ``edit`` raises, DeskError where no file can be made, BadInputError where the file
    is no UTF-8 text afterwards. What was written then is copied to a file in ``folder``, and the
    hint says where.
    """
    lent = (text and text.rstrip("\n") + "\n").encode("utf-8")
    try:
        with tempfile.TemporaryDirectory(prefix="researchdesk-") as place:
            path = Path(place) / "text.md"
            saved = _lay(path, lent)
            try:
                edit(path)
                return _text(path) if path.stat().st_mtime_ns != saved else None
            except DeskError as error:
                error.hint = beside(error.hint, _kept_aside(path, lent, folder))
                raise
    except OSError as error:
        raise DeskError(
            f"No text comes to an editor and back: {error.strerror or error}. Nothing was changed.",
            "Make room, or set TMPDIR to a folder that can be written.",
        ) from error


def aside(folder: Path, data: bytes) -> Path | None:
    """A file of its own with ``data``, in ``folder``, or where that cannot be written, anywhere;
    None where no disk has room."""
    for place in _places(folder):
        with suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix="unkept-", suffix=".md", dir=place)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            return Path(name)
    return None


def beside(hint: str, more: str) -> str:
    """Both hints, each a sentence of its own; ``more`` stays as it is, for it may end in a path."""
    ends = hint.endswith((".", "!", "?", "…"))
    return f"{hint}{'' if ends else '.'} {more}" if hint and more else hint or more


def _lay(path: Path, data: bytes) -> int:
    """When the new file counts as saved, in ns: a while ago, so that each saving is a later one."""
    path.write_bytes(data)
    before = path.stat().st_mtime_ns - 2_000_000_000
    os.utime(path, ns=(before, before))
    return path.stat().st_mtime_ns


def _text(path: Path) -> str:
    try:
        said = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInputError(
            f"What the editor wrote is no UTF-8 text: {error.reason}. Nothing was changed.",
            "Have the editor save as UTF-8. To convert what is in Latin-1 or the like: "
            f"`{TO_UTF_8} FILE`",
        ) from error
    return said.replace("\r\n", "\n").replace("\r", "\n")


def _kept_aside(path: Path, lent: bytes, folder: Path) -> str:
    """Where the words are that an editor wrote; ``""`` where it wrote none."""
    with suppress(OSError):
        data = path.read_bytes()
        if data.strip() and data != lent:
            file = aside(folder, data)
            return f"Your words are in {file}" if file else f"Your words were:\n{_shown(data)}"
    return ""


def _shown(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


def _places(folder: Path) -> Iterator[Path]:
    yield folder
    with suppress(OSError):  # where no folder for temporary files can be written
        yield Path(tempfile.gettempdir())
    yield Path("~").expanduser()
