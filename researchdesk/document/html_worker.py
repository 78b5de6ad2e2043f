"""The process that opens a web page: ``python -m researchdesk.document.html_worker FILE SECONDS``.

Writes one JSON object on its standard output: ``{"document": ...}``, or ``{"failure": KIND}``.
"""

import json
import signal
import sys
from pathlib import Path
from typing import Any

from researchdesk.document.codec import encode
from researchdesk.document.html.reading import read_html

if sys.platform != "win32":
    import resource

MEMORY = 1024 * 1024 * 1024


def main(arguments: list[str]) -> int:
    """Reads the page named first; gives up by itself after the seconds named second."""
    _limit(int(arguments[1]))
    sys.stdout.write(json.dumps(read(Path(arguments[0]))))
    return 0


def read(path: Path) -> dict[str, Any]:
    """What the worker answers for this file."""
    try:
        return {"document": encode(read_html(path.read_text("utf-8", "replace")))}
    except OSError as error:
        return {"failure": "unreadable", "detail": error.strerror or ""}
    except (MemoryError, RecursionError):
        return {"failure": "beyond measure"}


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
