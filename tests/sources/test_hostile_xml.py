"""Bombs and depths for every reader of XML: refused or left, at once and in little memory."""

import time
from collections.abc import Callable

import pytest

from researchdesk.errors import SourceError
from researchdesk.sources.arxiv_replies import inspect
from researchdesk.sources.oai import records_in
from researchdesk.sources.syndication import parse_feed
from researchdesk.sources.zotero import read_zotero

RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:z="http://www.zotero.org/namespaces/export#" {}>{}</rdf:RDF>'
)
READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "atom": (
        '<feed xmlns="http://www.w3.org/2005/Atom" {}>{}</feed>',
        lambda t: inspect(t.encode()),
    ),
    "oai": ("<OAI-PMH {}><record>{}</record></OAI-PMH>", lambda t: records_in(t.encode())),
    "rss": (
        "<rss {}><channel><item><title>{}</title></item></channel></rss>",
        lambda t: parse_feed(t.encode(), "x"),
    ),
    "rdf": (RDF, read_zotero),
}
LAUGHS = '<!ENTITY a "haha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">'
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMBS = {
    "a thousand million laughs": (f"<!DOCTYPE x [{LAUGHS}]>", "", "&i;"),
    "laughs in an attribute": (f"<!DOCTYPE x [{LAUGHS}]>", 'a="&i;"', ""),
    "one long word often": (f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>', "", "&a;" * 50_000),
    "a file": ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "", "&a;"),
    "a parameter": (
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
        "",
        "words",
    ),
    "a DTD elsewhere": ('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', "", "words"),
    "an inclusion": (
        "",
        'xmlns:xi="http://www.w3.org/2001/XInclude"',
        '<xi:include href="/etc/passwd" parse="text"/>',
    ),
    "depth": ("", "", "<b>" * 200_000 + "</b>" * 200_000),
    "many attributes": ("", " ".join(f'a{n}="b"' for n in range(50_000)), ""),
    "a sheet of style": ('<?xml-stylesheet href="http://127.0.0.1:9/x"?>', "", "words"),
}


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("name", BOMBS)
def test_nothing_is_expanded_fetched_or_walked_without_end(kind: str, name: str) -> None:
    form, read = READERS[kind]
    head, attributes, inside = BOMBS[name]
    started = time.monotonic()
    try:
        found = repr(read(head + form.format(attributes, inside)))
    except SourceError as error:
        found = error.message
    assert time.monotonic() - started < 5
    assert len(found) < 20_000
    assert "haha" not in found
    assert "root:" not in found


@pytest.mark.parametrize("kind", READERS)
def test_a_page_like_any_other_is_read(kind: str) -> None:
    form, read = READERS[kind]
    read(form.format("", "words"))


def test_a_number_without_end_is_cut() -> None:
    form = READERS["atom"][0]
    number = '<o:totalResults xmlns:o="http://a9.com/-/spec/opensearch/1.1/">{}</o:totalResults>'
    assert inspect(form.format("", number.format("9" * 5000)).encode()).total < 10**12
