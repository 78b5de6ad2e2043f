"""A small paper of our own making, as a PDF that looks like one: for tests and screenshots."""

from pathlib import Path

import pymupdf

TITLE = "Warmth Before Speed: A Small Study of Learning-Rate Warmup"
AUTHORS = "Ada Example, Bo Sample"
STAMP = "arXiv:9912.00001v2  [cs.LG]  3 Dec 2099"
"""Of an id that no paper has."""

CODE = "https://github.com/example/warmth"
_COLOURS = [(0.1, 0.4, 0.8), (0.9, 0.5, 0.1), (0.2, 0.6, 0.3), (0.7, 0.2, 0.4)]

ABSTRACT = (
    "We ask why a short linear warmup of the learning rate helps small transformers. On three "
    "character-level tasks, warmup over 200 steps lowers the final loss from 1.48 ± 0.03 to "
    "1.41 ± 0.02 over ten seeds. Most of the gain vanishes when the second-moment estimate of "
    "Adam is initialised from the first hundred gradients, which suggests that warmup mends a "
    "poor estimate and not a poor start."
)

_REFERENCES = (
    "[1] D. P. Kingma and J. Ba. Adam: a method for stochastic optimization. arXiv:1412.6980, "
    "2015.\n"
    "[2] L. Liu, H. Jiang, P. He, and others. On the variance of the adaptive learning rate and "
    "beyond. In ICLR, 2020. arXiv:1908.03265."
)
SECTIONS = [
    (
        "Abstract",
        ABSTRACT,
    ),
    (
        "1 Introduction",
        "Warmup is in every recipe and in few explanations. A learning rate that grows from zero "
        "over the first steps costs nothing, is seldom ablated, and is usually copied from the "
        "last paper that worked. We take it apart on models small enough to be trained ten times "
        "for each setting on a laptop.\n"
        "Our contributions are a table of ten seeds for each of four schedules, an ablation that "
        "changes one thing at a time, and a negative result for depth.",
    ),
    (
        "2 Method",
        "A transformer of four layers and width 128 is trained for 5,000 steps with Adam "
        "(beta1 = 0.9, beta2 = 0.99). The schedule is constant, linear warmup, cosine, or linear "
        "warmup followed by cosine. Everything else is held fixed: data order, initialisation and "
        "dropout are seeded apart.",
    ),
    (
        "3 Results",
        "Table 1 and Figure 1 show what ten seeds give.",
    ),
    (
        "4 Conclusion",
        "Warmup mends Adam's early estimate of the second moment. Where the estimate is good from "
        "the beginning, there is little left for warmup to do. Whether this holds at scale we do "
        "not know; the code and all seeds are at https://github.com/example/warmth.",
    ),
    ("References", _REFERENCES),
]
_ORDER = (
    "The order of the schedules is the same on all three tasks. With the second moment "
    "initialised from a hundred gradients, the constant schedule reaches 1.42 ± 0.02."
)
_TABLE = [
    ("Schedule", "Final loss", "Steps to 1.5"),
    ("constant", "1.48 ± 0.03", "4,100"),
    ("linear warmup", "1.41 ± 0.02", "3,200"),
    ("cosine", "1.45 ± 0.03", "3,700"),
    ("both", "1.40 ± 0.02", "3,000"),
]
_TABLE_CAPTION = (
    "Table 1: Final loss on the held-out text, mean and standard deviation over ten seeds."
)
_FIGURE_CAPTION = (
    "Figure 1: Loss against steps for the four schedules; bands are one standard deviation."
)


def write_paper(path: Path, stamp: str = STAMP) -> Path:
    """Write the paper to ``path``: one column, numbered sections, a table with rules, a figure made
    of lines, a link to its code, the margin stamp on page 1."""
    with pymupdf.open() as document:
        page = document.new_page()
        if stamp:
            page.insert_text((32, 560), stamp, fontsize=16, rotate=90, fontname="tiro")
        page.insert_textbox((90, 70, 520, 130), TITLE, fontsize=17, fontname="tibo", align=1)
        page.insert_textbox((90, 130, 520, 150), AUTHORS, fontsize=11, fontname="tiro", align=1)
        top = 170.0
        for number, (heading, text) in enumerate(SECTIONS):
            if number in (2, 4):
                page = document.new_page()
                top = 72.0
            page.insert_text((90, top + 12), heading, fontsize=13, fontname="tibo")
            top = _write(page, text, top + 22) + 10
            if heading == "3 Results":
                top = _write(page, _ORDER, _draw_table(page, top))
                top = _draw_figure(page, top)
        for found in page.search_for("https://github.com/example/warmth"):
            link = {"kind": pymupdf.LINK_URI, "from": found, "uri": CODE}
            page.insert_link(link)
        document.save(path)
    return path


def _write(page: pymupdf.Page, text: str, top: float) -> float:
    """Write paragraphs from ``top`` on; gives where they end."""
    for paragraph in text.split("\n"):
        box = pymupdf.Rect(90, top, 520, 760)
        left = page.insert_textbox(box, paragraph, fontsize=10.5, fontname="tiro")
        top += box.height - left + 8
    return top


def _draw_table(page: pymupdf.Page, top: float) -> float:
    top = _write(page, _TABLE_CAPTION, top)
    lines = page.new_shape()
    for number, row in enumerate(_TABLE):
        base = top + 16 * (number + 1)
        for left, cell in zip((130, 270, 390), row, strict=True):
            page.insert_text((left, base - 4), cell, fontsize=10, fontname="tiro")
    for at in (top, top + 16, top + 16 * len(_TABLE)):
        lines.draw_line((120, at), (490, at))
    lines.finish(width=0.7)
    lines.commit()
    return top + 16 * len(_TABLE) + 14


def _draw_figure(page: pymupdf.Page, top: float) -> float:
    lines = page.new_shape()
    lines.draw_line((140, top), (140, top + 130))
    lines.draw_line((140, top + 130), (470, top + 130))
    lines.finish(width=1, closePath=False)
    for curve, depth in enumerate((70, 95, 82, 102)):
        points = [
            pymupdf.Point(140 + 33 * step, top + depth * (1 - 0.5**step) + 10) for step in range(11)
        ]
        lines.draw_polyline(points)
        lines.finish(width=1.4, color=_COLOURS[curve], closePath=False)
    lines.commit()
    return _write(page, _FIGURE_CAPTION, top + 142)
