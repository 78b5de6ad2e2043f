"""Slides in markdown, read as Marp reads them: a rule begins a slide, comments are notes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from researchdesk.domain.slides import Block, BlockKind, Deck, Slide, time_in
from researchdesk.domain.text import clean, one_line
from researchdesk.export.plain import plain, without_formulas
from researchdesk.export.yaml_text import TEXTS, parse_yaml

_FRONT = re.compile(r"\A\ufeff?-{3,}[ \t]*\n(?:(.*?)\n)?-{3,}[ \t]*(?:\n|\Z)", re.S)
_COMMENT = re.compile(r"<!--+(.*?)(?:--+>|\Z)", re.S)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)(?:</style>|\Z)", re.S | re.I)
_STYLED = re.compile(r"<[^<>]*\bstyle\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.I)
_TAG = re.compile(r"<[^<>]*>")
_DIRECTIVES = frozenset(
    ("headingDivider", "lang", "style", "theme", "size", "math", "title", "author", "description",
     "keywords", "url", "image", "transition", "marp", "backgroundColor", "backgroundImage",
     "backgroundPosition", "backgroundRepeat", "backgroundSize", "class", "color", "footer",
     "header", "paginate")
)  # fmt: skip
"""What Marp takes a comment's key for; other comments are the speaker's notes."""


def read_slides(text: str) -> Deck:
    """The slides of a file in Marp's form; of any text whatever. Never raises."""
    bare = clean(text)
    match = _FRONT.match(bare)
    front = _mapping(match[1] or "") if match else {}
    body = bare[match.end() :] if match else bare
    reader = _Reader(front)
    slides = tuple(reader.slides(_parser().parse(body)))
    styles = "\n".join([front.get("style", ""), *reader.styles]).strip()
    return Deck(slides, front, styles, reader.directives)


class _Reader:
    """Goes over the tokens of the slides; collects what holds for all of them."""

    def __init__(self, front: Mapping[str, str]) -> None:
        self.styles: list[str] = []
        self.directives: dict[str, str] = {}
        self._divider = _levels(front.get("headingDivider", ""))

    def slides(self, tokens: Sequence[Token]) -> Iterator[Slide]:
        """Slides in their order; there is always one."""
        for number, part in enumerate(self._parted(tokens), 1):
            said: list[str] = []
            blocks = tuple(self._blocks(part, said))
            yield _slide(number, blocks, said)

    def _parted(self, tokens: Sequence[Token]) -> list[list[Token]]:
        parts: list[list[Token]] = [[]]
        for token in tokens:
            divides = token.type == "heading_open" and token.tag in self._divider
            if token.level == 0 and (token.type == "hr" or (divides and parts[-1])):
                parts.append([])
            if token.type != "hr":
                parts[-1].append(token)
        return parts

    def _blocks(self, tokens: Sequence[Token], said: list[str]) -> Iterator[Block]:
        """What is shown; what is said goes into ``said``."""
        over: list[str] = []
        for token in tokens:
            if token.type in ("fence", "code_block"):
                yield Block(BlockKind.CODE, token.content, token.content)
            elif token.type == "html_block":
                yield from self._raw(token.content, said)
            elif token.type == "inline":
                yield from self._inline(token, over, said)
            elif token.nesting > 0:
                over.append(token.tag)
            elif token.nesting < 0 and over:
                over.pop()

    def _raw(self, html: str, said: list[str]) -> Iterator[Block]:
        rest = self._comments(html, said)
        self.styles += _STYLE.findall(rest)
        self._styled(rest)
        words = one_line(_TAG.sub(" ", _STYLE.sub("", rest)))
        if words:
            yield Block(BlockKind.RAW, words, words)

    def _inline(self, token: Token, over: Sequence[str], said: list[str]) -> Iterator[Block]:
        for child in token.children or []:
            if child.type == "html_inline":
                self._comments(child.content, said)
                self._styled(child.content)
            elif child.type == "image":
                yield Block(BlockKind.PICTURE, child.content, str(child.attrGet("src") or ""))
        written = _COMMENT.sub("", token.content)
        if not plain(written) or _only_pictures(token):
            return
        text, formulas = without_formulas(written)
        kind, depth = _kind(over)
        yield Block(kind, plain(text), plain(written), depth, formulas)

    def _styled(self, html: str) -> None:
        """What tags say of their own looks."""
        self.styles += ["".join(found) for found in _STYLED.findall(html)]

    def _comments(self, html: str, said: list[str]) -> str:
        """``html`` without comments; each is a directive, or said."""
        for match in _COMMENT.finditer(html):
            found = {
                key: value
                for key, value in _mapping(match[1]).items()
                if key.removeprefix("_") in _DIRECTIVES
            }
            self.directives.update(found)
            if not found and match[1].strip():
                said.append(match[1])
        return _COMMENT.sub("", html)


def _slide(number: int, blocks: tuple[Block, ...], said: Sequence[str]) -> Slide:
    notes, planned = [], None
    for comment in said:
        seconds, rest = time_in(comment) if planned is None else (None, comment.strip())
        planned = seconds if planned is None else planned
        notes += [rest] if rest else []
    heads = (block.shown for block in blocks if block.kind is BlockKind.HEADING)
    return Slide(number, next(heads, ""), blocks, "\n\n".join(notes), planned)


def _kind(over: Sequence[str]) -> tuple[BlockKind, int]:
    """What the innermost of these tags makes of a text, and how deep it is."""
    if over and re.fullmatch(r"h[1-6]", over[-1]):
        return BlockKind.HEADING, int(over[-1][1])
    if "table" in over:
        return BlockKind.TABLE, 0
    if "li" in over:
        return BlockKind.ITEM, over.count("li")
    return (BlockKind.QUOTE if "blockquote" in over else BlockKind.PARAGRAPH), 0


def _only_pictures(token: Token) -> bool:
    gone = ("image", "html_inline", "softbreak", "hardbreak")
    return all(
        child.type in gone or not child.content.strip() for child in token.children or []
    ) and any(child.type == "image" for child in token.children or [])


def _levels(said: str) -> frozenset[str]:
    """The headings that begin a slide by themselves: of this level and above, or of a list."""
    numbers = re.findall(r"[1-6]", said)
    if "[" in said:
        return frozenset(f"h{number}" for number in numbers)
    return frozenset(f"h{level}" for level in range(1, int(numbers[0]) + 1 if numbers else 1))


def _mapping(text: str) -> dict[str, str]:
    """The keys of a YAML text whose values are words or lists of words; empty where it is none."""
    try:
        found = parse_yaml(text, TEXTS)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        key: value if isinstance(value, str) else str(value)
        for key, value in found.items()
        if isinstance(key, str) and (isinstance(value, str) or _is_words(value))
    }


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")
