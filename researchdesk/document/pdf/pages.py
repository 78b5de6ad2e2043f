"""Reads a PDF's pages with PyMuPDF. Imported in the worker process only."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pymupdf

from researchdesk.document.pdf.lines import Line, OutlineEntry, PageLink, PageText
from researchdesk.document.pdf.turning import Direction, main_direction, turned_box, turned_size
from researchdesk.document.pdf.words import CAPTION
from researchdesk.domain.documents import Box
from researchdesk.domain.text import clean, one_line

_native: Any = pymupdf.mupdf
_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
_BOLD = re.compile(r"bold|medi(?!um-?it)|black|heavy|demi|cmbx|cmssbx|-b$|bx\d", re.IGNORECASE)
_MONO = re.compile(r"cmtt|cmsltt|mono|courier|typewriter|inconsol|sftt|tt\d+$", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slant|cmti|cmsl", re.IGNORECASE)
_MATH = re.compile(
    r"cmmi|cmsy|cmex|cmbsy|cmmib|msam|msbm|eufm|eusm|eurm|rsfs|stmary|wasy|lasy|esint|dsrom|bbm"
    r"|bbold|math|symbol|mtmi|mtsy|mtex|[tp]x(?:mi|sy|ex)|mia\d?$|sya\d?$",
    re.IGNORECASE,
)
_SIGN = re.compile(
    r"[\u0370-\u03ff\u2190-\u22ff\u2a00-\u2aff\u27e8\u27e9\U0001d400-\U0001d7ff=<>+|]"
)
_LETTER = re.compile(r"[^\W_]")
_DRAWN = {"fill-path", "stroke-path", "fill-image", "fill-shade", "fill-imgmask"}
_MOST_LINKS = 2000
"""On one page; a page of references has some two hundred."""
_CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], " ")


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
    upright = main_direction((way, sum(len(s["text"]) for s in spans)) for _, way, spans in raw)
    size = page.rect.width, page.rect.height
    lines: list[Line] = []
    aside: list[str] = []
    for group, direction, spans in raw:
        if direction == upright:
            line = _line(spans, number, group, upright, size)
            if line is not None:
                lines.append(line)
        else:
            aside.append(one_line(_plain(span["text"] for span in spans)))
    width, height = turned_size(size, upright)
    return PageText(
        number,
        width,
        height,
        tuple(lines),
        tuple(text for text in aside if text),
        tuple(_links(page, number)),
        tuple(_graphics(page, lines, upright, size)),
        upright,
    )


def _links(page: Any, number: int) -> Iterator[PageLink]:
    # by MuPDF's own list: PyMuPDF's looks through all annotations of the page at each step
    loaded = _native.fz_load_links(page.this)
    link, left = loaded.m_internal, _MOST_LINKS
    while link and left:
        left -= 1
        if link.uri and _native.ll_fz_is_external_link(link.uri):
            rect = link.rect
            box = (rect.x0, rect.y0, rect.x1, rect.y1)
            yield PageLink(number, one_line(_plain([link.uri])), box)
        link = link.next


def _graphics(
    page: Any, lines: Iterable[Line], direction: Direction, size: tuple[float, float]
) -> Iterator[Box]:
    """Pictures and drawings of a page that may have a caption, those as large as it left out."""
    if not any(CAPTION.match(line.text.lstrip()) for line in lines):
        return
    width, height = size
    for kind, (x0, y0, x1, y1) in page.get_bboxlog():
        if kind not in _DRAWN:
            continue
        x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)
        if x0 > x1 or y0 > y1 or (x1 - x0 > 0.95 * width and y1 - y0 > 0.8 * height):
            continue
        yield turned_box((x0, y0, x1, y1), direction, size)


def _raw_lines(content: dict[str, Any]) -> Iterator[tuple[int, Direction, list[dict[str, Any]]]]:
    for group, block in enumerate(content["blocks"]):
        for line in block.get("lines", ()):
            x, y = line["dir"]
            if line["spans"]:
                yield group, (round(x), round(y)), line["spans"]


def _line(
    spans: list[dict[str, Any]],
    page: int,
    group: int,
    direction: Direction,
    size: tuple[float, float],
) -> Line | None:
    text = _plain(span["text"] for span in spans)
    if not text.strip():
        return None
    lettered = [span for span in spans if _LETTER.search(span["text"])] or spans
    # code and formulas in a heading do not follow its weight
    told = [span for span in lettered if not _keeps_weight(span["font"])] or lettered
    sizes: Counter[float] = Counter()
    fonts: Counter[str] = Counter()
    for span in lettered:
        sizes[round(span["size"], 1)] += len(span["text"])
        fonts[span["font"]] += len(span["text"])
    boxes = [
        turned_box(_near(span["bbox"], size), direction, size)
        for span in spans
        if span["text"].strip()
    ]
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
        bold=all(_is_bold(span) for span in told),
        italic=all(_is_italic(span) for span in told),
        lead=_plain([_lead(spans)]),
        group=group,
        math=_math(spans),
        raised=_is_raised(spans),
    )


def _near(box: Box, size: tuple[float, float]) -> Box:
    """The box, at most a page's size off the page: a broken font may be as large as a street."""
    (x0, y0, x1, y1), (width, height) = box, size
    x0, x1 = (min(max(x, -width), 2 * width) for x in (x0, x1))
    y0, y1 = (min(max(y, -height), 2 * height) for y in (y0, y1))
    return x0, y0, x1, y1


def _is_raised(spans: list[dict[str, Any]]) -> bool:
    first = next(span for span in spans if span["text"].strip())
    largest = max(span["size"] for span in spans)
    return len(first["text"].strip()) <= 2 and first["size"] < largest - 0.8


def _math(spans: list[dict[str, Any]]) -> float:
    """The share of the characters that are set in a font of formulas or are signs of them."""
    whole = inside = 0
    for span in spans:
        count = len(span["text"].replace(" ", ""))
        whole += count
        if _is_math(span["font"]):
            inside += count
        else:
            inside += len(_SIGN.findall(span["text"]))
    return inside / max(whole, 1)


@cache
def _keeps_weight(font: str) -> bool:
    return _is_math(font) or bool(_MONO.search(font))


@cache
def _is_math(font: str) -> bool:
    return bool(_MATH.search(font))


def _is_bold(span: dict[str, Any]) -> bool:
    return bool(span["flags"] & pymupdf.TEXT_FONT_BOLD) or _named_bold(span["font"])


def _is_italic(span: dict[str, Any]) -> bool:
    return bool(span["flags"] & pymupdf.TEXT_FONT_ITALIC) or _named_italic(span["font"])


@cache
def _named_bold(font: str) -> bool:
    return bool(_BOLD.search(font))


@cache
def _named_italic(font: str) -> bool:
    return bool(_ITALIC.search(font))


def _lead(spans: list[dict[str, Any]]) -> str:
    """The bold beginning; signs of a formula belong to it where bold print goes on after them."""
    lead = waiting = ""
    for span in spans:
        blank = not span["text"].strip()
        bold = not blank and _is_bold(span)
        if not (blank or bold or (lead and _is_math(span["font"]))):
            break
        if bold or not (waiting or span["text"].strip()):
            lead += waiting + span["text"]
            waiting = ""
        else:
            waiting += span["text"]
    return lead
