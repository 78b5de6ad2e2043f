"""Replies of the day, so that the same question is asked once."""

import hashlib
import json
import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from researchdesk.domain.clock import Clock, parse_stamp, stamp
from researchdesk.domain.json_text import parse_json
from researchdesk.files import written

KEPT = timedelta(days=1)


class QueryCache:
    """Keeps the text of good replies by address in ``folder`` for a day.

    It is a convenience: a file that cannot be read or written is as if it were not there.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def get(self, url: str) -> bytes | None:
        """The reply kept for ``url``, ``None`` where there is none of the last day."""
        try:
            table = parse_json(self._file(url).read_text(encoding="utf-8"))
            age = self._clock() - parse_stamp(table["fetched_at"])
            if not timedelta(0) <= age < KEPT:
                return None
            body = table["body"]
            return body.encode() if isinstance(body, str) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, url: str, body: bytes) -> None:
        """Keeps ``body``, and throws away what is older than a day."""
        now = self._clock()
        try:
            table = {"url": url, "fetched_at": stamp(now), "body": body.decode()}
        except UnicodeDecodeError:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            self._write(self._file(url), json.dumps(table), now.timestamp())

    def _write(self, target: Path, text: str, moment: float) -> None:
        with written(target, 0o600, lasting=False) as file:
            file.write(text.encode())
            file.flush()
            os.utime(file.fileno(), (moment, moment))

    def _sweep(self) -> None:
        limit = (self._clock() - KEPT).timestamp()
        for file in self._folder.iterdir():
            if file.suffix in {".json", ".part", ".tmp"} and file.stat().st_mtime < limit:
                file.unlink(missing_ok=True)

    def _file(self, url: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode()).hexdigest()}.json"


class AskedAnew(QueryCache):
    """Gives nothing of what it keeps: for one who knows when the question was asked last."""

    def get(self, url: str) -> bytes | None:
        return None
