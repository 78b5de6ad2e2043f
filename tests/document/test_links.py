"""Links to code: found, mended, made the same, told own from others'."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.document.pdf.layout import build_document
from researchdesk.document.pdf.lines import PageLink
from researchdesk.document.pdf.pages import read_outline, read_pages
from researchdesk.document.references.links import find_code_links
from researchdesk.document.references.repositories import code_address
from researchdesk.document.references.sentences import sentence_at, sentence_spans
from researchdesk.domain.documents import Block, BlockKind, CodeLink, Section, SectionKind

BOX = (50.0, 100.0, 250.0, 150.0)


def links(*texts: str, page: int = 3, uris: tuple[PageLink, ...] = ()) -> tuple[CodeLink, ...]:
    return find_code_links([Block(page, text, box=BOX) for text in texts], [], uris)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Code is available at https://github.com/able/deepnet.", True),
        ("Our code and models are publicly available: github.com/able/deepnet", True),
        ("We release our implementation under https://github.com/able/deepnet .", True),
        ("1The source code is available at https://github. com/able/deepnet", True),
        ("Code: https://github.com/able/deepnet", True),
        ("DeepNet is written in C++ and is available under the MIT license at "
         "https://github.com/able/deepnet.", True),
        ("The code we used to train our nets is available at https://github.com/able/deepnet.",
         True),
        ("We use the implementation in https://github.com/able/deepnet.", False),
        ("Our implementation is based on the one at https://github.com/able/deepnet.", False),
        ("Scores are computed with models available from https://github.com/able/deepnet.", False),
        ("Our experiments use three models that are available in https://github.com/able/deepnet.",
         False),
        ("It is almost the original implementation released in https://github.com/able/deepnet.",
         False),
        ("We have made our code public2 so that others can clean their data: "
         "https://github.com/able/deepnet.", True),
        ("Their code is at https://github.com/able/deepnet.", False),
        ("Other details are as in https://github.com/able/deepnet.", False),
        ("See https://github.com/able/deepnet for a list of tools.", False),
    ],
)  # fmt: skip
def test_own_code_is_told_by_the_sentence(text: str, own: bool) -> None:
    (link,) = links("Words before it.", text)
    assert link == CodeLink("https://github.com/able/deepnet", 3, text, True, own)


@pytest.mark.parametrize(
    ("address", "url", "cloneable"),
    [
        (
            "https://github.com/able/net/tree/main/sub?tab=readme#use",
            "https://github.com/able/net",
            True,
        ),
        ("http://www.github.com/able/net.git", "https://github.com/able/net", True),
        ("https://github.com/able", "https://github.com/able", False),
        ("https://github.com/topics/nets", "https://github.com/topics/nets", False),
        ("https://gitlab.com/group/sub/net/-/tree/main", "https://gitlab.com/group/sub/net", True),
        ("https://gitlab.example.org/able/net", "https://gitlab.example.org/able/net", True),
        ("https://bitbucket.org/able/net/src/main", "https://bitbucket.org/able/net", True),
        ("https://codeberg.org/able/net", "https://codeberg.org/able/net", True),
        ("https://huggingface.co/able/net/tree/main", "https://huggingface.co/able/net", True),
        (
            "https://huggingface.co/datasets/able/data",
            "https://huggingface.co/datasets/able/data",
            True,
        ),
        ("https://huggingface.co/docs/hub", "https://huggingface.co/docs/hub", False),
        (
            "https://raw.githubusercontent.com/able/net/main/a.py",
            "https://github.com/able/net",
            True,
        ),
        ("https://able.github.io/net/?utm_source=x", "https://able.github.io/net", False),
    ],
)
def test_addresses_are_made_the_same(address: str, url: str, cloneable: bool) -> None:
    (link,) = links(f"A tool {address} for it.")
    assert (link.url, link.cloneable) == (url, cloneable)


def test_one_link_once_and_own_first() -> None:
    found = links(
        "We build on https://github.com/baker/tool for speed.",
        "Code is available at https://github.com/able/net.",
        "Again https://GitHub.com/Able/Net/ and https://github.com/baker/tool/issues/3.",
    )
    assert [link.url for link in found] == [
        "https://github.com/able/net",
        "https://github.com/baker/tool",
    ]
    assert [link.own for link in found] == [True, False]


def test_other_addresses_count_only_where_code_is_said_to_be_there() -> None:
    assert links("The data are available at https://example.org/data.") == ()
    (link,) = links("Our code is available at https://example.org/net/?utm_medium=pdf.")
    assert (link.url, link.cloneable, link.own) == ("https://example.org/net", False, True)
    (link,) = links("Project page: https://example.org/net")
    assert link.own


def test_clicked_links_without_words() -> None:
    text = "We open-source our training and testing code as well as our models here."
    uris = (PageLink(3, "https://github.com/able/net", (100, 110, 120, 120)),)
    (link,) = links(text, uris=uris)
    assert (link.url, link.quote, link.own) == ("https://github.com/able/net", text, True)
    (link,) = links("We use the tool of others.", uris=uris)
    assert not link.own


def test_a_clicked_link_mends_the_printed_one() -> None:
    uris = (PageLink(3, "https://github.com/able/deep-net", (100, 110, 120, 120)),)
    (link,) = links("Code is available at https://github.com/able/deep .", uris=uris)
    assert link.url == "https://github.com/able/deep-net"


def test_a_footnote_is_told_by_its_mark() -> None:
    blocks = [
        Block(2, "We release our code and weights.4 Then we go on."),
        Block(2, "4https://github.com/able/net", kind=BlockKind.FOOTNOTE),
        Block(2, "We compare to the tool of others5 here."),
        Block(2, "5 https://github.com/baker/tool", kind=BlockKind.FOOTNOTE),
    ]
    own, other = find_code_links(blocks, [], ())
    assert (own.url, own.own) == ("https://github.com/able/net", True)
    assert own.quote == "We release our code and weights.4 https://github.com/able/net"
    assert (other.url, other.own) == ("https://github.com/baker/tool", False)


def test_the_bibliography_cites_others_but_for_the_official_code() -> None:
    blocks = [
        Block(1, "DeepNetty: nets that are deep"),
        Block(9, "References", 1),
        Block(
            9, "[1] Official implementation of deepnetty. https://github.com/able/DeepNetty, 2020."
        ),
        Block(
            9, "[2] B. Baker. Tool. The code is available at https://github.com/baker/tool, 2020."
        ),
    ]
    sections = [Section("References", 1, SectionKind.REFERENCES, 9, 1, 4)]
    own, other = find_code_links(blocks, sections, ())
    assert (own.url, own.own) == ("https://github.com/able/DeepNetty", True)
    assert (other.url, other.own) == ("https://github.com/baker/tool", False)


@given(
    st.lists(st.text(max_size=80) | st.just("our code at github.com/a/b"), max_size=4), st.text()
)
def test_any_text_gives_well_formed_links(texts: list[str], uri: str) -> None:
    found = links(*texts, uris=(PageLink(3, uri, BOX),))
    urls = [link.url.lower() for link in found]
    assert len(set(urls)) == len(urls)
    for link in found:
        assert link.url.startswith(("https://", "http://"))
        again = code_address(link.url)
        assert again is not None
        assert (again.url, again.cloneable) == (link.url, link.cloneable)


@given(st.text(max_size=200), st.integers(0, 250))
def test_sentences_hold_all_of_the_text(text: str, at: int) -> None:
    spans = sentence_spans(text)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert sentence_at(text, at) in text


def test_sentences_do_not_end_at_abbreviations() -> None:
    text = "As Able et al. showed, e.g. in Fig. 3, it is 4.5 % better. We agree.2 It is so."
    assert [text[a:b] for a, b in sentence_spans(text)] == [
        "As Able et al. showed, e.g. in Fig. 3, it is 4.5 % better.",
        "We agree.2",
        "It is so.",
    ]


OWN = {
    "1504.08083v2": "https://github.com/rbgirshick/fast-rcnn",
    "1609.02907v4": "https://github.com/tkipf/gcn",
    "1706.03762v5": "https://github.com/tensorflow/tensor2tensor",
    "1710.00925v5": "https://github.com/natanielruiz/deep-head-pose",
}


@pytest.mark.parametrize(("name", "url"), OWN.items())
def test_real_papers(corpus: Callable[[str], Path], name: str, url: str) -> None:
    with pymupdf.open(corpus(f"pdf/{name}.pdf")) as pdf:
        document = build_document(read_pages(pdf), read_outline(pdf))
    found = document.code_links
    assert [link.url for link in found if link.own] == [url]
