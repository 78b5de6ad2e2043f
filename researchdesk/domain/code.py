"""Repositories that papers name, their clones on the desk, and what stands in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from researchdesk.domain.text import slug
from researchdesk.errors import UsageProblemError

_OWNED = {"github.com", "bitbucket.org", "codeberg.org"}
"""Hosts whose repositories are always ``owner/name``."""
_SSH = re.compile(r"(?:ssh://)?git@(?P<host>[\w.-]+)[:/](?P<path>[^\s?#]+)")
_BARE = re.compile(r"[\w-]+(?:\.[\w-]+)+/\S+")
_USER = re.compile(r"//[^/@]*@")
_HF_KINDS = {"datasets", "spaces"}


@dataclass(frozen=True, slots=True)
class Repository:
    """What git can clone. ``url`` has no user, query or ``.git``; ``folder`` is a name for it."""

    url: str
    folder: str

    @property
    def name(self) -> str:
        """Host and path, as a person reads them."""
        return self.url.split("://", 1)[1].lstrip("/")


@dataclass(frozen=True, slots=True)
class Clone:
    """A repository on the desk. ``commit`` (40 hex digits) is the one that is shown."""

    paper_id: int
    url: str
    folder: Path
    commit: str
    cloned_at: datetime

    @property
    def name(self) -> str:
        return self.url.split("://", 1)[1].lstrip("/")


@dataclass(frozen=True, slots=True)
class CodeFile:
    """A file at a commit. ``path`` is relative to the clone; ``size`` in bytes; ``text``: it holds
    text that can be shown."""

    path: str
    size: int
    text: bool


@dataclass(frozen=True, slots=True)
class CodeHit:
    """A line with the words that were looked for. ``line`` counts from 1."""

    path: str
    line: int
    text: str


def parse_repository(text: str, protocols: Sequence[str] = ("https",)) -> Repository:
    """The repository that an address names: of the repository itself, of a file or a branch in it,
    with or without ``https://``, or ``git@host:owner/name``.

    ``http`` becomes ``https``. Raises UsageProblemError where it names none, has a user or a
    password in it, or wants another protocol.
    """
    address = text.strip().strip("<>").rstrip(".,;)")
    if ssh := _SSH.fullmatch(address):
        address = f"https://{ssh['host']}/{ssh['path']}"
    elif "://" not in address and _BARE.fullmatch(address):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError as error:
        raise _unfit(text) from error
    scheme = "https" if parts.scheme == "http" else parts.scheme
    steps = [step for step in parts.path.split("/") if step]
    odd = "@" in parts.netloc or " " in address or not address.isprintable()
    if scheme not in protocols or odd:
        raise _unfit(text)
    if scheme == "file":
        return Repository(address, "-".join(["file", *map(slug, steps[-2:])]))
    steps = _repository_path(host, steps)
    if not host or not steps or any(step in {".", ".."} or step[0] == "-" for step in steps):
        raise _unfit(text)
    place = f"{host}:{port}" if port else host
    url = f"https://{place}/{'/'.join(steps)}"
    return Repository(url, "-".join([slug(place), *(slug(unquote(step)) for step in steps)]))


def _repository_path(host: str, steps: list[str]) -> list[str]:
    """The steps of a path that lead to the repository, without what lies in it."""
    if host in _OWNED:
        steps = steps[:2] if len(steps) > 1 else []
    elif host == "huggingface.co":
        count = 3 if steps[:1] and steps[0] in _HF_KINDS else 2
        steps = steps[:count] if len(steps) >= count else []
    else:
        for mark in ("-", "tree", "blob", "src", "raw", "commit"):
            if mark in steps[2:]:
                steps = steps[: steps.index(mark, 2)]
    return [*steps[:-1], steps[-1].removesuffix(".git")] if steps else []


def _unfit(text: str) -> UsageProblemError:
    shown = _USER.sub("//…@", text)
    return UsageProblemError(
        f"{shown!r} names no repository that can be cloned.",
        "Give its address over https, as https://github.com/OWNER/NAME.",
    )
