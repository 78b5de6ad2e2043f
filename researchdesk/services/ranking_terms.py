"""Papers as rows of a sparse matrix: their words and authors, weighed by TF-IDF.

Sublinear term frequency 1 + ln(count), smooth idf ln((1 + n) / (1 + df)) + 1, rows of length 1.
Source: Manning, Raghavan & Schütze, Introduction to Information Retrieval, ch. 6.
"""

import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from researchdesk import assets
from researchdesk.domain.recommending import PaperText

Floats = NDArray[np.float32]
Matrix = Any
"""A scipy CSR matrix of float32, a paper a row, a term a column."""

Starts = NDArray[np.int64]
MOST_TERMS = 20_000
_AT_ONCE = 2000
_MOST_COLUMNS = 2**31 - 1
_LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789"
_TABLE = bytes(code if code in _LETTERS or code > 0x7F else 0x20 for code in range(256))


@dataclass(frozen=True)
class Vocabulary:
    """The terms, in the order of the columns, with the idf of each."""

    terms: tuple[bytes, ...]
    idf: Floats

    @cached_property
    def places(self) -> Mapping[bytes, int]:
        return {term: at for at, term in enumerate(self.terms)}

    def word(self, at: int) -> str:
        """The term of a column as a person reads it."""
        return self.terms[at].decode("utf-8", "replace")

    def rows(self, texts: Iterable[PaperText]) -> Matrix:
        """These texts as rows; of words that the vocabulary has not, nothing."""
        places = self.places
        tally = Tally()
        for text in texts:
            tally.add(places[term] for term in terms_of(text) if term in places)
        return self.weighed(*tally.counted())

    def weighed(self, counts: Floats, columns: NDArray[np.int32], starts: Starts) -> Matrix:
        """Counts of columns as weighed rows of length 1. ``counts`` is written over."""
        np.log(counts, out=counts)
        counts += 1
        counts *= self.idf[columns]
        return _of_length_one(counts, columns, starts, (len(starts) - 1, len(self.terms)))


class Tally:
    """How often each column stands in each row; counted some thousand rows at a time."""

    def __init__(self) -> None:
        self._columns = array("i")
        self._starts = [0]
        self._counted: list[Matrix] = []

    def add(self, columns: Iterable[int]) -> None:
        """A row more; a column that is named twice counts twice."""
        self._columns.extend(columns)
        self._starts.append(len(self._columns))
        if len(self._starts) > _AT_ONCE:
            self._count()

    def counted(self) -> tuple[Floats, NDArray[np.int32], Starts]:
        """The counts, their columns, and where each row begins; for once."""
        self._count()
        parts, self._counted = self._counted, []
        lengths = np.concatenate([np.diff(part.indptr) for part in parts])
        starts = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
        columns = np.concatenate([part.indices for part in parts])
        return np.concatenate([part.data for part in parts]), columns, starts

    def _count(self) -> None:
        columns = np.array(self._columns, dtype=np.int32)
        ones = np.ones(len(columns), dtype=np.float32)
        starts = np.array(self._starts, dtype=np.int32)
        rows = csr_matrix((ones, columns, starts), shape=(len(starts) - 1, _MOST_COLUMNS))
        rows.sum_duplicates()
        self._counted.append(rows)
        self._columns, self._starts = array("i"), [0]


def terms_of(text: PaperText) -> list[bytes]:
    """Words of title and abstract, in order; each author's whole name is one term."""
    return plain(f"{text.title} {text.abstract}").split() + names_of(text)


def plain(text: str) -> bytes:
    """Lower case, letters and numbers only, the rest blanks."""
    text = text.lower()
    if not text.isascii():
        folded = unicodedata.normalize("NFKC", text)
        text = "".join(sign if sign.isalnum() else " " for sign in folded)
    return text.encode("utf-8", "replace").translate(_TABLE)


def names_of(text: PaperText) -> list[bytes]:
    """Authors' names as terms; a blank within keeps them apart from words."""
    names = (b" ".join(plain(name).split()) for name in text.authors)
    return [name for name in names if b" " in name]


def learn(texts: Iterable[PaperText]) -> tuple[Vocabulary, Matrix]:
    """The vocabulary of these texts, and their rows. The texts are gone through once.

    Of the words that enough papers have, and not too many, the 20,000 most used ones.
    """
    numbers: defaultdict[bytes, int] = defaultdict(count().__next__)
    tally = Tally()
    for text in texts:
        tally.add(map(numbers.__getitem__, terms_of(text)))
    counts, columns, starts = tally.counted()
    found, papers = list(numbers), len(starts) - 1
    papers_with = np.bincount(columns, minlength=len(found))
    chosen = _chosen(found, papers_with, papers)
    terms = tuple(found[at] for at in chosen)
    idf = np.log((1 + papers) / (1 + papers_with[chosen])) + 1
    place = np.full(len(found), -1, dtype=np.int32)
    place[chosen] = np.arange(len(chosen), dtype=np.int32)
    del numbers, found
    columns = place[columns]
    stays = columns >= 0
    before = np.concatenate(([0], np.cumsum(stays, dtype=np.int64)))
    vocabulary = Vocabulary(terms, idf.astype(np.float32))
    return vocabulary, vocabulary.weighed(counts[stays], columns[stays], before[starts])


def limits(papers: int) -> tuple[int, int]:
    """In how many papers a term must stand at least, and may stand at most.

    Among a few papers each word counts; among many, those of one or two papers say nothing of the
    others, and those of a third of all say nothing at all.
    """
    least = 1 if papers < 50 else 2 if papers < 1000 else 3 if papers < 10_000 else 5
    most = papers if papers < 50 else papers // 2 if papers < 1000 else papers // 3
    return least, max(most, 1)


@cache
def stop_words() -> frozenset[bytes]:
    """Words that no topic has of its own."""
    path = assets.folder("data") / "recommending" / "stop_words.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(
        word.encode() for line in lines if not line.startswith("#") for word in line.split()
    )


def _chosen(found: Sequence[bytes], papers_with: NDArray[np.int64], papers: int) -> list[int]:
    """The places of the terms to keep; where no term is within the limits, none is left out."""
    fit = _within(found, papers_with, *limits(papers)) or _within(found, papers_with, 1, papers)
    fit.sort(key=lambda at: (-int(papers_with[at]), found[at]))
    return sorted(fit[:MOST_TERMS], key=lambda at: found[at])


def _within(
    found: Sequence[bytes], papers_with: NDArray[np.int64], least: int, most: int
) -> list[int]:
    stopped = stop_words()
    return [
        at
        for at in np.flatnonzero((papers_with >= least) & (papers_with <= most)).tolist()
        if _says_something(found[at]) and found[at] not in stopped
    ]


def _says_something(term: bytes) -> bool:
    return len(term) > 1 and not term.isdigit()


def _of_length_one(
    values: Floats, columns: NDArray[np.int32], starts: Starts, shape: tuple[int, int]
) -> Matrix:
    counts = np.diff(starts)
    filled = np.flatnonzero(counts)
    squares = np.zeros(shape[0], dtype=np.float32)
    if len(filled):
        squares[filled] = np.add.reduceat(values * values, starts[filled])
    lengths = np.sqrt(np.where(squares > 0, squares, np.float32(1)))
    values /= np.repeat(lengths, counts)
    return csr_matrix((values, columns, starts.astype(np.int32)), shape=shape)
