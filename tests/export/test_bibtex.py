"""Papers as BibTeX."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.papers import Metadata
from researchdesk.export.bibtex import bibtex, bibtex_key, entry, tex

ADAM = Metadata(
    title="Adam for $O(n^2)$ & 5 % {More}",
    authors=("Diederik P. Kingma", "Jimmy Ba"),
    categories=("cs.LG", "stat.ML"),
    published=datetime(2014, 12, 22, tzinfo=UTC),
    arxiv_id="1412.6980",
    doi="10.1000/a_b%c",
)


def test_an_entry_as_arxiv_gives_it() -> None:
    assert entry("kingma2014adam", ADAM) == (
        "@misc{kingma2014adam,\n"
        "  title = {{Adam for $O(n^2)$ \\& 5 \\% \\textbraceleft{}More\\textbraceright{}}},\n"
        "  author = {Diederik P. Kingma and Jimmy Ba},\n"
        "  year = {2014},\n"
        "  eprint = {1412.6980},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass = {cs.LG},\n"
        "  doi = {10.1000/a_b%c},\n"
        "}\n"
    )
    assert bibtex([("a", ADAM), ("b", ADAM)]).count("\n\n@misc") == 1


@pytest.mark.parametrize(
    ("base", "year"), [("1904.09237", "2019"), ("hep-th/9901001", "1999"), ("math/0211159", "2002")]
)
def test_the_year_is_that_of_the_id_where_no_date_is_known(base: str, year: str) -> None:
    assert f"year = {{{year}}}" in entry("k", Metadata("T", arxiv_id=base))


def test_what_arxiv_does_not_have_is_told_without_it() -> None:
    told = entry("k", Metadata("T", ("The Alpha and Beta Team",), journal_ref="J. 3_4"))
    assert "author = {{The Alpha and Beta Team}}" in told
    assert "note = {J. 3\\_4}" in told
    assert "eprint" not in told
    assert "year" not in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("$\\mathcal{O}(n)$ steps", "$\\mathcal{O}(n)$ steps"),
        ("$\\input{x}$", "\\$\\textbackslash{}input\\textbraceleft{}x\\textbraceright{}\\$"),
        (
            "$\\frac{1}{\\sqrt{n}} \\leq \\boldsymbol{x}$",
            "$\\frac{1}{\\sqrt{n}} \\leq \\boldsymbol{x}$",
        ),
        (
            "$^^5cinput{x}$",
            "\\$\\textasciicircum{}\\textasciicircum{}5cinput\\textbraceleft{}x\\textbraceright{}\\$",
        ),
        ("costs $5 and $6", "costs \\$5 and \\$6"),
        ("a_b ~ c", "a\\_b \\textasciitilde{} c"),
        ("{", "\\textbraceleft{}"),
    ],
)
def test_formulas_stay_and_commands_do_not(text: str, said: str) -> None:
    assert tex(text) == said


def test_identifiers_hide_no_command() -> None:
    said = entry("k", Metadata("T", doi="10.1/^{^}5cinput{x}", journal_ref="$^^5cinput{y}$"))
    assert "^^" not in said
    assert "doi = {10.1/5cinputx}" in said


_TEXT = st.text(alphabet="aB {}$\\^_%&#~\"'@=,\n\u00e9", max_size=30)


@given(_TEXT, st.lists(_TEXT, max_size=2), _TEXT)
def test_braces_are_balanced_and_nothing_ends_a_field(
    title: str, authors: list[str], doi: str
) -> None:
    said = entry(title, Metadata(title, tuple(authors), doi=doi, journal_ref=title))
    depth = 0
    for sign in said:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    assert said.startswith("@misc{")
    assert re.fullmatch(r"[A-Za-z0-9:._+/-]+", bibtex_key(title))
    names = re.findall(r"^  (\w+) = \{", said, re.MULTILINE)
    assert set(names) <= {"title", "author", "doi", "note"}
