"""Numbers a paper prints that may be claims, ranked for a person to accept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from researchdesk.document.claims.names import Names
from researchdesk.document.claims.tables import Setting, table_candidates
from researchdesk.document.claims.text import sentence_candidates
from researchdesk.domain.claims import ClaimCandidate
from researchdesk.domain.documents import Block, Document, SectionKind, Table

_CROWD = 0.035
_SAID_AGAIN = 0.3
_IN_TABLE = 0.7
_TOLD = {"abstract": 0.5, "conclusion": 0.4, "introduction": 0.4}
_TOLD_ELSEWHERE = 0.2


def find_candidates(document: Document, tables: Sequence[Table]) -> tuple[ClaimCandidate, ...]:
    """Every number in the tables of results and in the sentences that sum the paper up, the
    likeliest claims first.

    ``row`` names the method and ``column`` what is measured, whichever way the table lies. Only a
    person makes a candidate a claim.
    """
    names = Names.of(document.title, _abstract(document), _introduction(document))
    behind = _appendix_page(document)
    found = sentence_candidates(document, names)
    for order, table in enumerate(tables):
        setting = Setting(order, 0 < behind <= table.page)
        found += table_candidates(table, names, setting)
    return tuple(_ranked(_confirmed(_once(found))))


def _abstract(document: Document) -> str:
    return document.abstract or " ".join(_texts(document, SectionKind.ABSTRACT))


def _introduction(document: Document) -> list[str]:
    return _texts(document, SectionKind.INTRODUCTION)


def _texts(document: Document, kind: SectionKind) -> list[str]:
    blocks: list[Block] = []
    for section in document.sections:
        if section.kind is kind:
            blocks += document.blocks[section.first : section.last]
    return [block.text for block in blocks if not block.heading]


def _appendix_page(document: Document) -> int:
    """The page on which the bibliography ends or the appendix begins, 0 where there is none."""
    pages = [s.page for s in document.sections if s.kind is SectionKind.APPENDIX and s.page]
    return min(pages, default=0)


def _once(found: Sequence[ClaimCandidate]) -> list[ClaimCandidate]:
    """Each number of a row and column once, and each number of the sentences once in its kind of
    place."""
    best: dict[tuple[str, str, str, str], ClaimCandidate] = {}
    for candidate in found:
        place = "" if _in_table(candidate) else candidate.where
        key = (candidate.printed, candidate.row, candidate.column, place)
        if key not in best or candidate.score > best[key].score:
            best[key] = candidate
    return list(best.values())


def _confirmed(found: Sequence[ClaimCandidate]) -> list[ClaimCandidate]:
    """A table's number that sentences repeat is likelier a claim; the sentence then adds little."""
    tabled = {c.printed for c in found if _in_table(c)}
    told: dict[str, float] = {}
    for candidate in found:
        if not _in_table(candidate) and "." in candidate.printed:
            weight = _TOLD.get(candidate.where, _TOLD_ELSEWHERE)
            told[candidate.printed] = max(weight, told.get(candidate.printed, 0.0))
    return [
        replace(c, score=c.score + told.get(c.printed, 0.0))
        if _in_table(c)
        else replace(c, score=c.score - _IN_TABLE * (c.printed in tabled))
        for c in found
    ]


def _in_table(candidate: ClaimCandidate) -> bool:
    return bool(candidate.row or candidate.column)


def _ranked(found: Sequence[ClaimCandidate]) -> list[ClaimCandidate]:
    """By score, less a little for each candidate before it from the same place and for each that
    has the same number."""
    crowd: Counter[str] = Counter()
    same: Counter[float] = Counter()
    lowered = []
    for candidate in sorted(found, key=lambda c: -c.score):
        place = f"{candidate.where} {candidate.page}"
        score = (
            candidate.score - _CROWD * crowd[place] - _SAID_AGAIN * min(same[candidate.value], 2)
        )
        crowd[place] += 1
        same[candidate.value] += 1
        lowered.append(replace(candidate, score=round(score, 4)))
    return sorted(lowered, key=lambda c: -c.score)
