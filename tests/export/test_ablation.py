"""Tables of arms in three formats; nothing that a cell holds breaks one."""

import csv
import re
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pylatexenc.latexwalker import LatexCommentNode, LatexEnvironmentNode, LatexWalker

from researchdesk.domain.ablation import AblationTable, Change, Check, MadeFrom, Measured, Words
from researchdesk.domain.verdicts import Interval
from researchdesk.export.ablation import FORMATS, write_tables
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
    assert "  * 0.961 ± 0.012 (n=3)" in text[4]
    assert "* is bold." in text
    assert "-0.150 [-0.170, -0.130]" in text[5]
    assert "-0.010 [-0.040, +0.020], within noise" in text[6]
    markdown = write_tables([TABLE], "markdown").splitlines()
    assert markdown[2] == r"| arm | bn | test\_accuracy | Δ to parent |"
    assert markdown[3] == "| :--- | :--- | ---: | ---: |"
    assert markdown[4] == "| full | ✓ | **0.961 ± 0.012 (n=3)** | – |"
    lines = write_tables([TABLE], "latex").splitlines()
    assert r"  \begin{tabular}{llrr}" in lines
    assert r"    arm & bn & test\_accuracy & $\Delta$ to parent \\" in lines
    assert r"    full & $\checkmark$ & $\mathbf{0.961} \pm 0.012$ & -- \\" in lines
    assert any(
        line.endswith(r"Here $n=3$; a number without $\pm$ is of one seed.}") for line in lines
    )
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
def test_latex_keeps_its_cells_and_is_parsed_strictly(table):
    text = write_tables([table], "latex")
    nodes, _, _ = LatexWalker(text, tolerant_parsing=False).get_latex_nodes()
    (floating,) = _environments(nodes)
    (inner,) = _environments(_every(floating.nodelist))
    assert (floating.environmentname, inner.environmentname[:7]) in (
        ("table", "tabular"), ("table*", "tabular"),
    )  # fmt: skip
    head = text.split("\\begin{table")[0].splitlines()
    assert all(line.startswith("% ") for line in head)
    assert sum(isinstance(node, LatexCommentNode) for node in _every(nodes)) == len(head)
    body = text.split("\\midrule")[1].split("\\bottomrule")[0].strip("\n")
    rows = [line for line in body.splitlines() if line.strip()]
    assert len(rows) == len(table.rows)
    for line in rows:
        assert line.endswith(r" \\")
        assert len(re.findall(r"(?<!\\)&", line)) == len(table.heads) - 1
        _balanced(line)


@settings(max_examples=150, deadline=None)
@given(tables(), tables())
def test_csv_has_a_line_for_each_number_and_all_of_one_width(one, other):
    found = list(csv.reader(StringIO(write_tables([one, other], "csv"))))
    expected = sum(
        len(table.rows) * max(1, sum(isinstance(column, set) for column in _measured(table)))
        for table in (one, other)
    )
    assert len(found) == 1 + expected
    assert len({len(line) for line in found}) == 1
    assert len(set(found[0])) == len(found[0])


def _measured(table):
    """A set for each column that holds a number over seeds, None for others."""
    for at in range(len(table.heads)):
        numbers = {id(row[at]) for row in table.rows if isinstance(row[at], Measured)}
        yield numbers or None


def _every(nodes):
    for node in nodes or ():
        if node is not None:
            yield node
            yield from _every(getattr(node, "nodelist", None))


def _environments(nodes):
    return [node for node in nodes if isinstance(node, LatexEnvironmentNode)]


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
    assert len(lines) <= 7 + len(table.rows)
    assert "\x1b" not in "".join(lines)


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_is_one_line_of_latex_without_live_marks(text):
    found = latex(text)
    assert "\n" not in found
    _balanced(found)


def test_several_tables_stand_one_below_the_other():
    for form in ("text", "markdown", "latex"):
        both = write_tables([TABLE, replace(TABLE, title="Second")], form)
        assert both.startswith(write_tables([TABLE], form))
        assert both.count("no_bn") + both.count(r"no\_bn") == 2


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


@pytest.mark.parametrize("form", FORMATS)
def test_what_could_be_shown_too_is_no_part_of_a_table(form):
    table = replace(TABLE, others=("loss", "elsewhere"))
    assert write_tables([table], form) == write_tables([TABLE], form)


