"""Real replies of Semantic Scholar, recorded; skipped where they are not here."""

import json
from pathlib import Path

import pytest

from researchdesk.domain.citations import Relation
from researchdesk.errors import SourceError
from researchdesk.sources.s2_replies import read_known, read_page, refusal_of

yaml = pytest.importorskip("yaml")


@pytest.fixture
def recorded(corpus: Path) -> Path:
    folder = corpus / "s2"
    if not folder.is_dir():
        pytest.skip("the recordings are not here")
    return folder


def bodies(recorded: Path, name: str) -> list[bytes]:
    cassette = yaml.safe_load((recorded / name).read_text("utf-8"))
    return [one["response"]["body"]["string"].encode() for one in cassette["interactions"]]


def test_references_with_their_next_page(recorded: Path) -> None:
    pages = [
        read_page(body, Relation.REFERENCES)
        for body in bodies(recorded, "test_get_paper_references.yaml")
    ]
    assert pages[0].following == 50
    assert len(pages[0].works) == 50
    assert all(work.title for page in pages for work in page.works)


def test_recommended_papers(recorded: Path) -> None:
    (body,) = bodies(recorded, "test_get_recommended_papers.yaml")
    assert len(read_page(body, Relation.SIMILAR).works) == 100


def test_a_paper_and_one_that_is_not_found(recorded: Path) -> None:
    (body,) = bodies(recorded, "test_get_paper.yaml")
    assert read_known(body).work.title == "Computing Machinery and Intelligence"
    assert "not found" in refusal_of(bodies(recorded, "test_not_found.yaml")[0])


def test_one_reference_and_one_citation_with_all_fields(recorded: Path) -> None:
    row = json.loads((recorded / "Reference.json").read_text("utf-8"))
    page = read_page(json.dumps({"data": [row]}).encode(), Relation.REFERENCES)
    (work,) = page.works
    assert (work.arxiv_id, work.year, work.cited_by) == ("1402.0030", 2014, 707)
    assert work.venue == "International Conference on Machine Learning"
    row = json.loads((recorded / "Citation.json").read_text("utf-8"))
    (work,) = read_page(json.dumps({"data": [row]}).encode(), Relation.CITED_BY).works
    assert work.influential
    assert work.doi == "10.1109/lra.2022.3229266"


def test_nulls_everywhere(recorded: Path) -> None:
    body = (recorded / "PaperWithNullValues.json").read_bytes()
    with pytest.raises(SourceError, match="names no paper"):
        read_known(body)
