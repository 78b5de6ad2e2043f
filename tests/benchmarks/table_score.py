"""Measures the cells of tables on a corpus of papers.

``python tests/benchmarks/table_score.py [CORPUS] [-v]``; CORPUS (default: ``../shared/corpus``
beside the checkout) holds ``pdf/``, ``truth/results.tsv`` and ``truth/tex/``. Prints a row for each
paper and a summary: printed result scores that stand in a cell by themselves; numeric cells that
hold one number (with its ±); cells and neighbourhoods of cells of the LaTeX sources found again;
milliseconds a page with tables, beside PyMuPDF's ``find_tables`` in the same run.
``table_truth.tsv`` names printed scores that stand in no table; figures are given with and without.
"""

import csv
import re
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import latex_tables
import pymupdf
import table_likeness
from table_likeness import Count

from researchdesk.document.pdf.layout import build_document
from researchdesk.document.pdf.pages import read_outline, read_pages
from researchdesk.document.tables.finding import find_tables
from researchdesk.domain.documents import FigureKind, Table

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
VALUE = re.compile(r"\d+(?:\.\d+)?")
MOST = 2
COUNTED = ("captions", "scores", "single", "cells", "beside", "known", "shapes")


@dataclass
class Row:
    name: str
    captions: Count = field(default_factory=Count)
    scores: Count = field(default_factory=Count)
    sound: Count = field(default_factory=Count)
    single: Count = field(default_factory=Count)
    cells: Count = field(default_factory=Count)
    beside: Count = field(default_factory=Count)
    known: Count = field(default_factory=Count)
    shapes: Count = field(default_factory=Count)
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def rows_by_paper(path: Path) -> dict[str, list[dict[str, str]]]:
    """Rows of a truth file by paper."""
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as stream:
            lines = (line.rstrip("\r\n") for line in stream)
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                rows[row["arxiv_id"]].append(row)
    return rows


def found_in(path: Path, row: Row, compared: bool) -> list[Table]:
    """The paper's tables; their cost goes into the row."""
    with pymupdf.open(path) as pdf:
        figures = build_document(read_pages(pdf), read_outline(pdf)).figures
        tables: list[Table] = []
        pages = sorted({f.page for f in figures if f.kind is FigureKind.TABLE})
        for page in pages:
            started = time.perf_counter()
            tables += [
                t
                for found in find_tables(pdf, [f for f in figures if f.page == page])
                for t in found
            ]
            row.ours.append(1000 * (time.perf_counter() - started))
            if compared:
                started = time.perf_counter()
                pdf[page - 1].find_tables()
                row.theirs.append(1000 * (time.perf_counter() - started))
    captioned = {f.number for f in figures if f.kind is FigureKind.TABLE}
    celled = {table.number for table in tables if table.number}
    row.captions = Count(len(captioned & celled), len(captioned))
    row.notes += [f"no cells: table {number}" for number in sorted(captioned - celled)]
    return tables


def numbers(cell: str) -> list[str]:
    """The numbers of a cell, without those of citations and powers."""
    return VALUE.findall(table_likeness.ASIDE.sub("", cell))


def score_found(score: str, tables: list[Table], pages: str) -> bool:
    """Whether a cell on one of the pages has this score, and at most one number beside it."""
    wanted = float(VALUE.search(score)[0])
    allowed = {int(page) for page in pages.split(",") if page.strip()}
    for table in tables:
        if table.page not in allowed:
            continue
        for line in table.cells:
            for cell in line:
                held = numbers(cell)
                if len(held) <= MOST and any(float(one) == wanted for one in held):
                    return True
    return False


def single(tables: list[Table]) -> Count:
    """Cells without letters that hold numbers: how many hold one, with its ± or range."""
    count = Count()
    for table in tables:
        for line in table.cells:
            for cell in line:
                held = numbers(cell)
                if held and not re.search(r"[^\W\d_]{2}", cell):
                    count.wanted += 1
                    joined = re.search(r"[±/(\[~–+×x·-]", cell) is not None
                    count.right += len(held) == 1 or (len(held) <= 3 and joined)
    return count


