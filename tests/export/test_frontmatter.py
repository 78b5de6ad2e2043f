import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.export import frontmatter

OLD = {"status": "in pass 1", "authors": ["Ada", "Bo"], "title": "A title"}
NEW = {"status": "in pass 2", "authors": ["Ada", "Bo", "Cy"], "title": "A title"}


def _head(text: str) -> str:
    return frontmatter.split(text)[1]


def test_what_the_user_wrote_stays_as_it_is_written() -> None:
    text = "---\ntags: [a,   b] # mine\nid: old\n\n# c\nz:\n  - 1\n---\nbody"
    merged = frontmatter.merge(text, {"id": "1706.03762", "title": 'x: "y"'})
    assert merged == (
        "---\ntags: [a,   b] # mine\nid: '1706.03762'\n\n# c\nz:\n  - 1\n"
        "title: 'x: \"y\"'\n---\nbody"
    )
    assert frontmatter.merge(merged, {"id": "1706.03762", "title": 'x: "y"'}) == merged


@pytest.mark.parametrize("values", [OLD, NEW])
@pytest.mark.parametrize("place", range(7))
@pytest.mark.parametrize(
    "comment", ["# mine\n", "  # mine\n", "# a: b\n", "# \x1f\n", "  # \u2028x\n"]
)
def test_a_comment_anywhere_stays_and_doubles_nothing(
    values: dict[str, object], place: int, comment: str
) -> None:
    lines = _head(frontmatter.merge("", OLD)).splitlines(keepends=True)
    text = f"---\n{''.join([*lines[:place], comment, *lines[place:]])}---\n"
    merged = frontmatter.merge(text, values)
    head = _head(merged)
    assert yaml.safe_load(head.replace(comment, "")) == values
    assert head.count(comment) == 1
    assert [head.count(f"{key}:") for key in values] == [1, 1, 1]
    assert frontmatter.merge(merged, values) == merged


def test_a_comment_before_a_key_stays_before_it() -> None:
    text = "---\nauthors:\n- Ada\n# of mine\n\nmine: 1\n---\n"
    merged = frontmatter.merge(text, {"authors": ["Bo"]})
    assert merged == "---\nauthors:\n- Bo\n# of mine\n\nmine: 1\n---\n"


def test_comments_within_our_blocks_outlive_them() -> None:
    text = (
        "---\nstatus: x # 'why\nauthors: # all\n- A # one\n  # two\n- 'B # no'\n# three\n- C\n---\n"
    )
    merged = frontmatter.merge(text, {"status": "y", "authors": ["D"]})
    assert merged == (
        "---\nstatus: y\n# 'why\nauthors:\n- D\n# all\n# one\n  # two\n# three\n---\n"
    )


@pytest.mark.parametrize("key", ['"status"', "'status'", "status "])
def test_a_key_is_known_however_it_is_quoted(key: str) -> None:
    merged = frontmatter.merge(f"---\n{key}: x\nmine: 1\n---\n", {"status": "y"})
    assert merged == "---\nstatus: y\nmine: 1\n---\n"


@pytest.mark.parametrize("line", ["my own: 1", "dc.title: x", "été: x", "1st: x", "? x", "words"])
def test_a_line_of_the_user_after_our_key_is_not_taken_for_ours(line: str) -> None:
    merged = frontmatter.merge(f"---\nstatus: x\n{line}\n---\n", {"status": "y"})
    assert merged == f"---\nstatus: y\n{line}\n---\n"


def test_lists_that_were_doubled_are_healed() -> None:
    text = "---\nauthors:\n- A\n# c\n- A\nstatus: x\n'status': y # d\n---\n"
    merged = frontmatter.merge(text, {"authors": ["A"], "status": "z"})
    assert merged == "---\nauthors:\n- A\n# c\nstatus: z\n# d\n---\n"


@pytest.mark.parametrize("start", ["\ufeff", "\n \n", "\ufeff\r\n"])
def test_front_matter_is_known_after_a_byte_order_mark_and_blank_lines(start: str) -> None:
    text = f"{start}--- \r\nstatus: x\r\nmine: 1\n---\t\r\nbody"
    merged = frontmatter.merge(text, {"status": "y"})
    assert merged == f"{start}--- \r\nstatus: y\r\nmine: 1\n---\t\r\nbody"


def test_front_matter_that_is_not_closed_does_not_reach_into_our_regions() -> None:
    text = "---\nmine: 1\n<!-- researchdesk:begin a -->\n---\n<!-- researchdesk:end a -->\n"
    assert frontmatter.merge(text, {"status": "y"}) == f"---\nstatus: y\n---\n{text}"


_VALUES = (
    st.text(st.sampled_from("abNno yestru-.,:#1'\"[]é"), max_size=9)
    | st.from_regex(r"[0-9]{4}\.[0-9]{4,5}", fullmatch=True)
    | st.integers()
    | st.dates()
)


@given(st.dictionaries(st.sampled_from(["a", "no", "tags", "title"]), _VALUES | st.lists(_VALUES)))
def test_what_is_written_without_yaml_is_what_yaml_writes(values: dict[str, object]) -> None:
    head = _head(frontmatter.merge("", values))
    assert head == (yaml.safe_dump(values, allow_unicode=True, sort_keys=False) if values else "")
