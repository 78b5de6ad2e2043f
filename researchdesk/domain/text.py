"""Text that came from outside, made safe to keep and to show."""

import re
import unicodedata

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_TABLE: dict[int, str | None] = {
    **dict.fromkeys((*_CONTROLS, *_DIRECTIONS)),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    ord("\n"): "\n",
    ord("\t"): "\t",
}


def clean(text: str) -> str:
    """``text`` without escape sequences, control characters and direction overrides.

    Newline and tab stay; ``\\r\\n`` and ``\\r`` become a newline; lone surrogates become U+FFFD.
    """
    text = _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_TABLE)


def one_line(text: str) -> str:
    """``text`` cleaned, with every run of white space as one blank."""
    return " ".join(clean(text).split())


def slug(text: str, limit: int = 60) -> str:
    """A name for a file: lower-case ASCII letters, digits, hyphens; ``"untitled"`` if none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:limit].strip("-") or "untitled"
