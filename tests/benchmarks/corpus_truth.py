"""What the corpus says its papers hold, as it is and corrected.

``document_truth.tsv`` corrects it by paper and row: ``add`` puts a row after row ``n`` (0: before
the first), ``remove`` takes row ``n`` out, ``replace`` gives it another text. Rows marked
``print`` in ``why`` were looked up in the PDF's own print, also where the parser misses them. A
long caption that was added is written as its beginning, "…", and its end.

A heading that runs into its paragraph counts where it is set in bold or small capitals at the
paragraph's start; in italics only where the LaTeX has it. Theorems, remarks and examples with a
number, labels of a list's items, and bold words that a sentence begins with do not count.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

HOLES = Path(__file__).with_name("document_truth.tsv")


@dataclass(frozen=True)
class Wanted:
    """A heading or caption that the paper has. ``kind``: a LaTeX level, or figure or table."""

    n: int
    kind: str
    text: str


def read_table(path: Path) -> dict[str, list[dict[str, str]]]:
    """Rows of a tab-separated file by paper."""
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            rows[row["arxiv_id"]].append(row)
    return rows


class Truth:
    """Headings and captions of every paper, raw and corrected."""

    def __init__(self, corpus: Path) -> None:
        self._sections = read_table(corpus / "truth" / "sections.tsv")
        self._captions = read_table(corpus / "truth" / "captions.tsv")
        self._holes = read_table(HOLES)

    def headings(self, paper: str, corrected: bool) -> list[Wanted]:
        rows = self._sections.get(paper, [])
        wanted = [Wanted(int(row["n"]), row["level"], row["heading"]) for row in rows]
        return self._mended(paper, "heading", wanted) if corrected and wanted else wanted

    def captions(self, paper: str, corrected: bool) -> list[Wanted]:
        rows = self._captions.get(paper, [])
        wanted = [Wanted(int(row["n"]), row["kind"], row["caption"]) for row in rows]
        return self._mended(paper, "caption", wanted) if corrected and wanted else wanted

    def title(self, paper: str) -> str:
        """The title as printed where the manifest has another, else ``""``."""
        holes = self._holes.get(paper, ())
        return next((hole["text"] for hole in holes if hole["what"] == "title"), "")

    def lacks(self, paper: str, what: str) -> bool:
        """Whether the paper prints none of these."""
        return any(
            hole["what"] == what and hole["change"] == "none" for hole in self._holes.get(paper, ())
        )

    def _mended(self, paper: str, what: str, wanted: list[Wanted]) -> list[Wanted]:
        holes = [hole for hole in self._holes.get(paper, ()) if hole["what"] == what]
        added: dict[int, list[Wanted]] = defaultdict(list)
        removed: set[int] = set()
        texts: dict[int, str] = {}
        for hole in holes:
            n = int(hole["n"] or 0)
            if hole["change"] == "add":
                added[n].append(Wanted(n, hole["kind"], hole["text"]))
            elif hole["change"] == "remove":
                removed.add(n)
            elif hole["change"] == "replace":
                texts[n] = hole["text"]
        mended = list(added.pop(0, []))
        for row in wanted:
            if row.n not in removed:
                mended.append(replace(row, text=texts.get(row.n, row.text)))
            mended += added.pop(row.n, [])
        if added:
            raise ValueError(f"{HOLES.name}: {paper} has no {what} {min(added)}")
        return mended
