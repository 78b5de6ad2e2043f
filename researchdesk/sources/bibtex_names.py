"""Names of people as BibTeX writes them."""

import re

from researchdesk.domain.references import Name, name_of
from researchdesk.sources.latex_text import to_text

_AND = re.compile(r"[{}]|(?<!\s)\s+and(?=\s)", re.IGNORECASE)
_BRACES_OR_COMMA = re.compile(r"[{},]")


def people(text: str) -> tuple[str, ...]:
    """The names of a field, each as it is spoken: given names first. ``and others`` falls away.

    Forms: ``First von Last``, ``von Last, First``, ``von Last, Jr, First``, and in braces a name of
    one part. A field that parts whole names by commas or semicolons is read so too.
    """
    return tuple(" ".join(filter(None, (name.given, name.family))) for name in names(text))


def names(text: str) -> tuple[Name, ...]:
    """The names of a field in their parts."""
    found = (_name(name) for name in _split(text))
    return tuple(name for name in found if name.family and name.family.lower() != "others")


def _split(text: str) -> list[str]:
    if "{" not in text:
        parts = re.split(r"(?<!\s)\s+and(?=\s)", text, flags=re.IGNORECASE)
    else:
        parts = _parts(_AND, text)
    if len(parts) == 1 and ";" in text and "{" not in text and "\\" not in text:
        parts = text.split(";")
    if len(parts) == 1 and text.count(",") > 2 and "{" not in text:
        parts = text.split(",")
    return parts


def _parts(pattern: re.Pattern[str], text: str) -> list[str]:
    """``text`` parted at what matches outside of braces."""
    parts, begun, depth = [], 0, 0
    for match in pattern.finditer(text):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth = max(0, depth - 1)
        elif depth == 0:
            parts.append(text[begun : match.start()])
            begun = match.end()
    return [*parts, text[begun:]]


def _name(text: str) -> Name:
    bare = text.strip()
    if "," not in bare:
        said = to_text(bare)
        return Name(said) if bare.startswith("{") and bare.endswith("}") else name_of(said)
    last, *rest = (to_text(part) for part in _parts(_BRACES_OR_COMMA, bare))
    first = rest.pop() if rest else ""
    family = " ".join(filter(None, (last, *rest)))
    return Name(family, first) if family else Name(first)
