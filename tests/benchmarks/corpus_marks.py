"""How titles and captions are compared with the truth, and what is counted."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from researchdesk.document.pdf.words import comparable
from researchdesk.domain.documents import Figure

LETTERED = ("appendix", "section")
ALIKE = 0.6
SLACK, CUT = 15, 400


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


def levels_agreed(wanted: list[tuple[int, str]], found: list[tuple[int, str]]) -> Count:
    """Of the titles that agree, taken in order, how many stand at the right level."""
    one, two = [title for _, title in wanted], [title for _, title in found]
    count = Count()
    for block in SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks():
        for at in range(block.size):
            count.wanted += 1
            count.right += wanted[block.a + at][0] == found[block.b + at][0]
    return count


def longest_agreement(wanted: list[str], found: list[Figure]) -> int:
    """The length of the longest common sequence of whole captions."""
    texts = [comparable(figure.caption) for figure in found]
    best = [[0] * (len(texts) + 1) for _ in range(len(wanted) + 1)]
    for i, one in enumerate(wanted):
        for j, two in enumerate(texts):
            same = best[i][j] + (alike(one[:80], two[:80]) and whole(one, two))
            best[i + 1][j + 1] = max(same, best[i][j + 1], best[i + 1][j])
    return best[-1][-1]


def alike(one: str, two: str) -> bool:
    if not one or one[:30] == two[:30]:
        return True
    return SequenceMatcher(None, one, two, autojunk=False).ratio() > ALIKE


def whole(wanted: str, found: str) -> bool:
    """Whether the caption starts and ends where the truth's does.

    The truth has no formulas or citations and is cut at ``CUT`` characters; where it is cut, the
    caption's end is not looked at.
    """
    pairs = SequenceMatcher(None, wanted, found, autojunk=False).get_matching_blocks()
    pairs = [pair for pair in pairs if pair.size >= min(6, len(wanted))]
    if not wanted or not pairs:
        return not wanted
    first, last = pairs[0], pairs[-1]
    if first.a > SLACK or first.b > 2 * SLACK:
        return False
    if sum(pair.size for pair in pairs) < 0.8 * len(wanted):
        return False
    cut = len(wanted) > 0.7 * CUT
    missing, beyond = len(wanted) - last.a - last.size, len(found) - last.b - last.size
    return missing <= SLACK and (cut or beyond <= 3 * SLACK)


def titled(found: str, wanted: str) -> bool:
    """Whether the titles agree; those of the manifest are cut at times."""
    one, two = comparable(found)[:60], comparable(wanted)[:60]
    return bool(one) and SequenceMatcher(None, one, two, autojunk=False).ratio() > 0.85
