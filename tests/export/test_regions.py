import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.errors import BadInputError
from researchdesk.export import frontmatter, regions

_LINES = st.text(st.characters(blacklist_characters="\r", blacklist_categories=("Cs",)))


@given(_LINES, _LINES, _LINES)
def test_what_stands_outside_the_marks_is_never_touched(
    before: str, between: str, after: str
) -> None:
    if "researchdesk:" in before + between + after:
        return
    text = f"{before}\n{regions.wrap('a', 'old a')}{between}\n{regions.wrap('b', 'old b')}{after}"
    merged = regions.merge(text, {"a": "new a", "b": "new b"}, "f")
    assert merged == (
        f"{before}\n{regions.wrap('a', 'new a')}{between}\n{regions.wrap('b', 'new b')}{after}"
    )
    assert regions.merge(merged, {"a": "new a", "b": "new b"}, "f") == merged


def test_a_region_that_is_not_there_goes_to_the_end() -> None:
    assert regions.merge("mine", {"a": "x"}, "f") == f"mine\n\n{regions.wrap('a', 'x')}"


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
    text = regions.merge("", {"notes": regions.guard(nasty)}, "f")
    assert regions.merge(text, {"notes": "z"}, "f") == regions.wrap("notes", "z")


def test_front_matter_of_the_user_stays_as_it_is_written() -> None:
    head, body = frontmatter.split(
        "---\ntags: [a,   b] # mine\nid: old\n\n# c\nz:\n  - 1\n---\nbody"
    )
    assert body == "body"
    merged = frontmatter.merge(head, {"id": "1706.03762", "title": 'x: "y"'})
    assert merged == (
        "tags: [a,   b] # mine\nid: '1706.03762'\n# c\nz:\n  - 1\ntitle: 'x: \"y\"'\n"
    )
    assert frontmatter.merge(merged, {"id": "1706.03762", "title": 'x: "y"'}) == merged
