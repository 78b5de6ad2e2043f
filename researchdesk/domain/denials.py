"""Sentences that say themselves that what they link does not hold."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from researchdesk.domain.links import Link, links_in
from researchdesk.domain.statements import statements


@dataclass(frozen=True, slots=True)
class Denial:
    """By which words it is known, and by which it is none."""

    words: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...] = ()

    def says(self, text: str) -> bool:
        """Whether words without links deny what they speak of."""
        said = " ".join(text.split())
        if any(pattern.search(said) for pattern in self.unless):
            return False
        return any(pattern.search(said) for pattern in self.words)


def denied_refs(sentence: str, denial: Denial) -> frozenset[str]:
    """What a sentence links only where the words around the link say that it does not hold."""
    every: Counter[str] = Counter()
    denied: Counter[str] = Counter()
    for links, said in _stretches(sentence):
        refs = [link.ref for link in links]
        every.update(refs)
        if denial.says(said):
            denied.update(refs)
    return frozenset(ref for ref, count in every.items() if denied[ref] == count)


def denied_places(text: str, denial: Denial) -> frozenset[int]:
    """Where in a text the links begin that their own sentence says not to hold."""
    found: set[int] = set()
    for one in statements(text):
        if one.refs:
            sentence = text[one.start : one.end]
            refs = denied_refs(sentence, denial)
            found |= {one.start + link.start for link in links_in(sentence) if link.ref in refs}
    return frozenset(found)


def _stretches(sentence: str) -> Iterator[tuple[Sequence[Link], str]]:
    """Links that stand together, with the words before them since the links before those; the
    words behind the last ones are of theirs."""
    groups: list[tuple[list[Link], str]] = []
    at = 0
    for link in links_in(sentence):
        said = sentence[at : link.start]
        if groups and not re.search(r"\w", said):
            groups[-1][0].append(link)
        else:
            groups.append(([link], said))
        at = link.end
    for number, (links, said) in enumerate(groups, 1):
        yield links, f"{said} {sentence[at:]}" if number == len(groups) else said
