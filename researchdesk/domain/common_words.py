"""What two texts have in common, word by word: good enough to suggest, not to decide."""

import re
from collections import Counter
from collections.abc import Collection, Mapping

_WORD = re.compile(r"[^\W\d_][\w-]{2,}")
_MOST = 3


def content_words(text: str, stop: Collection[str] = ()) -> dict[str, str]:
    """The words of three letters and more, without ``stop`` words: each in small letters and
    without the s of a plural, to how it is written first."""
    found: dict[str, str] = {}
    for match in _WORD.finditer(text):
        word = match[0].casefold().strip("-")
        if word not in stop and (bare := _singular(word)) not in stop:
            found.setdefault(bare, match[0])
    return found


def in_common(
    text: str, others: Mapping[str, str], stop: Collection[str] = ()
) -> list[tuple[str, tuple[str, ...]]]:
    """Of ``others`` (names to texts) the three that have the most in common with ``text``, the best
    first, each with these words as ``text`` writes them.

    A word weighs the less the more of the others have it. One word alone counts where it is rare:
    where at most one in four of the others has it, or there are no more than four of them.
    """
    said = content_words(text, stop)
    words = {name: content_words(other, stop) for name, other in others.items()}
    have = Counter(word for found in words.values() for word in found)
    few = len(words) <= 4
    ranked: list[tuple[float, str, tuple[str, ...]]] = []
    for name, found in words.items():
        common = [word for word in said if word in found]
        rare = len(common) == 1 and (few or 4 * have[common[0]] <= len(words))
        if len(common) > 1 or rare:
            worth = sum(1 / have[word] for word in common)
            ranked.append((worth, name, tuple(said[word] for word in common)))
    order = {name: at for at, name in enumerate(others)}
    ranked.sort(key=lambda item: (-item[0], -len(item[2]), order[item[1]]))
    return [(name, common) for _, name, common in ranked[:_MOST]]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
