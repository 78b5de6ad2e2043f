"""What titles and captions look like: the patterns, and text as it is compared and joined."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st"}
_LIGATURES |= {0xFB06: "st", 0x00AD: "", 0x200B: "", 0xFEFF: ""}
_ACCENTS = {
    "\u00b4": "\u0301",
    "\u00a8": "\u0308",
    "\u02c6": "\u0302",
    "\u02c7": "\u030c",
    "\u02dc": "\u0303",
    "\u00af": "\u0304",
    "\u02d8": "\u0306",
    "\u02d9": "\u0307",
    "\u02da": "\u030a",
    "\u02dd": "\u030b",
    "\u00b8": "\u0327",
}
_ACCENTED = re.compile(
    r"(?P<after>[\u00b4\u00a8\u02c6\u02c7\u02dc\u00af\u02d8\u02d9\u02da\u02dd][A-Za-z\u0131\u0237])"
    r"|[A-Za-z]\u00b8"
)
_HYPHENS = ("-", "\u2010")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST_WORD = re.compile(r"[\w-]*$")
_FIRST_WORD = re.compile(r"\w*(?:-\w+)*")
NUMBERED = re.compile(
    r"(?:(?:Appendix|Section|APPENDIX)\s+)?"
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d{1,2}){0,3}|[IVX]{1,5})"
    r"(?P<mark>[.:)]?)\s+(?P<title>\S.*)"
)
CAPTION = re.compile(
    r"(?:(?:Appendix|Supplementary|Supplemental|Extended Data)\s+)?"
    r"(?P<kind>Figure|Fig\.?|Table|Tab\.|Algorithm|Algo\.)\s*"
    r"(?P<number>\d{1,3}(?:\.\d{1,2})?|[IVXL]{1,6}|[A-Z]\.?\d{1,2})"
    r"(?P<mark>\s*[.:|\u2014\u2013])?(?P<text>(?:\s|$).*)",
    re.IGNORECASE | re.DOTALL,
)
CAPTION_KINDS = {"f": "figure", "t": "table", "a": "algorithm"}
ABSTRACT_LEAD = re.compile(r"abstract\s*(?P<mark>[.:\u2014\u2013-]+)\s*", re.IGNORECASE)
_KNOWN = re.compile(
    r"abstract|(?:\d+ )?introduction|conclusions?|conclusions? and (?:\w+ ?){1,3}|references"
    r"|bibliography|acknowledge?ments?|appendix|appendices|supplementary materials?|related works?"
    r"|discussion|broader impact|concluding remarks|summary",
    re.IGNORECASE,
)


def comparable(title: str) -> str:
    """A title as it is compared: letters and digits only, without its number."""
    match = NUMBERED.fullmatch(title.strip())
    bare = match["title"] if match and not match["number"].isalpha() else title
    plain = unicodedata.normalize("NFKD", bare).casefold()
    return "".join(c for c in plain if c.isalnum())


def is_known_title(text: str) -> bool:
    """Whether papers use these words alone as a section's title."""
    return bool(_KNOWN.fullmatch(text.strip(" .:\u2014")))


def is_capitals(text: str) -> bool:
    """Whether the words are set in capitals (small capitals come out so)."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 4 and sum(c.isupper() for c in letters) >= 0.85 * len(letters)


@lru_cache(maxsize=8192)
def mend(text: str) -> str:
    """One line of text, ligatures, soft hyphens and parted accents resolved, blanks single."""
    plain = text.translate(_LIGATURES)
    if _ACCENTED.search(plain):
        plain = _ACCENTED.sub(_composed, plain)
    return " ".join(plain.split())


def _composed(match: re.Match[str]) -> str:
    """An accent and the letter it was printed over as one letter, where there is one."""
    before, after = match["after"] is not None, match[0]
    letter, accent = (after[1], after[0]) if before else (after[0], after[1])
    plain = {"\u0131": "i", "\u0237": "j"}.get(letter, letter)
    whole = unicodedata.normalize("NFC", plain + _ACCENTS[accent])
    return whole if len(whole) == 1 else match[0]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words and hyphenated compounds that a text has inside its lines, in lower case."""

    words: frozenset[str] = frozenset()
    compounds: frozenset[str] = frozenset()

    @classmethod
    def of(cls, lines: Iterable[str]) -> "Vocabulary":
        """Of these lines; what a line's end may have cut is left out."""
        words: set[str] = set()
        compounds: set[str] = set()
        cut = False
        for line in map(mend, lines):
            found = _WORD.findall(line)
            following, cut = cut, line.endswith(_HYPHENS)
            inner = found[1 if following else 0 : -1 if cut else None]
            for word in map(str.lower, inner):
                words.update(word.split("-"))
                if "-" in word:
                    compounds.add(word)
        return cls(frozenset(words), frozenset(compounds))

    def keeps_hyphen(self, before: str, after: str) -> bool:
        """Whether ``before-after``, parted at a line's end, is written with the hyphen."""
        if not after[:1].islower() or not before[-1:].isalpha():
            return True
        left, right = before.lower(), after.lower()
        last, first = left.rsplit("-", 1)[-1], right.split("-", 1)[0]
        if last + first in self.words:
            return False
        if f"{left}-{right}" in self.compounds or first != right:
            return True
        both = last in self.words and first in self.words
        return both and (last != left or min(len(last), len(first)) > 2)


def join_lines(lines: Iterable[str], vocabulary: Vocabulary) -> str:
    """Lines as one running text; a word that print cut in two is one word again."""
    whole = ""
    for line in map(mend, lines):
        if not whole or not line:
            whole += line
        elif whole.endswith(_HYPHENS) and whole[-2:-1].isalnum():
            before = _ending(whole[:-1])
            after = _beginning(line)
            whole = (whole if vocabulary.keeps_hyphen(before, after) else whole[:-1]) + line
        else:
            whole += " " + line
    return whole


def _ending(text: str) -> str:
    match = _LAST_WORD.search(text[-60:])
    return match[0] if match else ""


def _beginning(text: str) -> str:
    match = _FIRST_WORD.match(text)
    return match[0] if match else ""
