"""The process that opens a PDF: ``python -m researchdesk.document.worker SECONDS``.

Reads one ``Request`` as JSON from its standard input. Writes JSON objects on its standard output,
one a line: ``{"page": ...}`` for each page or picture done, then ``{"done": ...}``, or
``{"failure": KIND}``.
"""

import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pymupdf

from researchdesk.document.codec import decode, encode
from researchdesk.document.confinement import confine, keep_output
from researchdesk.document.jobs import Job, Request
from researchdesk.document.pdf.carried import carried
from researchdesk.document.pdf.layout import build_document
from researchdesk.document.pdf.pages import read_outline, read_pages
from researchdesk.document.pdf.pictures import NoSuchPageError, draw
from researchdesk.document.tables.finding import find_tables
from researchdesk.domain.documents import Document

_mupdf: Any = pymupdf  # its own annotations are partial
LOCKED = (
    "The PDF asks for a password. Take it off in a PDF viewer and put the file in its place: "
    "researchdesk add --replace FILE."
)

_NO_MEMORY = re.compile(r"[mc]alloc|realloc")

Reply = dict[str, Any]


class _Refused(Exception):  # noqa: N818
    """The file cannot be opened; the first argument is the kind of failure."""


def main(arguments: list[str]) -> int:
    """Does the job that standard input asks for; ends by itself after the seconds given."""
    output = io.BufferedWriter(io.FileIO(keep_output(), "wb"))
    confine(int(arguments[0]))
    _mupdf.TOOLS.mupdf_display_errors(False)
    _mupdf.TOOLS.mupdf_display_warnings(False)
    request = decode(Request, json.loads(sys.stdin.buffer.read()))
    for reply in replies(request):
        output.write(json.dumps(reply).encode() + b"\n")
        output.flush()
    return 0


def replies(request: Request) -> Iterator[Reply]:
    """What the worker answers, one by one."""
    try:
        with _opened(Path(request.pdf)) as document:
            yield from _JOBS[request.job](document, request)
    except _Refused as refusal:
        yield {"failure": refusal.args[0], "detail": "".join(refusal.args[1:])}
    except NoSuchPageError as error:
        yield {"failure": "no-page", "detail": str(error)}
    except MemoryError:
        yield {"failure": "memory"}
    except OSError as error:
        yield {"failure": "unwritable", "detail": error.strerror or ""}
    except (RuntimeError, ValueError, IndexError, _mupdf.mupdf.FzErrorBase) as error:
        yield {
            "failure": "memory" if _NO_MEMORY.search(str(error)) else "broken",
            "detail": str(error),
        }


def _opened(path: Path) -> Any:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _Refused("unreadable", error.strerror or "") from error
    if not content:
        raise _Refused("empty")
    if b"%PDF-" not in content[:1024]:
        raise _Refused("no-pdf")
    return _mupdf.open(stream=content, filetype="pdf")


def _document(document: Any, request: Request) -> Iterator[Reply]:
    if document.needs_pass:
        yield {"done": encode(Document("", 0, (), (), (), "", LOCKED))}
        return
    pages = read_pages(document)
    outline = read_outline(document)
    if not pages:
        yield {"failure": "cut"}
        return
    yield {"done": encode(replace(build_document(pages, outline), holds=carried(document)))}


def _tables(document: Any, request: Request) -> Iterator[Reply]:
    _must_open(document)
    for tables in find_tables(document, request.figures):
        yield {"page": [encode(table) for table in tables]}
        _mupdf.TOOLS.store_shrink(100)
    yield {"done": []}


def _render(document: Any, request: Request) -> Iterator[Reply]:
    _must_open(document)
    for path in draw(document, request.wishes, Path(request.folder)):
        yield {"page": str(path)}
        _mupdf.TOOLS.store_shrink(50)
    yield {"done": []}


_JOBS = {Job.DOCUMENT: _document, Job.TABLES: _tables, Job.RENDER: _render}


def _must_open(document: Any) -> None:
    if document.needs_pass:
        raise _Refused("locked")
    if not len(document):
        raise _Refused("cut")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
