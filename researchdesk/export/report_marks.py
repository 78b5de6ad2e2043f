"""Whether a report still says what was written to it: its end has the hash of all the rest."""

import hashlib
import re

_MARK = re.compile(r"<!-- researchdesk ([0-9a-f]{16}) -->\n\Z")
_JSON_MARK = re.compile(r',\n +"digest": "([0-9a-f]{16})"(?=\n\}\n\Z)')
_JSON_END = "\n}\n"


def marked(text: str, form: str) -> str:
    """``text`` with its mark at the end: a comment, in JSON the key ``digest``."""
    if form != "json":
        return f"{text}<!-- researchdesk {_hash(text)} -->\n"
    body = text.removesuffix(_JSON_END)
    return f'{body},\n  "digest": "{_hash(text)}"{_JSON_END}'


def is_as_written(text: str) -> bool:
    """Whether a file of this text is ours, and nobody changed it since."""
    found = _found(text)
    return found is not None and _hash(text[: found.start()] + text[found.end() :]) == found[1]


def says_already(text: str, new: str) -> bool:
    """Whether ``new``, marked, is what was written to a file of this text last, whatever became of
    it since."""
    found, wanted = _found(text), _found(new)
    return found is not None and wanted is not None and found[1] == wanted[1]


def _found(text: str) -> re.Match[str] | None:
    return _MARK.search(text) or _JSON_MARK.search(text)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
