"""A PDF from arXiv to the disk: resumed where it broke off, checked, and only then put in place."""

import errno
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import httpx

from researchdesk.domain.identifiers import ArxivId
from researchdesk.domain.json_text import parse_json
from researchdesk.errors import SourceError
from researchdesk.files import sync
from researchdesk.sources.body import in_time, pieces
from researchdesk.sources.failures import StatusError
from researchdesk.sources.http import Fetcher
from researchdesk.sources.progress import Progress, silent

LARGEST = 500 * 10**6
_LONGEST = 3600.0
"""Seconds; what came until then is kept, and gone on from."""
_ROOM = 64 * 10**6
"""Bytes that must stay free on the disk."""
_HEAD = 2 * 2**10
_TAIL = 4 * 2**10
_RANGE = re.compile(r"bytes (?:(\d{1,18})-\d{1,18}|\*)/(\d{1,18}|\*)")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_BEING_MADE = ("being generated", "being created", "not yet available", "reload", "check back")
_WITHDRAWN = ("withdrawn", "no source to generate", "no pdf", "no document")


class _AgainError(Exception):
    """What is there of the file does not fit what is on offer: begin anew."""


class Downloader:
    """One PDF to one place. ``largest`` is in bytes."""

    def __init__(
        self,
        fetcher: Fetcher,
        wanted: ArxivId,
        target: Path,
        progress: Progress = silent,
        largest: int = LARGEST,
    ) -> None:
        self._fetcher = fetcher
        self._wanted = wanted
        self._target = target
        self._part = _Part(target)
        self._progress = progress
        self._largest = largest

    def run(self, url: str) -> str:
        """Fetches ``url``; gives the SHA-256 of the file in hexadecimal.

        Raises SourceError; the target is then as it was.
        """
        made = _missing_parents(self._target)
        try:
            self._target.parent.mkdir(parents=True, exist_ok=True)
            return self._fetch(url)
        except StatusError as error:
            if error.status == 404:
                raise self._no_pdf() from error
            raise
        except OSError as error:
            self._part.discard()
            raise self._unwritable(error) from error
        finally:
            for folder in made:
                with suppress(OSError):
                    folder.rmdir()

    def _fetch(self, url: str) -> str:
        for _ in range(2):
            try:
                return self._fetcher.request(
                    url,
                    self._take,
                    accept=(200, 206, 416),
                    headers=self._part.headers,
                    progress=self._progress,
                )
            except _AgainError:
                self._part.discard()
        raise SourceError("arXiv's server offers parts of the PDF that do not fit.", _AGAIN_LATER)

    def _take(self, response: httpx.Response) -> str:
        """Reads the response to the end, checks the file, puts it in place; all within the turn."""
        have = self._part.size()
        if response.status_code == 416:
            if have and _content_range(response)[1] == have:
                return self._finish(have)
            raise _AgainError
        total = self._total(response, have)
        if response.status_code == 200:
            self._part.begin(response.headers, total)
            have = 0
        self._check_size(total or 0)
        self._check_room((total or 0) - have)
        done = self._write(response, have, total)
        return self._finish(total if total is not None else done)

    def _total(self, response: httpx.Response, have: int) -> int | None:
        """Bytes of the whole file, where the server says. Raises _AgainError for the wrong part."""
        if response.status_code == 206:
            begin, total = _content_range(response)
            if begin != have or have == 0 or "Content-Encoding" in response.headers:
                raise _AgainError
            return total
        length = response.headers.get("Content-Length", "")
        known = (
            length.isascii()
            and length.isdigit()
            and len(length) < 16
            and "Content-Encoding" not in response.headers
        )
        return int(length) if known else None

    def _write(self, response: httpx.Response, have: int, total: int | None) -> int:
        what = f"fetching {self._wanted}"
        done = have
        self._progress(what, done, total)
        with (
            in_time(response.close, _LONGEST),
            self._part.path.open("ab" if have else "wb") as file,
        ):
            for chunk in _pieces(response):
                if done == 0 and not chunk.startswith(b"%PDF-"):
                    self._part.discard()
                    raise self._not_a_pdf(chunk)
                self._check_size(done + len(chunk))
                file.write(chunk)
                file.flush()
                done += len(chunk)
                self._progress(what, done, total)
            os.fsync(file.fileno())
        return done

    def _finish(self, expected: int) -> str:
        with self._part.path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size == 0:
                problem = self._broken("arXiv sent an empty file")
            elif size != expected or not _has_end(file, size):
                problem = self._broken("the PDF was cut short")
            else:
                file.seek(0)
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                self._part.put_in_place()
                return digest
        self._part.discard()
        raise problem

    def _check_size(self, size: int) -> None:
        if size > self._largest:
            self._part.discard()
            raise SourceError(
                f"The PDF of {self._wanted} is larger than {self._largest / 1e6:.0f} MB, the most "
                "that is fetched. Nothing was changed.",
                "Fetch it with a browser if you want it, then: researchdesk add FILE.pdf",
            )

    def _check_room(self, size: int) -> None:
        free = shutil.disk_usage(self._target.parent).free
        if size + _ROOM > free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _broken(self, what: str) -> SourceError:
        return SourceError(f"{self._wanted}: {what}. Nothing was changed.", _AGAIN_LATER)

    def _no_pdf(self) -> SourceError:
        return SourceError(
            f"arXiv has no PDF of {self._wanted}: this version may be withdrawn, or have none. "
            "Nothing was changed.",
            f"See https://arxiv.org/abs/{self._wanted}; an earlier version may have a PDF.",
        )

    def _not_a_pdf(self, head: bytes) -> SourceError:
        text = head.decode("utf-8", "replace").lower()
        if any(words in text for words in _WITHDRAWN):
            return self._no_pdf()
        if any(words in text for words in _BEING_MADE):
            return self._broken("arXiv is still making the PDF")
        if "<html" in text or text.lstrip().startswith("<"):
            return self._broken("arXiv sent a web page in place of the PDF")
        return self._broken("what arXiv sent is not a PDF")

    def _unwritable(self, error: OSError) -> SourceError:
        if error.errno in _FULL:
            return SourceError(
                f"The disk is full: the PDF of {self._wanted} was not kept. The desk is as it was.",
                f"Make room on the disk of {self._target.parent}, then try again.",
            )
        return SourceError(
            f"The PDF of {self._wanted} cannot be written to {self._target.parent}: "
            f"{error.strerror or error}. The desk is as it was.",
            "Check that the desk folder may be written to.",
        )


