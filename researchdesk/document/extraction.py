"""Takes a PDF apart in a process of its own, so that a bad file never harms the desk."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from researchdesk.document.codec import decode, from_json, to_json
from researchdesk.domain.documents import Document
from researchdesk.errors import BadInputError

__all__ = ["PARSER_VERSION", "extract", "from_json", "to_json"]

PARSER_VERSION = 2
"""Goes up whenever the same PDF would come out differently."""

_WORKER = "researchdesk.document.worker"
_ROOT = Path(__file__).parents[2]
_FAILURES = {
    "unreadable": ("{name} cannot be read: {detail}.", "Look at the path and its permissions."),
    "empty": ("{name} is empty (0 bytes).", "Fetch it again."),
    "no-pdf": (
        "{name} is not a PDF, whatever its name says.",
        "Is it the right file? A site may have sent a web page in place of the PDF.",
    ),
    "cut": ("{name} is a PDF without pages; it may be cut short.", "Fetch it again."),
    "broken": ("{name} is a broken PDF: {detail}", "Fetch it again, or open it in a PDF viewer."),
}


def extract(pdf: Path, timeout: float = 60) -> Document:
    """The parts of the paper in this file. ``timeout`` is in seconds.

    A file without text (a scan, a password) gives a document whose ``problem`` says so. Raises
    BadInputError where the file is no PDF, is broken, or its reading crashes or takes too long.
    """
    output, code = _run(pdf, timeout)
    try:
        reply = json.loads(output)
        if "failure" in reply:
            raise _failure(pdf, reply)
        return decode(Document, reply["document"])
    except (ValueError, KeyError, TypeError) as error:
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise BadInputError(
            f"{pdf.name} could not be taken apart: the PDF reader stopped ({how}).",
            "The file is kept as it is. Open it in a PDF viewer, or fetch it again.",
        ) from error


def _run(pdf: Path, timeout: float) -> tuple[bytes, int]:
    seconds = str(max(1, int(timeout) + 5))
    # -P: what lies in the folder the user stands in must not be taken for a module
    command = [sys.executable, "-P", "-m", _WORKER, str(pdf.absolute()), seconds]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired as error:
        raise BadInputError(
            f"{pdf.name} could not be taken apart within {timeout:g} seconds.",
            "The file is kept as it is. Open it in a PDF viewer.",
        ) from error
    finally:
        _end(process)
    return output, process.returncode


def _environment() -> dict[str, str]:
    """This one, with the place this package was found at, and no place relative to the user's."""
    others = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    places = [str(_ROOT), *(place for place in others if Path(place).is_absolute())]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(places)}


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leaves no process behind, whatever happened."""
    if process.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.communicate()


def _failure(pdf: Path, reply: dict[str, Any]) -> BadInputError:
    message, hint = _FAILURES[reply["failure"]]
    words = message.format(name=pdf.name, detail=reply.get("detail", ""))
    return BadInputError(words, hint)
