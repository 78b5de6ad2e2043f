import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from researchdesk.domain.papers import Metadata, Paper
from researchdesk.domain.reading import Note
from researchdesk.export import frontmatter
from researchdesk.export.escaping import escape
from researchdesk.export.markdown import PaperExport, render

_NOW = datetime(2026, 1, 2, tzinfo=UTC)
_REGION = re.compile(
    r"<!-- researchdesk:begin ([a-z]+) -->.*?<!-- researchdesk:end \1 -->", re.DOTALL
)
_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
_TEXT = st.text(
    st.characters(blacklist_categories=("Cs",)) | st.sampled_from("\r\n-#: `<>'\"\ufeff"),
    max_size=40,
)
_OWN_LINE = st.one_of(
    st.text(
        st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\n"), max_size=9
    ).map(lambda words: f"#{words}"),
    st.sampled_from(["", "  ", "mine: [a,  b] # c", "'my own': x", "dc.title: y", "# - a"]),
)


def _export(status: str = "new", note: str = "a note") -> PaperExport:
    words = Metadata(title="A: title", authors=("Ada", "Bo"), arxiv_id="1904.00001", version=1)
    notes = [Note(1, 1, 1, 1, 1, note, _NOW, _NOW)]
    return PaperExport(Paper(1, "ada2026", words, _NOW), status, (), notes)


@settings(deadline=None)
@given(
    lead=st.tuples(st.sampled_from(["", "\ufeff"]), st.sampled_from(["", "\n", " \r\n"])),
    own=st.lists(st.tuples(st.integers(0, 9), _OWN_LINE), max_size=4),
    outside=st.lists(_TEXT, min_size=5, max_size=5),
    ends=st.lists(_ENDS, min_size=1, max_size=7),
)
def test_what_is_the_users_stays_byte_for_byte(
    lead: tuple[str, str], own: list[tuple[int, str]], outside: list[str], ends: list[str]
) -> None:
    assume("researchdesk:" not in "".join(outside))
    fresh = render(_export(), "", "f")
    head = frontmatter.split(fresh)[1].splitlines()
    for place, line in own:
        head.insert(place, line)
    lines = ["---", *head, "---"]
    front = "".join(line + ends[i % len(ends)] for i, line in enumerate(lines))
    found = [match[0] for match in _REGION.finditer(fresh)]
    parts = [
        f"{ends[0]}{region}{ends[-1]}{words}"
        for region, words in zip(found, outside[1:], strict=True)
    ]
    old = "".join([*lead, front, outside[0], *parts])
    changed = _export("pass 1 done", "another")
    new = render(changed, old, "f")
    assert render(changed, new, "f") == new
    assert _outside(new) == _outside(old)
    assert new.startswith("".join(lead) + "---")
    mine = Counter(line for _, line in own if line.strip())
    assert mine <= Counter(re.split(r"\r\n|\r|\n", frontmatter.split(new)[1]))
    assert new.count("pass 1 done") == 1


def _outside(text: str) -> list[str]:
    return _REGION.sub("@", frontmatter.split(text)[2]).split("@")


@settings(deadline=None)
@given(st.sampled_from(["", "\ufeff"]), _TEXT)
def test_a_file_without_front_matter_gets_it_on_top(mark: str, text: str) -> None:
    assume("researchdesk:" not in text and not re.match(r"[\ufeff\s]*---", text))
    assume(mark or not text.startswith("\ufeff"))
    new = render(_export(), mark + text, "f")
    assert render(_export(), new, "f") == new
    before, _, after = frontmatter.split(new)
    assert re.fullmatch(mark + r"---(?:\r\n|\r|\n)", before)
    assert re.sub(r"^---(?:\r\n|\r|\n)", "", after, count=1).startswith(text)


@settings(deadline=None)
@given(_TEXT)
def test_no_note_reaches_out_of_its_region(note: str) -> None:
    text = render(_export(note=note), "", "f")
    assert render(_export(note="x"), text, "f") == render(_export(note="x"), "", "f")


def test_a_note_leaves_nothing_open_and_stays_verbatim_else() -> None:
    nasty = "**a** <b>&amp;</b>\n```\nunclosed <!-- c"
    text = render(_export(note=nasty), "", "f")
    assert "\n**a** <b>&amp;</b>\n```\nunclosed &lt;!-- c\n```\n<!-- researchdesk:end" in text


def test_what_is_not_known_is_left_out() -> None:
    head: Sequence[str] = yaml.safe_load(frontmatter.split(render(_export(), "", "f"))[1])
    assert not {"published", "updated", "read", "doi"} & set(head)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("0.2249 is at least", "0.2249 is at least"),
        ("1. first", "1\\. first"),
        ("12) next", "12\\) next"),
        ("- a\n# b", "\\- a\n\\# b"),
    ],
)
def test_only_what_would_begin_a_list_or_heading_gets_a_backslash(text: str, escaped: str) -> None:
    assert escape(text) == escaped
