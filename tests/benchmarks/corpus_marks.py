"""How titles and captions are compared with the truth, and what is counted."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from researchdesk.document.words import comparable
from researchdesk.domain.documents import Figure

LETTERED = ("appendix", "section")
ALIKE = 0.6


@dataclass
class Count:
    """Right, wanted and found."""

    right: int = 0
    wanted: int = 0
    found: int = 0

    def add(self, other: "Count") -> None:
        self.right += other.right
        self.wanted += other.wanted
        self.found += other.found

    @property
    def f1(self) -> float:
        total = self.wanted + self.found
        return 2 * self.right / total if total else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0


def agreed(title: str, wanted: set[str]) -> str:
    """The title as it is compared: without number or letter where the truth has none."""
    whole = comparable(title)
    first, _, rest = title.partition(" ")
    if first.lower().strip(".:") in LETTERED:
        first, _, rest = rest.partition(" ")
    bare = comparable(rest) if len(first.strip(".:")) <= 2 else whole
    return bare if bare in wanted and whole not in wanted else whole


def in_order(wanted: list[str], found: list[str]) -> Count:
    """How many agree, taken in order."""
    matcher = SequenceMatcher(None, wanted, found, autojunk=False)
    right = sum(block.size for block in matcher.get_matching_blocks())
    return Count(right, len(wanted), len(found))


def longest_agreement(wanted: list[str], found: list[Figure]) -> int:
    """The length of the longest common sequence, words taken as alike, not the same."""
    texts = [comparable(figure.caption)[:80] for figure in found]
    best = [[0] * (len(texts) + 1) for _ in range(len(wanted) + 1)]
    for i, one in enumerate(wanted):
        for j, two in enumerate(texts):
            same = best[i][j] + alike(one, two)
            best[i + 1][j + 1] = max(same, best[i][j + 1], best[i + 1][j])
    return best[-1][-1]


def alike(one: str, two: str) -> bool:
    if not one or one[:30] == two[:30]:
        return True
    return SequenceMatcher(None, one, two, autojunk=False).ratio() > ALIKE


def titled(found: str, wanted: str) -> bool:
    """Whether the titles agree; those of the manifest are cut at times."""
    one, two = comparable(found)[:60], comparable(wanted)[:60]
    return bool(one) and SequenceMatcher(None, one, two, autojunk=False).ratio() > 0.85
