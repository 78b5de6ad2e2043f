"""Which paper of the desk an entry is about."""

import json
from collections.abc import Iterable
from itertools import chain, count
from string import ascii_lowercase

from researchdesk.domain import bibliography
from researchdesk.domain.bibliography import Entry
from researchdesk.domain.identifiers import local_key
from researchdesk.domain.papers import Metadata
from researchdesk.services.citation_keys import fit
from researchdesk.storage import imports, records
from researchdesk.storage.database import Database
from researchdesk.storage.imports import Filed


class Known:
    """The papers of a desk by what they are known by. Told of each that is filed meanwhile."""

    def __init__(self, db: Database) -> None:
        self._into: dict[int, int] = {}
        self._arxiv: dict[str, int] = {}
        self._doi: dict[str, int] = {}
        self._title: dict[str, list[tuple[int, str, int | None]]] = {}
        self._ids: dict[int, tuple[str, str]] = {}
        self._keys: dict[str, int] = {}
        self._coming: set[str] = set()
        self._names: dict[int, str] = {}
        self._titles: dict[int, str] = {}
        self.removed: set[int] = set()
        for paper in imports.filed(db):
            self._add_filed(paper)
        for _, paper_id, _, key in records.keys(db):
            self.holder(key, paper_id)
        for number, paper_id in imports.dois(db):
            self._number(number).setdefault(number.casefold(), paper_id)

    def match(self, words: Metadata) -> tuple[int, str] | None:
        """The paper that these words are about, and what shows it; None where it is not there."""
        for index, number, why in (
            (self._arxiv, words.arxiv_id or "", "the same arXiv id"),
            (self._doi, words.doi, "the same DOI"),
        ):
            found = index.get(number.casefold()) if number else None
            if found is not None and not (why == "the same DOI" and self._differs(found, words)):
                return self._now(found), why
        like = bibliography.likeness(words)
        if like is None:
            return None
        title, first, year = like
        for paper_id, author, told in self._title.get(title, ()):
            same_year = year is None or told is None or year == told
            if author == first and same_year and not self._differs(paper_id, words):
                return self._now(paper_id), "the same title, author and year"
        return None

    def add(self, number: int, key: str, words: Metadata) -> None:
        """A paper was filed."""
        self._keys[key.casefold()] = number
        self._names[number] = key
        self._titles[number] = words.title
        self.tell(number, words)
        self._titled(number, words.title, words.authors, words.year)

    def tell(self, number: int, words: Metadata) -> None:
        """More is known of a paper: its numbers."""
        arxiv, doi = self._ids.get(number, ("", ""))
        self._ids[number] = (arxiv or words.arxiv_id or "", doi or words.doi)
        if words.arxiv_id:
            self._arxiv.setdefault(words.arxiv_id.casefold(), number)
        if words.doi:
            self._doi.setdefault(words.doi.casefold(), number)

    def has_arxiv(self, base: str | None) -> bool:
        return bool(base) and (base or "").casefold() in self._arxiv

    def key_for(self, entry: Entry) -> str:
        """The entry's own key where it is free; else the desk's, with a letter or number behind:
        one that no entry brings."""
        own = bibliography.desk_key(entry.key)
        words = entry.words
        wanted = own or local_key(words.title, words.authors, words.year)
        ends: Iterable[str] = chain(("", *ascii_lowercase), map(str, count(1)))
        if own and own.casefold() not in self._keys:
            return own
        made = (wanted + end for end in ends)
        low = ((key, key.casefold()) for key in made)
        return next(k for k, bare in low if bare not in self._keys and bare not in self._coming)

    def expect(self, keys: Iterable[str]) -> None:
        """Keys with which entries come: none is made up for another paper."""
        self._coming.update(fit(key).casefold() for key in keys)

    def holder(self, key: str, number: int) -> int:
        """The paper that has a key with which an entry about the paper ``number`` came: the first
        that did. Where that is off the lists, it is free."""
        low = fit(key).casefold()
        found = self._now(self._keys.setdefault(low, number)) if low else number
        return number if found in self.removed else found

    def name_of(self, number: int) -> str:
        """What a person calls the paper: its arXiv id, else its key."""
        return self._ids.get(number, ("", ""))[0] or self._names.get(number, "")

    def title_of(self, number: int) -> str:
        return self._titles.get(number, "")

    def _add_filed(self, paper: Filed) -> None:
        self._keys[paper.key.casefold()] = paper.id
        self._names[paper.id] = paper.key
        self._titles[paper.id] = paper.title
        self._ids[paper.id] = (paper.arxiv_id, paper.doi)
        if paper.merged_into is not None:
            self._into[paper.id] = paper.merged_into
        elif paper.removed:
            self.removed.add(paper.id)
        if paper.arxiv_id:
            self._arxiv[paper.arxiv_id.casefold()] = paper.id
        if paper.doi:
            self._doi.setdefault(paper.doi.casefold(), paper.id)
        self._titled(paper.id, paper.title, json.loads(paper.authors), paper.year)

    def _titled(self, number: int, title: str, authors: Iterable[str], year: int | None) -> None:
        like = bibliography.likeness(Metadata(title, tuple(authors), stated_year=year))
        if like is not None:
            self._title.setdefault(like[0], []).append((number, like[1], year))

    def _number(self, number: str) -> dict[str, int]:
        return self._doi if number.startswith("10.") else self._arxiv

    def _differs(self, number: int, words: Metadata) -> bool:
        """Whether the paper has another arXiv id, or another DOI, than the words."""
        arxiv, doi = self._ids.get(number, ("", ""))
        other_arxiv = bool(arxiv and words.arxiv_id) and arxiv != words.arxiv_id
        other_doi = bool(doi and words.doi) and doi.casefold() != words.doi.casefold()
        return other_arxiv or other_doi

    def _now(self, number: int) -> int:
        """The paper that it became a part of, where it was merged."""
        seen: set[int] = set()
        while number in self._into and number not in seen:
            seen.add(number)
            number = self._into[number]
        return number
