"""Takes a web page apart in a process of its own, so that a bad one never harms the desk."""

import json
from pathlib import Path

from researchdesk.document.codec import decode
from researchdesk.document.process import ask
from researchdesk.domain.documents import Document
from researchdesk.errors import BadInputError

_WORKER = "researchdesk.document.html_worker"
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
        talk = ask(_WORKER, json.dumps(str(page.absolute())).encode(), timeout)
        return decode(Document, talk.done)
    except TimeoutError as error:
        raise BadInputError(
            f"{page.name} could not be taken apart within {timeout:g} seconds.", _HINT
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInputError(f"{page.name} could not be taken apart.", _HINT) from error
