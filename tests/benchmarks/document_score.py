"""Measures the document parser on a corpus of papers.

``python tests/benchmarks/document_score.py [CORPUS] [-v]``; CORPUS (default: ``../shared/corpus``
beside the checkout) holds ``pdf/``, ``truth/`` and ``edge/``. Prints a row for each paper, the
figures against the truth as it is and as ``document_truth.tsv`` corrects it, reading order, and
what became of the files in ``edge/``. Exits with 1 where a figure is under its threshold. ``-v``
also prints which headings and captions are missing or wrong.
"""

import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import corpus_edge
import pymupdf
from corpus_marks import Count, agreed, in_order, longest_agreement, titled
from corpus_order import Order, Sentences, columns, sentences
from corpus_truth import Truth, Wanted, read_table

from researchdesk.document.layout import build_document
from researchdesk.document.pages import read_outline, read_pages
from researchdesk.document.words import comparable
from researchdesk.domain.documents import Document, SectionKind

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
HEADINGS, CAPTIONS, SENTENCES, SLOWEST, LARGEST = 0.95, 0.95, 0.95, 25.0, 1024
LEARNING = {"cs.LG", "cs.CV", "cs.CL", "stat.ML", "cs.NE"}
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
    sentences: Sentences
    boxed: bool
    headings: dict[bool, Count] = field(default_factory=dict)
    titles: dict[bool, Count] = field(default_factory=dict)
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
    if corrected:
        for label, first, second in (("missing", one, two), ("wrong", two, one)):
            if rest := list((Counter(first) - Counter(second)).elements()):
                row.notes.append(f"{label} headings: {rest}")


def score_captions(row: Row, document: Document, rows: list[Wanted], corrected: bool) -> None:
    """A caption is right that has the truth's kind and words, in order, with page and box."""
    total = Count()
    for kind in ("figure", "table"):
        wanted = [comparable(item.text)[:80] for item in rows if item.kind == kind]
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
        order = columns(pdf, document)
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
        sentences(source, document) if source.is_file() else Sentences(),
        all(figure.box and figure.caption_box for figure in document.figures),
    )
    for corrected in (False, True):
        if headings := truth.headings(name, corrected):
            score_headings(row, document, headings, corrected)
        if captions := truth.captions(name, corrected):
            score_captions(row, document, captions, corrected)
    if order.why:
        row.notes.append(f"columns: {order.why}")
    return row


def table(rows: list[Row]) -> list[str]:
    """A line for each paper; F1 and captions against the corrected truth."""
    heads = ("stamp", "title", "intro", "concl")
    lines = [
        f"{'paper':20}{''.join(f'{head:>6}' for head in heads)}{'auth':>5}{'F1':>6}{'F1-':>6}"
        f"{'cap':>7}{'cols':>7}{'sent.':>9}{'ms':>6}{'plain':>6}"
    ]
    for row in rows:
        marks = (row.stamp, row.title, row.introduction, row.conclusion)
        f1, bare, cap = (found.get(True) for found in (row.headings, row.titles, row.captions))
        order, sent = row.order, row.sentences
        cells = [
            *((6, "yes" if mark else "NO") for mark in marks),
            (5, str(row.authors)),
            (6, f"{f1.f1:.2f}" if f1 else ""),
            (6, f"{bare.f1:.2f}" if bare else ""),
            (7, f"{cap.right}/{cap.wanted}" if cap else ""),
            (7, f"{order.mixed}/{order.pages}" if order.pages else ""),
            (9, f"{sent.whole}/{sent.printed}" if sent.printed else ""),
            (6, f"{row.per_page:.1f}"),
            (6, f"{row.plain:.1f}"),
        ]
        lines.append(f"{row.name:20}" + "".join(text.rjust(width) for width, text in cells))
    return lines


def total(rows: list[Row], what: str, corrected: bool) -> Count:
    whole = Count()
    for row in rows:
        whole.add(getattr(row, what).get(corrected) or Count())
    return whole


def agreement(rows: list[Row]) -> list[str]:
    """Headings and captions against the corrected truth and the truth as it is."""
    lines = []
    for label, what, part in (
        ("headings F1", "headings", "f1"),
        ("  without run-ins", "titles", "f1"),
        ("captions", "captions", "recall"),
    ):
        cells = ""
        for corrected in (True, False):
            count = total(rows, what, corrected)
            cells += (
                f"{getattr(count, part):12.3f} ({count.right}/{count.wanted}/{count.found})".rjust(
                    30
                )
            )
        lines.append(f"{label:24}{cells}")
    return [*lines, "(right/wanted/found)"]


def summary(rows: list[Row], truth: Truth) -> tuple[list[str], list[str]]:
    """The figures as lines, and which of them are under their thresholds."""
    deep = [row for row in rows if row.category in LEARNING]
    concluded = [row for row in deep if not truth.lacks(row.name, "conclusion")]
    two = [row for row in rows if row.order.pages > 1]
    mixed = [row.name for row in two if row.order.mixed]
    printed = sum(row.sentences.printed for row in rows)
    whole = sum(row.sentences.whole for row in rows)
    speed = median(row.per_page for row in rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = [
        f"stamps right            {sum(row.stamp for row in rows)}/{len(rows)}",
        f"titles right            {sum(row.title for row in rows)}/{len(rows)}",
        f"authors found           {sum(row.authors > 0 for row in rows)}/{len(rows)} papers",
        f"abstract found          {sum(row.abstract for row in rows)}/{len(rows)}",
        f"introduction found      {sum(row.introduction for row in deep)}/{len(deep)} (learning)",
        f"conclusion found        {sum(row.conclusion for row in concluded)}/{len(concluded)} "
        "(learning, of those that print one)",
        f"columns interleaved     {len(mixed)} of {len(two)} two-column papers {mixed or ''}",
        f"LaTeX sentences whole   {whole}/{printed} = {whole / max(printed, 1):.3f}",
        f"figures with box        {sum(row.boxed for row in rows)}/{len(rows)} papers",
        f"ms a page, median       {speed:.1f} (PyMuPDF's plain text "
        f"{median(row.plain for row in rows):.1f})",
        f"peak memory, all papers {peak:.0f} MiB",
        f"{'':24}{'corrected':>30}{'as the truth is':>30}",
        *agreement(rows),
    ]
    checks = {
        "stamps": all(row.stamp for row in rows),
        "headings": total(rows, "headings", True).f1 >= HEADINGS,
        "captions": total(rows, "captions", True).recall >= CAPTIONS,
        "interleaving": not mixed,
        "sentences": not printed or whole >= SENTENCES * printed,
        "boxes": all(row.boxed for row in rows),
        "speed": speed <= SLOWEST,
        "memory": peak <= LARGEST,
    }
    return lines, [what for what, right in checks.items() if not right]


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
    lines, low = summary(rows, truth)
    edge, wrong = corpus_edge.rows(corpus / "edge")
    sys.stdout.write("\n".join([*table(rows), "", *lines, "", *edge, ""]) + "\n")
    for fault in [*wrong, *(f"under its threshold: {what}" for what in low)]:
        sys.stdout.write(f"{fault}\n")
    return 1 if wrong or low else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
