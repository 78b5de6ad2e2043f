"""A paper's parts as JSON has them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from researchdesk.domain.claims import ClaimCandidate
from researchdesk.domain.documents import Box, Document, Figure, FigureKind, Table


@dataclass(frozen=True, slots=True)
class Parts:
    """What was found in a paper; ``document`` is None where there is nothing to look into."""

    document: Document | None = None
    tables: tuple[Table, ...] = ()
    candidates: tuple[ClaimCandidate, ...] = ()


def record(parts: Parts) -> dict[str, Any]:
    """The fields of the parts; lists are empty where nothing was found."""
    document = parts.document or Document("", 0, (), (), ())
    return {
        "source": document.source if parts.document else "",
        "pages": document.pages,
        "problem": document.problem,
        "holds": document.holds,
        "sections": [
            {"level": item.level, "title": item.title, "page": item.page, "kind": item.kind}
            for item in document.sections
        ],
        "figures": _figures(document, FigureKind.FIGURE),
        "tables": _tables(document, parts.tables),
        "algorithms": _figures(document, FigureKind.ALGORITHM),
        "references": [asdict(item) for item in document.references],
        "code_links": [asdict(item) for item in document.code_links],
        "claim_candidates": [
            {"text": item.text, **asdict(item), "score": round(item.score, 3)}
            for item in parts.candidates
        ],
    }


def parsed_words(known: Mapping[str, Any], document: Document | None) -> dict[str, Any]:
    """Authors and abstract as the paper prints them, where the metadata has none."""
    if document is None:
        return {}
    printed = {"authors": list(document.authors), "abstract": document.abstract}
    return {name: words for name, words in printed.items() if words and not known[name]}


def _figures(document: Document, kind: FigureKind) -> list[dict[str, Any]]:
    return [_figure(item) for item in document.figures if item.kind is kind]


def _figure(item: Figure | Table) -> dict[str, Any]:
    return {
        "number": item.number,
        "caption": item.caption,
        "page": item.page,
        "box": _rounded(item.box),
    }


def _tables(document: Document, tables: Sequence[Table]) -> list[dict[str, Any]]:
    """Each caption with its cells, then the tables that have none, in their pages' order."""
    left = list(tables)
    found = []
    for figure in document.figures:
        if figure.kind is not FigureKind.TABLE:
            continue
        own = next((table for table in left if _belongs(table, figure)), None)
        if own is not None:
            left.remove(own)
        found.append({**_figure(figure), "cells": own.cells if own else ()})
    found += [{**_figure(table), "cells": table.cells} for table in left]
    return sorted(found, key=lambda item: int(item["page"]))


def _belongs(table: Table, figure: Figure) -> bool:
    return bool(table.number) and (table.number, table.page) == (figure.number, figure.page)


def _rounded(box: Box | None) -> list[float] | None:
    return None if box is None else [round(side, 1) for side in box]
