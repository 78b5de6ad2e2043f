import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.text import clean, one_line, slug


def test_escape_sequences_and_controls_are_gone() -> None:
    assert clean("a\x1b[31mred\x1b[0m\x07 b\x1b]8;;http://x\x07c\x00") == "ared bc"
    assert clean("one\r\ntwo\rthree\tfour") == "one\ntwo\nthree\tfour"
    assert clean("\u202egnp.exe") == "gnp.exe"
    assert clean("\ud800") == "\ufffd"


@given(st.text(st.characters(codec=None)))
def test_cleaned_text_is_safe_and_stays_so(text: str) -> None:
    cleaned = clean(text)
    assert all(c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"} for c in cleaned)
    assert clean(cleaned) == cleaned
    assert "\n" not in one_line(text)


@given(st.text())
def test_a_slug_is_a_file_name(text: str) -> None:
    name = slug(text)
    assert name
    assert name.isascii()
    assert all(c.islower() or c.isdigit() or c == "-" for c in name)
