"""A person's own markdown, put into a text of ours: its marks stay, what could do more does not."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from markdown_it import MarkdownIt

from researchdesk.domain.links import Link
from researchdesk.export.fences import closed
from researchdesk.export.story_text import with_words

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_CODE = re.compile(r"(?<![\\`])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
_HEADING = re.compile(r"^(\s{0,3})(#{1,6}(?=\s|$)|(?:=+|-{2,})\s*$)")


def own_words(text: str, words_of: Callable[[Link], str]) -> str:
    """``text`` as markdown without HTML and headings of its own, every fence closed; links are the
    words that ``words_of`` gives for them. Code stays as it is written."""
    said = closed(with_words(text.strip(), words_of)).strip()
    code = _lines_of_code(said)
    lines = said.split("\n")
    bare = [line if at in code else _bare(line) for at, line in enumerate(lines)]
    made = "\n".join(bare)
    if _has_html(made):
        made = "\n".join(_TAG.sub("&lt;", line) for line in bare)
    return made


def _bare(line: str) -> str:
    """A line outside of fences: no heading, and no tag but in a span of code."""
    line = _HEADING.sub(r"\1\\\2", line)
    made, at = "", 0
    for span in _CODE.finditer(line):
        made += _TAG.sub("&lt;", line[at : span.start()]) + span[0]
        at = span.end()
    return made + _TAG.sub("&lt;", line[at:])


def _lines_of_code(text: str) -> frozenset[int]:
    def found() -> Iterator[int]:
        for token in _parser().parse(text):
            if token.type in ("fence", "code_block") and token.map:
                yield from range(*token.map)

    return frozenset(found())


def _has_html(text: str) -> bool:
    tokens = _parser().parse(text)
    inline = (child for token in tokens for child in token.children or ())
    return any(token.type in ("html_block", "html_inline") for token in (*tokens, *inline))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark")
