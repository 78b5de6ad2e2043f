"""Markdown that leaves nothing open over what comes after it."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_AFTER = "<!-- after -->"
_MAY_OPEN = re.compile(r"```|~~~|<[!?/A-Za-z]")
_RAW = re.compile(r"\s*<(pre|script|style|textarea)\b", re.IGNORECASE)


def closed(text: str) -> str:
    """``text``, with one line more where a code fence or a raw HTML block in it is not closed.

    What CommonMark (4.5, 4.6) leaves open to the end of the document is closed, but for a comment.
    """
    if not _MAY_OPEN.search(text):
        return text
    block = _taking_in_what_follows(text)
    if block is None:
        return text
    if block.type == "fence":
        return f"{text}\n{block.markup}"
    raw = _RAW.match(block.content)
    ways = [f"{text}\n{closer}" for closer in ([f"</{raw[1]}>"] if raw else [">", "?>", "]]>"])]
    return next((way for way in ways if _taking_in_what_follows(way) is None), text)


def _taking_in_what_follows(text: str) -> Token | None:
    last = _parser().parse(f"{text}\n\n{_AFTER}")[-1]
    alone = last.type == "html_block" and last.content.strip() == _AFTER
    return None if alone else last


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").disable("inline")
