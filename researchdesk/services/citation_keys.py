"""The keys by which papers are cited: those that came with them, else the desk's or a pattern's.

A key of the desk is its paper's, always. An imported key is that of the first paper that came with
it, unless it is the desk's key of another: then the entry goes out under the desk's key of its own
paper. What a pattern makes gives way to both. So each key leads back to one paper, and what comes
later takes none from a paper that had it, but for a pattern's.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from string import ascii_lowercase

from researchdesk.domain.bibliography import Source
from researchdesk.domain.papers import Metadata
from researchdesk.domain.references import check_pattern, key_of
from researchdesk.storage import imports, records
from researchdesk.storage.database import Database
from researchdesk.storage.imports import Filed

Handle = tuple[str, int]
"""``record`` or ``paper``, and its row."""
_OF_THE_DESK = "{key}"
_UNFIT = re.compile(r"[\s,{}()\"#=%~\\]")
_LONGEST_END = 5


@dataclass(frozen=True, slots=True)
class Disputed:
    """A key that ``paper_id`` has and that came with an entry about ``other_id``, or is what the
    pattern makes of that: it goes out as ``given``."""

    key: str
    paper_id: int
    other_id: int
    given: str


@dataclass(frozen=True, slots=True)
class Keys:
    """The key of every record that is written as an entry, and of every paper without one."""

    of: Mapping[Handle, str]
    disputed: Sequence[Disputed]


def fit(key: str) -> str:
    """An entry's key as BibTeX takes it; empty for addresses, and where nothing is left."""
    return "" if "://" in key or key.startswith("#") else _UNFIT.sub("", key)


def keys(db: Database, pattern: str) -> Keys:
    """The keys of the whole desk: what is exported beside a paper does not count.

    A pattern of ``{key}`` gives the key of the desk, which never changes; of papers for which
    another makes the same, those that came later get a letter behind it. Raises UsageProblemError
    where the pattern cannot be used.
    """
    check_pattern(pattern)
    return _given(db, pattern).told()


def papers_cited(db: Database, pattern: str, asked: Iterable[str]) -> dict[str, int]:
    """The rows of the papers that stand under these keys in an export; those of none lack.

    For keys that are not those of papers on the desk's lists. Of the whole desk they are made only
    where one can be a key that was made up.
    """
    wanted = {key: key.casefold() for key in asked}
    several = records.with_several(
        db, sorted({one for low in wanted.values() for one in _cut(low)})
    )
    made = {low for low in wanted.values() if not several.isdisjoint(_cut(low))}
    found: dict[str, int] = {}
    for paper_id, key in records.claiming(db, list(wanted.values())):
        found.setdefault(fit(key).casefold(), paper_id)
    odd = {low for low in wanted.values() if low in made or not low.isascii()}
    rest = set(wanted.values()) - set(found) if pattern != _OF_THE_DESK else set()
    if odd | rest:
        check_pattern(pattern)
        holders = _given(db, pattern).holders
        found = {low: one for low, one in found.items() if low not in odd}
        found |= {low: holders[low] for low in odd | rest if low in holders}
    return {key: found[low] for key, low in wanted.items() if low in found}


def other_claims(db: Database, held: Mapping[str, int]) -> dict[str, int]:
    """Of these keys with their papers those that came with an entry about another, with that."""
    lows = {key.casefold(): key for key in held}
    claims = ((lows.get(fit(raw).casefold()), one) for one, raw in records.claiming(db, [*lows]))
    return {key: one for key, one in claims if key is not None and held[key] != one}


def _cut(low: str) -> list[str]:
    """What such a key can have been made of, by letters behind it."""
    lengths = range(1, min(_LONGEST_END, len(low) - 1) + 1)
    return [low[:-length] for length in lengths if low[-length:].isalpha()]


