"""What parsers found, kept as JSON in the desk's cache. A file there may be gone or broken."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from researchdesk import files
from researchdesk.document.codec import decode, encode
from researchdesk.errors import BadInputError
from researchdesk.services.desk import Desk

T = TypeVar("T")


def kept(desk: Desk, name: str, kind: type[T], make: Callable[[], T]) -> T:
    """What the cache has under this name, else what is made, which then is kept."""
    found = read(desk, name, kind)
    if found is not None:
        return found
    made = make()
    keep(desk, name, made)
    return made


def read(desk: Desk, name: str, kind: type[T]) -> T | None:
    """What the cache has under this name; None where there is nothing that can be read."""
    try:
        return decode(kind, json.loads(_file(desk, name).read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def keep(desk: Desk, name: str, made: object) -> None:
    """Keep what was made; a cache that cannot be written costs time, and nothing else."""
    with suppress(BadInputError):
        files.write_text(_file(desk, name), json.dumps(encode(made)))


def _file(desk: Desk, name: str) -> Path:
    return desk.settings.cache / "documents" / f"{name}.json"
