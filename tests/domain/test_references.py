"""Names, keys and likeness of references."""

import pytest

from researchdesk.domain import bibliography
from researchdesk.domain.papers import Metadata
from researchdesk.domain.references import Name, key_of, name_of


@pytest.mark.parametrize(
    ("spoken", "name"),
    [
        ("Ada Byron", Name("Byron", "Ada")),
        ("Ludwig van der Rohe", Name("van der Rohe", "Ludwig")),
        ("Martin King Jr.", Name("King Jr.", "Martin")),
        ("OpenAI", Name("OpenAI")),
        ("", Name("")),
    ],
)
def test_a_spoken_name_in_its_parts(spoken: str, name: Name) -> None:
    assert name_of(spoken) == name


def test_keys_by_a_pattern() -> None:
    words = Metadata("On the Théorie", ("Élise Müller", "Bo Li"), stated_year=2007)
    assert key_of("{author}{year}{word}", words, "k") == "muller2007theorie"
    assert key_of("{authors}_{shortyear}", words, "k") == "mullerli_07"
    assert key_of("{key}:{year}", words, "own-1") == "own-1:2007"
    assert key_of("{arxiv}", words, "k") == "paper"


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("https://doi.org/10.1109/5.726791.", "10.1109/5.726791"),
        ("10.1002/(SICI)1097-0258(19980815)17:15/16<1661::AID-SIM968>3.0.CO;2-2",) * 2,
        ("none", ""),
    ],
)
def test_a_doi_in_a_text(text: str, doi: str) -> None:
    assert bibliography.doi_in(text) == doi


def test_likeness_goes_by_letters() -> None:
    one = Metadata("Über-Networks: a {Study}", ("Jo Doe",), stated_year=2001)
    two = Metadata("Uber networks, A study", ("J. Doe", "B. Li"), stated_year=2001)
    assert bibliography.likeness(one) == bibliography.likeness(two)
    assert bibliography.likeness(Metadata("Editorial", stated_year=2001)) is None
    assert bibliography.likeness(Metadata("Short", ("Jo Doe",))) is None


@pytest.mark.parametrize(
    ("key", "fit"),
    [
        ("DBLP:conf/x", "DBLP-conf/x"),
        ("../../etc", "etc"),
        ("#item_3", ""),
        ("http://zotero.org/x", ""),
        ("1706.03762", ""),
        ("müller07", "müller07"),
        ("-", ""),
    ],
)
def test_keys_that_a_paper_can_have(key: str, fit: str) -> None:
    assert bibliography.desk_key(key) == fit
