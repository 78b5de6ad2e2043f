import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.search_query import SearchQuery, Term, parse_query
from researchdesk.domain.search_values import FIELDS, FILTERS, Filter

_PARTS = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            [
                *(f"{name}:" for name in (*FIELDS, *FILTERS, "sort", "autor", "foo")),
                *("-", '"', ":", " ", "..", ">=", "2019", "cs.LG", "arXiv:1706.03762v5", "in pass"),
                *("unread", "a", "tag:x", 'author:"b c', "year:20", "sort:title", "cat:", "°", "_"),
            ]
        ),
    ),
    max_size=12,
).map("".join)


@given(_PARTS)
def test_nothing_that_is_typed_raises_and_a_printed_query_means_the_same(text: str) -> None:
    query = parse_query(text)
    again = parse_query(str(query))
    assert again == query
    assert str(again) == str(query)


@given(st.text())
def test_any_text_is_a_query(text: str) -> None:
    assert parse_query(str(parse_query(text))) == parse_query(text)


def test_words_phrases_exclusions_and_fields() -> None:
    query = parse_query('attention "is  all you" -survey author:vaswani -title:"large model"')
    assert query.terms == (
        Term("attention"),
        Term("is all you", phrase=True),
        Term("survey", excluded=True),
        Term("vaswani", "author"),
        Term("large model", "title", True, True),
    )
    assert query.problems == ()
    assert [term.text for term in query.wanted] == ["attention", "is all you", "vaswani"]


def test_what_is_half_typed_is_searched_as_far_as_it_is_there() -> None:
    assert parse_query('"neural net').terms == (Term("neural net", phrase=True, ended=False),)
    assert parse_query('"').terms == ()
    assert parse_query("- ++ ::").is_empty
    assert parse_query("author:").terms == ()
    assert parse_query("author:").problems == ("author: waits for a name, as author:hinton.",)
    assert parse_query("year:20").filters == ()
    assert "as 2019" in parse_query("year:20").problems[0]
    assert "due, starred" in parse_query("is:").problems[0]
    assert parse_query("is:du").filters == (Filter("is", "due"),)
    assert parse_query("sort:ye").problems == (
        "sort: waits for one of relevance, added, year, title, stars, priority, due.",
    )


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("year:2019", 2019, 2019),
        ("year:2017..2019", 2017, 2019),
        ("year:2017..", 2017, None),
        ("year:..2019", None, 2019),
        ("year:>2018", 2019, None),
        ("year:>=2018", 2018, None),
        ("year:<2018", None, 2017),
        ("stars:>=3", 3, None),
        ("priority:2", 2, 2),
        ("pass:0", 0, 0),
    ],
)
def test_numbers_have_bounds(text: str, low: int | None, high: int | None) -> None:
    (found,) = parse_query(text).filters
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize("text", ["stars:7", "priority:>9", "year:abc", "year:..", "pass:-1"])
def test_numbers_out_of_their_range_are_told_of(text: str) -> None:
    query = parse_query(text)
    assert query.filters == ()
    assert len(query.problems) == 1


def test_an_arxiv_id_in_any_form_is_its_base_id() -> None:
    for text in ("arXiv:1706.03762v5", "https://arxiv.org/abs/1706.03762", "1706.03762v1"):
        assert parse_query(text).terms == (Term("1706.03762"),)


def test_a_name_that_is_none_is_a_word_and_a_slip_is_told_of() -> None:
    assert parse_query("BERT: pre-training") == SearchQuery((Term("BERT:"), Term("pre-training")))
    query = parse_query("autor:hinton")
    assert query.terms == (Term("autor:hinton"),)
    assert "Is author: meant?" in query.problems[0]
    assert "Is year: meant?" in parse_query("yaer:2019").problems[0]
    assert "There are author:, title:" in parse_query('foo:"bar baz"').problems[0]
    for text in ("https://example.org/a", "arXiv:1706.03762", "title:OR", '"OR"', "or", "note: x"):
        assert not any("taken as a word" in said for said in parse_query(text).problems), text


@pytest.mark.parametrize("word", ["OR", "AND", "NOT"])
def test_an_operator_of_other_searches_is_a_word_and_is_told_of(word: str) -> None:
    query = parse_query(f"cats {word} dogs")
    assert query.terms == (Term("cats"), Term(word), Term("dogs"))
    assert query.problems[0].startswith(f"{word} has no meaning in a search")


def test_values_with_blanks_are_quoted_and_status_words_are_known() -> None:
    query = parse_query('in:"to read" status:"in pass 1" -tag:old due:2027-01-31 since:2024-05')
    assert query.filters == (
        Filter("in", "to read"),
        Filter("status", "in pass 1"),
        Filter("tag", "old", True),
        Filter("due", "2027-01-31"),
        Filter("since", "2024-05"),
    )
    assert str(query) == ('in:"to read" status:"in pass 1" -tag:old due:2027-01-31 since:2024-05')
    assert parse_query("status:foo").filters == ()
    assert parse_query("since:yesterday").filters == ()
