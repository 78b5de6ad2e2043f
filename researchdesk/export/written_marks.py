"""Whether a file still says what was written to it: a comment at its head has the text's hash."""

import hashlib
import re

_MARK = re.compile(
    r"(?:%|<!--) Written by researchdesk: ([a-z0-9-]+) of (\S+) \(text ([0-9a-f]{16})\)\."
    r"(?: -->)?\n"
)


def marked(template: str, of: str, body: str, *, tex: bool = False) -> str:
    """``body`` below a comment that names its template and what it is of."""
    named = re.sub(r"[^\w.:/-]|--+", "-", of)
    head = f"Written by researchdesk: {template} of {named} (text {_hash(body)})."
    return f"% {head}\n{body}" if tex else f"<!-- {head} -->\n{body}"


def is_as_written(text: str) -> bool:
    """Whether a file of this text is ours, and still says what was written to it."""
    found = _MARK.match(text)
    return found is not None and _hash(text[found.end() :]) == found[3]


def says_already(text: str, body: str) -> bool:
    """Whether ``body`` is what was written to a file of this text last, whatever became of it."""
    found = _MARK.match(text)
    return found is not None and _hash(body) == found[3]


def _hash(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8")).hexdigest()[:16]
