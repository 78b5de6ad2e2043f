"""The yeses to code, kept in the state of the person who said them, never in the desk.

A desk can come from elsewhere, and with it whatever its sender wrote; what may run here is said
here.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from researchdesk import files
from researchdesk.config import Settings
from researchdesk.domain.verdicts import RUN_FAILED
from researchdesk.errors import BadInputError, DeskError

_NAME = "trusted-recipes.json"
_PATIENCE_S = 10.0

Entries = Mapping[str, Mapping[str, Any]]


def kept_yeses(settings: Settings) -> dict[str, dict[str, Any]]:
    """What was said, by the digest it was said to. Raises BadInputError where it is unreadable."""
    file = settings.state / _NAME
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise BadInputError(
            f"The list of trusted recipes {file} cannot be read: {error}",
            "Move it away; then each of your recipes asks again.",
        ) from error
    entries = kept.items() if isinstance(kept, dict) else ()
    return {digest: entry for digest, entry in entries if isinstance(entry, dict)}


@contextlib.contextmanager
def changing_yeses(settings: Settings) -> Iterator[dict[str, dict[str, Any]]]:
    """The yeses, to be changed in place and kept at the end; nobody else changes them meanwhile.

    The file is its owner's alone. Raises DeskError (exit code 6) where they cannot be kept.
    """
    file = settings.state / _NAME
    try:
        files.make_private(file.parent)
        with FileLock(file.with_suffix(".lock"), timeout=_PATIENCE_S):
            kept = kept_yeses(settings)
            before = json.dumps(kept)
            yield kept
            if json.dumps(kept) != before:
                _keep(file, kept)
    except (OSError, Timeout) as error:
        raise _not_kept(
            file, getattr(error, "strerror", None) or "another process has it"
        ) from error


def _keep(file: Path, entries: Entries) -> None:
    try:
        files.write_text(file, json.dumps(entries, indent=2) + "\n", mode=0o600)
    except BadInputError as error:
        cause = error.__cause__
        raise _not_kept(file, getattr(cause, "strerror", None) or str(cause)) from error


def _not_kept(file: Path, why: str) -> DeskError:
    return DeskError(
        f"Your yes could not be kept in {file}: {why}. Nothing was run.",
        "Is there room on the disk, and may you write there?",
        exit_code=RUN_FAILED,
    )
