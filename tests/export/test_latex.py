"""Text from outside in LaTeX: what each letter becomes, and what is told of those without one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pylatexenc.latexwalker import LatexEnvironmentNode, LatexWalker

from researchdesk.export.latex import NEEDS, codes_in, codes_note, latex


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50 % of $x_1$ & {y}", r"50 \% of \$x\_1\$ \& \{y\}"),
        ("é ø š – −1", r"é ø š -- $-$1"),
        ("ΓΩαζ", r"\ensuremath{\Gamma}\ensuremath{\Omega}$\alpha$\ensuremath{\zeta}"),
        ("ℒ ⊕ ⇒", r"\ensuremath{\mathcal{L}} \ensuremath{\oplus} \ensuremath{\Rightarrow}"),
        ("“q”", r"{\textquotedblleft}q{\textquotedblright}"),
        ("中", r"{\ifdefined\Umathcode 中\else(U+4E2D)\fi}"),
        ("↜", r"{\ifdefined\Umathcode ↜\else(U+219C)\fi}"),
        ("[x] *", "{[}x{]} {*}"),
        ("a\x1b[31m\u202eb\n\u2028c", "ab c"),
    ],
)
def test_each_letter_is_one_that_latex_has_or_its_code(text: str, expected: str) -> None:
    assert latex(text) == expected


def test_letters_without_a_command_are_told() -> None:
    assert codes_in(latex("中 é 文 中")) == "中文"
    assert "中 文" in codes_note(latex("中文"))
    assert codes_note(latex("é α")) == ""
    assert "fontenc" in NEEDS


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_is_parsed_as_latex_and_opens_no_environment_nor_comment(text: str) -> None:
    nodes, _, _ = LatexWalker(latex(text), tolerant_parsing=False).get_latex_nodes()
    kinds = {type(node).__name__ for node in nodes if node is not None}
    assert not kinds & {"LatexCommentNode", LatexEnvironmentNode.__name__}
