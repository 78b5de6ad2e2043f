"""Documents as JSON and back."""

import json
from dataclasses import asdict
from typing import Any

from researchdesk.domain.documents import Block, Caption, Document, Section, SectionKind


def encode(document: Document) -> dict[str, Any]:
    """The document as plain dicts and lists."""
    return asdict(document)


def decode(table: dict[str, Any]) -> Document:
    """The document that ``encode`` wrote. Raises KeyError, TypeError or ValueError on another."""
    return Document(
        title=str(table["title"]),
        pages=int(table["pages"]),
        blocks=tuple(Block(**block) for block in table["blocks"]),
        sections=tuple(
            Section(**{**section, "kind": SectionKind(section["kind"])})
            for section in table["sections"]
        ),
        captions=tuple(Caption(**caption) for caption in table["captions"]),
        stamp=str(table.get("stamp", "")),
        problem=str(table.get("problem", "")),
    )


def to_json(document: Document) -> str:
    """The document as one line of JSON."""
    return json.dumps(encode(document))


def from_json(text: str) -> Document:
    """The document that ``to_json`` wrote. Raises ValueError where the text is of another make."""
    try:
        return decode(json.loads(text))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a parsed document: {error}") from error
