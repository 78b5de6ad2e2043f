"""Tables of arms in three formats; nothing that a cell holds breaks one."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from researchdesk.domain.ablation import AblationTable, Change, Check, Measured, Words
from researchdesk.domain.verdicts import Interval
from researchdesk.export.ablation import write_tables
from researchdesk.export.latex import latex

NASTY = [*"|\\&%$#_{}~^`*\né±", "<b>", "[x](y)", "\x1b[31m"]
WORDS = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=4)), max_size=6).map("".join)
NUMBERS = st.floats(allow_nan=True, allow_infinity=True, width=32)
CELLS = st.one_of(
    st.none(),
    st.builds(Words, WORDS),
    st.builds(Check, st.booleans()),
    st.builds(Measured, NUMBERS, st.one_of(st.none(), NUMBERS), st.integers(1, 99), st.booleans()),
    st.builds(
        Change,
        NUMBERS,
        WORDS,
        st.one_of(st.none(), st.builds(Interval, NUMBERS, NUMBERS)),
        st.none(),
    ),
)


@st.composite
def tables(draw: st.DrawFn) -> AblationTable:
    width = draw(st.integers(1, 5))
    row = st.lists(CELLS, min_size=width, max_size=width).map(tuple)
    heads = st.lists(WORDS, min_size=width, max_size=width).map(tuple)
    return AblationTable(
        draw(WORDS), "m", draw(heads), tuple(draw(st.lists(row, max_size=4))), (draw(WORDS),)
    )


TABLE = AblationTable(
    "Arms of A & B",
    "test_accuracy",
    ("arm", "bn", "test_accuracy", "Δ to parent"),
    (
        (Words("full"), Check(True), Measured(0.9612, 0.0123, 3, best=True), None),
        (
            Words("no_bn"),
            Check(False),
            Measured(0.81, 0.01, 3),
            Change(-0.15, "full", Interval(-0.17, -0.13), False),
        ),
        (
            Words("x|y"),
            None,
            Measured(0.95, None, 1),
            Change(-0.01, "full", Interval(-0.04, 0.02), False),
        ),
    ),
    ("Mean ± standard deviation over n seeds.",),
)


def test_the_three_as_they_stand():
    text = write_tables([TABLE], "text").splitlines()
    assert text[4].split("  ")[0] == "full"
    assert "✓" in text[4]
    assert "0.961 ± 0.012 (n=3)" in text[4]
    assert "-0.150 [-0.170, -0.130]" in text[5]
    assert "-0.010 [-0.040, +0.020], within noise" in text[6]
    markdown = write_tables([TABLE], "markdown").splitlines()
    assert markdown[2] == r"| arm | bn | test\_accuracy | Δ to parent |"
    assert markdown[3] == "| :--- | :--- | ---: | ---: |"
    assert markdown[4] == "| full | ✓ | **0.961 ± 0.012 (n=3)** | – |"
    lines = write_tables([TABLE], "latex").splitlines()
    assert r"  \begin{tabular}{llrr}" in lines
    assert r"    arm & bn & test\_accuracy & $\Delta$ to parent \\" in lines
    assert r"    full & $\checkmark$ & $\mathbf{0.961} \pm 0.012$ ($n=3$) & -- \\" in lines
    assert any("Arms of A \\& B" in line for line in lines)


@settings(max_examples=150, deadline=None)
@given(tables())
def test_markdown_keeps_its_cells(table):
    tokens = MarkdownIt("commonmark").enable("table").parse(write_tables([table], "markdown"))
    kinds = [token.type for token in tokens]
    assert kinds.count("table_open") == 1
    assert kinds.count("tr_open") == 1 + len(table.rows)
    assert kinds.count("th_open") == len(table.heads)
    assert kinds.count("td_open") == len(table.heads) * len(table.rows)
    inline = [child.type for token in tokens for child in token.children or ()]
    assert not {"html_inline", "link_open", "code_inline", "image", "em_open"} & set(inline)


@settings(max_examples=150, deadline=None)
@given(tables())
def test_latex_keeps_its_cells_and_balances(table):
    text = write_tables([table], "latex")
    body = text.split("\\midrule")[1].split("\\bottomrule")[0].strip("\n")
    rows = [line for line in body.splitlines() if line.strip()]
    assert len(rows) == len(table.rows)
    assert all(line.endswith(r" \\") for line in rows)
    for line in rows:
        assert len(re.findall(r"(?<!\\)&", line)) == len(table.heads) - 1
    _balanced(text.split("\n", 1)[1])


def _balanced(text: str) -> None:
    """Braces and dollars come in pairs, and nothing outside of commands starts a comment."""
    bare = re.sub(r"\\[\\{}$&#%_]", "", text)
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    assert "%" not in bare
    assert "#" not in bare
    depth = 0
    for mark in re.findall(r"[{}]", bare):
        depth += 1 if mark == "{" else -1
        assert depth >= 0
    outside = "".join(bare.split("$")[::2])
    assert "_" not in outside
    assert "^" not in outside
    assert "~" not in outside


@settings(max_examples=100, deadline=None)
@given(tables())
def test_text_has_a_line_a_row(table):
    lines = write_tables([table], "text").splitlines()
    assert lines[1] == lines[3] == lines[4 + len(table.rows)]
    assert set(lines[1]) == {"─"}
    assert len(lines) <= 6 + len(table.rows)
    assert "\x1b" not in "".join(lines)


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_is_one_line_of_latex_without_live_marks(text):
    found = latex(text)
    assert "\n" not in found
    _balanced(found)


def test_several_tables_stand_one_below_the_other():
    for form in ("text", "markdown", "latex"):
        both = write_tables([TABLE, TABLE], form)
        assert both == f"{write_tables([TABLE], form)}\n\n{write_tables([TABLE], form)}"


@pytest.mark.parametrize(
    ("mean", "sd", "expected"),
    [
        (0.96123, 0.01234, "0.961 ± 0.012"),
        (12345.6, 321.0, "12346 ± 321"),
        (0.5, 0.0, "0.5 ± 0"),
        (3.7e-9, 2.1e-10, "3.700e-09 ± 2.1e-10"),
        (float("nan"), float("nan"), "nan ± nan"),
    ],
)
def test_numbers_have_two_digits_of_their_spread(mean, sd, expected):
    table = AblationTable("t", "m", ("a",), ((Measured(mean, sd, 2),),))
    assert f"{expected} (n=2)" in write_tables([table], "text")


def test_other_metrics_are_a_line_below_and_a_remark_in_latex():
    table = replace(TABLE, others=("loss", "f1\n\\evil"))
    line = r"Other metrics: loss, f1 \evil (--metric)"
    assert write_tables([table], "text").splitlines()[-1] == line
    assert "Other metrics: loss, f1" in write_tables([table], "markdown").splitlines()[-1]
    lines = write_tables([table], "latex").splitlines()
    assert [text for text in lines if "evil" in text] == [f"% {line}"]
    assert "Other metrics" not in write_tables([TABLE], "text")


@pytest.mark.parametrize("form", ["text", "markdown", "latex"])
def test_notes_stand_in_every_format(form):
    note = "On scikit-learn:digits in place of hf:ylecun/mnist@1."
    assert note in write_tables([replace(TABLE, notes=(note,))], form)
