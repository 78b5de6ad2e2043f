"""Formulas in TeX that other people wrote: only those that do nothing but set mathematics."""

import re

FORMULA = re.compile(
    r"\$\$(?:[^$\\]|\\.)+\$\$|\$(?![\s$])(?:[^$\\]|\\.)*?(?<![\s\\])\$(?![\d$])", re.S
)
"""A formula in markdown, with its dollars."""
_TOKEN = re.compile(r"\\([a-zA-Z]+|.)", re.S)
_ENVIRONMENT = re.compile(r"\\(begin|end)\{([a-zA-Z]+\*?)\}")
_PERCENT = re.compile(r"(\\.)|%", re.S)
_ENVIRONMENTS = frozenset(
    ("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "cases",
     "aligned", "gathered", "split")
)  # fmt: skip
_NAMES = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi
varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi
Pi Sigma Upsilon Phi Psi Omega ell hbar imath jmath Re Im aleph wp infty partial nabla emptyset
varnothing prime angle top bot perp parallel mid nmid

mathcal mathbb mathrm mathbf mathsf mathit mathtt mathfrak mathscr boldsymbol bm text textrm
textbf textit texttt textsf mbox operatorname

tilde widetilde hat widehat bar overline underline vec dot ddot check breve acute grave
mathop mathrel mathbin substack cfrac
overbrace underbrace overset underset stackrel overrightarrow phantom boxed
frac dfrac tfrac binom dbinom tbinom sqrt
displaystyle textstyle scriptstyle limits nolimits

sum prod coprod int iint iiint oint bigcup bigcap bigoplus bigotimes bigvee bigwedge lim limsup
liminf sup inf max min arg det dim exp gcd hom ker log ln lg sin cos tan cot sec csc sinh cosh
tanh coth arcsin arccos arctan deg Pr argmax argmin bmod pmod mod

pm mp times div cdot cdots ldots dots vdots ddots ast star circ bullet oplus ominus otimes odot
dagger ddagger cup cap setminus wedge vee land lor lnot neg amalg wr sqcup sqcap diamond

le leq leqslant ge geq geqslant ll gg lt gt ne neq equiv approx approxeq cong sim simeq propto
asymp doteq triangleq coloneqq prec succ preceq succeq lesssim gtrsim subset supset subseteq
supseteq subsetneq in ni notin not forall exists nexists vdash models therefore because

to gets mapsto leftarrow rightarrow leftrightarrow longrightarrow longleftarrow Leftarrow
Rightarrow Leftrightarrow Longrightarrow implies iff uparrow downarrow updownarrow nearrow
searrow hookrightarrow rightharpoonup leadsto longmapsto xrightarrow xleftarrow

left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr lvert rvert
lVert rVert vert Vert langle rangle lfloor rfloor lceil rceil lbrace rbrace lbrack rbrack
backslash quad qquad colon surd square blacksquare checkmark
"""
_COMMANDS = frozenset(_NAMES.split())
"""The commands that a formula may have. None reads or writes a file, or defines another."""
_SIGNS = frozenset(" ,;:!>|{}\\%&#_$\n")
"""What may stand behind a backslash beside letters."""


def harmless(formula: str) -> str | None:
    """What stands between a formula's dollars, as it can be given to TeX; None where it cannot.

    It may have the commands of a list only, its braces and environments pair, and there is no
    ``^^``, by which TeX reads any character in another's place. A bare ``%``, which would hide the
    rest of the line, is written ``\\%``.
    """
    bare = formula.strip()
    if not bare or "^^" in formula or not _pairs(formula) or not _known(formula):
        return None
    unescaped = _TOKEN.sub("", formula)
    if "#" in unescaped or "$" in unescaped or formula.endswith("\\"):
        return None
    if "&" in unescaped and r"\begin{" not in formula:
        return None
    return _PERCENT.sub(lambda match: match[1] or r"\%", formula)


def _known(formula: str) -> bool:
    """Whether each command is of the list, and the environments follow one another."""
    opened: list[str] = []
    for match in _ENVIRONMENT.finditer(formula):
        if match[2] not in _ENVIRONMENTS:
            return False
        if match[1] == "begin":
            opened.append(match[2])
        elif not opened or opened.pop() != match[2]:
            return False
    rest = _ENVIRONMENT.sub(" ", formula)
    return not opened and all(name in _COMMANDS or name in _SIGNS for name in _TOKEN.findall(rest))


def _pairs(formula: str) -> bool:
    depth = 0
    for sign in re.findall(r"\\.|[{}]", formula, re.S):
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0
