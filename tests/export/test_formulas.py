"""What of other people's formulas is given to TeX."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.export.formulas import harmless


@pytest.mark.parametrize(
    "formula",
    [
        r"x_1^2 + \alpha",
        r"\frac{1}{n} \sum_{i \le n} \left\| \mathbf{x}_i \right\|_2^2",
        r"\{ x \mid x \in \mathbb{R}^d \}",
        r"\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}",
        r"\hat{\theta} = \operatorname*{argmax}_\theta \log p_\theta(x)",
        r"5\% \, y",
        "λ",
    ],
)
def test_mathematics_stays_as_it_is(formula: str) -> None:
    assert harmless(formula) == formula


@pytest.mark.parametrize(
    "formula",
    [
        "",
        " ",
        r"\input{x}",
        r"\write18{x}",
        r"\immediate\openout3=x",
        r"\csname input\endcsname",
        r"\def\alpha{x}",
        r"\catcode`\@=0",
        "^^5cinput",
        r"x^^M",
        "{x",
        "x}",
        "{x}}{",
        r"\begin{x}",
        r"\begin{cases}",
        r"\end{cases}",
        r"\begin{matrix}\end{cases}",
        "a & b",
        "#1",
        "\\",
        r"\\input\input",
        r"\begin{verbatim}\end{verbatim}",
        r"\begin {cases}",
        r"\@x",
        "a$b",
        r"\verb|x|",
        r"\newcommand\x{y}",
        r"\^^5c",
    ],
)
def test_what_does_more_is_text(formula: str) -> None:
    assert harmless(formula) is None


def test_a_bare_percent_sign_hides_nothing() -> None:
    assert harmless(r"x % y \% z \\% w") == r"x \% y \% z \\\% w"


_PARTS = ["a", "%", "\\", "{", "}", "^", " ", r"\alpha", r"\input", r"\\", "&", "#", "$", "\n"]


@given(st.lists(st.sampled_from(_PARTS), max_size=8).map("".join))
def test_what_is_given_to_tex_is_harmless_however_it_is_put_together(formula: str) -> None:
    said = harmless(formula)
    if said is None:
        return
    bare = said.replace("\\\\", "").replace("\\{", "").replace("\\}", "")
    assert "\\input" not in bare
    assert "^^" not in said
    assert bare.count("{") == bare.count("}")
    assert "%" not in bare.replace("\\%", "")
    assert harmless(said) == said
