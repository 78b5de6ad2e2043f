"""Files for a paper, written anew as often as one likes; never over what a person did to them."""

import hashlib
from collections.abc import Callable
from itertools import count
from pathlib import Path

from researchdesk import files
from researchdesk.errors import BadInputError
from researchdesk.export.written_marks import is_as_written, marked

_SVG_END = b"<!-- researchdesk %s -->\n"
_CREATORS = (
    (b"%PDF", b"/Creator (researchdesk)"),
    (b"\x89PNG", b"Software\x00researchdesk"),
)


def write_marked(path: Path, kind: str, of: str, text: str, *, force: bool = False) -> bool:
    """Write a text whose format has remarks (``.tex``, ``.md``), with one that tells whether it was
    edited since; any other as it is. Returns and raises as ``write``."""
    if path.suffix.lower() in (".tex", ".md"):
        text = marked(kind, of, text, tex=path.suffix.lower() == ".tex")
    return write(path, text.encode("utf-8"), force=force)


def write(path: Path, data: bytes, *, force: bool = False) -> bool:
    """Write a file whole; False where it says that already.

    Raises BadInputError where something else stands there that is not ours as it was written;
    ``force`` replaces it. CSV and plain text cannot tell whose they are: they are never replaced
    but by ``force``.
    """
    if path.suffix.lower() == ".svg":
        data += _SVG_END % _hash(data)
    if _read(path) != data and not force:
        refuse_foreign(path)
    return files.write_bytes(path, data)


def refuse_foreign(path: Path) -> None:
    """Raises BadInputError where something stands there that is not ours as it was written."""
    old = _read(path)
    if old and not _is_ours(old):
        raise BadInputError(
            f"{path} is there already, and is not known to be as researchdesk wrote it. "
            "Nothing was written.",
            "Give another name, or --force to replace it.",
        )


def place_for(wanted: Path, is_ours: Callable[[Path], bool]) -> Path:
    """Where newer text goes: ``wanted`` where nothing stands there, or ``is_ours`` says so of it;
    else the first such file beside it, ``NAME.new.md``, ``NAME.new-2.md`` and so on."""
    for number in count(0):
        again = f"-{number}" if number > 1 else ""
        path = wanted.with_name(f"{wanted.stem}.new{again}{wanted.suffix}") if number else wanted
        if not path.exists() or is_ours(path):
            return path
    raise AssertionError("there is always another name")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be read: {error.strerror or error}. Nothing was written.",
            "Give another name.",
        ) from error


def _is_ours(old: bytes) -> bool:
    if any(old.startswith(kind) and creator in old for kind, creator in _CREATORS):
        return True
    body, mark, _ = old.rpartition(b"<!-- researchdesk ")
    if mark and old == body + _SVG_END % _hash(body):
        return True
    return is_as_written(old.decode("utf-8", errors="replace"))


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest()[:16].encode()
