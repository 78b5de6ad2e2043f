"""Claim candidates out of sentences."""

import re
from collections.abc import Iterable

from researchdesk.document.claims.names import Names
from researchdesk.document.claims.numbers import Number, text_numbers
from researchdesk.document.claims.words import Speaks, dataset_in, metric_in, read_head
from researchdesk.document.references.sentences import sentence_spans
from researchdesk.domain.claims import ClaimCandidate
from researchdesk.domain.documents import BlockKind, Document, SectionKind

_ACHIEVES = re.compile(
    r"\b(?:achiev|attain|reach|obtain|outperform|surpass|improv|establish|yield|score|push|advanc"
    r"|reduc|exceed|"
    r"result(?:s|ed|ing)? in|perform|gain|accura|state[- ]of[- ]the[- ]art|beat|better)\w*",
    re.IGNORECASE,
)
_OURS = re.compile(r"\b(?:we|our|ours|us)\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:compared (?:to|with)|versus|vs\.?|than|from|over|previous\w*|baseline)\s*$",
    re.IGNORECASE,
)
_BY = re.compile(r"(?:\bby|\bby (?:more than|over|up to|about|around)|\+)\s*$", re.IGNORECASE)
_CHANGE = re.compile(
    r"\W*(?:absolute|relative|improvement|faster|slower|less|fewer|more|higher|lower|better|worse"
    r"|increase|reduction|"
    r"points?|gain|drop|gap|margin|of\b|speed)",
    re.IGNORECASE,
)
_POINTS_AT = re.compile(
    r"(?:\b(?:sections?|secs?|tables?|tabs?|fig(?:ure)?s?|eqs?|equations?|appendix|chapters?"
    r"|versions?|alg(?:orithm)?s?|§|theorems?|thms?|lemmas?|corollar(?:y|ies)|propositions?|props?"
    r"|definitions?|assumptions?|remarks?|claims?|conjectures?|proofs?|examples?|steps?|lines?"
    r"|pages?|pp)"
    r"[.\s]*(?:[A-Z]?[\d.]+\s?(?:,|and|to|[-–])\s*)*|=\s?)$",
    re.IGNORECASE,
)
_DECIMAL_END = re.compile(r"\d\.\d+$")
_NEAR = 25
_LONGEST = 400
_SIZES = frozenset("kKMB")
_DELTA = 0.7
_COSTS = 0.6
_BASE = {"abstract": 2.3, "conclusion": 1.7, "introduction": 1.5, "text": 0.3, "appendix": 0.0}


def sentence_candidates(document: Document, names: Names) -> list[ClaimCandidate]:
    """Numbers in sentences of the abstract, introduction, conclusion, and of the rest."""
    found: list[ClaimCandidate] = []
    for where, page, text in _passages(document):
        for start, end in _spans(text):
            found += _of_sentence(text[start:end], where, page, names)
    return found


def _spans(text: str) -> list[tuple[int, int]]:
    """The sentences, those joined that were parted behind a number such as ``28.4``."""
    joined: list[tuple[int, int]] = []
    for start, end in sentence_spans(text):
        if joined and _DECIMAL_END.search(text[: joined[-1][1]][-12:]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _passages(document: Document) -> Iterable[tuple[str, int, str]]:
    told = {
        SectionKind.ABSTRACT: "abstract",
        SectionKind.INTRODUCTION: "introduction",
        SectionKind.CONCLUSION: "conclusion",
        SectionKind.BODY: "text",
        SectionKind.APPENDIX: "appendix",
    }
    if document.abstract:
        yield "abstract", 1, document.abstract
    for section in document.sections:
        where = told.get(section.kind, "")
        if not where or (where == "abstract" and document.abstract):
            continue
        for block in document.blocks[section.first : section.last]:
            if not block.heading and block.kind is BlockKind.TEXT:
                yield where, block.page, block.text


def _of_sentence(sentence: str, where: str, page: int, names: Names) -> list[ClaimCandidate]:
    numbers = [n for n in text_numbers(sentence) if not _points(n, sentence)]
    if not numbers:
        return []
    metric, dataset = metric_in(sentence), dataset_in(sentence)
    achieves, own = bool(_ACHIEVES.search(sentence)), names.own(sentence)
    if where in {"text", "appendix"} and not metric:
        return []
    score = _BASE[where] + 0.3 * achieves + 0.3 * bool(metric) + 0.2 * bool(dataset)
    score += 0.2 * max(own, float(bool(_OURS.search(sentence))))
    return [
        _candidate(number, sentence, where, page, metric, dataset, score + _told(number, sentence))
        for number in numbers
    ]


def _points(number: Number, sentence: str) -> bool:
    """Whether it is the number of a section or table, or the value of a symbol."""
    return not number.unit and bool(_POINTS_AT.search(sentence[: number.at]))


def _told(number: Number, sentence: str) -> float:
    """What the words around a number add: a metric right behind it; less for another's value."""
    before = sentence[max(number.at - 30, 0) : number.at]
    after = sentence[number.at + len(number.printed) :][:25].lstrip(" %")
    near = metric_in(after) or metric_in(before)
    cost = _counts(number, sentence)
    added = 0.2 * bool(near) + 0.2 * (number.unit == "%") - _COSTS * cost
    added -= _DELTA if _BY.search(before) or number.printed[0] == "+" or _CHANGE.match(after) else 0
    added -= 0.4 if number.unit in {"×", "k", "K", "M", "B", "dB"} else 0
    return added - (0.4 if _OTHERS.search(before) else 0.0)


def _counts(number: Number, sentence: str) -> bool:
    """Whether the number tells a cost or a size, not a result."""
    after = sentence[number.at + len(number.printed) :][:_NEAR].lstrip(" %")
    return number.unit in _SIZES or read_head(after.split(",")[0]).speaks is Speaks.COST


def _near(number: Number, sentence: str) -> str:
    """The metric or the cost that the words right behind the number name, or else those before."""
    behind = sentence[number.at + len(number.printed) :][:_NEAR]
    if _counts(number, sentence):
        return read_head(behind.lstrip(" %").split(",")[0]).metric
    return metric_in(behind) or metric_in(sentence[max(number.at - _NEAR, 0) : number.at])


def _candidate(
    number: Number, sentence: str, where: str, page: int, metric: str, dataset: str, score: float
) -> ClaimCandidate:
    near, dataset = _near(number, sentence), "" if _counts(number, sentence) else dataset
    place = f"page {page}" if where == "text" and page else where
    return ClaimCandidate(
        printed=number.printed,
        value=number.value,
        metric=near or ("" if _counts(number, sentence) else metric),
        dataset=dataset,
        where=place,
        page=page,
        quote=sentence[:_LONGEST],
        spread=number.spread,
        unit=number.unit,
        score=round(score, 4),
    )
