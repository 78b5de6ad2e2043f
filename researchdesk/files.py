"""Files written whole or not at all."""

import os
import tempfile
from pathlib import Path

from researchdesk.errors import BadInputError


def read_text(path: Path) -> tuple[str, str]:
    """The file's text with ``\\n`` ends, and the line end it uses; ``("", "\\n")`` without a file.

    Raises BadInputError where it is not UTF-8 text.
    """
    try:
        raw = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return "", "\n"
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(
            f"{path} cannot be read as text: {error}. Nothing was written.", "Move it away."
        ) from error
    end = "\r\n" if "\r\n" in raw else "\n"
    return raw.replace("\r\n", "\n"), end


def write_text(path: Path, text: str, end: str = "\n") -> bool:
    """Write ``text`` through a temporary file; False where the file says that already.

    Raises BadInputError where it cannot be written; the old file is then as it was.
    """
    data = text.replace("\n", end).encode("utf-8")
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
            Path(name).chmod(mode)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be written: {error.strerror or error}. What stood there is unharmed.",
            "Choose another folder, or make room.",
        ) from error
    return True
