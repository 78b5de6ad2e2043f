"""An arm that is a command of the authors', run in their own checkout."""

import contextlib
import fcntl
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from researchdesk.domain.recipes import Command
from researchdesk.domain.text import clean
from researchdesk.files import leads_out
from researchdesk.harness.training.children import Child, ending_children
from researchdesk.harness.training.run import Run

_WORD = re.compile(r"\{(python|seed|setting:([^{}]*))\}")
_LAST_LINES = 12
_LARGEST_FILE = 10_000_000


class CommandError(Exception):
    """The command could not be run, failed, or gave no metric."""


def run_command(
    run: Run, command: Command, checkout: Path, memory_gb: float | None = None
) -> dict[str, float]:
    """Run the command for one seed and give its metrics.

    What it prints is cleaned and printed here; every match of a pattern is also logged, numbered
    from 1 for each metric. It runs in this process's group and ends with this process; what it
    leaves running is ended. Raises CommandError, and MemoryError where it takes more than
    ``memory_gb``.
    """
    words = [filled(word, run, command, checkout) for word in command.run]
    file = checkout / filled(command.metrics_file, run, command, checkout)
    before = _stamp(file)
    printed = _Printed(run, command)
    with ending_children():
        child = Child(words, checkout, memory_gb)
        for line in child.lines():
            printed.take(clean(line.decode("utf-8", "replace")).rstrip())
        code = child.wait()
    if code != 0:
        last = "\n".join(printed.tail)
        raise CommandError(f"{' '.join(words)} ended with exit code {code}.\n{last}")
    found = dict(printed.found)
    if command.metrics_file:
        found |= _metrics_of(file, checkout, before)
    missing = [name for name in command.patterns if name not in found]
    if missing:
        raise CommandError(f"Nothing that it printed matches the pattern of {', '.join(missing)}.")
    return found


def filled(word: str, run: Run, command: Command, checkout: Path) -> str:
    """A word of the command with ``{python}``, ``{seed}`` and ``{setting:NAME}`` filled in."""

    def value(match: re.Match[str]) -> str:
        if match[1] == "python":
            return str(checkout / command.interpreter) if command.interpreter else sys.executable
        if match[1] == "seed":
            return str(run.seed)
        if match[2] not in run.settings:
            raise CommandError(f"The arm has no setting {match[2]!r}, which {word!r} asks for.")
        return str(run.settings[match[2]])

    return _WORD.sub(value, word)


@contextlib.contextmanager
def alone(command: Command, checkout: Path) -> Iterator[None]:
    """Wait until no other seed runs in the checkout, where they would write the same file."""
    if not command.metrics_file or "{seed}" in command.metrics_file:
        yield
        return
    descriptor = os.open(checkout, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class _Printed:
    """Takes what a command prints, line by line: the metrics in it, and its last lines."""

    def __init__(self, run: Run, command: Command) -> None:
        self.found: dict[str, float] = {}
        self.tail: list[str] = []
        self._run = run
        self._patterns = {name: re.compile(text) for name, text in command.patterns.items()}
        self._count = dict.fromkeys(command.patterns, 0)

    def take(self, line: str) -> None:
        print(line, flush=True)  # noqa: T201 - standard output is the run's log
        if line:
            self.tail = [*self.tail, line][-_LAST_LINES:]
        for name, pattern in self._patterns.items():
            for match in pattern.finditer(line):
                self._count[name] += 1
                self.found[name] = _number(match[1], name)
                self._run.log(self._count[name], **{name: self.found[name]})


def _number(text: str, name: str) -> float:
    try:
        return float(text.replace(",", ""))
    except (ValueError, AttributeError):
        raise CommandError(f"The pattern of {name} found {text!r}, which is no number.") from None


def _stamp(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def _metrics_of(file: Path, checkout: Path, before: int) -> dict[str, float]:
    name = file.relative_to(checkout)
    if leads_out(file, checkout):
        raise CommandError(f"{name} is not inside the checkout.")
    if _stamp(file) in (0, before):
        raise CommandError(f"The command did not write {name}.")
    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise CommandError(f"{name} is larger than 10 MB.")
        found: Any = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CommandError(f"{name} is no JSON that can be read: {error}") from error
    if not isinstance(found, dict):
        raise CommandError(f"{name} holds no names with numbers.")
    numbers = {clean(key): value for key, value in found.items() if isinstance(value, int | float)}
    if not numbers:
        raise CommandError(f"{name} holds no names with numbers.")
    return numbers
