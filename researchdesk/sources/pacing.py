"""At most one request in so many seconds, over all processes of this user.

arXiv's terms: one request in three seconds, one connection, over all of a user's machines.
https://info.arxiv.org/help/api/tou.html
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from researchdesk.domain.clock import Clock, parse_stamp, stamp
from researchdesk.domain.durations import in_words
from researchdesk.domain.json_text import parse_json
from researchdesk.domain.text import slug
from researchdesk.errors import SourceError
from researchdesk.files import make_private
from researchdesk.sources.progress import Progress, Sleep

ARXIV_INTERVAL = 3.0
LONGEST_WAIT = 120.0
_LONGEST_HOLD = 3600.0
_TOLD_AFTER = 1.0
_PATIENCE = 900


@dataclass(frozen=True, slots=True)
class _Last:
    """The last request: when, and how many seconds after it the host is to be left alone."""

    at: datetime
    hold: float


def is_arxiv(host: str) -> bool:
    """Whether ``host`` is arXiv's own, for which the terms of use hold."""
    host = host.lower().rstrip(".")
    return host == "arxiv.org" or host.endswith(".arxiv.org")


def interval_for(host: str, configured: float) -> float:
    """Seconds between two requests: as configured, but never less than three for arXiv."""
    return min(max(ARXIV_INTERVAL if is_arxiv(host) else 0.0, configured), _LONGEST_HOLD)


class Pacer:
    """Gives turns, one at a time and some seconds apart, to all processes that share ``folder``.

    The lock is the kernel's, so a process that is killed gives it up. All hosts of arXiv are one.
    """

    def __init__(self, folder: Path, clock: Clock, sleep: Sleep) -> None:
        self._folder = folder
        self._clock = clock
        self._sleep = sleep

    @contextmanager
    def turn(self, host: str, interval: float, progress: Progress, who: str = "") -> Iterator[None]:
        """Waits for the turn, then holds it: nobody else asks ``host`` until the block ends.

        ``who`` is what a person calls the host. Raises SourceError where it asked to be left alone
        for longer than two minutes, where another process does not give up its turn, or where the
        state folder cannot be written.
        """
        who = who or ("arXiv" if is_arxiv(host) else host)
        lock = self._lock(host, progress, who)
        try:
            self._wait(host, interval, progress, who)
            self._record(host, _Last(self._clock(), interval))
            yield
        finally:
            lock.release()

    def postpone(self, host: str, seconds: float) -> None:
        """Nobody asks ``host`` again for ``seconds`` (an hour at most). Called within a turn."""
        self._record(host, _Last(self._clock(), min(max(seconds, 0.0), _LONGEST_HOLD)))

    def _lock(self, host: str, progress: Progress, who: str) -> FileLock:
        try:
            make_private(self._folder)
            lock = FileLock(self._file(host).with_suffix(".lock"))
            for _ in range(_PATIENCE):
                try:
                    lock.acquire(timeout=1.0)
                except Timeout:
                    progress(f"waiting for {who}: another researchdesk is asking it", 0, None)
                else:
                    return lock
        except OSError as error:
            raise self._unwritable(error) from error
        raise SourceError(
            f"Another researchdesk has been talking to {who} for a quarter of an hour. "
            "Nothing was changed.",
            "It is asked by one program at a time: wait for the other one, or end it.",
        )

    def _wait(self, host: str, interval: float, progress: Progress, who: str) -> None:
        last = self._last(host, interval)
        if last is None:
            return
        hold = max(last.hold, interval)
        passed = (self._clock() - last.at).total_seconds()
        wait = max(hold - passed, 0.0) if passed >= 0 else min(hold, LONGEST_WAIT)
        if wait > max(LONGEST_WAIT, interval):
            raise SourceError(
                f"{who} asked to be left alone for another {in_words(wait)}. Nothing was changed.",
                "Try again after that.",
            )
        if wait > _TOLD_AFTER:
            progress(f"waiting for {who}", 0, None)
        if wait > 0:
            self._sleep(wait)

    def _last(self, host: str, interval: float) -> _Last | None:
        try:
            table = parse_json(self._file(host).read_text(encoding="utf-8"))
            hold = min(max(float(table["hold"]), 0.0), _LONGEST_HOLD)
            return _Last(parse_stamp(table["at"]), hold)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unwritable(error) from error
        except (ValueError, KeyError, TypeError, OverflowError):
            return _Last(self._clock(), interval)

    def _record(self, host: str, last: _Last) -> None:
        text = json.dumps({"at": stamp(last.at), "hold": last.hold})
        try:
            self._file(host).write_text(text, encoding="utf-8")
        except OSError as error:
            raise self._unwritable(error) from error

    def _file(self, host: str) -> Path:
        return self._folder / f"{'arxiv' if is_arxiv(host) else 'host-' + slug(host, 80)}.json"

    def _unwritable(self, error: OSError) -> SourceError:
        return SourceError(
            f"The time of the last request cannot be kept in {self._folder}: "
            f"{error.strerror or error}. Nobody was asked.",
            "Make the folder writable, or set RESEARCHDESK_STATE to one that is.",
        )
