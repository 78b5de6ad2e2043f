"""What goes to stdout: data, and nothing else."""

import importlib
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from researchdesk.cli.diagnostics import OUR_FAULT, as_shown, forget_stdout, is_ascii
from researchdesk.domain.clock import stamp
from researchdesk.domain.text import cells, clean
from researchdesk.errors import DeskError

if TYPE_CHECKING:
    from researchdesk.domain.papers import Metadata, Paper

_FOR_PIPES = 10_000
_TO_ESCAPE = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
"""Controls (C1), marks of direction, ends of lines, halves of signs, and what is not seen."""
_AS_IT_IS = (str, int, bool, type(None))


def emit(text: str = "") -> None:
    """A line of data."""
    write(clean(text))


def emit_number(what: str, number: int) -> None:
    """The number that something new goes by: bare for a script, and at a terminal with what it
    numbers."""
    emit(f"{what} {number}" if sys.stdout.isatty() else str(number))


def write(text: str) -> None:
    """A line that is clean already. A reader that went away is no error: the rest goes nowhere."""
    try:
        click.echo(text)
    except BrokenPipeError:
        forget_stdout()
    except OSError as error:
        forget_stdout()
        raise DeskError(
            f"The output could not be written: {error.strerror}.",
            "What the command did is kept on the desk.",
            exit_code=OUR_FAULT,
        ) from error


def emit_json(value: Any) -> None:
    """``value`` as one JSON document: dataclasses as objects, moments as ISO 8601 in UTC."""
    write(as_json(value))


def emit_json_rows(name: str, records: Sequence[Mapping[str, Any]]) -> None:
    """A document ``{name: [...]}`` with a record on each line; for very many of them.

    The records hold nothing but texts, whole numbers, truths and nulls.
    """
    signs = is_ascii(sys.stdout)
    lines = ",\n".join(json.dumps(record, ensure_ascii=signs) for record in records)
    write(_escaped(f"{{{json.dumps(name)}: [\n{lines}\n]}}" if lines else f'{{"{name}": []}}'))


def as_json(value: Any) -> str:
    """The document that ``emit_json`` prints.

    Signs that a terminal would act on, or that turn the direction of what is read, are escaped:
    the data are the same.
    """
    signs = is_ascii(sys.stdout)
    return _escaped(json.dumps(plain(value), ensure_ascii=signs, indent=2, allow_nan=False))


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(lambda found: json.dumps(found[0])[1:-1], text)


def plain(value: Any) -> Any:
    """``value`` made of what JSON has. A number that is not finite becomes null."""
    if type(value) in _AS_IT_IS:
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date | Path):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, float) and not -float("inf") < value < float("inf"):
        return None
    return value


def emit_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns under their heads; the last one is cut to the terminal's width, if there is one."""
    lines = [list(map(_flat, row)) for row in rows]
    widths = [
        max(map(cells, column), default=0) for column in zip(*[list(head), *lines], strict=True)
    ]
    room = _FOR_PIPES
    if sys.stdout.isatty():
        room = importlib.import_module("shutil").get_terminal_size().columns
    for index, line in enumerate([list(head), *lines]):
        *before, last = line
        text = "".join(
            cell + " " * (width - cells(cell) + 2)
            for cell, width in zip(before, widths, strict=False)
        )
        text = _cut(text + last, room)
        write(click.style(text, bold=True) if index == 0 else text)


def shown(text: str) -> str:
    """``text`` as stdout will have it, for what is to stand in columns."""
    return as_shown(text, sys.stdout)


def metadata_record(words: "Metadata") -> dict[str, Any]:
    """The fields of a paper as JSON has them."""
    return {
        "arxiv_id": words.arxiv_id,
        "version": words.version,
        "title": words.title,
        "authors": words.authors,
        "abstract": words.abstract,
        "categories": words.categories,
        "published": words.published,
        "updated": words.updated,
        "doi": words.doi,
        "journal_ref": words.journal_ref,
        "comment": words.comment,
    }


def paper_record(paper: "Paper", status: str) -> dict[str, Any]:
    """A paper on the desk as JSON has it."""
    return {
        "id": paper.name,
        "key": paper.key,
        **metadata_record(paper.metadata),
        "status": status,
        "added": paper.added_at,
        "versions": [
            {"version": held.version, "pdf": held.pdf, "size": held.size, "html": held.html}
            for held in paper.versions
        ],
    }


def _flat(text: str) -> str:
    return " ".join(shown(clean(text)).split())


def _cut(text: str, room: int) -> str:
    if len(text) <= room and cells(text) <= room:
        return text.rstrip()
    text = text[: 2 * room]
    more = shown("…")
    left = room - len(more)
    for place, sign in enumerate(text):
        left -= cells(sign)
        if left < 0:
            return text[:place].rstrip() + more
    return text.rstrip() + more