@pytest.mark.parametrize("form", ["text", "markdown", "latex"])
def test_notes_stand_in_every_format(form):
    note = "On scikit-learn:digits in place of hf:ylecun/mnist@1."
    assert note in write_tables([replace(TABLE, notes=(note,))], form)


RUN = MadeFrom(
    "20260101-000000-x", "x --> %", "ab" * 32, "2001.00001", date(2026, 1, 1), (9, 12),
    "interrupted", True, ("digits in place of mnist",),
)  # fmt: skip
SOURCED = replace(TABLE, made_from=(RUN,), runs=(RUN.run,) * 3)


@pytest.mark.parametrize("form", ["text", "markdown", "latex"])
def test_the_runs_stand_in_the_file_and_no_name_ends_the_remark(form):
    written = write_tables([SOURCED, SOURCED], form)
    (line,) = [line for line in written.splitlines() if RUN.run in line]
    for part in ("arXiv:2001.00001", "begun 2026-01-01", "9 of 12 seeds", "interrupted", "--quick",
                 "on digits in place of mnist", "files SHA-256 abababababab"):  # fmt: skip
        assert part.replace("--", "- -" if form == "markdown" else "--") in line
    if form == "markdown":
        assert written.count("-->") == 1
        assert written.index(RUN.run) < written.index("-->")
        tokens = MarkdownIt("commonmark").enable("table").parse(written)
        assert [token.type for token in tokens].count("table_open") == 2
    if form == "latex":
        assert line.startswith("% From run ")
        labels = re.findall(r"\\label\{.*?\}", written)
        assert len(labels) == len(set(labels)) == 2


def test_csv_is_tidy_and_in_full_and_each_line_has_its_run():
    rows = [[*row[:2], Words("=1+1"), *row[2:]] for row in TABLE.rows]
    rows[0][2] = Words("0.5", {"run": 0.5123456789})
    heads = ("arm", "bn", "run", "test_accuracy", "Δ to parent")
    table = replace(SOURCED, heads=heads, rows=tuple(map(tuple, rows)))
    first, second, third = csv.DictReader(StringIO(write_tables([table], "csv")))
    assert (first["run_"], first["bn"], second["bn"]) == ("0.5123456789", "True", "False")
    assert (second["run_"], first["bold"], second["bold"]) == ("'=1+1", "True", "False")
    numbers = [first[name] for name in ("metric", "mean", "sd", "n")]
    assert numbers == ["test_accuracy", "0.9612", "0.0123", "3"]
    change = [second[f"difference{end}"] for end in ("", "_low", "_high", "_to")]
    assert change == ["-0.15", "-0.17", "-0.13", "full"]
    assert (third["sd"], third["run"], third["recipe_sha256"]) == ("", RUN.run, RUN.digest)
    assert third["paper"] == "arXiv:2001.00001"
    assert (third["quick"], third["substituted"]) == ("True", "digits in place of mnist")


def test_long_words_are_folded_wide_tables_made_smaller_and_whole_numbers_keep_their_digits():
    row = (Words("w" * 40), Check(True), Measured(19421274.0, None, 1), None)
    written = write_tables([replace(TABLE, rows=(row,))], "latex")
    (columns,) = re.findall(r"\\begin\{tabularx\}\{\\linewidth\}\{(.*)\}", written)
    assert columns == r">{\hsize=1.00\hsize\raggedright\arraybackslash}Xlrl"
    assert r"\usepackage{tabularx}" in written.splitlines()[0]
    assert "$19421274$ ($n=1$)" in written
    assert r"\begin{table*}" in written
    many = replace(TABLE, heads=TABLE.heads * 2, rows=tuple(row * 2 for row in TABLE.rows))
    written = write_tables([many], "latex")
    assert written.count(r"\resizebox") == 1
    assert r"\usepackage{graphicx}" in written.splitlines()[0]
    assert r"\resizebox" not in write_tables([TABLE], "latex")


def test_numbers_of_seeds_that_differ_stand_in_the_cells_of_latex():
    rows = (
        (*TABLE.rows[0][:2], Measured(0.9, 0.1, 3), None),
        (*TABLE.rows[1][:2], Measured(0.9, 0.1, 4), None),
    )
    written = write_tables([replace(TABLE, rows=rows)], "latex")
    assert "($n=3$)" in written
    assert "($n=4$)" in written
    assert "Here $n" not in written
