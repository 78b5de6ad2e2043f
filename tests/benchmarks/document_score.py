"""Measures the document parser on a corpus of papers.

``python tests/benchmarks/document_score.py [CORPUS] [-v]``; CORPUS (default: ``../shared/corpus``
beside the checkout) holds ``pdf/`` and ``truth/sections.tsv``, ``truth/captions.tsv``. Prints one
row for each paper and a summary: headings as F1 (in order, numbers left out; with and without
run-in paragraph titles), captions found, margin stamps right, introduction and conclusion found,
milliseconds a page. ``document_truth.tsv`` names the papers whose truth has holes; figures are
given with and without them.
"""

import csv
import re
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median

import pymupdf

from researchdesk.document.layout import build_document
from researchdesk.document.pages import read_outline, read_pages
from researchdesk.document.words import comparable
from researchdesk.domain.documents import Document, SectionKind

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
LEARNING = {"cs.LG", "cs.CV", "cs.CL", "stat.ML", "cs.NE"}
SKIPPED = {"abstract", "references", "bibliography", "keywords"}
LETTERED = re.compile(r"(?:appendix )?[A-Z][.:]? (.+)", re.IGNORECASE)


@dataclass
class Count:
    """Headings right, wanted and found."""

    right: int = 0
    wanted: int = 0
    found: int = 0

    def add(self, other: "Count") -> None:
        self.right += other.right
        self.wanted += other.wanted
        self.found += other.found

    @property
    def f1(self) -> float:
        total = self.wanted + self.found
        return 2 * self.right / total if total else 1.0


@dataclass
class Row:
    name: str
    category: str
    stamp: bool
    title: bool
    introduction: bool
    conclusion: bool
    per_page: float
    headings: Count | None = None
    titles: Count | None = None
    captions: Count | None = None
    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def read_table(path: Path) -> dict[str, list[dict[str, str]]]:
    """Rows of a truth file by paper."""
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            rows[row["arxiv_id"]].append(row)
    return rows


def parse(path: Path) -> tuple[Document, float]:
    """The document, and the milliseconds a page that it took."""
    started = time.perf_counter()
    with pymupdf.open(path) as pdf:
        document = build_document(read_pages(pdf), read_outline(pdf))
    return document, 1000 * (time.perf_counter() - started) / max(document.pages, 1)


def in_order(wanted: list[str], found: list[str]) -> tuple[Count, list[str], list[str]]:
    """How many titles agree, taken in order, and which are missing and wrong."""
    matcher = SequenceMatcher(None, wanted, found, autojunk=False)
    right = sum(block.size for block in matcher.get_matching_blocks())
    missing, wrong = Counter(wanted) - Counter(found), Counter(found) - Counter(wanted)
    count = Count(right, len(wanted), len(found))
    return count, list(missing.elements()), list(wrong.elements())


def agreed(title: str, wanted: set[str]) -> str:
    """The title as it is compared, without the letter of an appendix where the truth has none."""
    whole, lettered = comparable(title), LETTERED.fullmatch(title)
    bare = comparable(lettered[1]) if lettered else whole
    return bare if bare in wanted and whole not in wanted else whole


def titled(found: str, wanted: str) -> bool:
    """Whether the titles agree; those of the manifest are cut at times."""
    one, two = comparable(found)[:60], comparable(wanted)[:60]
    return bool(one) and SequenceMatcher(None, one, two, autojunk=False).ratio() > 0.85


def score(path: Path, row: dict[str, str], sections: list, captions: list) -> Row:
    """One paper's row."""
    document, per_page = parse(path)
    kinds = {section.kind for section in document.sections}
    wanted_stamp = row["arxiv_id"] if "submit" not in row["arxiv_id"] else ""
    result = Row(
        row["arxiv_id"],
        row["category"],
        document.stamp == wanted_stamp,
        titled(document.title, row["title"]),
        SectionKind.INTRODUCTION in kinds,
        SectionKind.CONCLUSION in kinds,
        per_page,
    )
    if sections:
        wanted = [(item["level"], comparable(item["heading"])) for item in sections]
        known = {title for _, title in wanted}
        found = [(s.level, agreed(s.title, known)) for s in document.sections]
        found = [(level, title) for level, title in found if title not in SKIPPED]
        result.headings, result.missing, result.wrong = in_order(
            [title for _, title in wanted], [title for _, title in found]
        )
        result.titles, _, _ = in_order(
            [title for level, title in wanted if level != "paragraph"],
            [title for level, title in found if level < 4],
        )
    if captions:
        expected = Counter(item["kind"] for item in captions)
        numbers = {(c.kind, c.number) for c in document.figures}
        got = Counter(kind for kind, _ in numbers if kind != "algorithm")
        right = sum((expected & got).values())
        result.captions = Count(right, sum(expected.values()), sum(got.values()))
    return result


