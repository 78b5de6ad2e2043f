"""How many claims came to which verdict, counted and in a sentence."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from researchdesk.domain.figures import MARKS
from researchdesk.domain.verdicts import Verdict

_SAID = {
    Verdict.REPRODUCED: "reproduced",
    Verdict.IMPRECISE: "consistent but imprecise",
    Verdict.DIFFERENT: "different from what is claimed",
    Verdict.NOT_COMPARABLE: "not comparable",
    Verdict.UNTESTED: "untested",
}


class Judged(Protocol):
    """What came to a verdict."""

    @property
    def verdict(self) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """So many claims of one verdict; ``kind`` is its word as a name."""

    verdict: Verdict
    count: int

    @property
    def kind(self) -> str:
        return kind_of(self.verdict)

    @property
    def mark(self) -> str:
        return MARKS[self.verdict]

    @property
    def word(self) -> str:
        return self.verdict.value


def kind_of(verdict: Verdict) -> str:
    """A verdict's word as a name of letters and hyphens: ``consistent-imprecise``."""
    return verdict.value.replace(",", "").replace(" ", "-")


def counted(results: Iterable[Judged]) -> tuple[VerdictCount, ...]:
    """Each verdict that came about, in the order of ``Verdict``."""
    found = Counter(result.verdict for result in results)
    return tuple(VerdictCount(word, found[word]) for word in Verdict if found[word])


def in_short(counts: Sequence[VerdictCount]) -> str:
    """``4 reproduced, 1 different``; empty where there is no claim."""
    return ", ".join(f"{item.count} {item.word.replace(', ', ' but ')}" for item in counts)


def sentence(counts: Sequence[VerdictCount]) -> str:
    """``Of 5 claims, 4 are reproduced and 1 is different from what is claimed.``"""
    whole = sum(item.count for item in counts)
    if not whole:
        return "There is no claim to test."
    if whole == 1:
        return f"The one claim is {_SAID[counts[0].verdict]}."
    if len(counts) == 1:
        return f"All {whole} claims are {_SAID[counts[0].verdict]}."
    parts = [
        f"{item.count} {'is' if item.count == 1 else 'are'} {_SAID[item.verdict]}"
        for item in counts
    ]
    return f"Of {whole} claims, {', '.join(parts[:-1])} and {parts[-1]}."
