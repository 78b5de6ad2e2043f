"""Measures the document parser on a corpus of papers.

``python tests/benchmarks/document_score.py [CORPUS] [-v]``; CORPUS (default: ``../shared/corpus``
beside the checkout) holds ``pdf/``, ``truth/`` and ``edge/``. Prints a row for each paper, the
figures against the truth as it is and as ``document_truth.tsv`` corrects it, reading order, and
what became of the files in ``edge/``. Exits with 1 where a figure is under its threshold. ``-v``
also prints which headings and captions are missing or wrong.
"""

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import corpus_edge
import pymupdf
from corpus_latex import Kept, kept
from corpus_marks import Count, agreed, in_order, levels_agreed, longest_agreement, titled
from corpus_order import Order, order_of
from corpus_print import Print
from corpus_report import report
from corpus_truth import Truth, Wanted, read_table

from researchdesk.document.pdf.layout import build_document
from researchdesk.document.pdf.pages import read_outline, read_pages
from researchdesk.document.pdf.words import comparable
from researchdesk.domain.documents import Document, SectionKind

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
DEPTHS = {"section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4, "subparagraph": 4}
SKIPPED = {"abstract", "references", "bibliography", "keywords", "contents"}


@dataclass
class Row:
    """One paper. Figures by ``corrected``."""

    name: str
    category: str
    stamp: bool
    title: bool
    authors: int
    abstract: bool
    introduction: bool
    conclusion: bool
    per_page: float
    plain: float
    order: Order
    kept: Kept
    boxed: bool
    headings: dict[bool, Count] = field(default_factory=dict)
    titles: dict[bool, Count] = field(default_factory=dict)
    levels: dict[bool, Count] = field(default_factory=dict)
    captions: dict[bool, Count] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def score_headings(row: Row, document: Document, rows: list[Wanted], corrected: bool) -> None:
    known = {comparable(item.text) for item in rows}
    wanted = [(item.kind, comparable(item.text)) for item in rows]
    wanted = [(level, title) for level, title in wanted if title not in SKIPPED]
    found = [(s.level, agreed(s.title, known)) for s in document.sections]
    found = [(level, title) for level, title in found if title not in SKIPPED]
    one, two = [title for _, title in wanted], [title for _, title in found]
    row.headings[corrected] = in_order(one, two)
    row.titles[corrected] = in_order(
        [title for level, title in wanted if level != "paragraph"],
        [title for level, title in found if level < 4],
    )
    depths = [(DEPTHS.get(level, 0), title) for level, title in wanted]
    row.levels[corrected] = levels_agreed(depths, found)
    if corrected:
        for label, first, second in (("missing", one, two), ("wrong", two, one)):
            if rest := list((Counter(first) - Counter(second)).elements()):
                row.notes.append(f"{label} headings: {rest}")


def score_captions(row: Row, document: Document, rows: list[Wanted], corrected: bool) -> None:
    """A caption is right that has the truth's kind and words, in order, with page and box."""
    total = Count()
    for kind in ("figure", "table"):
        wanted = [comparable(item.text) for item in rows if item.kind == kind]
        found = [f for f in document.figures if f.kind == kind and f.page and f.box]
        right = longest_agreement(wanted, found)
        total.add(Count(right, len(wanted), len(found)))
        if corrected and right < len(wanted):
            numbers = [figure.number for figure in found]
            row.notes.append(f"{kind} captions: {right} of {len(wanted)} right; found {numbers}")
    row.captions[corrected] = total


def score(path: Path, given: dict[str, str], truth: Truth, corpus: Path) -> Row:
    """One paper's row."""
    name = given["arxiv_id"]
    with pymupdf.open(path) as pdf:
        started = time.process_time()
        for page in pdf:
            page.get_text()
        plain = time.process_time() - started
    with pymupdf.open(path) as pdf:
        started = time.process_time()
        document = build_document(read_pages(pdf), read_outline(pdf))
        own = time.process_time() - started
        printed = Print(pdf)
    order = order_of(printed, document)
    source = corpus / "truth" / "tex" / name / f"{name}.tex"
    kinds = {section.kind for section in document.sections}
    pages = max(document.pages, 1)
    row = Row(
        name,
        given["category"],
        document.stamp == (name if "submit" not in name else ""),
        titled(document.title, truth.title(name) or given["title"]),
        len(document.authors),
        len(document.abstract) > 200,
        SectionKind.INTRODUCTION in kinds,
        SectionKind.CONCLUSION in kinds,
        1000 * own / pages,
        1000 * plain / pages,
        order,
        kept(source, printed, document) if source.is_file() else Kept(),
        all(figure.box and figure.caption_box for figure in document.figures),
    )
    for corrected in (False, True):
        if headings := truth.headings(name, corrected):
            score_headings(row, document, headings, corrected)
        if captions := truth.captions(name, corrected):
            score_captions(row, document, captions, corrected)
    row.notes += [*order.faults, *row.kept.faults]
    return row


def main(arguments: list[str]) -> int:
    """Prints the figures; 1 where one of them is under its threshold, 2 without a corpus."""
    folders = [item for item in arguments if not item.startswith("-")]
    corpus = Path(folders[0]) if folders else CORPUS
    if not (corpus / "pdf" / "manifest.tsv").is_file():
        sys.stderr.write(f"no corpus at {corpus}\n")
        return 2
    pymupdf.TOOLS.mupdf_display_errors(False)
    truth = Truth(corpus)
    papers = [row for rows in read_table(corpus / "pdf" / "manifest.tsv").values() for row in rows]
    rows = [score(corpus / "pdf" / row["file"], row, truth, corpus) for row in papers]
    for row in rows if "-v" in arguments else ():
        for note in row.notes:
            sys.stdout.write(f"{row.name}: {note}\n")
    lines, low = report(rows, truth)
    edge, wrong = corpus_edge.rows(corpus / "edge")
    sys.stdout.write("\n".join([*lines, "", *edge, ""]) + "\n")
    for fault in [*wrong, *(f"under its threshold: {what}" for what in low)]:
        sys.stdout.write(f"{fault}\n")
    return 1 if wrong or low else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
