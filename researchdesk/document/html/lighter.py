"""What is never read of a page taken out before it is parsed: most of a paper's page is that."""

import re
from collections.abc import Iterator

_DATA = re.compile(r"""=\s*(?:"data:[^"]*"|'data:[^']*')""", re.IGNORECASE)
_OPENED = re.compile(r"<(?P<name>math|svg|script|style)\b(?:[^>\"]|\"[^\"]*\")*>", re.IGNORECASE)
_ALTTEXT = re.compile(r"\balttext\s*=\s*\"\s*[^\s\"]", re.IGNORECASE)


def lighter(text: str) -> str:
    """The page without pictures in it, scripts, and the inside of formulas that have their TeX."""
    return "".join(_pieces(_DATA.sub('=""', text.replace("\0", ""))))


def _pieces(text: str) -> Iterator[str]:
    at = 0
    for match in _OPENED.finditer(text):
        if match.start() < at or match[0].endswith("/>"):
            continue
        name = match["name"].lower()
        if name == "math" and not _ALTTEXT.search(match[0]):
            continue
        end = text.find(f"</{name}", match.end())
        if end < 0:
            continue
        yield text[at : match.end()]
        at = end
    yield text[at:]
