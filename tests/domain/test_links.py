import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.links import LinkKind, links_in, normal_target, ref_link

_PIECES = st.lists(
    st.sampled_from(["[[", "]]", "`", "``", "```", "~~~", "\n", "\n\n", "|", ":", "\\", "    "])
    | st.sampled_from(["1412.6980", "claim:a-1", "note:5", "funny:x", "word", " "])
    | st.text(max_size=3),
    max_size=30,
).map("".join)


def _found(text: str) -> list[tuple[str, str]]:
    return [(link.kind.value, link.target) for link in links_in(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see [[1412.6980]].", [("paper", "1412.6980")]),
        ("[[arXiv:1706.03762v5]]", [("paper", "1706.03762")]),
        ("[[note:1]][[hep-th/9901001v2]]", [("note", "1"), ("paper", "hep-th/9901001")]),
        ("[[https://arxiv.org/abs/1412.6980v3]]", [("paper", "1412.6980")]),
        ("[[Kingma2014adam]]", [("paper", "kingma2014adam")]),
        ("[[claim:1706.03762-1]]", [("claim", "1706.03762-1")]),
        ("[[claim:hep-th/9901001-2]]", [("claim", "hep-th_9901001-2")]),
        ("[[run:20260101-101010-adam]]", [("run", "20260101-101010-adam")]),
        ("[[funny:3]] [[note: 05]]", [("funny", "3"), ("note", "5")]),
        ("[[run:20260101-101010-adam#loss-1]]", [("run", "20260101-101010-adam#loss-1")]),
        ("[[experiment:01.02]] [[idea:7]]", [("experiment", "1.2"), ("idea", "7")]),
        ("[[1412.6980|Adam]]", [("paper", "1412.6980")]),
        ("- item [[note:1]]\n\n> [[note:2]]", [("note", "1"), ("note", "2")]),
    ],
)
def test_links_are_found_in_their_one_form(text: str, found: list[tuple[str, str]]) -> None:
    assert _found(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "[[]] [[ ]] [[two words]] [[funny:x]] [[note:0]] [[note:-1]] [[claim:]] [[a\nb]]",
        "[[experiment:3]] [[experiment:0.1]] [[run:#a]] [[run:a#]] [[run:a#b#c]] [[idea:x]]",
        "`[[1412.6980]]` and ``a ` [[1412.6980]] ` b``",
        "```\n[[1412.6980]]\n```",
        "~~~ python\n[[1412.6980]]\n```\n[[1412.6980]]\n~~~~",
        "```\nnever closed\n\n[[1412.6980]]",
        "  ````\n```\n[[1412.6980]]\n````",
        "\\[[1412.6980]]",
        "[1412.6980] [[1412.6980] [1412.6980]]",
    ],
)
def test_what_is_code_or_has_not_the_shape_is_no_link(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "a lone ` before [[note:1]]",
        "`code` [[note:1]] `code`",
        "`open\n\n[[note:1]] and ` later",
        "\\`[[note:1]]`",
        "```\nx\n```\n[[note:1]]",
        "``` `not a fence` ``` [[note:1]]",
        "```inline``` [[note:1]]",
    ],
)
def test_code_ends_where_markdown_says(text: str) -> None:
    assert _found(text) == [("note", "1")]


def test_a_link_knows_its_place_and_its_label() -> None:
    text = "ä [[1412.6980| the *paper* ]]!"
    (link,) = links_in(text)
    assert text[link.start : link.end] == "[[1412.6980| the *paper* ]]"
    assert link.label == "the *paper*"


@given(_PIECES)
def test_no_text_breaks_it_and_every_link_stands_where_it_says(text: str) -> None:
    end = 0
    for link in links_in(text):
        assert end <= link.start < link.end
        assert text[link.start : link.end].startswith("[[")
        assert text[link.start : link.end].endswith("]]")
        assert normal_target(link.kind, link.target) == link.target
        end = link.end


def test_every_kind_has_a_form() -> None:
    forms = {
        LinkKind.PAPER: "1412.6980",
        LinkKind.CLAIM: "claim:a-1",
        LinkKind.RUN: "run:20260101-101010-adam#loss",
        LinkKind.FUNNY: "funny:3",
        LinkKind.NOTE: "note:5",
        LinkKind.IDEA: "idea:2",
        LinkKind.INVESTIGATION: "investigation:1",
        LinkKind.EXPERIMENT: "experiment:1.2",
        LinkKind.WATCH: "watch:4",
    }
    assert set(forms) == set(LinkKind)
    for kind, ref in forms.items():
        link = ref_link(f"[[{ref}]]")
        assert link is not None
        assert (link.kind, link.ref) == (kind, ref)


@pytest.mark.parametrize("text", ["", "two words", "funny:x", "note:1]] [[note:2", "[[", "a|b]c"])
def test_what_is_no_link_has_no_ref(text: str) -> None:
    assert ref_link(text) is None


def test_many_links_among_much_code_are_found_at_once() -> None:
    began = time.process_time()
    assert len(links_in("`[[a]]` [[b]]\n" * 20_000)) == 20_000
    assert time.process_time() - began < 5


def test_a_claim_is_named_without_regard_to_capitals() -> None:
    (link,) = links_in("[[claim:HEP-TH/9901001-1]]")
    assert link.target == "hep-th_9901001-1"
