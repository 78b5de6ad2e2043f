"""A small paper of our own making, as a PDF that looks like one: for tests and screenshots."""

from pathlib import Path

import pymupdf

TITLE = "Warmth Before Speed: A Small Study of Learning-Rate Warmup"
AUTHORS = "Ada Example, Bo Sample"
STAMP = "arXiv:9912.00001v2  [cs.LG]  3 Dec 2099"
"""Of an id that no paper has."""

ABSTRACT = (
    "We ask why a short linear warmup of the learning rate helps small transformers. On three "
    "character-level tasks, warmup over 200 steps lowers the final loss from 1.48 ± 0.03 to "
    "1.41 ± 0.02 over ten seeds. Most of the gain vanishes when the second-moment estimate of "
    "Adam is initialised from the first hundred gradients, which suggests that warmup mends a "
    "poor estimate and not a poor start."
)

_SECTIONS = [
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
        "Table 1: Final loss on the held-out text, mean and standard deviation over ten seeds.\n"
        "constant 1.48 ± 0.03; linear warmup 1.41 ± 0.02; cosine 1.45 ± 0.03; both 1.40 ± 0.02.\n"
        "Figure 1: Loss against steps for the four schedules; bands are one standard deviation.\n"
        "The order of the schedules is the same on all three tasks. With the second moment "
        "initialised from a hundred gradients, the constant schedule reaches 1.42 ± 0.02.",
    ),
    (
        "4 Conclusion",
        "Warmup mends Adam's early estimate of the second moment. Where the estimate is good from "
        "the beginning, there is little left for warmup to do. Whether this holds at scale we do "
        "not know; the code and all seeds are at https://github.com/example/warmth.",
    ),
    ("References", "[1] D. Kingma and J. Ba. Adam: a method for stochastic optimization. 2015."),
]


def write_paper(path: Path, stamp: str = STAMP) -> Path:
    """Write the paper to ``path``: one column, numbered sections, the margin stamp on page 1."""
    with pymupdf.open() as document:
        page = document.new_page()
        if stamp:
            page.insert_text((32, 560), stamp, fontsize=16, rotate=90, fontname="tiro")
        page.insert_textbox((90, 70, 520, 130), TITLE, fontsize=17, fontname="tibo", align=1)
        page.insert_textbox((90, 130, 520, 150), AUTHORS, fontsize=11, fontname="tiro", align=1)
        top = 170.0
        for number, (heading, text) in enumerate(_SECTIONS):
            if number in (2, 4):
                page = document.new_page()
                top = 72.0
            page.insert_text((90, top + 12), heading, fontsize=13, fontname="tibo")
            top += 22
            for paragraph in text.split("\n"):
                box = pymupdf.Rect(90, top, 520, 760)
                left = page.insert_textbox(box, paragraph, fontsize=10.5, fontname="tiro")
                top += box.height - left + 8
            top += 10
        document.save(path)
    return path
