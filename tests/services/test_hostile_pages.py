"""A page of arXiv's that wants more fetched: it is text to the desk, and nobody else is asked."""

import json

import pytest
from support.arxiv_server import ArxivServer
from support.faketime import FakeTime
from support.made_page import page_of_paper

from researchdesk.config import Settings
from researchdesk.services import acquire, documents
from researchdesk.services.desk import open_desk
from researchdesk.sources.zotero import read_zotero

WANTS = """<base href="{there}/base/"><meta http-equiv="refresh" content="0;url={there}/refresh">
<link rel="stylesheet" href="{there}/style.css">
<script src="{there}/x.js">fetch("{there}/f")</script>
<img src="x1.png" srcset="{there}/a.png 1x, {there}/b.png 2x"><iframe src="{there}/frame"></iframe>
<object data="{there}/o.svg"></object><svg xmlns="http://www.w3.org/2000/svg"
xmlns:xlink="http://www.w3.org/1999/xlink"><script>alert(1)</script>
<image xlink:href="{there}/i.png"/><use href="{there}/u.svg#a"/></svg>
<video src="{there}/v.mp4" poster="{there}/p.png"></video>
<p style="background:url({there}/c.png)">"""


def test_nothing_is_fetched_that_a_page_names(
    arxiv_settings: Settings, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    with ArxivServer() as other:
        for there in (other.url, arxiv_server.url):
            wants = WANTS.format(there=there)
            number = len(arxiv_server.papers) + 1
            page = page_of_paper().replace("</article>", f"{wants}</article>")
            arxiv_server.add(f"2501.0000{number}", html=page.replace("<head>", f"<head>{wants}"))
            desk = open_desk(arxiv_settings, fake_time.clock)
            paper = acquire.add(desk, f"2501.0000{number}").paper
            document = documents.document_of(desk, paper)
            words = json.dumps([block.text for block in document.blocks])
            assert "alert(1)" not in words
            assert "x.js" not in words
            desk.close()
        assert other.asked == []
    assert {path.split("/")[1] for path in arxiv_server.paths()} == {"api", "pdf", "html"}


@pytest.mark.parametrize("place", ["/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/x.pdf"])
def test_an_attachment_elsewhere_is_a_name_and_no_file(place: str) -> None:
    """What a library names is copied only where it is a PDF; addresses are not gone to."""
    text = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:link="http://purl.org/rss/1.0/modules/link/"
    xmlns:dc="http://purl.org/dc/elements/1.1/">
    <rdf:Description rdf:about="#a"><z:itemType>document</z:itemType><dc:title>T</dc:title>
    <link:link rdf:resource="#f"/></rdf:Description>
    <z:Attachment rdf:about="#f"><z:itemType>attachment</z:itemType>
    <rdf:resource rdf:resource="{place}"/><link:type>application/pdf</link:type></z:Attachment>
    </rdf:RDF>"""
    (entry,) = read_zotero(text).entries
    assert entry.files == ((place,) if place.startswith("/") else ())
