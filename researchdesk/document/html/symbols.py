"""What the commands of TeX's formulas are called in plain text."""

_GREEK = (
    "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι "
    "kappa κ lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ "
    "upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π "
    "Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω"
)
_SIGNS = (
    "pm ± mp ∓ times × div ÷ cdot · ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ otimes ⊗ odot ⊙ "
    "leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ approx ≈ sim ∼ simeq ≃ equiv ≡ cong ≅ propto ∝ ll ≪ gg ≫ "
    "leqslant ≤ geqslant ≥ lesssim ≲ gtrsim ≳ lt < gt > "
    "in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ cup ∪ cap ∩ setminus ∖ emptyset ∅ "
    "varnothing ∅ forall ∀ exists ∃ neg ¬ lnot ¬ land ∧ lor ∨ wedge ∧ vee ∨ "
    "to → rightarrow → leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ "
    "longrightarrow ⟶ mapsto ↦ uparrow ↑ downarrow ↓ implies ⇒ iff ⇔ gets ← nearrow ↗ searrow ↘ "
    "infty ∞ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ iint ∬ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ "
    "ldots … cdots … dots … vdots ⋮ ddots ⋱ prime ′ degree ° dagger † ddagger ‡ checkmark ✓ "
    "langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert | vert | lVert ‖ rVert ‖ "
    "Vert ‖ mid | parallel ∥ perp ⊥ bot ⊥ top ⊤ angle ∠ triangle △ square □ Box □ diamond ⋄ "
    "ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ colon : lbrace { rbrace } lbrack [ rbrack ] backslash \\ "
    "triangleq ≜ coloneqq ≔ models ⊨ vdash ⊢ prec ≺ succ ≻ preceq ⪯ succeq ⪰ S § P ¶ cross ✗ "
    "heartsuit ♡ clubsuit ♣ spadesuit ♠ diamondsuit ♢ bigstar ★ blacksquare ■"
)
_NAMES = (
    "log ln exp sin cos tan tanh sinh cosh arcsin arccos arctan min max arg argmin argmax sup inf "
    "lim limsup liminf det dim ker deg gcd Pr mod bmod hom"
)


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return {f"\\{name}": sign for name, sign in zip(words[::2], words[1::2], strict=True)}


def _commands(names: str) -> frozenset[str]:
    return frozenset(f"\\{name}" for name in names.split())


SYMBOLS = {
    **_pairs(_GREEK),
    **_pairs(_SIGNS),
    **{f"\\{name}": f"{name} " for name in _NAMES.split()},
    **dict.fromkeys(("\\quad", "\\qquad", "\\,", "\\;", "\\:", "\\ ", "\\>"), " "),
    "\\!": "",
}
"""A command, and the text that stands for it."""

DROPPED = _commands(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr middle limits "
    "nolimits displaystyle textstyle scriptstyle scriptscriptstyle rm bf it sf tt cal nonumber "
    "notag hline mathstrut strut allowbreak relax protect normalsize small footnotesize tiny "
    "scriptsize large hfill boldmath bm@ penalty null ensuremath@ centering sc mathsurround"
)
"""Commands that only change the look."""

STYLES = _commands(
    "mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak mathbb mathds mathnormal bm "
    "boldsymbol pmb text textrm textbf textit textsf texttt textsc textnormal textup emph "
    "operatorname operatorname* mbox hbox makebox fbox boxed underline underbrace overbrace "
    "mathop mathbin mathrel mathord mathopen mathclose mathpunct ensuremath uline "
    "smash textsuperscript textsubscript mathring overrightarrow xrightarrow substack widecheck"
)
"""Commands whose argument is read as it stands."""
