"""The process that opens a PDF: ``python -m researchdesk.document.worker PDF SECONDS``.

Writes one JSON object on its standard output: ``{"document": ...}``, or ``{"failure": KIND}``.
"""

import io
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pymupdf

from researchdesk.document.codec import encode
from researchdesk.document.layout import build_document
from researchdesk.document.pages import read_outline, read_pages
from researchdesk.domain.documents import Document

if sys.platform != "win32":
    import resource

_mupdf: Any = pymupdf  # its own annotations are partial
MEMORY = 1536 * 1024 * 1024
PASSWORD = "The PDF asks for a password. Take it off in a PDF viewer and add the file again."  # noqa: S105


def main(arguments: list[str]) -> int:
    """Reads the PDF named first; gives up by itself after the seconds named second."""
    output = _keep_output()
    _limit(int(arguments[1]))
    _mupdf.TOOLS.mupdf_display_errors(False)
    _mupdf.TOOLS.mupdf_display_warnings(False)
    reply = read(Path(arguments[0]))
    output.write(json.dumps(reply).encode())
    output.flush()
    return 0


def read(path: Path) -> dict[str, Any]:
    """What the worker answers for this file."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return {"failure": "unreadable", "detail": error.strerror or ""}
    if not content:
        return {"failure": "empty"}
    if b"%PDF-" not in content[:1024]:
        return {"failure": "no-pdf"}
    try:
        with _mupdf.open(stream=content, filetype="pdf") as document:
            if document.needs_pass:
                return {"document": encode(Document("", 0, (), (), (), "", PASSWORD))}
            pages = read_pages(document)
            outline = read_outline(document)
    except (RuntimeError, ValueError) as error:
        return {"failure": "broken", "detail": str(error)}
    if not pages:
        return {"failure": "cut"}
    return {"document": encode(build_document(pages, outline))}


def _keep_output() -> io.FileIO:
    """The real standard output; what MuPDF writes goes to standard error instead."""
    kept = os.dup(1)
    os.dup2(2, 1)
    return io.FileIO(kept, "wb")


def _limit(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)
    if sys.platform != "win32":
        for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
            try:
                resource.setrlimit(kind, (most, most))
            except (ValueError, OSError):  # macOS knows the name and refuses
                continue


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
