"""BibTeX files, messy as they are: nothing lost, every fault with its line."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.bibliography import Entry, Problem
from researchdesk.sources.bibtex import read_bibtex


def _only(text: str) -> Entry:
    reading = read_bibtex(text)
    assert not reading.left_out
    (entry,) = reading.entries
    return entry


def test_an_entry_is_read_and_kept_as_it_came() -> None:
    entry = _only(
        "% mine\n"
        "@InProceedings{lecun:98/a, Title = {{G}radient-based {L}earning}, title = {Twice},\n"
        "  author = {LeCun, Yann and Bottou, L{\\'e}on and van der Maaten, Laurens and others},\n"
        '  booktitle = "Proc.\\ of {NIPS}", year = 1998, month = nov # "~3", x-own = {a {b} c},\n'
        "  keywords = {nets; vision}, file = {:/home/me/a\\_b.pdf:PDF;notes/b.pdf},\n"
        "  doi = {https://doi.org/10.1109/5.726791}, pages = {2278--2324}, volume=86\n}"
    )
    assert (entry.kind, entry.key, entry.line) == ("inproceedings", "lecun:98/a", 2)
    assert entry.fields["Title"] == "{{G}radient-based {L}earning}"
    assert entry.fields["title"] == "{Twice}"
    assert entry.fields["month"] == 'nov # "~3"'
    assert entry.fields["x-own"] == "{a {b} c}"
    words = entry.words
    assert words.title == "Gradient-based Learning"
    assert words.authors == ("Yann LeCun", "Léon Bottou", "Laurens van der Maaten")
    assert (words.year, words.venue, words.doi) == (1998, "Proc. of NIPS", "10.1109/5.726791")
    assert words.journal_ref == "Proc. of NIPS 86, 2278–2324 (1998)"
    assert entry.tags == ("nets", "vision")
    assert entry.files == ("/home/me/a_b.pdf", "notes/b.pdf")


@pytest.mark.parametrize(
    ("fields", "base", "version"),
    [
        ("eprint = {1810.04805v2}, archivePrefix = {arXiv}", "1810.04805", 2),
        ("eprint = {hep-th/9901001}, eprinttype = {arxiv}", "hep-th/9901001", None),
        ("journal = {arXiv preprint arXiv:2401.10241}", "2401.10241", None),
        ("journal = {CoRR}, volume = {abs/1911.02150}", "1911.02150", None),
        ("url = {http://arxiv.org/abs/1609.08144v2}", "1609.08144", 2),
        ("url = {\\url{https://arxiv.org/pdf/1609.08144.pdf}}", "1609.08144", None),
        ("doi = {10.48550/ARXIV.2309.17452}", "2309.17452", None),
        ("note = {arXiv:1502.03167 [cs.LG]}", "1502.03167", None),
        ("note = {An extension of arXiv:1502.03167}", None, None),
        ("eprint = {23456789}, eprinttype = {pubmed}", None, None),
    ],
)
def test_the_arxiv_id_is_found_wherever_it_hides(
    fields: str, base: str | None, version: int | None
) -> None:
    entry = _only(f"@misc{{k, title = {{A title}}, {fields}}}")
    assert (entry.words.arxiv_id, entry.version) == (base, version)
    assert entry.words.doi == ""
    assert "arXiv" not in entry.words.venue
    assert entry.words.venue != "CoRR"


def test_abbreviations_and_what_an_entry_hands_on() -> None:
    reading = read_bibtex(
        '@string{acm = "ACM Press"}\n@string(jacm = {Journal of the } # acm)\n'
        "@article{a, title = {One}, journal = jacm, publisher = acm, month = October}\n"
        "@inproceedings{b, title = {Two}, crossref = {P}, keywords = {x}}\n"
        "@proceedings{p, title = {The Meeting}, year = 2001, keywords = {y}}\n"
    )
    one, two, _ = reading.entries
    assert one.words.venue == "Journal of the ACM Press"
    assert one.fields["journal"] == "jacm"
    assert one.fields["@string jacm"] == "{Journal of the } # acm"
    assert one.fields["@string acm"] == '"ACM Press"'
    assert (two.words.venue, two.words.year, two.tags) == ("The Meeting", 2001, ("x",))
    assert reading.mended == (
        Problem(3, "the abbreviation October in month is not defined; read as it is"),
    )


BROKEN = r"""@article{a, title = {Ends \\}, year = 2010, note = {x}}
@article{b, title = {No comma} year = 2011}
@article{c, title = {Never closed}, year = 2012

@article{d, title="foo {a "b", c} d", year=1}
@article{e, title={x},, year=2}
@article{g title={key without comma}, year=1994}
@article{h, title={x}, title={y}}
@article{h, title={z}}
@comment{jabref-meta: x}
@article{, title={no key}}
@misc{j, abstract={
@user{x} hi}, title={J}}
article{lost, title = {No sign before it}}
@misc{k, title={K {open}
@misc{l, title={L open,
  author = {Doe, Jo},
  year = 2001}
"""


def test_a_broken_entry_takes_nothing_with_it_and_is_told_by_its_line() -> None:
    reading = read_bibtex(BROKEN)
    told = {(entry.line, entry.key, entry.words.title) for entry in reading.entries}
    assert told == {
        (1, "a", "Ends"),
        (2, "b", "No comma"),
        (3, "c", "Never closed"),
        (5, "d", 'foo a "b", c d'),
        (6, "e", "x"),
        (7, "g", "key without comma"),
        (8, "h", "x"),
        (9, "h", "z"),
        (11, "", "no key"),
        (12, "j", "J"),
        (15, "k", "K open"),
        (16, "l", "L open"),
    }
    years = {entry.key: entry.words.year for entry in reading.entries}
    assert [years[key] for key in ("a", "b", "c", "g", "l")] == [2010, 2011, 2012, 1994, 2001]
    assert {problem.line for problem in reading.mended} >= {2, 3, 7, 15, 16}
    assert reading.entries[-1].words.authors == ("Jo Doe",)
    assert [problem.line for problem in reading.left_out] == [14]
    assert next(e for e in reading.entries if e.words.title == "x" and e.key == "h").fields == {
        "title": "{x}",
        "title 2": "{y}",
    }


def test_an_entry_without_a_title_stands_under_what_it_has() -> None:
    reading = read_bibtex(
        "@misc{foo, url = {http://x.org}}\n@misc{, author = {Ada Byron}, year=1843}"
    )
    assert [e.words.title for e in reading.entries] == ["http://x.org", "Untitled (Ada Byron 1843)"]
    assert [problem.line for problem in reading.mended] == [1, 2]


_NOISE = st.text(alphabet="@{}()\"#=,\\ \nab1é%'", max_size=80)


@given(_NOISE)
def test_no_file_is_too_strange(text: str) -> None:
    reading = read_bibtex(text)
    for entry in reading.entries:
        assert 1 <= entry.line <= text.count("\n") + 1
        assert entry.words.title


_VALUE = st.recursive(
    st.text(alphabet=string.ascii_letters + " ,=@\n'é", max_size=12),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: "{" + "".join(parts) + "}"),
)


@given(
    st.lists(st.tuples(st.from_regex(r"[a-z]{3,8}", fullmatch=True), _VALUE), max_size=5), _NOISE
)
def test_sound_fields_come_through_as_they_are(fields: list[tuple[str, str]], noise: str) -> None:
    body = "".join(f",\n  f{i}{name} = {{{value}}}" for i, (name, value) in enumerate(fields))
    noise = re.sub(r"[@{}]", "", noise)
    reading = read_bibtex(f"{noise}\n@article{{key{body}\n}}\n{noise}")
    (entry,) = reading.entries
    assert entry.fields == {f"f{i}{name}": f"{{{v}}}" for i, (name, v) in enumerate(fields)}


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("AhmedThahir__My_Library.bib", 42),
        ("AndreasMadsen__paper__bibliography.bib", 26),
        ("ajaygunalan__My_Library.bib", 622),
        ("docling-project__tests__data__latex__sources__2412.19437__main.bib", 189),
    ],
)
def test_real_libraries_come_in_whole(corpus, name: str, count: int) -> None:
    text = (corpus / "bib" / name).read_text("utf-8")
    reading = read_bibtex(text)
    assert len(reading.entries) == count
    assert not reading.left_out
    lines = text.split("\n")
    for entry in reading.entries:
        assert re.match(
            rf"\s*@{entry.kind}\s*{{\s*{re.escape(entry.key)}", lines[entry.line - 1], re.I
        )
        for label, raw in entry.fields.items():
            assert label.startswith("@string ") or raw in text


def test_thousands_of_empty_lines_are_soon_read() -> None:
    """With every empty line a place to begin at, the search took minutes."""
    between = "words\n" + "\n" * 5_000 + " " * 5_000 + "\nwords {\n" + "\n" * 5_000
    reading = read_bibtex(f"{between}article{{k, title = {{Headless}}}}\n")
    assert [problem.line for problem in reading.left_out] == [10_004]
