"""Any text in ASCII, for terminals that have no other signs.

``as_ascii`` may make a text longer (``…`` becomes ``...``); ``ascii_cells`` keeps every sign in the
columns that a terminal gives it, so that what was drawn still stands where it stood.
"""

import re
import unicodedata
from collections.abc import Callable

UNKNOWN = "?"

_ALIKE = {
    "‐‑‒–−⁃": "-", "“”„‟″": '"', "‘’‚‛′´ʼ`": "'", "·∙⋅•◦∘": ".", "×✗✘╳": "x", "✓✔": "+",
    "≈∼˜≃≅~": "~", "○◯□◌": "o", "●★◆◈✦■∗⋆▪": "*", "☆": "-", "◐": "%", "▶▷►▸→⇒⟶↦↳": ">",
    "▼▽▾↓": "v", "◀◁◂←↩↶⇐": "<", "▲△▴↑": "^", "›⟩": ">", "‹⟨": "<", "‖∥": "|", "✎⁄∕": "/",
    "⚠": "!", "†": "^", "‡": "#", "°º": "o", "⋮": ":", "∧": "^", "∨": "v", "∖": "\\", "↻": "@",
    "█■▓": "#", "▇": "%", "▆": "*", "▅": "+", "▒": "+", "▄": "=", "░▁": "_", "▃": "-", "▂": ".",
    "▀▔": "-", "▌▐▏▎▍▋▊▉▕": "|", "▖▗": ".", "▘▝": "'", "▙▟▛▜▚▞": "+",
}  # fmt: skip
"""Signs that have one of ASCII, and no more room than it takes."""
_LONGER = {
    "…": ("...", "~"), "—": ("--", "-"), "±": ("+/-", "~"), "→": ("->", ">"), "⟶": ("->", ">"),
    "←": ("<-", "<"), "↔": ("<->", "-"), "⇄": ("<->", "="), "⇒": ("=>", ">"), "⇐": ("<=", "<"),
    "⇔": ("<=>", "="), "≤": ("<=", "<"), "≥": (">=", ">"), "≠": ("!=", "#"), "≡": ("==", "="),
    "≪": ("<<", "<"), "≫": (">>", ">"), "«": ("<<", "<"), "»": (">>", ">"), "§": ("sec. ", "S"),
    "¶": ("par. ", "P"), "√": ("sqrt", "V"), "∞": ("inf", "8"), "∑": ("sum", "S"),
    "©": ("(c)", "c"), "∏": ("prod", "P"), "∂": ("d", "d"), "∇": ("grad", "V"), "∈": (" in ", "e"),
    "∆": ("Delta", "D"), "ß": ("ss", "s"), "æ": ("ae", "a"), "Æ": ("AE", "A"),
    "œ": ("oe", "o"), "Œ": ("OE", "O"),
    "ø": ("o", "o"), "Ø": ("O", "O"), "ł": ("l", "l"), "Ł": ("L", "L"), "đ": ("d", "d"),
    "Đ": ("D", "D"), "ð": ("d", "d"), "þ": ("th", "t"), "Þ": ("Th", "T"), "ı": ("i", "i"),
    "ȷ": ("j", "j"), "ħ": ("h", "h"), "µ": ("u", "u"), "€": ("EUR", "E"), "£": ("GBP", "L"),
    "¬": ("not ", "!"), "∩": (" and ", "n"), "∪": (" or ", "u"), "∅": ("{}", "0"), "ℓ": ("l", "l"),
    "÷": ("/", "/"), "∀": ("all ", "A"), "∃": ("some ", "E"), "∫": ("int ", "S"),
}  # fmt: skip
"""Signs written in more than one of ASCII, and what stands for them where there is one column."""
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψωϵϑϕϖϱ",
        (
            "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
            "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon",
            "phi", "chi", "psi", "omega", "epsilon", "theta", "phi", "pi", "rho",
        ),
        strict=True,
    )
)  # fmt: skip
_SPACED = re.compile("[≤≥≠→←⇒⇐] ")
"""Those of them that take the room of the space behind them."""
_ROOMY = ((" ± ", "+/-"), ("  ±", " +-"), ("…   ", "... "), (" … ", "..."))
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_POWER = "[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+"
_TIMES_POWER = re.compile(f"(?:(?<=[0-9.])×10|(?<![0-9.])10)({_POWER})")
_ANY_POWER = re.compile(_POWER)
_LINES = {"─━┄┅┈┉╌╍╴╶╸╺╼╾": "-", "═": "=", "│┃┆┇┊┋╎╏║╵╷╹╻╽╿": "|", "╱": "/", "╲": "\\"}
_FIRST_BRAILLE, _LAST_BRAILLE = 0x2800, 0x28FF
_UPPER_DOTS = 0b00011011
_INVISIBLE = {"Mn", "Me", "Cf"}


