"""Measures the ranking of claim candidates on a corpus of papers.

``python tests/benchmarks/claim_score.py [CORPUS] [-v]``; CORPUS (default: ``../shared/corpus``
beside the checkout) holds ``pdf/`` and ``truth/results.tsv``: result scores, of which those count
that the PDF prints (``pdf_pages_with_score``) and that are ``distinctive``. Prints for each paper
how many of its scores stand among its first 10, 20, 40 and 80 candidates, and in all: as the truth
is, without what ``claim_truth.tsv`` names (scores that stand in the print as something else), each
number of a paper once, and for the two halves of the papers apart. ``-v`` prints the scores that
are missed, and every candidate's place. Exits with 1 where fewer than 80 % of the scores, the
corrected ones, stand among the first 40.
"""

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from researchdesk.document.claims.finding import find_candidates
from researchdesk.document.extraction import extract, extract_tables
from researchdesk.domain.claims import ClaimCandidate

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
HOLES = Path(__file__).with_name("claim_truth.tsv")
CUTS = (10, 20, 40, 80)
JUDGED = 40
THRESHOLD = 0.8
VALUE = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Wanted:
    """A score that the paper prints. ``sound``: not named among the holes of the truth."""

    score: str
    what: str
    pages: str
    sound: bool

    @property
    def value(self) -> float:
        match = VALUE.match(self.score)
        return float(match[0]) if match else float("nan")


@dataclass
class Row:
    """A paper: each wanted score with its place among the candidates, 0 for none."""

    paper: str
    candidates: int
    places: list[tuple[Wanted, int]] = field(default_factory=list)


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a tab-separated file."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [{key: (value or "").strip() for key, value in row.items()} for row in reader]


def wanted_scores(corpus: Path) -> dict[str, list[Wanted]]:
    """The scores of each paper that its PDF prints."""
    holes = {(row["arxiv_id"], row["score"]) for row in read_rows(HOLES)}
    found: dict[str, list[Wanted]] = defaultdict(list)
    for row in read_rows(corpus / "truth" / "results.tsv"):
        if row["pdf_pages_with_score"] and row["distinctive"] == "1":
            what = f"{row['metric']} on {row['dataset']}"
            sound = (row["arxiv_id"], row["score"]) not in holes
            wanted = Wanted(row["score"], what, row["pdf_pages_with_score"], sound)
            found[row["arxiv_id"]].append(wanted)
    return found


def candidates_of(pdf: Path) -> Sequence[ClaimCandidate]:
    """The candidates of the paper in this file, as the desk finds them."""
    document = extract(pdf)
    return find_candidates(document, extract_tables(pdf, document.figures))


def score(paper: str, pdf: Path, wanted: Iterable[Wanted]) -> Row:
    """One paper's row."""
    candidates = candidates_of(pdf)
    places: dict[float, int] = {}
    for place, candidate in enumerate(candidates, start=1):
        places.setdefault(candidate.value, place)
    return Row(paper, len(candidates), [(one, places.get(one.value, 0)) for one in wanted])


def shares(places: Sequence[int]) -> str:
    """The share of the places within each cut."""
    within = [sum(1 for place in places if 0 < place <= cut) for cut in CUTS]
    told = "".join(f"{found / max(len(places), 1):8.3f}" for found in within)
    return f"{told}   ({within[CUTS.index(JUDGED)]} of {len(places)} at {JUDGED})"


def once(row: Row) -> list[int]:
    """The places of a paper's sound scores, each number once."""
    return list({one.value: place for one, place in row.places if one.sound}.values())


def sound(rows: Iterable[Row]) -> list[int]:
    """The places of the scores that the truth has right."""
    return [place for row in rows for one, place in row.places if one.sound]


def report(rows: Sequence[Row], verbose: bool) -> list[str]:
    """The table as lines."""
    lines = [f"{'paper':16}{'found':>7}" + "".join(f"{cut:>8}" for cut in CUTS)]
    for row in rows:
        lines.append(f"{row.paper:16}{row.candidates:>7}{shares([p for _, p in row.places])}")
        for one, place in row.places if verbose else ():
            if not 0 < place <= JUDGED:
                mark = "" if one.sound else "  (hole of the truth)"
                lines.append(f"    {one.score:>12} {one.what}, page {one.pages}: {place}{mark}")
    first, second = rows[::2], rows[1::2]
    lines += [
        "",
        f"{'all of the truth':23}{shares([p for row in rows for _, p in row.places])}",
        f"{'without its holes':23}{shares(sound(rows))}",
        f"{'each number once':23}{shares([p for row in rows for p in once(row)])}",
        f"{'papers 1, 3, 5 …':23}{shares(sound(first))}",
        f"{'papers 2, 4, 6 …':23}{shares(sound(second))}",
    ]
    return lines


def main(arguments: list[str]) -> int:
    """Prints the table; ``-v`` also prints what is missed."""
    folders = [item for item in arguments if not item.startswith("-")]
    corpus = Path(folders[0]) if folders else CORPUS
    if not (corpus / "truth" / "results.tsv").is_file():
        sys.stderr.write(f"no corpus at {corpus}\n")
        return 2
    truth = wanted_scores(corpus)
    rows = []
    for paper in sorted(truth):
        pdf = corpus / "pdf" / f"{paper.replace('/', '_')}.pdf"
        if pdf.is_file():
            rows.append(score(paper, pdf, truth[paper]))
    sys.stdout.write("\n".join(report(rows, "-v" in arguments)) + "\n")
    places = sound(rows)
    within = sum(1 for place in places if 0 < place <= JUDGED)
    return 0 if within >= THRESHOLD * len(places) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
