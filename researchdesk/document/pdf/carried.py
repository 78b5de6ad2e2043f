"""What a PDF holds besides pages: scripts, programs to start, files. Read as words, never acted on.

Names of actions and annotations: ISO 32000-2, tables 171, 201 and 216.
"""

import re
from collections.abc import Iterator
from typing import Any

_MOST_OBJECTS = 50_000
_MOST_TEXT = 64 * 1024 * 1024
_STRING = re.compile(r"\((?:[^()\\]|\\.)*\)", re.DOTALL)
_MARKS = {
    "JavaScript": re.compile(r"/S */JavaScript\b|/(?:JavaScript|JS)(?= *[\d(<\[])"),
    "actions that start programs": re.compile(r"/S */Launch\b"),
    "embedded files": re.compile(
        r"/Type */EmbeddedFile\b|/EmbeddedFiles\b|/Subtype */FileAttachment\b"
    ),
    "forms that send data": re.compile(r"/S */(?:SubmitForm|ImportData)\b|/XFA(?= *[\d\[])"),
    "media": re.compile(r"/Subtype */(?:RichMedia|Movie|Sound|Screen|3D)\b|/S */Rendition\b"),
    "links to other files": re.compile(
        r"/S */(?:GoToR|GoToE|Thread)\b|/URI *\(\s*(?:file|smb):", re.I
    ),
}


def carried(document: Any) -> tuple[str, ...]:
    """The kinds of what the file holds that a PDF viewer might run, open, send or play; names in
    the order of the danger. Objects that cannot be read are passed over."""
    found: set[str] = set()
    for text in _objects(document):
        for name, mark in _MARKS.items():
            if name not in found and mark.search(text) and _outside_strings(name, mark, text):
                found.add(name)
        if len(found) == len(_MARKS):
            break
    return tuple(name for name in _MARKS if name in found)


def _outside_strings(name: str, mark: re.Pattern[str], text: str) -> bool:
    """Whether the mark is no mere word of a title; addresses stand in strings."""
    return name == "links to other files" or bool(mark.search(_STRING.sub("()", text)))


def _objects(document: Any) -> Iterator[str]:
    left = _MOST_TEXT
    for number in range(1, min(document.xref_length(), _MOST_OBJECTS)):
        try:
            text = str(document.xref_object(number, compressed=True))
        except (RuntimeError, ValueError):
            continue
        left -= len(text)
        if left < 0:
            return
        yield text
