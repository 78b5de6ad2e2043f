"""Text that came from outside, made safe to keep and to show."""

import re
import unicodedata

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def clean(text: str) -> str:
    """``text`` without escape sequences, control characters and direction overrides.

    Newline and tab stay; ``\\r\\n`` and ``\\r`` become a newline; lone surrogates become U+FFFD.
    """
    text = _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n").translate(_BIDI)
    kept = (c if c in "\n\t" or unicodedata.category(c) != "Cc" else "" for c in text)
    return "".join("\ufffd" if 0xD800 <= ord(c) <= 0xDFFF else c for c in kept)


def one_line(text: str) -> str:
    """``text`` cleaned, with every run of white space as one blank."""
    return " ".join(clean(text).split())


def slug(text: str, limit: int = 60) -> str:
    """A name for a file: lower-case ASCII letters, digits and hyphens; ``"untitled"`` where none is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:limit].strip("-") or "untitled"
