"""Zotero's RDF."""

from hypothesis import given
from hypothesis import strategies as st

from researchdesk.sources.zotero import read_zotero

HEAD = """<rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:bib="http://purl.org/net/biblio#"
 xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/">
"""
PERSON = "<rdf:li><foaf:Person><foaf:surname>{}</foaf:surname><foaf:givenName>{}</foaf:givenName>"
ITEMS = f"""
<bib:Article rdf:about="#item_1"><z:itemType>journalArticle</z:itemType>
 <dcterms:isPartOf><bib:Journal><dc:title>Nature</dc:title><prism:volume>323</prism:volume>
  <dc:identifier>DOI 10.1038/323533a0</dc:identifier></bib:Journal></dcterms:isPartOf>
 <bib:authors><rdf:Seq>{PERSON.format("Rumelhart", "David")}</foaf:Person></rdf:li></rdf:Seq>
 </bib:authors><dc:title>Learning by errors</dc:title><dc:date>10/1986</dc:date>
 <dc:subject>nets</dc:subject><dc:subject><z:AutomaticTag><rdf:value>auto</rdf:value>
 </z:AutomaticTag></dc:subject><link:link rdf:resource="#item_2"/><bib:pages>533-536</bib:pages>
</bib:Article>
<z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType>
 <rdf:resource rdf:resource="files/2/paper.pdf"/><link:type>application/pdf</link:type>
</z:Attachment>
<bib:Article rdf:about="#item_3"><z:itemType>journalArticle</z:itemType>
 <dcterms:isPartOf rdf:resource="urn:x"/><dc:title>One of two</dc:title></bib:Article>
<bib:Article rdf:about="#item_4"><z:itemType>journalArticle</z:itemType>
 <dcterms:isPartOf rdf:resource="urn:x"/></bib:Article>
<bib:Journal rdf:about="urn:x"><dc:title>Shared</dc:title>
 <dc:identifier>DOI 10.1000/shared</dc:identifier></bib:Journal>
<z:Collection rdf:about="#collection_1"><dc:title>To, read</dc:title>
 <dcterms:hasPart rdf:resource="#item_1"/></z:Collection>
<bib:Memo rdf:about="#item_9"><rdf:value>a note</rdf:value></bib:Memo>
"""


def test_items_with_what_belongs_to_them() -> None:
    reading = read_zotero(f"{HEAD}{ITEMS}</rdf:RDF>")
    first, second, third = reading.entries
    assert first.words.title == "Learning by errors"
    assert first.words.authors == ("David Rumelhart",)
    assert (first.words.year, first.words.venue) == (1986, "Nature")
    assert first.words.doi == "10.1038/323533a0"
    assert first.words.journal_ref == "Nature 323, 533-536 (1986)"
    assert (first.tags, first.files) == (("nets", "auto"), ("files/2/paper.pdf",))
    assert (first.marks.collections, first.line) == ((("To read", 0),), 9)
    assert "Rumelhart" in first.fields["item"]
    assert "paper.pdf" in first.fields["beside"][0]
    assert (second.words.doi, second.words.venue) == ("", "Shared")
    assert third.words.title == "Shared"
    assert [problem.line for problem in reading.mended] == [22]
    assert reading.aside == 1


def test_a_cut_file_is_read_up_to_its_end_and_told() -> None:
    reading = read_zotero(f"{HEAD}{ITEMS}"[:-300])
    assert reading.entries[0].words.title == "Learning by errors"
    assert reading.left_out[0].line > 20
    assert read_zotero("").left_out
    assert read_zotero("<a>").entries == ()


def test_no_file_of_the_disk_is_read_through_an_entity(tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    reading = read_zotero(doctype + HEAD + ITEMS.replace("Nature", "&e;") + "</rdf:RDF>")
    assert "SECRET" not in repr(reading)


@given(st.integers(0, len(ITEMS)), st.integers(0, 200), st.text(max_size=10))
def test_no_file_is_too_strange(start: int, length: int, noise: str) -> None:
    text = ITEMS[:start] + noise + ITEMS[start + length :]
    for entry in read_zotero(f"{HEAD}{text}</rdf:RDF>").entries:
        assert entry.words.title


def test_a_real_library_comes_in_whole(corpus) -> None:
    (path,) = (corpus / "bib").glob("*.rdf")
    text = path.read_text("utf-8")
    reading = read_zotero(text)
    assert len(reading.entries) == 109
    assert not reading.left_out
    assert sum(bool(entry.words.doi) for entry in reading.entries) == 87
