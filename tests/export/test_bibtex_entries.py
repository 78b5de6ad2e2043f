"""References as entries that any parser reads back."""

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.papers import Metadata
from researchdesk.domain.references import Reference, name_of
from researchdesk.export.bibtex_entries import reference_entry
from researchdesk.export.csl import csl, csl_item
from researchdesk.export.ris import ris
from researchdesk.sources.bibtex import read_bibtex
from researchdesk.sources.csl import read_csl

_WORDS = st.text(alphabet="aB é{}\\^_%&#~\"'–<@,=\n", min_size=1, max_size=30).map(str.strip)


def _as_read(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


@given(_WORDS, st.lists(_WORDS, max_size=3), _WORDS, _WORDS, st.sampled_from(["article", "book"]))
def test_whatever_a_paper_says_makes_an_entry_that_is_read_back(
    title: str, authors: list[str], venue: str, abstract: str, kind: str
) -> None:
    title = f"Of {title}"
    words = Metadata(title, tuple(authors), abstract, venue=venue, doi="10.1000/a_b")
    names = tuple(map(name_of, filter(str.strip, authors)))
    reference = Reference(
        kind, words, names, ("a tag",), {"volume": "3", "url": "http://x.org/a_b"}
    )
    reading = read_bibtex(reference_entry("key", reference))
    assert (reading.left_out, reading.mended) == ((), ())
    (entry,) = reading.entries
    assert (entry.kind, entry.key) == (kind, "key")
    assert entry.words.title == _as_read(title)
    assert entry.words.abstract == _as_read(abstract)
    assert entry.words.doi == "10.1000/a_b"
    assert entry.fields["volume"] == "{3}"
    assert entry.fields["url"] == "{http://x.org/a_b}"


@given(_WORDS, st.lists(_WORDS, max_size=3), _WORDS)
def test_csl_and_ris_hold_any_words(title: str, authors: list[str], abstract: str) -> None:
    words = Metadata(f"Of {title}", tuple(authors), abstract, arxiv_id="1706.03762")
    names = tuple(map(name_of, filter(str.strip, authors)))
    reference = Reference("misc", words, names)
    text = csl([csl_item("k", reference)])
    assert json.loads(text)[0]["title"] == words.title
    (entry,) = read_csl(text).entries
    assert entry.words.arxiv_id == "1706.03762"
    lines = ris([("k", reference)]).split("\r\n")
    assert "\n" not in "".join(lines)
    assert lines[0] == "TY  - UNPB"
    assert lines[-3] == "ER  - "
