"""``--format``: a line for each paper, made of words and of fields in braces.

``{title}`` is a field, ``{authors:3}`` the first three of a list, ``{title:40}`` the first forty
signs; ``{{`` and ``}}`` are braces, ``\\t`` and ``\\n`` a tab and a new line. Nothing else is
looked up: no attributes, no items.
"""

import importlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from researchdesk.cli import output
from researchdesk.domain.text import one_line
from researchdesk.errors import UsageProblemError

Value = str | int | Sequence[str] | None

FIELDS = (
    "id", "key", "title", "authors", "author", "year", "venue", "category", "categories", "tags",
    "status", "stars", "priority", "url", "doi", "version", "abstract", "added",
    "pdf",
)  # fmt: skip
"""The names that a template may have; each a key of the paper's JSON, or made of one."""

_TOKEN = re.compile(
    r"(?P<open>\{\{)|(?P<close>\}\})|\{(?P<field>[^{}]*)\}|\\(?P<escape>.)|(?P<brace>[{}])", re.S
)
_FIELD = re.compile(r"\s*(?P<name>\w+)\s*(?::\s*(?P<limit>\d{1,4})\s*)?")
_ESCAPES = {"t": "\t", "n": "\n", "\\": "\\", "{": "{", "}": "}"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a template; ``limit`` is how much of it at most, 0 for all."""

    name: str
    limit: int = 0


Template = tuple[str | Field, ...]


def parse_template(text: str) -> Template:
    """The template that a text is. Raises UsageProblemError, naming the fields that there are."""
    parts: list[str | Field] = []
    at = 0
    for match in _TOKEN.finditer(text):
        parts.append(text[at : match.start()])
        at = match.end()
        if match["field"] is not None:
            parts.append(_field(match["field"]))
        elif match["escape"] is not None:
            parts.append(_ESCAPES.get(match["escape"], match[0]))
        elif match["brace"]:
            raise UsageProblemError(
                f"There is a single {match['brace']} in the format.",
                "A field is {title}; a brace itself is written {{ or }}.",
            )
        else:
            parts.append(match[0][0])
    return tuple(part for part in (*parts, text[at:]) if part != "")


def fill(template: Template, values: Mapping[str, Value | Callable[[], Value]]) -> str:
    """The line of one paper; what it does not have is empty, lists are joined by commas.

    A value may be a function: it is called only where the template asks for it.
    """
    return "".join(
        part if isinstance(part, str) else _words(values.get(part.name), part.limit)
        for part in template
    )


def values_of(record: Mapping[str, Any]) -> dict[str, Value]:
    """The fields of a paper from its JSON record (see ``output.paper_record``)."""
    known: dict[str, Value] = {name: record.get(name) for name in FIELDS if name in record}
    authors = ["et al." if name == "others" else name for name in record.get("authors") or ()]
    known["authors"] = authors
    arxiv, doi = record.get("arxiv_id"), record.get("doi")
    published = record.get("published")
    known["author"] = authors[0] if authors else ""
    known["year"] = record.get("year") or (str(published)[:4] if published else "")
    known["url"] = (
        f"https://arxiv.org/abs/{arxiv}" if arxiv else f"https://doi.org/{doi}" if doi else ""
    )
    categories = record.get("categories") or ()
    known["category"] = record.get("category") or (categories[0] if categories else "")
    known["added"] = str(record.get("added") or "")[:10]
    held = record.get("versions") or ()
    known["pdf"] = next((one["pdf"] for one in reversed(held) if one.get("pdf")), "")
    return known


def emit_formatted(template: Template, papers: Iterable[Mapping[str, Any]]) -> None:
    """Print a line for each paper, given as its JSON record."""
    for record in papers:
        output.emit(fill(template, values_of(record)))


def _given(ctx: click.Context, param: click.Parameter, value: str | None) -> Template | None:
    return None if value is None else parse_template(value)


format_option = click.option(
    "--format",
    "template",
    callback=_given,
    metavar="TEMPLATE",
    help="A line for each paper: '{id}\\t{year} {title} ({authors:3})'.",
)
"""Gives the command ``template``: a Template, or None where the option was not given."""


def _field(text: str) -> Field:
    match = _FIELD.fullmatch(text)
    if match is None:
        raise UsageProblemError(
            f"{{{one_line(text)}}} is no field.", f"Fields: {', '.join(FIELDS)}; or {{authors:3}}."
        )
    if match["name"] not in FIELDS:
        near = importlib.import_module("difflib").get_close_matches(match["name"], FIELDS, n=1)
        meant = f" Did you mean {{{near[0]}}}?" if near else ""
        raise UsageProblemError(
            f"There is no field {{{match['name']}}}.{meant}", f"Fields: {', '.join(FIELDS)}."
        )
    return Field(match["name"], int(match["limit"] or 0))


def _words(value: Value | Callable[[], Value], limit: int) -> str:
    if callable(value):
        value = value()
    if value is None:
        return ""
    if isinstance(value, str | int):
        text = one_line(str(value))
        return text[:limit] if limit else text
    items = [one_line(item) for item in value]
    shown = items[:limit] if limit else items
    return ", ".join(shown) + (" et al." if len(shown) < len(items) else "")
