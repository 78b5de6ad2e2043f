"""CITATION.cff: how code is to be cited, in the Citation File Format 1.2.0."""

from collections.abc import Sequence
from typing import Any

import yaml

from researchdesk.domain.papers import Metadata
from researchdesk.domain.references import Name, name_of
from researchdesk.domain.text import one_line

_ARXIV = "https://arxiv.org/abs/"


def citation_file(
    title: str,
    authors: Sequence[Name],
    abstract: str = "",
    paper: Metadata | None = None,
    *,
    own_paper: bool = False,
) -> str:
    """The file's text. ``paper`` is what the code is of: cited in the code's place where it is of
    the same authors (``own_paper``), else among its references.

    Source: https://github.com/citation-file-format/citation-file-format, schema guide of 1.2.0.
    """
    told: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this code, please cite it as below.",
        "title": one_line(title),
        "type": "software",
        "authors": [_person(name) for name in authors],
    }
    if abstract:
        told["abstract"] = one_line(abstract)
    if paper is not None and own_paper:
        told["preferred-citation"] = _paper(paper)
    elif paper is not None:
        told["references"] = [_paper(paper)]
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100)


def is_by(paper: Metadata, authors: Sequence[Name]) -> bool:
    """Whether one of these wrote the paper: the same family name and first letter."""
    known = {_mark(name_of(author)) for author in paper.authors}
    return any(_mark(name) in known for name in authors)


def _mark(name: Name) -> tuple[str, str]:
    return name.family.casefold(), name.given[:1].casefold()


def _person(name: Name) -> dict[str, str]:
    if not name.given:
        return {"name": one_line(name.family)}
    return {"family-names": one_line(name.family), "given-names": one_line(name.given)}


def _paper(words: Metadata) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "article",
        "title": one_line(words.title),
        "authors": [_person(name_of(one_line(author))) for author in words.authors]
        or [{"name": "unknown"}],
    }
    if words.year:
        told["year"] = words.year
    if words.venue or words.journal_ref:
        told["journal"] = one_line(words.venue or words.journal_ref)
    if words.doi:
        told["doi"] = one_line(words.doi)
    if words.arxiv_id:
        told["url"] = f"{_ARXIV}{words.arxiv_id}"
    return told
