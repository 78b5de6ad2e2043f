"""The corpus figures as lines of text, and which of them are under their thresholds."""

import resource
from collections.abc import Sequence
from statistics import median
from typing import Any

from corpus_marks import Count
from corpus_truth import HOLES, Truth

HEADINGS, CAPTIONS, SLOWEST, LARGEST = 0.95, 0.95, 25.0, 1024
LEARNING = {"cs.LG", "cs.CV", "cs.CL", "stat.ML", "cs.NE"}


def report(rows: Sequence[Any], truth: Truth) -> tuple[list[str], list[str]]:
    """All lines, and the names of the figures under their thresholds."""
    speed = median(row.per_page for row in rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = [
        *_table(rows),
        "",
        *_parts(rows, truth),
        *_order(rows),
        *_sentences(rows),
        f"figures with box        {sum(row.boxed for row in rows)}/{len(rows)} papers",
        f"ms a page, median       {speed:.1f} (PyMuPDF's plain text "
        f"{median(row.plain for row in rows):.1f})",
        f"peak memory, all papers {peak:.0f} MiB",
        "",
        *_agreement(rows),
    ]
    checks = {
        "stamps": all(row.stamp for row in rows),
        "headings": _total(rows, "headings", True).f1 >= HEADINGS,
        "captions": _total(rows, "captions", True).f1 >= CAPTIONS,
        "interleaving": not any(row.order.mixed for row in rows),
        "boxes": all(row.boxed for row in rows),
        "speed": speed <= SLOWEST,
        "memory": peak <= LARGEST,
    }
    return lines, [what for what, right in checks.items() if not right]


def _table(rows: Sequence[Any]) -> list[str]:
    """A line for each paper; F1 and captions against the mended truth."""
    heads = "".join(f"{head:>6}" for head in ("stamp", "title", "intro", "concl"))
    lines = [
        f"{'paper':20}{heads}{'auth':>5}{'F1':>6}{'F1-':>6}{'cap':>7}{'cols':>7}{'turned':>7}"
        f"{'sent.':>9}{'par.':>7}{'in':>4}{'ms':>6}{'plain':>6}"
    ]
    for row in rows:
        marks = (row.stamp, row.title, row.introduction, row.conclusion)
        f1, bare, cap = (found.get(True) for found in (row.headings, row.titles, row.captions))
        order, kept = row.order, row.kept
        cells = [
            *((6, "yes" if mark else "NO") for mark in marks),
            (5, str(row.authors)),
            (6, f"{f1.f1:.2f}" if f1 else ""),
            (6, f"{bare.f1:.2f}" if bare else ""),
            (7, f"{cap.right}/{cap.wanted}" if cap else ""),
            (7, f"{order.mixed}/{order.pages}" if order.pages else ""),
            (7, str(order.turned)),
            (9, f"{kept.whole}/{kept.printed}" if kept.printed else ""),
            (7, f"{kept.started}/{kept.paragraphs}" if kept.paragraphs else ""),
            (4, str(kept.inside) if kept.blocks else ""),
            (6, f"{row.per_page:.1f}"),
            (6, f"{row.plain:.1f}"),
        ]
        lines.append(f"{row.name:20}" + "".join(text.rjust(width) for width, text in cells))
    return lines


def _parts(rows: Sequence[Any], truth: Truth) -> list[str]:
    deep = [row for row in rows if row.category in LEARNING]
    concluded = [row for row in deep if not truth.lacks(row.name, "conclusion")]
    return [
        f"stamps right            {sum(row.stamp for row in rows)}/{len(rows)}",
        f"titles right            {sum(row.title for row in rows)}/{len(rows)}",
        f"authors found           {sum(row.authors > 0 for row in rows)}/{len(rows)} papers",
        f"abstract found          {sum(row.abstract for row in rows)}/{len(rows)}",
        f"introduction found      {sum(row.introduction for row in deep)}/{len(deep)} (learning)",
        f"conclusion found        {sum(row.conclusion for row in concluded)}/{len(concluded)} "
        "(learning, of those that print one)",
    ]


def _order(rows: Sequence[Any]) -> list[str]:
    two = [row for row in rows if row.order.pages > 1]
    mixed = [row.name for row in rows if row.order.mixed]
    turned = [row for row in rows if row.order.turned]
    count, lines = (sum(getattr(row.order, what) for row in rows) for what in ("turned", "lines"))
    return [
        f"columns interleaved     {len(mixed)} of {len(two)} two-column papers {mixed or ''}",
        f"lines out of order      {count} of {lines} in {len(turned)} of {len(rows)} papers "
        "(3 pt, all pages)",
    ]


def _sentences(rows: Sequence[Any]) -> list[str]:
    whole, printed, started, paragraphs, inside, blocks = (
        sum(getattr(row.kept, what) for row in rows)
        for what in ("whole", "printed", "started", "paragraphs", "inside", "blocks")
    )
    return [
        f"LaTeX sentences whole   {whole}/{printed} = {whole / max(printed, 1):.3f} "
        "(of those in PyMuPDF's text; formulas and citations are gaps)",
        f"paragraphs start blocks {started}/{paragraphs} = {started / max(paragraphs, 1):.3f} "
        "(LaTeX paragraphs and items that start a line of print)",
        f"blocks inside sentences {inside} of {blocks} that the LaTeX knows",
    ]


def _total(rows: Sequence[Any], what: str, corrected: bool) -> Count:
    whole = Count()
    for row in rows:
        whole.add(getattr(row, what).get(corrected) or Count())
    return whole


def _agreement(rows: Sequence[Any]) -> list[str]:
    """Headings and captions against the mended truth and the truth as it is."""
    lines = [f"{'':24}{'truth mended by hand':>30}{'truth as it is':>30}"]
    for label, what, part in (
        ("headings F1", "headings", "f1"),
        ("  without run-ins", "titles", "f1"),
        ("  levels right", "levels", "recall"),
        ("whole captions F1", "captions", "f1"),
        ("  recall", "captions", "recall"),
    ):
        cells = ""
        for corrected in (True, False):
            count = _total(rows, what, corrected)
            parts = f"{count.right}/{count.wanted}" + (f"/{count.found}" if count.found else "")
            cells += f"{getattr(count, part):.3f} ({parts})".rjust(30)
        lines.append(f"{label:24}{cells}")
    return [
        *lines,
        "(right/wanted/found; levels: right/matched; mended by hand: with the truth's holes mended "
        f"by hand: {HOLES.name})",
    ]
