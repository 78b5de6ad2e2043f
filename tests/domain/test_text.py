import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.text import as_name, as_written, clean, one_line, slug

_NASTY = st.text(
    st.one_of(
        st.characters(codec=None),
        st.sampled_from(
            "\x1b[]\\;m\x07\r\n\u200b\u200d\u200c\ufe0f\u202e\u2066\u0301\u05b0❤👩क\u2028"
        ),
    ),
    max_size=40,
)


def test_escape_sequences_and_controls_are_gone() -> None:
    assert clean("a\x1b[31mred\x1b[0m\x07 b\x1b]8;;http://x\x07c\x00") == "ared bc"
    assert clean("a\x1bP$q\x1b\\b\x1b]0;open") == "ab0;open"
    assert clean("one\r\ntwo\rthree\tfour\u2028five") == "one\ntwo\nthree\tfour\nfive"
    assert clean("\u202egnp.exe") == "gnp.exe"
    assert clean("\ud800") == "\ufffd"


def test_what_hides_is_gone_and_what_joins_is_left() -> None:
    assert clean("ze\u200bro\ufeff\U000e0061wi\u200ddth\u2060") == "zerowidth"
    assert clean("z" + "\u0317" * 40) == "z" + "\u0317" * 8
    assert clean("❤" + "\ufe0f\ufe01" * 9) == "❤\ufe0f"
    for meant in (
        "👩‍🔬 🏳️‍🌈",
        "क्‍ष",
        "می‌خواهم",
        "\u200eשלום\u200f",
        "e\u0301",
        "Te\u00adxt",
        "ﷺ 漢字\ue000",
    ):
        assert clean(meant) == meant


def test_names_that_look_alike_are_one_name() -> None:
    alike = (
        "café",
        "cafe\u0301",
        "ca\u00adfé",
        "\u200fcafé",
        "c\u200bafé ",
        "caf\u3164é",
        "c\u200dafé",
    )
    assert {as_name(name) for name in alike} == {"café"}
    assert as_name("\u3164\u200e") == ""


def test_what_a_person_wrote_is_kept_but_for_controls() -> None:
    wrote = "\u2067שלום\u2069 ze\u200bro 👩‍🔬\n\tx\u2028"
    assert as_written(wrote) == wrote
    assert as_written("a\x1b[31mb\x00\r\n\udc80") == "ab\n\ufffd"


@given(_NASTY)
def test_cleaned_text_is_safe_and_stays_so(text: str) -> None:
    cleaned = clean(text)
    assert all(c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"} for c in cleaned)
    assert clean(cleaned) == cleaned == clean(as_written(text))
    assert as_name(as_name(text)) == as_name(text)
    assert "\n" not in one_line(text)


@pytest.mark.parametrize(
    "sign",
    ["a", "é", "\x1b", "\x1b]", "\x1b[1;", "\x01", "\u202e", "\u200d", "\u0301", "\ufe0f", "a\n"],
)
def test_a_line_of_a_million_signs_takes_no_time(sign: str) -> None:
    text = sign * (1_000_000 // len(sign))
    began = time.process_time()
    one_line(text)
    slug(text)
    assert time.process_time() - began < 0.5


@given(st.text())
def test_a_slug_is_a_file_name(text: str) -> None:
    name = slug(text)
    assert name
    assert name.isascii()
    assert all(c.islower() or c.isdigit() or c == "-" for c in name)
