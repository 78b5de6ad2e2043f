"""Text from outside, such that LaTeX prints it as it stands."""

import re
import unicodedata
from functools import lru_cache

from pylatexenc.latexencode import UnicodeToLatexEncoder

from researchdesk.domain.text import one_line

NEEDS = r"\usepackage[T1]{fontenc}, \usepackage{amsmath}, \usepackage{amssymb}"
"""The packages that what is written here takes."""

_MARKS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "[": r"{[}",
    "]": r"{]}",
    "*": r"{*}",
    "±": r"$\pm$",
    "Δ": r"$\Delta$",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "→": r"$\rightarrow$",
    "∞": r"$\infty$",
    "−": "$-$",
    "≈": r"$\approx$",
    "≠": r"$\neq$",
    "←": r"$\leftarrow$",
    "∈": r"$\in$",
    "∇": r"$\nabla$",
    "∂": r"$\partial$",
    "√": r"$\surd$",
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
    "•": r"$\bullet$",
    "α": r"$\alpha$",
    "β": r"$\beta$",
    "γ": r"$\gamma$",
    "δ": r"$\delta$",
    "ε": r"$\varepsilon$",
    "η": r"$\eta$",
    "θ": r"$\theta$",
    "λ": r"$\lambda$",
    "μ": r"$\mu$",
    "π": r"$\pi$",
    "ρ": r"$\rho$",
    "σ": r"$\sigma$",
    "τ": r"$\tau$",
    "φ": r"$\varphi$",
    "ω": r"$\omega$",
}
_TABLE = str.maketrans(_MARKS)
_IN_UTF8 = re.compile("[\u00a1-\u00ac\u00ae-\u017e]")
_NOT_IN_UTF8 = frozenset("ĦħĸĿŀŉŦŧ")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_NEITHER = re.compile(
    r"\\("
    r"arrowwaveleft|arrowwaveright|dblarrowupdown|DownArrowUpArrow|rightangle|"
    r"surfintegral|volintegral|clwintegral|homothetic|lazysinv|approxnotequal|"
    r"tildetrpl|allequal|estimates|starequal|notlessgreater|notgreaterless|truestate|"
    r"forcesextra|VDash|original|image|hermitconjmatrix|rightanglearc|verymuchless|"
    r"verymuchgreater|precedesnotsimilar|udots|varperspcorrespond|recorder|"
    r"quarternote|clockoint|sqrint|texthvlig|textnrleg|textschwa|textphi|"
    r"textglotstop|textturnk|textfrac"
    r")(?![A-Za-z])"
)
"""Commands that pylatexenc names and the packages of ``NEEDS`` do not have, by trying each."""
_CODE = re.compile(r"\\else\(U\+([0-9A-F]{4,6})\)\\fi")
_encoder = UnicodeToLatexEncoder(unknown_char_policy="keep", unknown_char_warning=False)


def marks_written_out(text: str) -> str:
    """``text`` on one line, with every mark of LaTeX written out. Other letters are left to UTF-8.

    A leading ``[`` or ``*`` would be read as an option of the line break before it: both are in
    braces.
    """
    return unicodedata.normalize("NFC", one_line(text)).translate(_TABLE)


def latex(text: str) -> str:
    """As ``marks_written_out``, and no letter is left that stops pdfLaTeX.

    Letters of Latin script are left to UTF-8, other letters and signs written as commands of
    ``NEEDS``. What has no command is itself in LuaLaTeX and XeLaTeX, and its code in pdfLaTeX:
    ``codes_in`` tells.
    """
    return _FOREIGN.sub(lambda sign: _foreign(sign[0]), marks_written_out(text))


def is_plain(text: str) -> bool:
    """Whether ``verbatim`` takes the text as it is, in pdfLaTeX too."""
    signs = text.replace("\n", "")
    return all(sign.isascii() or _written_in_utf8(sign) for sign in signs)


def codes_in(tex: str) -> str:
    """The letters of a text of ``latex`` that pdfLaTeX shows as their codes, each once."""
    return "".join(dict.fromkeys(chr(int(code, 16)) for code in _CODE.findall(tex)))


def codes_note(tex: str) -> str:
    """A sentence on the letters that pdfLaTeX has not; empty where there are none."""
    letters = codes_in(tex)
    if not letters:
        return ""
    shown = " ".join(letters[:20]) + (" …" if len(letters) > 20 else "")
    return (
        f"pdfLaTeX shows these letters as their codes: {shown}. LuaLaTeX and XeLaTeX show them, "
        "with a font that has them."
    )


def _written_in_utf8(sign: str) -> bool:
    return _IN_UTF8.match(sign) is not None and sign not in _NOT_IN_UTF8


@lru_cache(maxsize=4096)
def _foreign(sign: str) -> str:
    if _written_in_utf8(sign):
        return sign
    command = str(_encoder.unicode_to_latex(sign)).replace("mathscr", "mathcal")
    whole = command.startswith((r"\ensuremath{", r"{\text"))
    if whole and not _NEITHER.search(command):
        return command
    return rf"{{\ifdefined\Umathcode {sign}\else(U+{ord(sign):04X})\fi}}"


def number(text: str) -> str:
    """A number, as Python prints it, in mathematics: exponents as powers of ten."""
    digits, mark, power = text.partition("e")
    if not mark:
        return {"nan": r"\mathrm{nan}", "inf": r"\infty", "-inf": r"-\infty"}.get(text, text)
    return rf"{digits} \times 10^{{{int(power)}}}"
