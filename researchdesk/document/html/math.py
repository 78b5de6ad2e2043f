"""Formulas as TeX, made readable in a line of plain text."""

import re
from collections.abc import Callable

from researchdesk.document.html.symbols import DROPPED, STYLES, SYMBOLS

_TOKEN = re.compile(r"\\operatorname\*|\\[A-Za-z]+|\\.|[{}_^&~$]|\s+|[^\\{}_^&~$\s]+", re.DOTALL)
_PREFIX = re.compile(r"\s*\\(?:displaystyle|textstyle|scriptstyle)(?![A-Za-z])\s*")
_LONGEST = 20_000
_DEEPEST = 60
_SIMPLE = re.compile(r"-?[\w.∞√]+|[^()\s]")
_SPACED = re.compile(r"\s*([=<>≤≥≈≠≡→←⇒↦∈∼∝±×])\s*")
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}(?:\{[^{}]*\})?")


def tex_of(alttext: str) -> str:
    """The TeX as its author wrote it: without the line breaks and styles that LaTeXML adds."""
    joined = alttext[:_LONGEST].replace("%\n", "")
    return " ".join(_PREFIX.sub("", joined).split())


def readable(alttext: str) -> str:
    """``\\alpha_{i}\\leq 0.5`` as ``α_i ≤ 0.5``: what has no plain form stays TeX."""
    tokens = _TOKEN.findall(_ENVIRONMENT.sub(" ", tex_of(alttext)))
    text = _Reader(tokens).sequence(0)
    return " ".join(_SPACED.sub(r" \1 ", text).replace("· ", "·").split())


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def sequence(self, depth: int) -> str:
        """All up to the brace that closes this group, or the end."""
        parts: list[str] = []
        while self._at < len(self._tokens) and self._tokens[self._at] != "}":
            parts.append(self._next(depth))
        return "".join(parts)

    def _next(self, depth: int) -> str:
        token = self._take()
        if token[0] == "{":
            return self._group(depth)
        if token in {"_", "^"}:
            return _raised(token, self._argument(depth))
        if token.startswith("\\"):
            return self._command(token, depth)
        if token in {"~", "&"} or token.isspace():
            return " "
        return "" if token in {"$", "}"} else token

    def _take(self) -> str:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _group(self, depth: int) -> str:
        if depth > _DEEPEST:
            return ""
        inside = self.sequence(depth + 1)
        if self._at < len(self._tokens):
            self._at += 1
        return inside

    def _argument(self, depth: int) -> str:
        """What a command takes: a group, or the next token."""
        while self._at < len(self._tokens) and self._tokens[self._at].isspace():
            self._at += 1
        if self._at >= len(self._tokens) or self._tokens[self._at] == "}":
            return ""
        token = self._tokens[self._at]
        if depth <= _DEEPEST and (token[0] in "{\\_^" or len(token) == 1):
            return self._next(depth + 1).strip()
        self._tokens[self._at] = token[1:]
        return token[0]

    def _command(self, token: str, depth: int) -> str:
        if token in SYMBOLS:
            return SYMBOLS[token]
        if token in DROPPED:
            return ""
        if token in STYLES:
            return self._argument(depth)
        if token in _WITH_ARGUMENTS:
            return _WITH_ARGUMENTS[token](lambda: self._argument(depth))
        if len(token) == 2 and not token[1].isalpha():
            return {"\\\\": "; ", "\\|": "‖"}.get(token, token[1] if token[1] in "%#&_${}" else " ")
        return f"{token} "


def _raised(sign: str, text: str) -> str:
    """An index or exponent; a mark, or what follows a ±, needs no sign before it."""
    if text.startswith("±") or text.strip("*†‡∗⋆′∘°") == "":
        return text
    return sign + _enclosed(text)


def _enclosed(text: str) -> str:
    """In brackets, unless it is one word or number."""
    return text if not text or _SIMPLE.fullmatch(text) else f"({text})"


def _fraction(argument: Callable[[], str]) -> str:
    above, below = argument(), argument()
    return f"{_enclosed(above)}/{_enclosed(below)}"


def _root(argument: Callable[[], str]) -> str:
    return f"√{_enclosed(argument())}"


def _choice(argument: Callable[[], str]) -> str:
    above, below = argument(), argument()
    return f"C({above}, {below})"


def _second(argument: Callable[[], str]) -> str:
    argument()
    return argument()


def _dropped(argument: Callable[[], str]) -> str:
    argument()
    return ""


def _accent(mark: str) -> Callable[[Callable[[], str]], str]:
    def accented(argument: Callable[[], str]) -> str:
        inside = argument()
        return inside + mark if len(inside) == 1 else inside

    return accented


_WITH_ARGUMENTS: dict[str, Callable[[Callable[[], str]], str]] = {
    **dict.fromkeys(("\\frac", "\\dfrac", "\\tfrac", "\\nicefrac", "\\cfrac"), _fraction),
    "\\sqrt": _root,
    **dict.fromkeys(("\\binom", "\\dbinom", "\\tbinom"), _choice),
    **dict.fromkeys(("\\textcolor", "\\stackrel", "\\overset", "\\underset"), _second),
    **dict.fromkeys(("\\color", "\\phantom", "\\hphantom", "\\vphantom", "\\label"), _dropped),
    **dict.fromkeys(("\\hspace", "\\vspace", "\\hskip", "\\kern", "\\tag"), _dropped),
    **dict.fromkeys(("\\hat", "\\widehat"), _accent("\u0302")),
    **dict.fromkeys(("\\tilde", "\\widetilde"), _accent("\u0303")),
    **dict.fromkeys(("\\bar", "\\overline"), _accent("\u0304")),
    "\\dot": _accent("\u0307"),
    "\\vec": _accent("\u20d7"),
}
