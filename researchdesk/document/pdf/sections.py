"""Sections out of a document's blocks, and what kind each is."""

import re
from collections.abc import Sequence

from researchdesk.document.pdf.numbering import parse_number
from researchdesk.document.pdf.words import NUMBERED
from researchdesk.domain.documents import Block, Section, SectionKind

_KINDS = (
    (SectionKind.ABSTRACT, re.compile(r"abstract\b")),
    (SectionKind.INTRODUCTION, re.compile(r"(?:general )?introduction\b")),
    (
        SectionKind.REFERENCES,
        re.compile(r"(?:references|bibliography|literature cited|works cited)"),
    ),
    (SectionKind.APPENDIX, re.compile(r"(?:appendix|appendices|supplement)")),
    (SectionKind.CONCLUSION, re.compile(r".*\bconclu(?:sions?|ding)\b")),
)
_BACK = {SectionKind.REFERENCES, SectionKind.APPENDIX}
_LETTERED = re.compile(r"(?:Appendix\s+)?[A-Z](?:[.:)]|\s)\s*[A-Z]")
_LATE = re.compile(r"(?:summary|discussion|closing remarks|final remarks|outlook|future work)\b")


def sections_of(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """The sections in order. Each reaches to the next heading of any level, so that none overlap;
    what stands before the first heading belongs to none.

    A subsection has the kind of the section it stands in; after the references, all but
    acknowledgments is appendix.
    """
    heads = [at for at, block in enumerate(blocks) if block.heading]
    titles = [_bare(blocks[at].text) for at in heads]
    kinds = _kinds([blocks[at] for at in heads], titles)
    ends = [*heads[1:], len(blocks)][: len(heads)]
    return tuple(
        Section(blocks[at].text, blocks[at].heading, kind, blocks[at].page, at, end)
        for at, end, kind in zip(heads, ends, kinds, strict=True)
    )


def _bare(title: str) -> str:
    match = NUMBERED.fullmatch(title)
    return (match["title"] if match and parse_number(match["number"]) else title).lower()


def _kinds(heads: Sequence[Block], titles: Sequence[str]) -> list[SectionKind]:
    kinds: list[SectionKind] = []
    open_kinds: list[tuple[int, SectionKind]] = []
    numbered = False
    behind = False
    for head, title in zip(heads, titles, strict=True):
        while open_kinds and open_kinds[-1][0] >= head.heading:
            open_kinds.pop()
        inside = bool(open_kinds) and head.heading > 1
        lettered = numbered and bool(_LETTERED.match(head.text))
        thanks = title.startswith("acknowledg")
        own = None if inside and not thanks else _own_kind(title, behind, lettered)
        kind = own or (open_kinds[-1][1] if open_kinds else SectionKind.BODY)
        numbered = numbered or head.text[:1].isdigit()
        behind = behind or kind in {SectionKind.REFERENCES, SectionKind.APPENDIX}
        open_kinds.append((head.heading, kind))
        kinds.append(kind)
    return _with_conclusion(heads, titles, kinds)


def _own_kind(title: str, behind: bool, lettered: bool) -> SectionKind | None:
    """``behind``: the references or the appendix have begun."""
    for kind, pattern in _KINDS:
        if pattern.match(title) and not (behind and kind not in _BACK):
            return kind
    if title.startswith("acknowledg"):
        return SectionKind.BODY
    return SectionKind.APPENDIX if behind or lettered else None


def _with_conclusion(
    heads: Sequence[Block], titles: Sequence[str], kinds: list[SectionKind]
) -> list[SectionKind]:
    """Where nothing is called conclusion, the last discussion or summary of the body is it."""
    if SectionKind.CONCLUSION in kinds:
        return kinds
    late = [
        at
        for at, title in enumerate(titles)
        if kinds[at] is SectionKind.BODY and heads[at].heading == 1 and _LATE.match(title)
    ]
    if late and late[-1] >= len(titles) // 3:
        kinds[late[-1]] = SectionKind.CONCLUSION
    return kinds
