"""What watching somebody's training script found, and the pages that say what a finding means."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from researchdesk.domain.text import clean, one_line

_SILENCE = "researchdesk: ok"
_NAME = re.compile(r"[a-z]+(-[a-z]+)+")


class Certainty(StrEnum):
    """How sure a finding is, the surest first."""

    CERTAIN = "certain"
    """What was observed is the bug: no sound program does it."""
    LIKELY = "likely"
    """Sound programs do it seldom, and on purpose."""
    LOOK = "worth a look"
    """Often right; a person should have decided it."""

    @property
    def rank(self) -> int:
        """0 for the surest."""
        return list(Certainty).index(self)

    @property
    def mark(self) -> str:
        """One character for it."""
        return "!?·"[self.rank]


@dataclass(frozen=True, slots=True)
class FindingPage:
    """What a finding of this name means, from ``data/findings``; its texts are paragraphs.

    ``seen`` says what was observed, ``sound`` when it is right as it is.
    """

    name: str
    title: str
    family: str
    certainties: tuple[Certainty, ...]
    seen: str
    why: str
    mend: str
    sound: str


@dataclass(frozen=True, slots=True)
class WatchFinding:
    """One thing found at a line of the script; ``file`` is empty where no line is known.

    ``source`` is that line's text when the script ended; ``times`` how often it was seen there.
    """

    name: str
    certainty: Certainty
    message: str
    file: str = ""
    line: int = 0
    source: str = ""
    times: int = 1
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WatchReport:
    """One watched script.

    ``argv`` is what was run: a path or ``-m`` and a module, then its arguments; ``folder`` where.
    ``exit_code`` is the script's own, 128 and its number for one that a signal ended. ``ended``
    says how. ``seen`` counts what was observed, ``limits`` say what could not be, ``problems`` are
    detectors that failed. ``on`` names what it belongs to: a paper's id, a run, or nothing.
    ``id`` is 0 until it is kept.
    """

    argv: tuple[str, ...]
    folder: str
    python: str
    exit_code: int
    ended: str
    began_at: datetime
    seconds: float
    torch: str = ""
    findings: tuple[WatchFinding, ...] = ()
    seen: Mapping[str, Any] = field(default_factory=dict)
    readings: Mapping[str, Any] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    on: str = ""
    id: int = 0

    @property
    def script(self) -> str:
        """The path or the module that was run."""
        return self.argv[1] if self.argv[0] == "-m" else self.argv[0]

    @property
    def arguments(self) -> tuple[str, ...]:
        """The script's own arguments."""
        return self.argv[2:] if self.argv[0] == "-m" else self.argv[1:]

    @property
    def name(self) -> str:
        """The script in one word: a file's name, or ``-m`` and the module."""
        return f"-m {self.script}" if self.argv[0] == "-m" else PurePath(self.script).name

    def at_least(self, certainty: Certainty) -> tuple[WatchFinding, ...]:
        """The findings that are as sure as this, or surer."""
        return tuple(item for item in self.findings if item.certainty.rank <= certainty.rank)

    @property
    def unsure(self) -> str:
        """Why it says nothing for the script that nothing was found; ``""`` where it does."""
        if self.exit_code:
            return f"ended with {self.exit_code}"
        return "" if any(self.seen.values()) else "nothing was seen"

    @property
    def counts(self) -> str:
        """How many there are of each certainty, in words."""
        parts = []
        for certainty in Certainty:
            count = sum(item.certainty is certainty for item in self.findings)
            if count:
                parts.append(f"{count} {certainty.value}")
        return ", ".join(parts) or "nothing found"


def silenced_by(line: str) -> list[str]:
    """The names of findings that a line of a script silences: ``# researchdesk: ok NAME``."""
    before, mark, after = line.partition(_SILENCE)
    names = []
    for word in after.replace(",", " ").split() if mark and "#" in before else ():
        if not _NAME.fullmatch(word):
            break
        names.append(word)
    return names


def read_findings(records: Any) -> tuple[WatchFinding, ...]:
    """Findings as the watched process wrote them, the surest first; what is none is left out."""
    found = [_finding(item) for item in _items(records) if isinstance(item, Mapping)]
    kept = [item for item in found if item is not None]
    return tuple(sorted(kept, key=lambda item: item.certainty.rank))


def read_words(values: Any) -> tuple[str, ...]:
    """Lines of text that came from the watched process, without what a terminal would obey."""
    return tuple(clean(str(item)) for item in _items(values))


def read_table(value: Any) -> dict[str, Any]:
    """Names with numbers or words, cleaned."""
    if not isinstance(value, Mapping):
        return {}
    return {one_line(str(name)): _clean_value(item) for name, item in value.items()}


def _finding(record: Mapping[str, Any]) -> WatchFinding | None:
    certainty = record.get("certainty")
    if certainty not in list(Certainty) or not record.get("name"):
        return None
    return WatchFinding(
        one_line(str(record["name"])),
        Certainty(certainty),
        clean(str(record.get("message", ""))).strip(),
        clean(str(record.get("file", ""))),
        _whole(record.get("line"), 0),
        clean(str(record.get("source", ""))).strip(),
        max(1, _whole(record.get("times"), 1)),
        read_table(record.get("evidence")),
    )


def _whole(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def _items(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _clean_value(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [_clean_value(item) for item in value]
    if isinstance(value, Mapping):
        return read_table(value)
    return value