class _Giving:
    """Keys given one after the other. ``holders`` are the papers by the keys that were given."""

    def __init__(self, filed: Iterable[Filed]) -> None:
        rows = {paper.id: paper for paper in filed}
        self.papers = {number: paper for number, paper in rows.items() if not paper.removed}
        self.holders: dict[str, int] = {}
        self._kept: dict[str, int] = {}
        for paper in rows.values():
            last = paper
            while last.merged_into is not None:
                last = rows[last.merged_into]
            self._kept.setdefault(paper.key.casefold(), last.id)
        self._ends: dict[str, Iterator[str]] = {}
        self._found: dict[Handle, str] = {}
        self._disputed: list[Disputed] = []
        self.named: set[int] = set()

    def told(self) -> Keys:
        return Keys(self._found, self._disputed)

    def records(self, rows: Sequence[tuple[int, int, str, str]]) -> None:
        """Give every record its own key, or the desk's of its paper. Records of one paper that
        came with one key from files of different kinds share it."""
        told = [
            (number, paper, source, key)
            for number, paper, source, raw in rows
            if paper in self.papers and ((key := fit(raw)) or source == Source.BIBTEX)
        ]
        own = {(paper, key.casefold()) for _, paper, _, key in told}
        times: Counter[tuple[int, str, str]] = Counter()
        shared: dict[tuple[int, str, int], str] = {}
        for number, paper, source, key in told:
            low = key.casefold()
            times[paper, source, low] += 1
            group = (paper, low, times[paper, source, low])
            if group not in shared:
                shared[group] = self._of_record(paper, key, own)
            self._found["record", number] = shared[group]
            self.named.add(paper)

    def pattern(self, paper: Filed, wanted: str) -> None:
        """Give a paper that has no entry what the pattern makes of it."""
        holder = self.holders.get(wanted.casefold())
        given = self._found["paper", paper.id] = self._free(wanted, paper.id)
        if holder is not None and holder in self.named:
            self._disputed.append(Disputed(wanted, holder, paper.id, given))

    def _of_record(self, paper: int, key: str, own: set[tuple[int, str]]) -> str:
        if key and self._may(key, paper):
            return self._give(key, paper)
        desk = self.papers[paper].key
        reserved = (paper, desk.casefold()) in own or not self._may(desk, paper)
        given = self._free(desk, paper, bare=not reserved)
        holder = self._holder(key.casefold()) if key else paper
        if holder != paper:
            self._disputed.append(Disputed(key, holder, paper, given))
        return given

    def _holder(self, low: str) -> int:
        kept = self._kept.get(low)
        return kept if kept in self.papers else self.holders[low]

    def _may(self, key: str, paper: int) -> bool:
        """Whether nobody has the key. That of a paper which is off the lists is free."""
        low = key.casefold()
        kept = self._kept.get(low, paper)
        return low not in self.holders and (kept == paper or kept not in self.papers)

    def _free(self, key: str, paper: int, *, bare: bool = True) -> str:
        """The key, or with the first letters behind it that make it nobody's."""
        if bare and self._may(key, paper):
            return self._give(key, paper)
        ends = self._ends.setdefault(key.casefold(), _ends())
        fresh = (
            k for k in (key + end for end in ends) if self._kept.get(k.casefold(), paper) == paper
        )
        return self._give(next(k for k in fresh if self._may(k, paper)), paper)

    def _give(self, key: str, paper: int) -> str:
        self.holders[key.casefold()] = paper
        return key


def _given(db: Database, pattern: str) -> _Giving:
    giving = _Giving(imports.filed(db))
    giving.records(records.keys(db))
    for paper in giving.papers.values():
        if paper.id not in giving.named:
            of_desk = pattern == _OF_THE_DESK
            giving.pattern(
                paper, paper.key if of_desk else key_of(pattern, _words(paper), paper.key)
            )
    return giving


def _words(paper: Filed) -> Metadata:
    return Metadata(
        paper.title,
        tuple(json.loads(paper.authors)),
        arxiv_id=paper.arxiv_id or None,
        stated_year=paper.year,
    )


def _ends() -> Iterator[str]:
    for length in range(1, _LONGEST_END + 1):
        for letters in product(ascii_lowercase, repeat=length):
            yield "".join(letters)
