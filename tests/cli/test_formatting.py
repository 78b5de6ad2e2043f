"""Templates of ``--format``: what they may say, and that nothing else is looked up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.cli.formatting import FIELDS, Field, fill, parse_template, values_of
from researchdesk.errors import UsageProblemError

PAPER = {
    "id": "1706.03762",
    "key": "vaswani2017attention",
    "arxiv_id": "1706.03762",
    "version": 5,
    "title": "Attention\x1b[31m Is\n All \u202eYou Need",
    "authors": ["Ashish Vaswani", "Noam Shazeer", "Niki Parmar"],
    "categories": ["cs.CL", "cs.LG"],
    "published": "2017-06-12T17:57:34.000000+00:00",
    "doi": "10.1000/182",
    "tags": ["to read", "vision"],
    "stars": 4,
    "added": "2026-01-02T00:00:00.000000+00:00",
    "versions": [{"version": 5, "pdf": "papers/1706.03762/v5.pdf"}],
}


def line(template: str) -> str:
    return fill(parse_template(template), values_of(PAPER))


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{id}", "1706.03762"),
        ("{title}", "Attention Is All You Need"),
        ("{title:9}", "Attention"),
        ("{authors}", "Ashish Vaswani, Noam Shazeer, Niki Parmar"),
        ("{authors:2}", "Ashish Vaswani, Noam Shazeer et al."),
        ("{authors:3}", "Ashish Vaswani, Noam Shazeer, Niki Parmar"),
        ("{author} {year}", "Ashish Vaswani 2017"),
        (r"{ id }\t{stars}\n-", "1706.03762\t4\n-"),
        ("{tags}", "to read, vision"),
        ("{url}", "https://arxiv.org/abs/1706.03762"),
        ("{category}/{version}", "cs.CL/5"),
        ("{added} {pdf}", "2026-01-02 papers/1706.03762/v5.pdf"),
        ("[{venue}]", "[]"),
        ("{{{key}}}", "{vaswani2017attention}"),
        (r"\\t \{\} \q", r"\t {} \q"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_a_template_is_filled(template: str, said: str) -> None:
    assert line(template) == said


def test_a_paper_without_arxiv_is_at_its_doi() -> None:
    assert values_of({"doi": "10.1000/182"})["url"] == "https://doi.org/10.1000/182"
    assert values_of({})["url"] == ""


@pytest.mark.parametrize(
    "template",
    [
        "{titel}",
        "{title.__class__}",
        "{0}",
        "{authors[0]}",
        "{}",
        "{title!r}",
        "{",
        "a}",
        "{title:x}",
    ],
)
def test_what_is_no_field_is_refused(template: str) -> None:
    with pytest.raises(UsageProblemError) as told:
        parse_template(template)
    assert "title" in told.value.hint


def test_the_field_that_was_meant_is_named() -> None:
    with pytest.raises(UsageProblemError, match=r"There is no field \{titel\}. Did you mean"):
        parse_template("{titel}")


def test_values_that_cost_are_made_only_when_asked_for() -> None:
    called: list[str] = []

    def tags() -> list[str]:
        called.append("tags")
        return ["vision"]

    assert fill((Field("id"),), {"id": "x", "tags": tags}) == "x"
    assert called == []
    assert fill((Field("tags"),), {"id": "x", "tags": tags}) == "vision"


@given(st.text(max_size=40))
def test_any_text_is_a_template_or_is_refused(text: str) -> None:
    try:
        template = parse_template(text)
    except UsageProblemError:
        return
    assert all(isinstance(part, str) or part.name in FIELDS for part in template)
    fill(template, values_of(PAPER))
