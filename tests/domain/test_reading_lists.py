"""Reading lists out of TOML, and the shipped ones."""

import re

import pytest

from researchdesk import assets
from researchdesk.domain.reading_lists import read_list

WHOLE = """
name = "thesis"
title = "What it stands on"

[[entries]]
arxiv = "https://arxiv.org/abs/1706.03762v5"
title = "Attention  Is All You Need"
authors = ["Ashish Vaswani", "others"]
year = 2017
why = "The baseline."
pass = 3
part = "Models"

[[entries]]
doi = "10.1145/1273445.1273458"
url = "https://example.org/keshav.pdf"
title = "How to Read a Paper"
authors = ["S. Keshav"]
year = 2007
why = "Passes."
pass = 1
"""
FILES = sorted((assets.folder("data") / "reading_lists").glob("*.toml"))


def problems(source: str) -> list[str]:
    return [str(problem) for problem in read_list(source)[1]]


def test_a_list_is_read() -> None:
    found, wrong = read_list(WHOLE)
    assert wrong == ()
    assert found is not None
    first, second = found.entries
    assert (found.name, found.about, found.source) == ("thesis", "", "")
    assert (first.arxiv, first.number, first.part) == ("1706.03762", 3, "Models")
    assert first.title == "Attention Is All You Need"
    assert (second.ref, second.part) == ("10.1145/1273445.1273458", "")
    words = second.metadata
    assert (words.arxiv_id, words.doi, words.year) == (None, "10.1145/1273445.1273458", 2007)
    assert words.comment == "https://example.org/keshav.pdf"
    assert first.metadata.arxiv_id == "1706.03762"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "thesis"', 'name = "a,b"', "line 2: name: The name of a reading list cannot"),
        ('name = "thesis"\n', "", "line 1: name: missing"),
        ("1706.03762v5", "1706.3762", "line 6: entries[1].arxiv:"),
        ('"10.1145/1273445.1273458"', '"1273445"', "no DOI"),
        ('"https://example.org/keshav.pdf"', '"keshav.pdf"', "no address"),
        ("pass = 3", "pass = 4", "4, but a pass is 1, 2 or 3"),
        ("pass = 3", 'pass = "3"', "'3', but a number is wanted"),
        ("year = 2007\n", "", "entries[2].year: missing"),
        ("year = 2007", "years = 2007", "unknown key; did you mean 'year'?"),
        ('why = "Passes."', "", "entries[2].why: missing"),
        ('["S. Keshav"]', "[]", "a list of names is wanted"),
        ('["S. Keshav"]', '"S. Keshav"', "a list of names is wanted"),
        ('authors = ["S. Keshav"]\n', "", "missing; a list of names is wanted"),
        (
            'doi = "10.1145/1273445.1273458"\nurl = "https://example.org/keshav.pdf"\n',
            "",
            "missing; an arxiv id, a doi or a url is wanted",
        ),
        (
            'doi = "10.1145/1273445.1273458"',
            'arxiv = "1706.03762"',
            "'1706.03762' stands twice in the list, first on line 5",
        ),
        ("[[entries]]", "[entries", "this is no TOML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, said: str) -> None:
    assert old in WHOLE
    told = problems(WHOLE.replace(old, new, 1))
    assert len(told) == 1, told
    assert said in told[0]


def test_a_list_without_entries_is_none() -> None:
    assert "at least one [[entries]] is wanted" in problems('name = "x"\ntitle = "y"')[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_list_is_whole(path) -> None:
    found, wrong = read_list(path.read_text("utf-8"))
    assert wrong == ()
    assert found is not None
    assert re.fullmatch(r"\d\d-" + re.escape(found.name), path.stem)
    assert 8 <= len(found.entries) <= 15
    assert found.about
    assert found.source
    for entry in found.entries:
        assert 1960 < entry.year < 2030
        assert entry.part
        assert entry.why[-1] in ".?!"
        assert len(entry.why) < 160
        if entry.arxiv:
            assert abs(2000 + int(entry.arxiv[:2]) - entry.year) <= 1


def test_the_shipped_lists_say_the_same_of_the_same_paper() -> None:
    titles: dict[str, set[tuple[str, tuple[str, ...], int]]] = {}
    names = set()
    for path in FILES:
        found, _ = read_list(path.read_text("utf-8"))
        assert found is not None
        names.add(found.name)
        for entry in found.entries:
            said = (entry.title, entry.authors, entry.year)
            titles.setdefault(entry.ref, set()).add(said)
    assert len(names) == len(FILES) == 16
    assert [said for said in titles.values() if len(said) > 1] == []
