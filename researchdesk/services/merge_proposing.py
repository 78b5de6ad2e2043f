"""Papers that may be one: preprint and published version, found and proposed, never merged."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations

from researchdesk import assets
from researchdesk.domain.likeness import (
    Likely,
    Rules,
    alike,
    compact,
    compact_title,
    same_doi,
    surname,
)
from researchdesk.services.desk import Desk
from researchdesk.storage import merge_candidates, merge_proposals
from researchdesk.storage.database import Database

_MOST = 60
_END = 14

Pair = tuple[int, int, str]


def find_new(desk: Desk) -> list[Pair]:
    """Pairs that may be one paper and were neither proposed nor decided, with the reason."""
    db = desk.database.connection
    known = merge_proposals.decided(db)
    found: dict[tuple[int, int], str] = {}
    for one, other, why in (*_by_id(db), *_by_doi(db), *_by_title(db)):
        pair = (min(one, other), max(one, other))
        if pair not in known:
            found.setdefault(pair, why)
    return [(*pair, why) for pair, why in found.items()]


@cache
def rules() -> Rules:
    """What tells records apart, from the shipped file."""
    table = tomllib.loads((assets.folder("data") / "merging.toml").read_text("utf-8"))
    return Rules(
        tuple(table["preprint_dois"]),
        frozenset(table["small_words"]),
        frozenset(table["bare_titles"]),
    )


def _by_id(db: Database) -> list[Pair]:
    return merge_candidates.said_to_be_one(db)


def _by_doi(db: Database) -> Iterator[Pair]:
    blocks = merge_candidates.under_one_doi(db)
    known = {one.id: one for one in merge_candidates.likely(db, {i for ids in blocks for i in ids})}
    for ids in blocks:
        for a, b in combinations([known[i] for i in ids], 2):
            if not (a.arxiv_id and b.arxiv_id) and (why := same_doi(a, b)):
                yield a.id, b.id, why


def _by_title(db: Database) -> Iterator[Pair]:
    """Within blocks whose titles begin or end alike, and whose first authors are of one name."""
    seen: set[tuple[int, int]] = set()
    blocks = _title_blocks(merge_candidates.with_titles_alike(db))
    known = {one.id: one for one in merge_candidates.likely(db, {i for b in blocks for i in b})}
    for ids in blocks:
        by_name: defaultdict[str, list[Likely]] = defaultdict(list)
        for one in map(known.__getitem__, ids):
            if one.authors:
                by_name[surname(one.authors[0])].append(one)
        for block in by_name.values():
            for a, b in _pairs(block):
                if (a.id, b.id) not in seen:
                    seen.add((a.id, b.id))
                    if why := alike(a, b, rules()):
                        yield a.id, b.id, why


def _title_blocks(titles: Iterable[tuple[int, str, bool]]) -> list[list[int]]:
    """Papers, two at least and one not arXiv's, whose titles begin alike, or end alike."""
    heads: defaultdict[str, list[int]] = defaultdict(list)
    tails: defaultdict[str, list[int]] = defaultdict(list)
    own: set[int] = set()
    for number, title, is_own in titles:
        key = compact_title(title)
        heads[key[:_END]].append(number)
        tails[key[-_END:]].append(number)
        if is_own:
            own.add(number)
    several = (ids for ids in (*heads.values(), *tails.values()) if len(ids) > 1)
    return [ids for ids in several if not own.isdisjoint(ids)]


def _pairs(block: list[Likely]) -> Iterator[tuple[Likely, Likely]]:
    """Every pair of a block, two of arXiv's excepted; of a huge one only those whose titles are
    next to each other in order."""
    if len(block) < 2:
        return
    items = sorted(block, key=lambda one: (compact(one.words), one.id))
    reach = len(items) if len(items) <= _MOST else 3
    for at, one in enumerate(items):
        for other in items[at + 1 : at + 1 + reach]:
            if not (one.arxiv_id and other.arxiv_id):
                yield (one, other) if one.id < other.id else (other, one)
