"""A paper's file taken apart: pages of text, sections, captions."""

from dataclasses import dataclass
from enum import StrEnum


class SectionKind(StrEnum):
    ABSTRACT = "abstract"
    INTRODUCTION = "introduction"
    BODY = "body"
    CONCLUSION = "conclusion"
    REFERENCES = "references"
    APPENDIX = "appendix"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of running text. ``page`` counts from 1. ``heading`` is its level, 0 for text."""

    page: int
    text: str
    heading: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """``first``..``last`` are indices into the document's blocks, ``last`` not included."""

    title: str
    level: int
    kind: SectionKind
    page: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Caption:
    """``kind`` is ``figure``, ``table`` or ``algorithm``; ``number`` as printed."""

    kind: str
    number: str
    text: str
    page: int


@dataclass(frozen=True, slots=True)
class Document:
    """``problem`` says in words why there is no text, where there is none."""

    title: str
    pages: int
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    captions: tuple[Caption, ...]
    stamp: str = ""
    problem: str = ""
