"""CSL-JSON files."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.bibliography import Problem
from researchdesk.sources.csl import read_csl

ITEM = {
    "id": "http://zotero.org/users/1/items/ABC",
    "citation-key": "vaswani2017",
    "type": "paper-conference",
    "title": "Attention <i>is</i> all",
    "author": [
        {"family": "Vaswani", "given": "Ashish"},
        {"family": "Berg", "given": "Ewout", "non-dropping-particle": "van den"},
        {"literal": "The Team"},
    ],
    "issued": {"date-parts": [["2017", 6]]},
    "container-title": "NeurIPS",
    "DOI": "https://doi.org/10.1000/xyz",
    "keyword": "nets; vision",
    "note": "arXiv: 1706.03762v5",
    "custom": {"a": [1, None]},
}


def test_an_item_is_read_and_kept_as_it_came() -> None:
    (entry,) = read_csl(json.dumps([ITEM])).entries
    assert entry.fields == ITEM
    assert (entry.kind, entry.key, entry.version) == ("paper-conference", "vaswani2017", 5)
    words = entry.words
    assert words.title == "Attention is all"
    assert words.authors == ("Ashish Vaswani", "Ewout van den Berg", "The Team")
    assert (words.year, words.venue, words.doi) == (2017, "NeurIPS", "10.1000/xyz")
    assert words.arxiv_id == "1706.03762"
    assert entry.tags == ("nets", "vision")


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("What about a<b and c>d", "What about a<b and c>d"),
        ('On <span class="nocase">BERT</span> & CO<sub>2</sub>', "On BERT & CO2"),
        ("x < y and <i >z</i> > 0", "x < y and z > 0"),
        ("<jats:italic\n id='a'>So</jats:italic>", "So"),
    ],
)
def test_only_marks_are_taken_out_of_a_title(title: str, read: str) -> None:
    (entry,) = read_csl(json.dumps([{"id": "x", "title": title}])).entries
    assert entry.words.title == read


def test_one_item_or_an_object_with_items_is_a_file_too() -> None:
    assert len(read_csl(json.dumps(ITEM)).entries) == 1
    assert len(read_csl(json.dumps({"items": [ITEM, ITEM]})).entries) == 2
    assert read_csl("").entries == ()


def test_a_broken_item_is_told_by_its_line_and_takes_nothing_with_it() -> None:
    lines = ['{"id": "a", "title": "One"},', '{"id": "b", "title": },', '{"id": "c"},', "7"]
    text = "\n  ".join(["[", *lines]) + "\n]"
    reading = read_csl(text)
    assert [(entry.key, entry.line) for entry in reading.entries] == [("a", 2), ("c", 4)]
    assert [problem.line for problem in reading.left_out] == [3, 5]
    cut = read_csl(text[:60])
    assert [entry.key for entry in cut.entries] == ["a"]
    assert [problem.line for problem in cut.left_out] == [3]
    untitled = read_csl('[{"id": "x"}]')
    assert untitled.mended == (Problem(1, "this item has no title; it stands under 'Untitled'"),)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
_NAMES = st.sampled_from([*ITEM, "editor", "URL", "archive", "archive_location", "abstract"])


@given(st.lists(st.dictionaries(_NAMES, _JSON), max_size=3), st.text(max_size=20))
def test_no_file_is_too_strange(items: list[dict[str, object]], noise: str) -> None:
    for text in (json.dumps(items), json.dumps(items) + noise, noise, noise + json.dumps(items)):
        for entry in read_csl(text).entries:
            assert entry.words.title


def test_a_real_library_comes_in_whole(corpus) -> None:
    text = (corpus / "bib" / "ajaygunalan__My_Library.json").read_text("utf-8")
    reading = read_csl(text)
    assert [entry.fields for entry in reading.entries] == json.loads(text)
    assert not reading.left_out
