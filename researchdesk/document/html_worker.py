"""The process that opens a web page: ``python -m researchdesk.document.html_worker SECONDS``.

Reads the page's path as JSON from its standard input. Writes one JSON object on its standard
output: ``{"done": ...}``, or ``{"failure": KIND}``.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from researchdesk.document.codec import encode
from researchdesk.document.confinement import confine, keep_output
from researchdesk.document.html.reading import read_html


def main(arguments: list[str]) -> int:
    """Reads the page that standard input names; ends by itself after the seconds given."""
    output = keep_output()
    confine(int(arguments[0]), largest_file=0)
    reply = json.dumps(read(Path(json.loads(sys.stdin.buffer.read()))))
    with os.fdopen(output, "wb") as file:
        file.write(reply.encode() + b"\n")
    return 0


def read(path: Path) -> dict[str, Any]:
    """What the worker answers for this file."""
    try:
        return {"done": encode(read_html(path.read_text("utf-8", "replace")))}
    except OSError as error:
        return {"failure": "unreadable", "detail": error.strerror or ""}
    except (MemoryError, RecursionError):
        return {"failure": "memory"}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
