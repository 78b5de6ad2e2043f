"""What entries say, without what would steer a terminal."""

import pytest

from researchdesk.domain.bibliography import Entry, Source, doi_in, keywords
from researchdesk.domain.papers import Metadata

ESCAPES = pytest.mark.parametrize(
    "sign", ["\x1b]52;c;ZXZpbA==\x07", "\x1b[2J", "\x9b", "\x07", "\u202e"]
)


@ESCAPES
def test_a_doi_is_cleaned(sign: str) -> None:
    assert doi_in(f"https://doi.org/10.1000/a{sign}b{sign}.") == "10.1000/ab"


@ESCAPES
def test_keywords_are_cleaned(sign: str) -> None:
    assert keywords(f"deep{sign} nets, {sign}#vi{sign}sion; {sign}") == ("deep nets", "vision")


@ESCAPES
def test_kind_and_key_are_cleaned_and_fields_are_as_they_came(sign: str) -> None:
    fields = {"id": f"doe{sign}2001", "type": f"arti{sign}cle"}
    entry = Entry(Source.CSL, fields["type"], fields["id"], fields, 1, Metadata("A title"))
    assert (entry.kind, entry.key, entry.fields) == ("article", "doe2001", fields)
