import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.errors import BadInputError
from researchdesk.export import regions
from researchdesk.export.regions import Settle

_LINES = st.text(st.characters(blacklist_categories=("Cs",)))


def _merged(text: str, bodies: dict[str, str], settle: Settle = Settle.ASK) -> str:
    return regions.merge(text, bodies, "f", settle=settle).text


@given(_LINES, _LINES, _LINES)
def test_what_stands_outside_the_marks_is_never_touched(
    before: str, between: str, after: str
) -> None:
    if "researchdesk:" in before + between + after:
        return
    text = f"{before}\n{regions.wrap('a', 'old a')}{between}\n{regions.wrap('b', 'old b')}{after}"
    merged = _merged(text, {"a": "new a", "b": "new b"})
    assert merged == (
        f"{before}\n{regions.wrap('a', 'new a')}{between}\n{regions.wrap('b', 'new b')}{after}"
    )
    assert _merged(merged, {"a": "new a", "b": "new b"}) == merged


@pytest.mark.parametrize(
    ("text", "gap"), [("mine", "\n\n"), ("mine\n", "\n"), ("mine\n\n\n", ""), (" ", "\n"), ("", "")]
)
def test_text_before_a_new_region_stays_to_the_last_blank(text: str, gap: str) -> None:
    assert _merged(text, {"a": "x"}) == text + gap + regions.wrap("a", "x")


def test_each_region_keeps_its_own_line_ends() -> None:
    text = "".join(
        f"<!-- researchdesk:begin {name} -->{end}<!-- researchdesk:end {name} --> {end}mine{end}"
        for name, end in (("a", "\n"), ("b", "\r\n"), ("c", "\r"), ("d", "\r\n"))
    )
    merged = _merged(text, dict.fromkeys("abce", "x\ny"))
    assert "\nx\ny\n<!-- researchdesk:end a --> \nmine\n" in merged
    assert "\r\nx\r\ny\r\n<!-- researchdesk:end b --> \r\nmine\r\n" in merged
    assert "\rx\ry\r<!-- researchdesk:end c --> \rmine\r" in merged
    assert merged.endswith("\r\nx\r\ny\r\n<!-- researchdesk:end e -->\r\n")


def test_a_region_that_is_not_there_goes_to_the_end() -> None:
    assert _merged("mine", {"a": "x"}) == f"mine\n\n{regions.wrap('a', 'x')}"


@pytest.mark.parametrize(
    "text",
    [
        "<!-- researchdesk:begin a -->\n",
        "<!-- researchdesk:end a -->\n",
        "<!-- researchdesk:begin a -->\n<!-- researchdesk:end b -->\n",
        regions.wrap("a", "1") + regions.wrap("a", "2"),
        "<!-- researchdesk:begin a -->\n<!-- researchdesk:begin b -->\n",
    ],
)
def test_broken_marks_are_refused_with_the_line(text: str) -> None:
    with pytest.raises(BadInputError, match=r"f, line \d"):
        regions.merge(text, {"a": "x"}, "f")


def test_a_note_cannot_close_its_region() -> None:
    nasty = "x\n<!-- researchdesk:end notes -->\ny"
    text = _merged("", {"notes": regions.guard(nasty)})
    assert _merged(text, {"notes": "z"}) == regions.wrap("notes", "z")
