"""Reads a PDF's pages with PyMuPDF. Imported in the worker process only."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pymupdf

from researchdesk.document.lines import Line, OutlineEntry, PageText
from researchdesk.domain.text import clean, one_line

_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
_BOLD = re.compile(r"bold|medi(?!um-?it)|black|heavy|demi|cmbx|cmssbx|-b$|bx\d", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slant|cmti|cmsl", re.IGNORECASE)
_LETTER = re.compile(r"[^\W_]")
_CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], " ")

Direction = tuple[int, int]


def read_pages(document: Any) -> list[PageText]:
    """Every page's lines, in the order the file has them."""
    return [_page(page, number) for number, page in enumerate(document, start=1)]


def read_outline(document: Any) -> list[OutlineEntry]:
    """The PDF's table of contents, empty where it has none or a broken one."""
    try:
        entries = document.get_toc(simple=True)
    except (RuntimeError, ValueError, IndexError, TypeError, AttributeError):
        return []
    return [
        OutlineEntry(level, one_line(_plain([title])), max(page, 0))
        for level, title, page in entries
    ]


def _plain(parts: Iterable[str]) -> str:
    """Cleaned text; a control character, in a PDF a glyph without a name, is a blank."""
    return clean("".join(parts).translate(_CONTROLS))


def _page(page: Any, number: int) -> PageText:
    raw = list(_raw_lines(page.get_text("dict", flags=_FLAGS, sort=False)))
    upright = _main_direction(raw)
    width, height = page.rect.width, page.rect.height
    lines: list[Line] = []
    aside: list[str] = []
    for group, direction, spans in raw:
        if direction == upright:
            line = _line(spans, number, group, upright, page.rect)
            if line is not None:
                lines.append(line)
        else:
            aside.append(one_line(_plain(span["text"] for span in spans)))
    return PageText(number, width, height, tuple(lines), tuple(text for text in aside if text))


def _raw_lines(content: dict[str, Any]) -> Iterator[tuple[int, Direction, list[dict[str, Any]]]]:
    for group, block in enumerate(content["blocks"]):
        for line in block.get("lines", ()):
            x, y = line["dir"]
            if line["spans"]:
                yield group, (round(x), round(y)), line["spans"]


def _main_direction(raw: list[tuple[int, Direction, list[dict[str, Any]]]]) -> Direction:
    weights: Counter[Direction] = Counter({(1, 0): 1})
    for _, direction, spans in raw:
        if abs(direction[0]) + abs(direction[1]) == 1:
            weights[direction] += sum(len(span["text"]) for span in spans)
    return weights.most_common(1)[0][0]


def _line(
    spans: list[dict[str, Any]], page: int, group: int, direction: Direction, rect: Any
) -> Line | None:
    text = _plain(span["text"] for span in spans)
    if not text.strip():
        return None
    lettered = [span for span in spans if _LETTER.search(span["text"])] or spans
    sizes: Counter[float] = Counter()
    fonts: Counter[str] = Counter()
    for span in lettered:
        sizes[round(span["size"], 1)] += len(span["text"])
        fonts[span["font"]] += len(span["text"])
    boxes = [_upright_box(span["bbox"], direction, rect) for span in spans if span["text"].strip()]
    return Line(
        page=page,
        x0=min(box[0] for box in boxes),
        y0=min(box[1] for box in boxes),
        x1=max(box[2] for box in boxes),
        y1=max(box[3] for box in boxes),
        text=text,
        size=sizes.most_common(1)[0][0],
        top=max(sizes),
        font=fonts.most_common(1)[0][0],
        bold=all(_is_bold(span) for span in lettered),
        italic=all(_is_italic(span) for span in lettered),
        lead=_plain([_lead(spans)]),
        group=group,
    )


def _upright_box(
    box: tuple[float, float, float, float], direction: Direction, rect: Any
) -> tuple[float, float, float, float]:
    """The box as it would be if the page were turned so that its text runs left to right."""
    x0, y0, x1, y1 = box
    if direction == (0, -1):
        return rect.height - y1, x0, rect.height - y0, x1
    if direction == (0, 1):
        return y0, rect.width - x1, y1, rect.width - x0
    if direction == (-1, 0):
        return rect.width - x1, rect.height - y1, rect.width - x0, rect.height - y0
    return box


def _is_bold(span: dict[str, Any]) -> bool:
    return bool(span["flags"] & pymupdf.TEXT_FONT_BOLD) or bool(_BOLD.search(span["font"]))


def _is_italic(span: dict[str, Any]) -> bool:
    return bool(span["flags"] & pymupdf.TEXT_FONT_ITALIC) or bool(_ITALIC.search(span["font"]))


def _lead(spans: list[dict[str, Any]]) -> str:
    parts: list[str] = []
    for span in spans:
        if span["text"].strip() and not _is_bold(span):
            break
        parts.append(span["text"])
    return "".join(parts)
