"""A note's markdown as styled text: bold, italics, code, lists, links. Never as markup."""

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from textual.content import Content

from researchdesk.domain.links import links_in

_PARSER = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_inline", "html_block"])
_STYLES = {"strong": "bold", "em": "italic", "link": "underline"}
_LINK = "$text-accent underline"
_CODE = "$text-warning"


def preview(text: str) -> Content:
    """``text`` as it is meant; what is no markdown stands as it is written."""
    lines = [line for line in _blocks(_PARSER.parse(text)) if line.plain.strip()]
    return Content("\n").join(lines)


def _blocks(tokens: Sequence[Token]) -> Iterator[Content]:
    """One piece of text for each paragraph, item, heading and block of code."""
    lead: list[str] = []
    counters: list[int | None] = []
    heading = False
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                counters.append(None)
            case "ordered_list_open":
                counters.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                counters.pop()
            case "list_item_open":
                lead = ["  " * (len(counters) - 1) + _bullet(counters)]
            case "heading_open":
                heading = True
            case "heading_close":
                heading = False
            case "blockquote_open":
                lead = ["│ "]
            case "fence" | "code_block":
                yield Content.styled(token.content.rstrip("\n"), _CODE)
            case "hr":
                yield Content("───")
            case "inline":
                content = _inline(token.children or [])
                words = Content.assemble("".join(lead), content)
                lead = ["  " * len(counters)] if counters else []
                yield words.stylize("bold") if heading else words


def _bullet(counters: list[int | None]) -> str:
    number = counters[-1]
    if number is None:
        return "• "
    counters[-1] = number + 1
    return f"{number}. "


def _inline(tokens: Sequence[Token]) -> Content:
    parts: list[Content] = []
    styles: list[str] = []
    for token in tokens:
        name, _, end = token.type.rpartition("_")
        if name in _STYLES and end == "open":
            styles.append(_STYLES[name])
        elif name in _STYLES and end == "close":
            styles.pop()
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append(Content("\n"))
        elif token.type == "code_inline":
            parts.append(Content.styled(token.content, _CODE))
        else:
            parts.append(_linked(token.content, " ".join(styles)))
    return Content("").join(parts)


def _linked(text: str, style: str) -> Content:
    """Words in this style, the desk's own links among them marked."""
    content = Content.styled(text, style) if style else Content(text)
    for link in links_in(text):
        content = content.stylize(_LINK, link.start, link.end)
    return content
