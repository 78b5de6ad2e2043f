"""LaTeX as it stands in bibliographies, read to Unicode."""

import re
import unicodedata
from functools import lru_cache

from pylatexenc.latex2text import get_default_latex_context_db

from researchdesk.domain.text import clean

_TOKEN = re.compile(
    r"\\(?P<name>[a-zA-Z]+)(?P<gap>[ \t\n]*)|\\(?P<sign>.)|(?P<math>\$[^$]*\$)"
    r"|(?P<mark>[{}~]|-{2,3}|``|'')|(?P<plain>[^\\{}~$`'-]+|.)",
    re.DOTALL,
)
_BARE = re.compile(r"[\\{}~$]|--|``|''")
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331", "t": "\u0361",
}  # fmt: skip
_DOTLESS = {"ı": "i", "ȷ": "j"}
_MARKS = {"~": " ", "--": "–", "---": "—", "``": "“", "''": "”", "}": ""}
_SIGNS = {",": " ", ";": " ", ":": " ", "!": "", "/": "", "-": "", "\\": " ", " ": " "}
_SIGNS |= {sign: sign for sign in "&%$#_{}"} | {"\n": " ", "\t": " "}
_SETTING = """
    emph textit textbf textrm texttt textsc textsf textsl textup textmd textnormal text mbox
    mkbibemph mkbibbold mkbibitalic url path uppercase MakeUppercase lowercase underline
    ensuremath nolinkurl ul NoCaseChange
"""
_SET = frozenset(_SETTING.split())
_QUOTED = frozenset(("enquote", "mkbibquote", "textquote"))
_SWITCHES = "relax em it bf rm tt sc sl sf itshape bfseries normalfont upshape boldmath protect"
_GONE = frozenset(_SWITCHES.split())
_OWN = {
    "textless": "<", "textgreater": ">", "textbar": "|", "textbraceleft": "{", "S": "§", "P": "¶",
    "textbraceright": "}", "textquotedbl": '"', "copyright": "©", "pounds": "£", "euro": "€",
    "textasciicircum": "^", "textasciitilde": "~", "LaTeX": "LaTeX", "TeX": "TeX", "quad": " ",
    "qquad": " ", "space": " ", "newline": " ", "par": " ", "slash": "/", "phi": "φ",
    "epsilon": "ε", "cdot": "·", "bullet": "•", "lbrace": "{", "rbrace": "}", "sim": "~",
}  # fmt: skip
_MATH = re.compile(r"\$\s*\{?\s*(?:\\([a-zA-Z]+)\s*(?:\{\})?|-)\s*\}?\s*\$")
_KNOWN = get_default_latex_context_db()
_DEEPEST = 60


def to_text(text: str) -> str:
    """``text`` as it is read: accents and symbols as letters, braces that protect case dropped.

    Formulas between dollars stay, but for those that are one symbol; what is not known stays as it
    is written. One line; never raises, whatever the text.
    """
    if not _BARE.search(text):
        return " ".join(clean(text).split())
    read = _Reader(text).all()
    return " ".join(clean(unicodedata.normalize("NFC", read)).split())


@lru_cache(maxsize=4096)
def symbol(name: str) -> str | None:
    r"""The letter or sign that the command ``\name`` prints; None where it is none we know."""
    if name in _OWN:
        return _OWN[name]
    said = getattr(_KNOWN.get_macro_spec(name), "simplify_repl", None)
    return said if isinstance(said, str) and said and "%" not in said else None


class _Reader:
    """Goes through the tokens of one text once."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_TOKEN.finditer(text))
        self._next = 0

    def all(self) -> str:
        """What the whole text says; a brace too many is dropped."""
        parts = []
        while self._next < len(self._tokens):
            parts.append(self._group(0))
        return "".join(parts)

    def _group(self, depth: int) -> str:
        """What stands up to the brace that closes the group, which is passed."""
        parts: list[str] = []
        while self._next < len(self._tokens):
            token = self._take()
            if token["mark"] == "}":
                break
            parts.append(self._said(token, depth))
        return "".join(parts)

    def _take(self) -> re.Match[str]:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _said(self, token: re.Match[str], depth: int) -> str:
        if token["plain"] is not None:
            return token["plain"]
        if token["mark"] == "{":
            return self._group(depth + 1) if depth < _DEEPEST else ""
        if token["mark"] is not None:
            return _MARKS[token["mark"]]
        if token["math"] is not None:
            return _formula(token["math"])
        if token["name"] is not None:
            return self._command(token, depth)
        sign: str = token["sign"]
        return self._accented(sign, depth) if sign in _ACCENTS else _SIGNS.get(sign, f"\\{sign}")

    def _command(self, token: re.Match[str], depth: int) -> str:
        name: str = token["name"]
        if depth >= _DEEPEST:
            return token[0]
        if len(name) == 1 and name in _ACCENTS and self._takes():
            return self._accented(name, depth)
        if name in _GONE:
            return ""
        if name in _SET:
            return self._argument(depth) if self._opens() else ""
        if name in _QUOTED and self._opens():
            return f"“{self._argument(depth)}”"
        if name == "href" and self._opens():
            address = self._argument(depth)
            return self._argument(depth) if self._opens() else address
        found = symbol(name)
        return token[0] + self._kept(depth) if found is None else found

    def _kept(self, depth: int) -> str:
        """The arguments of a command that is not known, in their braces."""
        parts = []
        while self._opens() and depth < _DEEPEST:
            parts.append("{" + self._argument(depth) + "}")
        return "".join(parts)

    def _opens(self) -> bool:
        return self._next < len(self._tokens) and self._tokens[self._next]["mark"] == "{"

    def _takes(self) -> bool:
        """Whether an argument follows: a group or a letter."""
        if self._next >= len(self._tokens):
            return False
        token = self._tokens[self._next]
        return self._opens() or bool(token["plain"] or token["name"])

    def _argument(self, depth: int) -> str:
        self._next += 1
        return self._group(depth + 1)

    def _accented(self, accent: str, depth: int) -> str:
        """The letter that follows with the accent on it; the bare sign where none follows."""
        if not self._takes() or depth >= _DEEPEST:
            return accent if accent in "~^" else ""
        if self._opens():
            said = self._argument(depth) if depth < _DEEPEST else ""
        else:
            token = self._take()
            said = token["plain"].lstrip() if token["plain"] else self._said(token, depth + 1)
        first, rest = _DOTLESS.get(said[:1], said[:1]), said[1:]
        if not first.isalpha():
            return ({"~": "~", "^": "^"}.get(accent, "")) + said
        return first + _ACCENTS[accent] + rest


def _formula(text: str) -> str:
    """A formula of one symbol as that symbol; any other as it is written."""
    match = _MATH.fullmatch(text)
    if match is None:
        return text
    return "−" if match[1] is None else symbol(match[1]) or text
