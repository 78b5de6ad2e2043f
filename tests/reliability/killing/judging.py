"""Whether a desk holds after a kill what it has to, and after the same command done again."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from reliability.killing.attempts import Attempt
from reliability.killing.observing import GONE, Facts, Key


def before_and_after(
    attempt: Attempt, before: Facts, found: Facts, told: Iterable[Key]
) -> list[str]:
    """What is wrong with what was ``found`` after the kill; ``told`` had been said to be done."""
    faults, new = [], attempt.new
    for key in {**before, **found}:
        was, now = before.get(key, GONE), found.get(key, GONE)
        if now == was or _is_open(attempt, key, before):
            continue
        if key not in new:
            faults.append(f"{_name(key)} was {_short(was)}, and is {_short(now)}")
        elif now != new[key]:
            faults.append(
                f"{_name(key)} is {_short(now)}: neither {_short(was)} nor {_short(new[key])}"
            )
    for key in told:
        if found.get(key, GONE) != new[key]:
            faults.append(
                f"{_name(key)} was said to be done, and is {_short(found.get(key, GONE))}"
            )
    return faults + _torn(attempt, before, found)


def when_done(attempt: Attempt, mid: Facts, after: Facts, before: Facts) -> list[str]:
    """What is wrong when the command came to its end the second time."""
    faults = []
    for key in {**mid, **after, **attempt.new}:
        wanted = attempt.new.get(key, mid.get(key, GONE))
        now = after.get(key, GONE)
        if now != wanted and not _is_open(attempt, key, mid):
            faults.append(f"done again, {_name(key)} is {_short(now)}, not {_short(wanted)}")
    return faults + _unsettled(attempt, before, mid, after)


def _is_open(attempt: Attempt, key: Key, before: Facts) -> bool:
    """Whether a fact may be another without being named."""
    comes = key not in before and attempt.loose(key)
    return comes or attempt.settles(key) or attempt.changes(key)


def _torn(attempt: Attempt, before: Facts, found: Facts) -> list[str]:
    faults = []
    for group in attempt.together:
        keys = [key for key in group if before.get(key, GONE) != attempt.new[key]]
        done = [key for key in keys if found.get(key, GONE) == attempt.new[key]]
        if 0 < len(done) < len(keys):
            left = next(key for key in keys if key not in done)
            faults.append(f"half of it is done: {_name(done[0])} is there, {_name(left)} is not")
    return faults


def _unsettled(attempt: Attempt, before: Facts, mid: Facts, after: Facts) -> list[str]:
    """Facts that were neither as before nor as at the end, in between."""
    keys = [key for key in {**before, **mid, **after} if attempt.settles(key)]
    faults = [
        f"{_name(key)} was {_short(mid.get(key, GONE))} after the kill: neither "
        f"{_short(before.get(key, GONE))} nor {_short(after.get(key, GONE))}"
        for key in keys
        if mid.get(key, GONE) not in (before.get(key, GONE), after.get(key, GONE))
    ]
    if attempt.at_once and not faults:
        moved = [key for key in keys if before.get(key, GONE) != after.get(key, GONE)]
        done = [key for key in moved if mid.get(key, GONE) == after.get(key, GONE)]
        if 0 < len(done) < len(moved):
            faults.append(
                f"half of it was done: {_name(done[0])}, and {len(moved) - len(done)} not"
            )
    return faults


@dataclass
class Verdict:
    """Of one kill: which operation, how it died, whether it had ended before, what is wrong;
    and what the same command took when it was let live."""

    number: int
    operation: str
    death: str
    ended: bool
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0
    calls: int = 0
    whole: float = 0.0


def _name(key: Key) -> str:
    return " ".join(key)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) < 160 else f"{text[:110]} … {text[-40:]}"
