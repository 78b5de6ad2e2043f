"""One command that is to be killed: what it changes, and how one tells that it said so."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reliability.killing.hatched import Outcome
from reliability.killing.observing import Facts, Key

if TYPE_CHECKING:
    from reliability.killing.world import World


def never(key: Key) -> bool:
    return False


def nothing(world: "World", facts: Facts, outcome: Outcome) -> list[str]:
    return []


@dataclass(frozen=True)
class Attempt:
    """``args`` of the command line, or of the function ``call``.

    ``new`` are the facts that it makes, ``GONE`` where it takes one away. ``together`` are those
    that come all or not at all, in groups. A fact for which ``settles`` holds may be as it was
    before, or as it is when the command was done; ``at_once``: all of these are the one or the
    other. One for which ``loose`` holds may come besides; those for which
    ``changes`` holds are for ``look`` to judge. ``said`` gives the facts that the killed
    command had told of; ``again`` the arguments for doing it again, None where that needs nothing.
    ``look`` is asked for more faults, after the kill and at the end.
    """

    args: Sequence[str] = ()
    call: str = ""
    stdin: str = ""
    new: Mapping[Key, Any] = field(default_factory=dict)
    together: Sequence[Sequence[Key]] = ()
    settles: Callable[[Key], bool] = never
    at_once: bool = False
    loose: Callable[[Key], bool] = never
    changes: Callable[[Key], bool] = never
    said: Callable[[Outcome], Sequence[Key]] = lambda outcome: ()
    again: "Callable[[World, Facts], Sequence[str] | None] | None" = None
    look: "Callable[[World, Facts, Outcome], list[str]]" = nothing
    codes: frozenset[int] = frozenset({0})


@dataclass(frozen=True)
class Operation:
    """``calls`` that change files, and ``seconds``, are what it takes about; ``weight``: how often
    it is drawn."""

    name: str
    make: "Callable[[World], Attempt]"
    weight: int
    calls: int
    seconds: float = 0.25


def all_when(pattern: str, keys: Sequence[Key]) -> Callable[[Outcome], Sequence[Key]]:
    """All facts are told of by a whole line with ``pattern`` in it, on stdout or stderr."""
    return lambda outcome: keys if re.search(pattern, _told(outcome)) else ()


def each_when(lines: Mapping[str, Sequence[Key]]) -> Callable[[Outcome], Sequence[Key]]:
    """Each group of facts is told of by a line with its own pattern."""

    def said(outcome: Outcome) -> Sequence[Key]:
        told = _told(outcome)
        return [key for pattern, keys in lines.items() if re.search(pattern, told) for key in keys]

    return said


def _told(outcome: Outcome) -> str:
    return "\n".join([*outcome.lines, *outcome.err.split("\n")[:-1]])
