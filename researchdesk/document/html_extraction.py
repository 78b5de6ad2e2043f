"""Takes a web page apart in a process of its own, so that a bad one never harms the desk."""

import json
import os
import subprocess
import sys
from pathlib import Path

from researchdesk.document.codec import decode
from researchdesk.domain.documents import Document
from researchdesk.errors import BadInputError

_WORKER = "researchdesk.document.html_worker"
_ROOT = Path(__file__).parents[2]
_HINT = "The file is kept as it is, and the PDF is read in its place."

__all__ = ["HTML_VERSION", "extract_html"]

HTML_VERSION = 1
"""Goes up whenever the same page would come out, or be merged with its PDF, differently."""


def extract_html(page: Path, timeout: float = 60) -> Document:
    """The parts of the paper on this page of LaTeXML's. ``timeout`` is in seconds.

    A page that holds no paper gives a document whose ``problem`` says so. Raises BadInputError
    where the page cannot be read, or its reading crashes or takes too long.
    """
    try:
        done = subprocess.run(
            # -P: what lies in the folder the user stands in must not be taken for a module
            [sys.executable, "-P", "-m", _WORKER, str(page.absolute()), str(int(timeout) + 5)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            timeout=timeout,
            start_new_session=True,
            check=False,
        )
        reply = json.loads(done.stdout)
        return decode(Document, reply["document"])
    except subprocess.TimeoutExpired as error:
        raise BadInputError(
            f"{page.name} could not be taken apart within {timeout:g} seconds.", _HINT
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadInputError(f"{page.name} could not be taken apart.", _HINT) from error


def _environment() -> dict[str, str]:
    """This one, with the place this package was found at, and no place relative to the user's."""
    others = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    places = [str(_ROOT), *(place for place in others if Path(place).is_absolute())]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
