"""Text from outside, such that LaTeX prints it as it stands."""

import unicodedata

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
    "ε": r"$\epsilon$",
    "η": r"$\eta$",
    "θ": r"$\theta$",
    "λ": r"$\lambda$",
    "μ": r"$\mu$",
    "π": r"$\pi$",
    "ρ": r"$\rho$",
    "σ": r"$\sigma$",
    "τ": r"$\tau$",
    "φ": r"$\phi$",
    "ω": r"$\omega$",
}
_TABLE = str.maketrans(_MARKS)


def latex(text: str) -> str:
    """``text`` on one line, with every mark of LaTeX written out. Other letters are left to UTF-8.

    A leading ``[`` or ``*`` would be read as an option of the line break before it: both are in
    braces.
    """
    line = " ".join(unicodedata.normalize("NFC", text).split())
    return line.translate(_TABLE)


def number(text: str) -> str:
    """A number, as Python prints it, in mathematics: exponents as powers of ten."""
    digits, mark, power = text.partition("e")
    if not mark:
        return {"nan": r"\mathrm{nan}", "inf": r"\infty", "-inf": r"-\infty"}.get(text, text)
    return rf"{digits} \times 10^{{{int(power)}}}"
