"""Runs the processes that open PDFs and pages: one for each job, with an end to time and memory."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from researchdesk.document.codec import encode
from researchdesk.document.jobs import Request
from researchdesk.domain.text import one_line
from researchdesk.errors import BadInputError

_WORKER = "researchdesk.document.worker"
_ROOT = Path(__file__).parents[2]
_KEPT = "The file is kept as it is. Open it in a PDF viewer, or fetch it again."
_FAILURES = {
    "unreadable": ("{name} cannot be read: {detail}.", "Look at the path and its permissions."),
    "empty": ("{name} is empty (0 bytes).", "Fetch it again."),
    "no-pdf": (
        "{name} is not a PDF, whatever its name says.",
        "Is it the right file? A site may have sent a web page in place of the PDF.",
    ),
    "cut": ("{name} is a PDF without pages; it may be cut short.", "Fetch it again."),
    "broken": ("{name} is a broken PDF: {detail}", "Fetch it again, or open it in a PDF viewer."),
    "locked": ("{name} asks for a password.", "Take it off in a PDF viewer and add it again."),
    "no-page": ("{name} has no page {detail}.", "Look at how many pages it has."),
    "too-much": ("{name} holds more than a paper may (over 32 MB of what was found).", _KEPT),
    "memory": ("{name} needs more memory than a paper may take.", _KEPT),
    "unwritable": ("The pictures of {name} cannot be written: {detail}.", "Make room."),
}
_LARGEST = 32 * 1024 * 1024
"""Bytes that a worker may say; what it says costs the desk some ten times as many."""
_NAMES = {"HOME", "LANG", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "VIRTUAL_ENV"}
_LONGEST_DETAIL = 300
_KINDS = ("DYLD_", "LC_", "LD_", "PYTHON")

Heard = Callable[[int], None]
"""Told how many pages or pictures are done."""


_NONSENSE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


class Talk:
    """A question to a worker, and what it says, line by line, as it says it."""

    def __init__(
        self, process: subprocess.Popen[bytes], question: bytes, heard: Heard | None
    ) -> None:
        self.pages: list[Any] = []
        self.done: Any = None
        self.ended = False
        self.failure: dict[str, Any] = {}
        self._process, self._question, self._heard = process, question, heard
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def code(self) -> int:
        """The worker's exit code, once it ended; 0 before."""
        return self._process.returncode or 0

    def wait(self, timeout: float) -> bool:
        """Whether the worker closed its output within these seconds."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _listen(self) -> None:
        asked, answered = self._process.stdin, self._process.stdout
        if asked is None or answered is None:
            return
        # asked here, since a worker that does not listen would block who asks
        with contextlib.suppress(OSError), asked:
            asked.write(self._question)
        with contextlib.suppress(*_NONSENSE), answered:
            left = _LARGEST
            while line := answered.readline(left + 1):
                left -= len(line)
                if left < 0:
                    self.failure = {"failure": "too-much"}
                    return
                self._take(json.loads(line))

    def _take(self, reply: dict[str, Any]) -> None:
        if "failure" in reply:
            self.failure = reply
        elif "done" in reply:
            self.done, self.ended = reply["done"], True
        else:
            self.pages.append(reply["page"])
            if self._heard:
                self._heard(len(self.pages))


def ask(worker: str, question: bytes, timeout: float, heard: Heard | None = None) -> Talk:
    """What the worker of this module says to the question; ``timeout`` is in seconds.

    ``heard`` is called, in another thread, with the number of pages done. Raises TimeoutError. No
    process is left behind.
    """
    process = _start(worker, timeout)
    try:
        talk = Talk(process, question, heard)
        if not talk.wait(timeout):
            raise TimeoutError(worker)
    finally:
        _end(process)
    return talk


def run(request: Request, timeout: float, heard: Heard | None = None) -> tuple[list[Any], Any]:
    """What the worker found page by page, and at the end, as ``ask`` does.

    Raises BadInputError where the file is no PDF, is broken, or its reading crashes or takes too
    long.
    """
    pdf = Path(request.pdf)
    try:
        talk = ask(_WORKER, json.dumps(encode(request)).encode(), timeout, heard)
    except TimeoutError as error:
        raise BadInputError(
            f"{pdf.name} could not be taken apart within {timeout:g} seconds.",
            "The file is kept as it is. Open it in a PDF viewer.",
        ) from error
    if talk.failure:
        raise _failure(pdf, talk.failure)
    if not talk.ended:
        raise crashed(pdf, talk.code)
    return talk.pages, talk.done


def crashed(pdf: Path, code: int) -> BadInputError:
    """The error for a worker that ended with this code before it was done."""
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return BadInputError(
        f"{pdf.name} could not be taken apart: the PDF reader stopped ({how}).", _KEPT
    )


def _start(worker: str, timeout: float) -> subprocess.Popen[bytes]:
    seconds = str(max(1, int(timeout) + 5))
    # -P: what lies in the folder the user stands in must not be taken for a module
    return subprocess.Popen(
        [sys.executable, "-P", "-m", worker, seconds],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        start_new_session=True,
    )


def _environment() -> dict[str, str]:
    """What Python needs of this one, and no key or word of the user's; this package's place first,
    and no place relative to the user's."""
    others = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    places = [str(_ROOT), *(place for place in others if Path(place).is_absolute())]
    kept = {k: v for k, v in os.environ.items() if k in _NAMES or k.startswith(_KINDS)}
    return {**kept, "PYTHONPATH": os.pathsep.join(places)}


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leaves no process behind, whatever happened."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(0.2)
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()


def _failure(pdf: Path, reply: dict[str, Any]) -> BadInputError:
    message, hint = _FAILURES[reply["failure"]]
    detail = one_line(str(reply.get("detail", "")))[:_LONGEST_DETAIL]
    words = message.format(name=pdf.name, detail=detail)
    return BadInputError(words, hint)