def score(pdf: Path, name: str, results: list, holes: list, tex: Path, compared: bool) -> Row:
    """One paper's row."""
    row = Row(name)
    tables = found_in(pdf, row, compared)
    missing = {(hole["score"], hole["metric"]) for hole in holes}
    for item in results:
        if not item["pdf_pages_with_score"].strip() or item["distinctive"].strip() != "1":
            continue
        right = score_found(item["score"], tables, item["pdf_pages_with_score"])
        row.scores.add(Count(right, 1))
        if (item["score"], item["metric"]) not in missing:
            row.sound.add(Count(right, 1))
        if not right:
            row.notes.append(
                f"score {item['score']} ({item['metric']}) pages {item['pdf_pages_with_score']}"
            )
    row.single = single(tables)
    if tex.is_file():
        sources = latex_tables.tables_of(tex.read_text(encoding="utf-8", errors="replace"))
        for source, own in table_likeness.match(sources, tables):
            if own:
                add(row, table_likeness.compare(source, own))
            else:
                row.notes.append(f"source not matched: {source.caption[:50]}")
    return row


def add(row: Row, likeness: table_likeness.Likeness) -> None:
    """Adds one table's likeness to its paper's row."""
    for key in ("cells", "beside", "known", "shapes"):
        getattr(row, key).add(getattr(likeness, key))
    row.notes += [likeness.note] if likeness.note else []


def report(rows: list[Row]) -> list[str]:
    """The table as lines."""
    heads = (*COUNTED, "ms", "theirs")
    lines = [f"{'paper':22}" + "".join(f"{head:>11}" for head in heads)]
    total = Row("all")
    for row in rows:
        if row.ours:
            counts = "".join(f"{getattr(row, key)!s:>11}" for key in COUNTED)
            costs = f"{median(row.ours):11.1f}{median(row.theirs or [0]):11.1f}"
            lines.append(f"{row.name:22}{counts}{costs}")
        for key in (*COUNTED, "sound"):
            getattr(total, key).add(getattr(row, key))
        total.ours += row.ours
        total.theirs += row.theirs
    for label, count in (
        ("captioned tables with cells", total.captions),
        ("printed scores in a cell, all of the truth", total.scores),
        ("printed scores in a cell, without its holes", total.sound),
        ("numeric cells that hold one number", total.single),
        ("cells of the LaTeX sources found", total.cells),
        ("neighbours of the LaTeX sources found", total.beside),
        ("neighbours found that the sources have", total.known),
        ("tabulars with rows and columns as in LaTeX", total.shapes),
    ):
        lines.append(f"{label:45} {count.share:.3f}  ({count})")
    label = "ms a page with tables: median, mean, greatest"
    lines.append(f"{label:45} {figures(total.ours)} (find_tables: {figures(total.theirs)})")
    return lines


def figures(costs: list[float]) -> str:
    """Median, mean and greatest of these."""
    if not costs:
        return "not run"
    return f"{median(costs):.1f}, {sum(costs) / len(costs):.1f}, {max(costs):.1f}"


def main(arguments: list[str]) -> int:
    """Prints the table; ``-v`` also prints what is missing; ``--alone`` leaves find_tables out."""
    folders = [item for item in arguments if not item.startswith("-")]
    corpus = Path(folders[0]) if folders else CORPUS
    if not (corpus / "pdf").is_dir():
        sys.stderr.write(f"no corpus at {corpus}\n")
        return 2
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.no_recommend_layout()
    results = rows_by_paper(corpus / "truth" / "results.tsv")
    holes = rows_by_paper(Path(__file__).with_name("table_truth.tsv"))
    rows = []
    for pdf in sorted((corpus / "pdf").glob("*.pdf")):
        name = pdf.stem.replace("_", "/")
        tex = corpus / "truth" / "tex" / pdf.stem / f"{pdf.stem}.tex"
        rows.append(score(pdf, name, results[name], holes[name], tex, "--alone" not in arguments))
    for row in rows if "-v" in arguments else ():
        if row.notes:
            sys.stdout.write(f"{row.name}\n" + "".join(f"  {note}\n" for note in row.notes))
    sys.stdout.write("\n".join(report(rows)) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
