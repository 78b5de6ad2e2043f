"""Numbers as tables and sentences print them."""

import re
from dataclasses import dataclass

_VALUE = r"[+−–-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_UNIT = (
    r"%|[kKMBGT](?![\w])|×|[x](?![\w])|(?:ms|sec|s|min|h|hrs?|hours?|days?|fps|dB|MB|GB)(?![\w])"
)
_CELL = re.compile(
    rf"[~≈<>≤≥]?\s?(?P<value>{_VALUE})(?:\s?(?P<unit>{_UNIT}))?"
    rf"(?:\s?(?:±|\+/-|\+-)\s?<?\s?(?P<spread>\d*\.?\d+)\s?(?P<after>%)?)?"
)
_MARKS = re.compile(r"[*∗†‡§¶♯♭△▽◦•↑↓✓✗✔✘]|\[[\d, –-]*\]|\((?:[+−–-]|ours|our)[^)]*\)|\\\w+|[ab]$")
_BRACKETED = re.compile(rf"\(\s?(?P<inside>{_VALUE}\s?(?:{_UNIT})?(?:\s?±\s?\d*\.?\d+)?)\s?\)")
_BETWEEN = re.compile(r"\s*[/|,;]\s*|\s+")
_SCIENCE = re.compile(r"·\s?10|×\s?10|10[−–-]\d|\d[eE][+−–-]?\d|\d\s[×x]\s\d|\dx\d|\d×\d")
_IN_TEXT = re.compile(
    rf"(?<![\w.,/:§-])(?P<value>{_VALUE})(?:\s?(?P<unit>%|[MBkK](?![\w])|×|x(?![\w])|dB(?![\w])"
    rf"|(?:percent|points?)\b))?"
    rf"(?:\s?±\s?(?P<spread>\d*\.?\d+)\s?(?P<after>%)?)?(?![\w/]|-[a-z]|[.,]\d)"
)
_MOST = 3


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number; ``printed`` is it without unit and spread, ``at`` where it stands."""

    printed: str
    value: float
    unit: str = ""
    spread: float | None = None
    at: int = 0

    @property
    def decimals(self) -> int:
        return len(self.printed.partition(".")[2])


def cell_numbers(cell: str) -> tuple[Number, ...]:
    """The numbers of a cell that holds nothing else: one, or up to three (``84.6/83.4``).

    Empty for words, for powers of ten and for sizes such as ``224 × 224``.
    """
    bare = _MARKS.sub(" ", cell.replace("−", "-").replace("–", "-")).strip()
    if not any(c.isdigit() for c in bare) or len(bare) > 40 or _SCIENCE.search(bare):
        return ()
    bare = _BRACKETED.sub(r" \g<inside> ", bare).strip()
    numbers: list[Number] = []
    at = 0
    while at < len(bare):
        match = _CELL.match(bare, at)
        if match is None:
            return ()
        numbers.append(_number(match))
        gap = _BETWEEN.match(bare, match.end())
        if gap is None and match.end() < len(bare):
            return ()
        at = gap.end() if gap else match.end()
    return tuple(numbers) if len(numbers) <= _MOST else ()


def text_numbers(text: str) -> list[Number]:
    """The numbers in a sentence that may be results: with a decimal part, a unit or a spread."""
    found = [_number(match) for match in _IN_TEXT.finditer(text.replace("−", "-"))]
    return [n for n in found if n.decimals or n.unit or n.spread is not None]


def _number(match: re.Match[str]) -> Number:
    printed = match["value"]
    unit = match["unit"] or match["after"] or ""
    value = float(printed.replace(",", "").replace("−", "-").replace("–", "-"))
    spread = float(match["spread"]) if match["spread"] else None
    return Number(printed, value, _UNITS.get(unit, unit), spread, match.start())


_UNITS = {"percent": "%", "point": "", "points": "", "x": "×"}