_AGAIN_LATER = "Try again in a few minutes."


class _Part:
    """What is there of a file that is not whole, and by which mark the server knows it."""

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(f"{target.name}.part")
        self._mark = target.with_name(f"{target.name}.part.json")
        self._target = target

    def size(self) -> int:
        """Bytes that can be gone on from: 0 where the server's mark is not known."""
        try:
            return self.path.stat().st_size if self._validator() else 0
        except FileNotFoundError:
            return 0

    def headers(self) -> Mapping[str, str]:
        """Headers that ask for the rest, if nothing changed since."""
        plain = {"Accept": "application/pdf", "Accept-Encoding": "identity"}
        have = self.size()
        if not have:
            return plain
        return {**plain, "Range": f"bytes={have}-", "If-Range": self._validator()}

    def begin(self, headers: Mapping[str, str], total: int | None) -> None:
        """A new file, with the server's mark for it kept first."""
        self.discard()
        etag = headers.get("ETag", "")
        validator = etag if etag.startswith('"') else headers.get("Last-Modified", "")
        if validator and total is not None:
            self._mark.write_text(json.dumps({"validator": validator}), encoding="utf-8")

    def discard(self) -> None:
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
        with suppress(OSError):
            self._mark.unlink(missing_ok=True)

    def put_in_place(self) -> None:
        self.path.replace(self._target)
        self._mark.unlink(missing_ok=True)
        with suppress(OSError):
            sync(self._target.parent)

    def _validator(self) -> str:
        try:
            validator = parse_json(self._mark.read_text(encoding="utf-8"))["validator"]
        except (OSError, ValueError, KeyError, TypeError):
            return ""
        return validator if isinstance(validator, str) and validator.isprintable() else ""


def _content_range(response: httpx.Response) -> tuple[int | None, int | None]:
    """First byte and size of the whole in a Content-Range; ``None`` for what it does not say."""
    match = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    if match is None:
        return None, None
    total = None if match[2] == "*" else int(match[2])
    return (None if match[1] is None else int(match[1])), total


def _pieces(response: httpx.Response) -> Iterator[bytes]:
    """The body as it comes, the first piece long enough to tell what it is."""
    head = b""
    chunks = pieces(response)
    for chunk in chunks:
        head += chunk
        if len(head) >= _HEAD:
            break
    if head:
        yield head
    yield from chunks


def _has_end(file: BinaryIO, size: int) -> bool:
    """Whether the end mark of a PDF is within the last 4 KB."""
    file.seek(max(size - _TAIL, 0))
    return b"%%EOF" in file.read()


def _missing_parents(path: Path) -> list[Path]:
    """Folders above ``path`` that are not there yet, innermost first."""
    return [folder for folder in path.parents if not folder.exists()]