def as_ascii(text: str) -> str:
    """``text`` in ASCII alone, in as much room as that takes. What is not known becomes ``?``."""
    if text.isascii():
        return text
    text = _in_place(text)
    return _ANY_POWER.sub(lambda found: f"^{found[0].translate(_RAISED)}", text).translate(_FREE)


def ascii_cells(text: str) -> str:
    """``text`` in ASCII alone, as many signs as it takes columns on a terminal.

    Marks over letters go, wide signs become two.
    """
    if text.isascii():
        return text
    text = _in_place(text)
    for drawn, written in _ROOMY:
        text = text.replace(drawn, written)
    return _SPACED.sub(lambda found: _LONGER[found[0][0]][0], text).translate(_NARROW)


def _in_place(text: str) -> str:
    """What is written otherwise in the same room."""
    return _TIMES_POWER.sub(_exponent, text).replace(" · ", " | ")


def _exponent(found: "re.Match[str]") -> str:
    sign = "e" if found[0].startswith("×") else "1e"
    return f"{sign}{found[1].translate(_RAISED)}".ljust(len(found[0]))


def columns(sign: str) -> int:
    """Columns that a terminal gives to one sign."""
    if unicodedata.category(sign) in _INVISIBLE:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


class _Signs(dict[int, str]):
    """A table for ``str.translate`` that learns what is asked of it."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        made = self[code] = sign if sign.isascii() else self._make(sign)
        return made


def _free(sign: str) -> str:
    if sign in _LONGER:
        return _LONGER[sign][0]
    if name := _GREEK.get(sign.lower()):
        return name if sign.islower() else name.capitalize()
    return _one(sign) or _decomposed(sign, _free) or (UNKNOWN if columns(sign) else "")


def _narrow(sign: str) -> str:
    room = columns(sign)
    if sign in _LONGER:
        return _LONGER[sign][1]
    if name := _GREEK.get(sign.lower()):
        letter = {"theta": "q", "mu": "u", "phi": "f", "psi": "y", "omega": "w"}.get(name, name[0])
        return letter if sign.islower() else letter.upper()
    made = _one(sign) or _decomposed(sign, _narrow)
    return (made[:room] if made.isalnum() or len(made) <= room else "").ljust(
        room, UNKNOWN if not made else " "
    )


def _one(sign: str) -> str:
    """The one sign of ASCII that stands for it, or ``""``."""
    if found := _SAME.get(sign):
        return found
    code = ord(sign)
    if 0x2500 <= code <= 0x257F:
        return "+"
    if _FIRST_BRAILLE <= code <= _LAST_BRAILLE:
        dots = code - _FIRST_BRAILLE
        if dots & _UPPER_DOTS == dots:
            return "'" if dots else " "
        return ".:*#"[(dots.bit_count() - 1) // 2] if dots & _UPPER_DOTS else "."
    return " " if sign.isspace() else ""


def _decomposed(sign: str, parts: Callable[[str], str]) -> str:
    """Of the letters that it is made of."""
    made = unicodedata.normalize("NFKD", sign)
    if made == sign:
        return ""
    return "".join(part if part.isascii() else parts(part) for part in made)


_SAME = {sign: one for signs, one in {**_ALIKE, **_LINES}.items() for sign in signs}
_FREE, _NARROW = _Signs(_free), _Signs(_narrow)
