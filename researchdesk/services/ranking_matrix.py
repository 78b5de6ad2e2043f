"""The matrix of the desk's papers: kept in the cache, extended by new ones, made anew in time."""

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from researchdesk.domain.recommending import PaperText
from researchdesk.services import ranking_cache
from researchdesk.services.desk import Desk
from researchdesk.services.ranking_rows import CELLS, NUMBERS, Ids, Part, Stacked, joined, part_of
from researchdesk.services.ranking_terms import Vocabulary, learn
from researchdesk.storage import ranking

Progress = Callable[[str], None]

SMALL = 500
"""Up to so many papers everything is made anew at each change: it costs a moment."""
_GROWN = 5
"""Made anew where a fifth of the papers are new, changed or gone."""
_PATIENCE_S = 120.0
_WORDS = ("name", "terms", "idf")


@dataclass(frozen=True)
class DeskMatrix:
    """A row for each paper on the desk. ``name`` is of what the vocabulary was learnt from."""

    ids: Ids
    prints: Ids
    rows: Stacked
    name: str
    vocabulary: Vocabulary

    def places(self, paper_ids: Sequence[int]) -> Ids:
        """The rows of these papers; those that are not on the desk are left out."""
        wanted = np.asarray(list(paper_ids), dtype=np.int64)
        return np.flatnonzero(np.isin(self.ids, wanted))


@dataclass(frozen=True)
class _Base:
    """What the files hold."""

    part: Part
    name: str
    vocabulary: Vocabulary


def folder(desk: Desk) -> Path:
    """Where the matrix and the models are kept. It may be removed at any time."""
    return desk.settings.cache / "recommending"


def current(desk: Desk, progress: Progress = lambda _: None) -> DeskMatrix:
    """The matrix of what is on the desk now.

    New and changed papers are added by the vocabulary that is there; where they are a fifth of
    all, or the cache cannot be read, all is made anew. Two processes do so one after the other.
    """
    with alone(folder(desk)):
        ranking_cache.clear_parts(folder(desk))
        now = ranking.prints(desk.database.connection)
        ids, prints = np.array(now, dtype=np.int64).reshape(-1, 2).T
        base = _kept(desk)
        if base is None or _is_stale(base.part, ids, prints):
            base = _anew(desk, len(ids), progress)
        return _extended(desk, base, ids, prints)


def _is_stale(base: Part, ids: Ids, prints: Ids) -> bool:
    same = int((base.places(ids, prints) >= 0).sum())
    changed = max(len(ids), len(base.ids)) - same
    return bool(changed) and (len(ids) <= SMALL or changed * _GROWN > len(base.ids))


def _extended(desk: Desk, base: _Base, ids: Ids, prints: Ids) -> DeskMatrix:
    at = base.part.places(ids, prints)
    used, rest = at[at >= 0], at < 0
    more = _more(desk, base, ids[rest], prints[rest])
    return DeskMatrix(
        np.concatenate((base.part.ids[used], more.ids)),
        np.concatenate((base.part.prints[used], more.prints)),
        Stacked(base.part.rows, used, more.rows),
        base.name,
        base.vocabulary,
    )


def _more(desk: Desk, base: _Base, ids: Ids, prints: Ids) -> Part:
    """The rows of papers that the base has not: from the file beside it, or made and put there."""
    none = Part(ids[:0], prints[:0], base.vocabulary.rows([]))
    if not len(ids):
        return none
    path = folder(desk) / "added.npz"
    found = ranking_cache.load(path, ("name", *NUMBERS, *CELLS))
    kept = part_of(found, len(base.vocabulary.terms)) if found else None
    if found is None or kept is None or str(found["name"][0]) != base.name:
        kept = none
    at = kept.places(ids, prints)
    kept, missing = kept.taken(at[at >= 0]), ids[at < 0]
    if not len(missing):
        return kept
    made = sorted(ranking.words_of(desk.database.connection, missing.tolist()))
    fresh = Part(
        np.array([paper_id for paper_id, _, _ in made], dtype=np.int64),
        np.array([mark for _, mark, _ in made], dtype=np.int64),
        base.vocabulary.rows(text for _, _, text in made),
    )
    more = joined(kept, fresh)
    ranking_cache.save(path, name=np.array([base.name]), **more.arrays())
    return more


def _anew(desk: Desk, papers: int, progress: Progress) -> _Base:
    progress(f"Reading the words of {papers:,} papers …")
    ids: list[int] = []
    prints: list[int] = []

    def texts() -> Iterator[PaperText]:
        for paper_id, mark, text in ranking.words(desk.database.connection):
            ids.append(paper_id)
            prints.append(mark)
            yield text

    vocabulary, rows = learn(texts())
    part = Part(np.array(ids, dtype=np.int64), np.array(prints, dtype=np.int64), rows)
    digest = hashlib.sha256(part.ids.tobytes() + part.prints.tobytes() + vocabulary.idf.tobytes())
    base = _Base(part, digest.hexdigest()[:16], vocabulary)
    _keep(desk, base)
    return base


# The files


def _keep(desk: Desk, base: _Base) -> None:
    """Put the base where it was; what was made with an older one goes.

    The cells lie in files of their own, named by the base, so that they can be mapped; the file
    that names them is the last to come.
    """
    for path in folder(desk).glob("*.np[yz]"):
        with contextlib.suppress(OSError):
            path.unlink()
    arrays = base.part.arrays()
    words = {
        "name": np.array([base.name]),
        "terms": ranking_cache.as_array(base.vocabulary.terms),
        "idf": base.vocabulary.idf,
    }
    if all(ranking_cache.save_one(_cells(desk, base.name, name), arrays[name]) for name in CELLS):
        numbers = {name: arrays[name] for name in NUMBERS}
        ranking_cache.save(folder(desk) / "matrix.npz", **words, **numbers)


def _kept(desk: Desk) -> _Base | None:
    """The base that the files hold; None where there is none, or they do not go together."""
    found = ranking_cache.load(folder(desk) / "matrix.npz", _WORDS + NUMBERS)
    if found is None:
        return None
    name, terms = str(found["name"][0]), ranking_cache.as_words(found["terms"])
    cells = {kind: ranking_cache.load_one(_cells(desk, name, kind)) for kind in CELLS}
    arrays = {kind: array for kind, array in cells.items() if array is not None}
    if len(arrays) < len(CELLS) or found["idf"].shape != (len(terms),):
        return None
    part = part_of({**found, **arrays}, len(terms))
    return None if part is None else _Base(part, name, Vocabulary(terms, found["idf"]))


def _cells(desk: Desk, name: str, kind: str) -> Path:
    return folder(desk) / f"{kind}-{name}.npy"


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """One process at a time; where that cannot be had, without: each file is whole anyway."""
    lock = FileLock(path / "lock", timeout=_PATIENCE_S)
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(Timeout, OSError):
            path.mkdir(parents=True, exist_ok=True)
            stack.enter_context(lock)
        yield