def report(rows: list[Row]) -> list[str]:
    """The table as lines."""
    lines = [
        f"{'paper':22}{'stamp':>6}{'title':>6}{'intro':>6}{'concl':>6}{'F1':>6}{'F1-':>6}{'cap':>8}{'ms':>7}"
    ]
    for row in rows:
        f1 = f"{row.headings.f1:.2f}" if row.headings else ""
        bare = f"{row.titles.f1:.2f}" if row.titles else ""
        cap = f"{row.captions.right}/{row.captions.wanted}" if row.captions else ""
        marks = "".join(
            f"{'yes' if m else 'NO':>6}"
            for m in (row.stamp, row.title, row.introduction, row.conclusion)
        )
        lines.append(f"{row.name:22}{marks}{f1:>6}{bare:>6}{cap:>8}{row.per_page:7.1f}")
    holes = read_table(Path(__file__).with_name("document_truth.tsv"))
    deep = [row for row in rows if row.category in LEARNING]
    concluded = [
        row
        for row in deep
        if not any(hole["what"] == "conclusion" for hole in holes.get(row.name, ()))
    ]
    lines += [
        "",
        f"stamps right       {sum(row.stamp for row in rows)}/{len(rows)}",
        f"titles right       {sum(row.title for row in rows)}/{len(rows)}",
        f"introduction found {sum(row.introduction for row in deep)}/{len(deep)} (learning papers)",
        f"conclusion found   {sum(row.conclusion for row in deep)}/{len(deep)} (learning papers); "
        f"of those that print one {sum(row.conclusion for row in concluded)}/{len(concluded)}",
        f"ms a page, median  {median(row.per_page for row in rows):.1f}",
    ]
    for label, sound in (("all of the truth", False), ("without its holes", True)):
        lines += ["", f"{label}:", *summary(rows, holes if sound else {})]
    return lines


def summary(rows: list[Row], holes: dict[str, list[dict[str, str]]]) -> list[str]:
    """The figures over all papers, those in ``holes`` left out."""
    lines = []
    for label, key, what in (
        ("headings F1", "headings", "sections"),
        ("  without run-ins", "titles", "sections"),
        ("captions found", "captions", "captions"),
    ):
        total = Count()
        for row in rows:
            if any(hole["what"] == what for hole in holes.get(row.name, ())):
                continue
            total.add(getattr(row, key) or Count())
        share = total.right / max(total.wanted, 1) if key == "captions" else total.f1
        lines.append(
            f"{label:18} {share:.3f}  "
            f"(right {total.right}, wanted {total.wanted}, found {total.found})"
        )
    return lines


def main(arguments: list[str]) -> int:
    """Prints the table; ``-v`` also prints what is missing and what is wrong."""
    verbose = "-v" in arguments
    folders = [item for item in arguments if not item.startswith("-")]
    corpus = Path(folders[0]) if folders else CORPUS
    if not (corpus / "pdf" / "manifest.tsv").is_file():
        sys.stderr.write(f"no corpus at {corpus}\n")
        return 2
    pymupdf.TOOLS.mupdf_display_errors(False)
    sections = read_table(corpus / "truth" / "sections.tsv")
    captions = read_table(corpus / "truth" / "captions.tsv")
    papers = [
        row for found in read_table(corpus / "pdf" / "manifest.tsv").values() for row in found
    ]
    rows = [
        score(
            corpus / "pdf" / row["file"], row, sections[row["arxiv_id"]], captions[row["arxiv_id"]]
        )
        for row in papers
    ]
    for row in rows if verbose else ():
        if row.missing or row.wrong:
            sys.stdout.write(f"{row.name}\n  missing {row.missing}\n  wrong   {row.wrong}\n")
    sys.stdout.write("\n".join(report(rows)) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
