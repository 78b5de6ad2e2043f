"""Markdown as plain words: no marks, formulas as they are written."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from researchdesk.export.formulas import FORMULA

_EMPTY = re.compile(r"\s*(?:\(\s*[,;\s]*\)|\[\s*\])")
_BEFORE = re.compile(r"\s+([.,;:!?)])")
_KEPT = "\ue000{}\ue001"


def plain(text: str) -> str:
    """The words of a sentence of markdown, in one line. A picture is told by its own words."""
    formulas: list[str] = []

    def keep(match: re.Match[str]) -> str:
        formulas.append(match[0])
        return _KEPT.format(len(formulas) - 1)

    bare = FORMULA.sub(keep, text.replace("\ue000", "").replace("\ue001", ""))
    words = "".join(_said(token) for token in _parser().parseInline(bare)[0].children or [])
    for place, formula in enumerate(formulas):
        words = words.replace(_KEPT.format(place), formula)
    return _BEFORE.sub(r"\1", _EMPTY.sub("", " ".join(words.split()))).strip()


def without_formulas(text: str) -> tuple[str, tuple[str, ...]]:
    """``text`` without its formulas, and these with their dollars."""
    parts = parted_at_formulas(text)
    rest = "".join(" " if is_formula else part for part, is_formula in parts)
    return rest, tuple(part for part, is_formula in parts if is_formula)


def parted_at_formulas(text: str) -> list[tuple[str, bool]]:
    """The stretches of ``text`` in their order, each with whether it is a formula."""
    found, at = [], 0
    for match in FORMULA.finditer(text):
        found += [(text[at : match.start()], False), (match[0], True)]
        at = match.end()
    return [part for part in (*found, (text[at:], False)) if part[0]]


def _said(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "image":
        return "".join(_said(child) for child in token.children or [])
    return token.content if token.type in ("text", "text_special", "code_inline") else ""


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark")
