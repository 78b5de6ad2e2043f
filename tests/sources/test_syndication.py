"""Feeds taken apart: RSS, RDF, Atom, real ones' oddities, and anything at all."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.feed_server import BOMB, Post, Told, atom, rss

from researchdesk.errors import SourceError
from researchdesk.sources.syndication import arxiv_ids, parse_feed

NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)
RDF = b"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>A lab</title><dc:date>2026-04-14T00:00:00-05:00</dc:date></channel>
<item><title>News</title><link>https://example.org/1</link><dc:creator>Ada</dc:creator></item>
</rdf:RDF>"""


def test_arxivs_own_form() -> None:
    told = Told("hep-th/9901001v3", "On & on", "replace-cross", ("hep-th", "math.AP"))
    feed = parse_feed(rss(NOON, [told]), "arXiv", whole=True)
    assert feed.skip_days == {"saturday", "sunday"}
    assert feed.published == NOON
    (item,) = feed.items
    assert (item.title, item.identity) == ("On & on", "oai:arXiv.org:hep-th/9901001v3")
    assert (item.announce_type, item.categories) == ("replace-cross", ("hep-th", "math.AP"))
    assert item.authors == ("Ada Lovelace, Charles Babbage",)
    assert item.link == "https://arxiv.org/abs/hep-th/9901001"


def test_rss_of_the_first_kind_and_atom() -> None:
    feed = parse_feed(RDF, "lab")
    assert (feed.title, feed.items[0].authors) == ("A lab", ("Ada",))
    assert feed.published is not None
    assert feed.published.astimezone(UTC).hour == 5
    feed = parse_feed(atom("r/ml", Post("A <b>", '<a href="https://x.org">x</a>')), "reddit")
    assert feed.items[0].title == "A <b>"
    assert "https://x.org" in feed.items[0].text
    assert feed.items[0].published == datetime(2026, 4, 12, 10, tzinfo=UTC)


def test_xhtml_content_gives_its_links() -> None:
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>e</title>'
        b'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">see '
        b'<a href="https://arxiv.org/abs/2604.00001">this</a></div></content></entry></feed>'
    )
    assert [str(one) for one in arxiv_ids(parse_feed(body, "x").items[0].text)] == ["2604.00001"]


def test_control_characters_and_escapes_do_not_come_through() -> None:
    body = atom("t", Post("a\u202eb\u009bc", "\u009b31mtext"))
    (item,) = parse_feed(body, "x").items
    assert item.title == "abc"
    assert "\u009b" not in item.text


def test_links_that_are_no_web_addresses_are_left_out() -> None:
    for link in ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"):
        (item,) = parse_feed(atom("t", Post("x", "y", link)), "x").items
        assert item.link == ""


def test_an_entity_bomb_and_a_file_are_refused() -> None:
    for whole in (True, False):
        with pytest.raises(SourceError, match="entities"):
            parse_feed(BOMB, "x", whole=whole)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("https://arxiv.org/abs/2604.00001v2, and more", ["2604.00001v2"]),
        ("(http://www.arxiv.org/pdf/2604.00001.pdf)", ["2604.00001"]),
        (
            "https://arxiv.org/html/2604.00001v1#S2 https://arxiv.org/abs/2604.00001",
            ["2604.00001v1"],
        ),
        ("arXiv:2604.00001. arxiv: hep-th/9901001", ["2604.00001", "hep-th/9901001"]),
        ("[x](https://arxiv.org/abs/math.GT/0309136?context=x)", ["math/0309136"]),
        ("https://export.arxiv.org/abs/2604.00001**", ["2604.00001"]),
        ("https://arxiv.org/list/cs.LG/new notarxiv.org/abs/2604.00001 xarXiv:2604.00001", []),
        ("https://arxiv.org/abs/2699.00001 2604.00001", []),
    ],
)
def test_papers_are_found_where_they_are_linked(text: str, ids: list[str]) -> None:
    assert [str(one) for one in arxiv_ids(text)] == ids


def _feed_or_refusal(body: bytes) -> None:
    """Either a feed or an error in words; never another exception."""
    try:
        feed = parse_feed(body, "x")
    except SourceError:
        return
    for item in feed.items:
        assert item.published is None or item.published.tzinfo is not None
        assert "\x1b" not in item.title + item.text
        arxiv_ids(item.title, item.text, item.link)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_feed_or_refused(body: bytes) -> None:
    _feed_or_refusal(body)


_TAGS = ("rss", "channel", "item", "title", "link", "pubDate", "feed", "entry", "content", "guid",
         "updated", "skipDays", "day", "rdf:RDF", "dc:creator", "author", "name")  # fmt: skip
_PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in _TAGS] + [f"</{tag}>" for tag in _TAGS]),
    st.sampled_from(["&amp;", "&nbsp;", "<![CDATA[", "]]>", "<!--", "-->", '<link href="x"/>',
                     "Tue, 99 Foo 2026", "2026-13-40", "0001-01-01T00:00:00+14:00",
                     "9999-12-31T23:59:59-12:00", "arXiv:2604.00001", "\x1b[31m"]),
    st.text(max_size=20),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=40))
def test_anything_like_a_feed_is_a_feed_or_refused(pieces: list[str]) -> None:
    _feed_or_refusal("".join(pieces).encode())
    _feed_or_refusal(f"<rss><channel><item>{''.join(pieces)}</item></channel></rss>".encode())


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_feed_cut_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    body = rss(NOON, [Told(f"2604.0000{n}v1", "Ünïcode & more") for n in (1, 2, 3)])
    at = data.draw(st.integers(0, len(body)))
    _feed_or_refusal(body[:at])
    if 0 < at < len(body) - 1:
        with pytest.raises(SourceError):
            parse_feed(body[:at], "arXiv", whole=True)
