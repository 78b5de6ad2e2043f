"""The last faults that nobody foresaw, kept without a word of the user's for a bug report.

Of a traceback stay the exception's kind, files and lines of this program and of the libraries, and
of its message only what Python itself words. The file is its owner's alone.
"""

import builtins
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

from researchdesk.files import make_private, written

_NAME = "faults.json"
_KEPT, _MOST_FRAMES, _MOST_CAUSES = 5, 25, 4
_PACKAGE = Path(__file__).parent
_LEFT_OUT = "(its words are left out)"
_OF_PYTHON = re.compile(
    r"'(?P<kind>\w+)' object (?:has no attribute '(?P<name>\w+)'"
    r"|is not (?:subscriptable|iterable|callable|an iterator)"
    r"|does not support (?:item assignment|the context manager protocol))"
    r"|(?:unsupported operand type\(s\) for \S{1,3}|'\S{1,3}' not supported between instances of)"
    r"[:'\w\s]*"
    r"|(?P<call>[\w.]+)\(\) (?:missing \d+ required [\w-]+ arguments?|takes [\w ]+ given"
    r"|got an unexpected keyword argument).*"
    r"|(?:list|tuple|string|pop) ?\w* (?:index out of range|from empty list)|pop from empty list"
    r"|maximum recursion depth exceeded.*|database is locked|database disk image is malformed"
    r"|disk I/O error|no such (?:table|column): (?P<table>\w+)|division by zero|[\w ]+ by zero"
    r"|dictionary changed size during iteration|cannot convert float NaN to integer",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """``kind``: the exception's and those that led to it, the last first. ``frames`` are
    ``file:line in function``, the innermost last. ``at`` is the day (ISO 8601), ``where`` what was
    under way: a command's name or the app."""

    at: str
    version: str
    where: str
    kind: str
    words: str
    frames: tuple[str, ...]


def keep(error: BaseException, state: Path, where: str, version: str, now: datetime) -> None:
    """Keep a fault among the last few; where that cannot be done there is none. Never raises."""
    try:
        known = recent(state)
        new = _fault(error, where, version, now)
        _write(state / _NAME, [*known[-(_KEPT - 1) :], new])
    except Exception:  # noqa: BLE001 - what tells of a fault must not be another one
        return


def recent(state: Path) -> list[Fault]:
    """The last faults, the newest last; none where there is no file or it cannot be read."""
    try:
        kept = json.loads((state / _NAME).read_text(encoding="utf-8"))
        return [
            Fault(**{**entry, "frames": tuple(map(str, entry["frames"]))})
            for entry in kept
            if isinstance(entry, dict)
        ][-_KEPT:]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []


def _fault(error: BaseException, where: str, version: str, now: datetime) -> Fault:
    chain = list(_chain(error))
    frames = tuple(_frames(error.__traceback__))
    kind = " from ".join(_kind(one) for one in chain)
    words = _words(error, _names(error.__traceback__))
    plain = where if re.fullmatch(r"[a-z-]{1,20}", where) else "a command"
    return Fault(now.date().isoformat(), version, plain, kind, words, frames[-_MOST_FRAMES:])


def _chain(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if one is None:
            return
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _kind(error: BaseException) -> str:
    kind = type(error)
    known = kind.__module__ == "builtins" or _is_known(kind.__module__)
    name = kind.__qualname__ if known else "an exception of other code"
    return name if kind.__module__ == "builtins" or not known else f"{kind.__module__}.{name}"


def _frames(trace: TracebackType | None) -> Iterator[str]:
    while trace is not None:
        code = trace.tb_frame.f_code
        place = _place(code.co_filename)
        yield f"{place}:{trace.tb_lineno} in {code.co_name}" if place else "(other code)"
        trace = trace.tb_next


def _place(file: str) -> str:
    """The file as the package or a library has it; empty for any other."""
    path = Path(file)
    if path.is_relative_to(_PACKAGE):
        return path.relative_to(_PACKAGE.parent).as_posix()
    for part in ("site-packages", "dist-packages"):
        if part in path.parts:
            rest = path.parts[path.parts.index(part) + 1 :]
            return "/".join(rest) if _is_known(rest[0].removesuffix(".py")) else ""
    library = Path(os.__file__).parent
    return path.relative_to(library).as_posix() if path.is_relative_to(library) else ""


_KNOWN = {
    "researchdesk", "textual", "rich", "click", "arxiv", "requests", "urllib3", "lxml", "pymupdf",
    "sqlite_utils", "sqlite3", "httpx", "httpcore", "h11", "anyio", "torch", "sklearn", "numpy",
    "scipy", "statsmodels", "filelock", "platformdirs", "jinja2", "yaml", "matplotlib", "optuna",
    "ray", "submitit", "plotext", "textual_plotext", "textual_image", "PIL", "json", "asyncio",
    "subprocess", "concurrent", "multiprocessing", "tomllib", "zipfile", "xml", "urllib", "http",
    "ssl", "socket", "shutil", "queue", "threading", "tempfile", "pathlib",
}  # fmt: skip


def _is_known(module: str) -> bool:
    return module.partition(".")[0] in _KNOWN


def _names(trace: TracebackType | None) -> set[str]:
    """The names that the code of the traceback itself has."""
    found = set(dir(builtins))
    while trace is not None:
        code = trace.tb_frame.f_code
        found |= {*code.co_names, *code.co_varnames, code.co_name}
        trace = trace.tb_next
    return found


def _words(error: BaseException, names: set[str]) -> str:
    if isinstance(error, OSError):
        return os.strerror(error.errno) if isinstance(error.errno, int) else _LEFT_OUT
    said = str(error)
    match = _OF_PYTHON.fullmatch(said) if len(said) < 300 else None
    if match is None:
        return _LEFT_OUT if said else ""
    quoted = set(re.findall(r"'(\w+)'", said)) | set(filter(None, match.groupdict().values()))
    unknown = {part for word in quoted for part in word.split(".")} - names - _classes()
    for word in sorted(unknown, key=len, reverse=True):
        said = re.sub(rf"\b{re.escape(word)}\b", "…", said)
    return said


def _classes() -> set[str]:
    """Names of classes that this program and the libraries have made so far."""
    found: set[str] = set()
    left = [object]
    while left:
        for one in type.__subclasses__(left.pop()):
            if one.__name__ not in found and _is_known(one.__module__):
                found.add(one.__name__)
            if one is not type:
                left.append(one)
    return found | {"NoneType"}


def _write(file: Path, faults: list[Fault]) -> None:
    entries: list[Mapping[str, object]] = [asdict(fault) for fault in faults]
    make_private(file.parent)
    with written(file, 0o600, lasting=False) as out:
        out.write(json.dumps(entries, indent=1).encode())
