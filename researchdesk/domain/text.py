"""Text that came from outside, made safe to keep and to show."""

import re
import unicodedata

_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)|[@-Z\\-_])"
)
_SIGNS = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
_TURNS = "\u202a-\u202e\u2066-\u2069"
_UNSEEN = (
    "\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
_JOINED = (
    "\u0600-\u109f\u1780-\u18af\u1a20-\u1aaf\u1b00-\u1c4f\ua800-\uabff\ufe0f\u203c-\u3299"
    "\U00010a00-\U00011fff\U0001f000-\U0001faff"
)
"""Scripts and pictures within which the two joiners are seen."""
_CHOICES = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u06d6-\u06ed\u0e31\u0e34-\u0e3a"
    "\u0e47-\u0e4e\u1ab0-\u1ace\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
)
_GONE = re.compile(f"[{_SIGNS}{_TURNS}{_UNSEEN}]+")
_JOINERS = re.compile(f"(?<![{_JOINED}])[\u200c\u200d]+")
_PILED = re.compile(f"([{_MARKS}]{{8}})[{_MARKS}]+")
_CHOSEN = re.compile(f"([{_CHOICES}])[{_CHOICES}]+")
_CONTROLS = dict.fromkeys(code for code in (*range(0x20), 0x7F) if chr(code) not in "\n\t")
_HALVES = re.compile("[\ud800-\udfff]")
_ENOUGH = 10_000
_LONGEST = 100_000
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_UNNAMED = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200e\u200f\u2800\u3164\uffa0]")


def clean(text: str) -> str:
    """``text`` without what a terminal acts on and without what hides or turns what is read.

    Gone are escape sequences, control characters, overrides and isolates of direction, signs that
    are not seen (zero width, tags, notes between lines), joiners where nothing joins, and of marks
    piled on one sign all but eight. Newline and tab stay; ``\\r\\n``, ``\\r`` and the separators
    of lines and paragraphs become a newline; lone surrogates become U+FFFD. Linear in time.
    """
    plain = text.isascii()
    if not text.replace("\n", "").replace("\t", "").isprintable():
        text = _ESCAPES.sub("", text) if "\x1b" in text else text
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if plain:
            return text.translate(_CONTROLS)
        text = _HALVES.sub("\ufffd", text.replace("\u2028", "\n").replace("\u2029", "\n"))
        text = _JOINERS.sub("", _GONE.sub("", text))
    return text if plain else _CHOSEN.sub(r"\1", _PILED.sub(r"\1", text))


def as_written(text: str) -> str:
    """What a person wrote, as it is kept: all but what no text file holds.

    Escape sequences, controls and lone surrogates go as in ``clean``; the rest waits for ``clean``
    until it is shown.
    """
    text = _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(f"[{_SIGNS}]", "", _HALVES.sub("\ufffd", text))


def one_line(text: str) -> str:
    """``text`` cleaned, with every run of white space as one blank.

    Of what is longer than 100,000 signs the beginning, with ``…`` behind it: no screen, no title
    and no paragraph is, and it would hold up all that draws lines.
    """
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 1]}…"
    return " ".join(clean(text).split())


def cells(text: str) -> int:
    """Columns a terminal gives to ``text``."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def as_name(text: str) -> str:
    """``text`` as one line that no other name looks like for a sign that is not seen: composed
    (NFC), without marks of direction, soft hyphens and blank letters."""
    return one_line(unicodedata.normalize("NFC", _UNNAMED.sub("", clean(text))))


def sheet_cell(text: str) -> str:
    """``text`` as one line that no spreadsheet takes for a formula: an apostrophe stands before
    what would be one."""
    line = one_line(text)
    return f"'{line}" if line.startswith(_FORMULA) else line


def slug(text: str, limit: int = 60) -> str:
    """A name for a file: lower-case ASCII letters, digits, hyphens; ``"untitled"`` if none."""
    plain = unicodedata.normalize("NFKD", text[:_ENOUGH]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:limit].strip("-") or "untitled"
