"""Section numbers: ``3.2``, ``A.1``, ``IV``, and whether one can follow another."""

import re
from collections.abc import Sequence
from enum import Enum

_ROMAN = {"I": 1, "V": 5, "X": 10}


def parse_number(text: str) -> tuple[int, ...]:
    """``3.2`` as (3, 2); ``A.1`` as (101, 1), letters count from 101. Empty where it is none."""
    parts = text.split(".")
    if re.fullmatch(r"[A-Z]", parts[0]):
        head = 101 + ord(parts[0]) - ord("A")
    elif parts[0].isdigit():
        head = int(parts[0])
    elif roman(parts[0]):
        head = roman(parts[0])
    else:
        return ()
    return head, *(int(part) for part in parts[1:] if part)


def roman(text: str) -> int:
    """The value of a roman number up to 39, 0 where it is none."""
    if not re.fullmatch(r"X{0,3}(?:IX|IV|V?I{0,3})", text):
        return 0
    values = [_ROMAN[c] for c in text]
    following = [*values[1:], 0][: len(values)]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))


class Scheme(Enum):
    """How a paper numbers its sections."""

    ARABIC = "1, 1.1, A, A.1"
    ROMAN = "I, A, 1"

    @classmethod
    def of(cls, numbered: Sequence[tuple[str, str]]) -> "Scheme":
        """Roman where the introduction is ``I``, or more first-level numbers are roman."""
        latin = sum(1 for number, _ in numbered if len(number) > 1 and roman(number))
        arabic = sum(1 for number, _ in numbered if number.split(".")[0].isdigit())
        return cls.ROMAN if latin >= 2 and latin > arabic / 3 else cls.ARABIC


class Numbering:
    """Follows the numbers through a paper."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._last: tuple[int, ...] = ()

    def accept(self, number: str, sure: bool = False) -> int:
        """The level of a heading with this number, or 0 where it cannot stand here.

        ``sure`` accepts it whatever came before.
        """
        new = self._place(number)
        if not new or not (sure or can_follow(self._last, new)):
            return 0
        self._last = new
        return len(new)

    def _place(self, number: str) -> tuple[int, ...]:
        if self._scheme is Scheme.ARABIC:
            return parse_number(number)
        value = roman(number)
        expected = self._last[0] + 1 if self._last else 1
        if value and (len(number) > 1 or value == expected):
            return (value,)
        parsed = parse_number(number)
        if not parsed or not self._last:
            return parsed
        if parsed[0] > 100:
            return self._last[0], parsed[0] - 100
        return (*self._last[:2], parsed[0]) if len(self._last) > 1 else ()


def can_follow(last: tuple[int, ...], new: tuple[int, ...]) -> bool:
    """Whether a heading numbered ``new`` can be the next after ``last``; one may be missed."""
    if not last:
        return new in {(0,), (1,), (2,), (1, 1), (2, 1), (101,)}
    if new[0] >= 101 and last[0] < 101:
        return new[0] == 101 and last[0] >= 2
    depth = len(new)
    if depth > 1 and new[-1] == 1 and new[:-1] != last[: depth - 1]:
        return can_follow(last, new[:-1])  # the section above has no number that was found
    if depth > len(last) + 1:
        return False
    if depth == len(last) + 1:
        return new[:-1] == last and new[-1] <= 2
    return new[:-1] == last[: depth - 1] and 1 <= new[-1] - last[depth - 1] <= 2


def longest_chain(numbers: Sequence[str], weights: Sequence[float]) -> list[int]:
    """Indices of those arabic numbers that follow on each other and weigh most together.

    The first wins where two chains weigh the same.
    """
    parsed = [parse_number(number) for number in numbers]
    best: list[float] = []
    before: list[int] = []
    for at, new in enumerate(parsed):
        total, last = (0.0, -1) if new and can_follow((), new) else (-1.0, -1)
        for other in range(at):
            if best[other] > total and new and can_follow(parsed[other], new):
                total, last = best[other], other
        best.append(total + weights[at] if total >= 0 else -1.0)
        before.append(last)
    at = max(range(len(best)), key=best.__getitem__, default=-1)
    chain: list[int] = []
    while at >= 0 and best[at] >= 0:
        chain.append(at)
        at = before[at]
    return chain[::-1]
