import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from researchdesk.domain.papers import Metadata, Paper
from researchdesk.domain.reading import Note
from researchdesk.domain.runs import RunState, RunSummary
from researchdesk.errors import BadInputError
from researchdesk.export import frontmatter, regions
from researchdesk.export.escaping import escape
from researchdesk.export.regions import Settle
from researchdesk.export.vault import DIALECTS
from researchdesk.export.vault.page import Rendered, is_untouched_beside, render
from researchdesk.export.vault.papers import PaperTold, paper_page
from researchdesk.export.vault.pen import Pen
from researchdesk.export.vault.runs import RunTold, run_page

_NOW = datetime(2026, 1, 2, tzinfo=UTC)
_KEYS = {key: key for key in ("id", "title", "authors", "status", "added", "read", "doi", "tags")}
_KINDS = sorted(DIALECTS)
_TEXT = st.text(
    st.characters(blacklist_categories=("Cs",)) | st.sampled_from("\r\n-#: `<>'\"\ufeff[]!"),
    max_size=30,
)
_EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 60), _TEXT | st.just("MY WORDS\n")),
    min_size=1,
    max_size=4,
)
_END = re.compile(r"\r\n|\r|\n")


def _page(
    kind: str, old: str, status: str = "new", note: str = "a note", settle: Settle = Settle.ASK
) -> Rendered:
    words = Metadata(title="A: title", authors=("Ada", "Bo"), arxiv_id="1904.00001", version=1)
    notes = [Note(1, 1, 1, 1, 1, note, _NOW, _NOW)]
    told = PaperTold(Paper(1, "ada2026", words, _NOW), status, (), notes, tags=("to read", "7"))
    dialect = DIALECTS[kind]
    page = paper_page(told, Pen(dialect, {}, "1904.00001.md"))
    return render(page, old, dialect, _KEYS, name="1904.00001", where="f", settle=settle)


def _lines(text: str) -> set[str]:
    """What a person would miss: lines with words in them."""
    return {line.strip() for line in _END.split(text) if re.search(r"\w", line)}


def _ours(kind: str, text: str) -> bool:
    """Whether a line belongs to a property of ours, which is kept up to date."""
    names = "|".join(DIALECTS[kind].key(key) for key in _KEYS)
    return re.match(rf"[\"'\ufeff]?({names})\b|title::", text) is not None


@pytest.mark.parametrize("kind", _KINDS)
@settings(deadline=None, max_examples=120)
@given(edits=_EDITS, crlf=st.booleans())
def test_nothing_that_a_person_wrote_anywhere_is_lost(
    kind: str, edits: list[tuple[float, int, str]], crlf: bool
) -> None:
    fresh = _page(kind, "").text
    text = fresh.replace("\n", "\r\n") if crlf else fresh
    for place, cut, words in edits:
        at = int(place * len(text))
        text = text[:at] + words + text[at + cut :]
    try:
        new = _page(kind, text, "pass 1 done", "another note")
    except BadInputError:
        return  # the file stays as it is
    ours = _lines(fresh)
    head_ends = text.find("researchdesk:begin")
    kept = _lines(new.text)
    for line in _lines(text) - ours - kept:
        in_head = text.find(line) < head_ends
        assert "researchdesk:" in line or (in_head and _is_replaced(kind, line, text)), line
    again = _page(kind, new.text, "pass 1 done", "another note")
    assert again.text == new.text
    assert again.conflicts == new.conflicts


def _is_replaced(kind: str, line: str, text: str) -> bool:
    """Whether a line of the head belongs to a value of ours: it, or a key of ours above it."""
    if _ours(kind, line):
        return True
    before = [one.strip() for one in _END.split(text[: text.find(line)])]
    above = next((one for one in reversed(before) if re.match(r"[^\s#-].*?:(\s|$)", one)), "")
    return _ours(kind, above)


@pytest.mark.parametrize("kind", _KINDS)
def test_a_region_changed_by_hand_stays_until_it_is_settled(kind: str) -> None:
    mine = _page(kind, "").text.replace("a note", "MY WORDS")
    same = _page(kind, mine)
    assert (same.text, same.edited, same.conflicts) == (mine, ("notes",), ())
    new = _page(kind, mine, note="another note")
    assert "MY WORDS" in new.text
    assert "another note" not in new.text
    assert (new.conflicts, new.edited) == (("notes",), ("notes",))
    assert "another note" in new.beside
    assert is_untouched_beside(new.beside)
    assert is_untouched_beside(new.beside.replace("\n", "\r\n"))
    assert not is_untouched_beside(new.beside.replace("another", "my"))
    assert "id::" not in new.beside
    assert "^note" not in new.beside
    assert "---\n---" not in new.beside
    kept = _page(kind, new.text, note="another note", settle=Settle.MINE)
    assert ("MY WORDS" in kept.text, kept.conflicts) == (True, ())
    assert _page(kind, kept.text, note="another note").conflicts == ()
    assert _page(kind, kept.text, note="a third").conflicts == ("notes",)
    taken = _page(kind, new.text, note="another note", settle=Settle.NEW)
    assert "MY WORDS" not in taken.text
    assert taken.text == _page(kind, "", note="another note").text
    emptied = re.sub(r"(begin notes.*?-->\n).*?(\n[- ]*<!-- researchdesk:end notes)", r"\1\2",
                     mine, flags=re.DOTALL)  # fmt: skip
    assert _page(kind, emptied, note="third").text == _page(kind, "", note="third").text


@pytest.mark.parametrize("kind", _KINDS)
def test_marks_of_before_hashes_lose_nothing(kind: str) -> None:
    fresh = _page(kind, "").text
    old = re.sub(r"(begin [a-z]+) [0-9a-f]{8}", r"\1", fresh)
    assert _page(kind, old).text == fresh
    changed = _page(kind, old, note="new")
    assert ("a note" in changed.text, changed.conflicts) == (True, ("notes",))


def test_what_logseq_and_editors_do_to_a_file_is_no_change_by_hand() -> None:
    fresh = _page("logseq", "").text
    seen = fresh.replace("note 1\n", "note 1  \n\t\t  collapsed:: true\n").replace("\n", "\r\n")
    assert _page("logseq", seen).edited == ()
    assert _page("logseq", seen, note="new").conflicts == ()


def test_properties_of_logseq_keep_what_is_the_users() -> None:
    mine = "icon:: x\nTags:: [[mine]], to read\n\nstatus:: in the text\n- my block\n"
    text = _page("logseq", mine).text
    head = text.partition("\n\n")[0].split("\n")
    assert head[0] == "icon:: x"
    assert head[1] == "tags:: [[mine]], to read, 7"
    assert {"title:: 1904.00001", "desk-id:: 1904.00001", "paper-title:: A: title"} <= {*head}
    assert "\n\nstatus:: in the text\n- my block\n- <!-- researchdesk:begin paper" in text
    assert _page("logseq", text).text == text


def test_tags_are_added_and_never_taken_away() -> None:
    head = yaml.safe_load(frontmatter.split(_page("obsidian", "").text)[1])
    assert head["tags"] == ["to-read", "7-"]
    mine = "---\ntags: [mine, To-Read] # all\n---\n"
    text = _page("obsidian", mine).text
    assert yaml.safe_load(frontmatter.split(text)[1])["tags"] == ["mine", "To-Read", "7-"]
    assert "# all" in text
    assert _page("obsidian", text).text == text


@pytest.mark.parametrize("kind", _KINDS)
@settings(deadline=None, max_examples=60)
@given(note=_TEXT)
def test_no_note_reaches_out_of_its_region(kind: str, note: str) -> None:
    text = _page(kind, "", note=note).text
    assert _page(kind, text, note="x").text == _page(kind, "", note="x").text


@settings(deadline=None)
@given(st.sampled_from(["", "\ufeff"]), _TEXT)
def test_a_file_without_front_matter_gets_it_on_top(mark: str, text: str) -> None:
    assume("researchdesk:" not in text and not re.match(r"[\ufeff\s]*---", text))
    assume(mark or not text.startswith("\ufeff"))
    new = _page("plain", mark + text).text
    assert _page("plain", new).text == new
    before, _, after = frontmatter.split(new)
    assert re.fullmatch(mark + r"---(?:\r\n|\r|\n)", before)
    assert re.sub(r"^---(?:\r\n|\r|\n)", "", after, count=1).startswith(text)


def test_a_note_leaves_nothing_open_and_stays_verbatim_else() -> None:
    nasty = "**a** <b>&amp;</b>\n```\nunclosed <!-- c"
    text = _page("plain", "", note=nasty).text
    assert "\n**a** <b>&amp;</b>\n```\nunclosed &lt;!-- c\n```\n<!-- researchdesk:end" in text


def test_what_is_not_known_is_left_out() -> None:
    head: Sequence[str] = yaml.safe_load(frontmatter.split(_page("plain", "").text)[1])
    assert not {"published", "updated", "read", "doi"} & set(head)
    assert regions.names_in(_page("plain", "").text) == {"paper", "passes", "notes", "claims"}


@pytest.mark.parametrize("kind", _KINDS)
def test_a_page_is_the_same_wherever_its_writer_sits(kind: str) -> None:
    there = datetime(2026, 1, 2, 9, 30, tzinfo=timezone(timedelta(hours=13)))
    words = Metadata(title="T", arxiv_id="1904.00001")
    note = Note(1, 1, 1, 1, 1, "a note", there, there)
    run = RunSummary(
        "r1", "tiny", "d", "1904.00001", RunState.FINISHED, there, there, False, (), ()
    )
    pen = Pen(DIALECTS[kind], {}, "here.md")
    for page in (
        paper_page(PaperTold(Paper(1, "ada2026", words, there), "new", (), [note]), pen),
        run_page(RunTold(run, "Tiny", ()), pen),
    ):
        text = render(page, "", DIALECTS[kind], _KEYS, name="x", where="f").text
        assert "2026-01-01" in text
        assert "2026-01-02" not in text
    assert "begun 2026-01-01 20:30 UTC, ended 2026-01-01 20:30 UTC" in text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("0.2249 is at least", "0.2249 is at least"),
        ("1. first", "1\\. first"),
        ("12) next", "12\\) next"),
        ("- a\n# b", "\\- a\n\\# b"),
        ("a\n--- \nb\n===\n =\t\n= 3", "a\n\\--- \nb\n\\===\n \\=\t\n= 3"),
    ],
)
def test_only_what_would_begin_a_list_or_heading_gets_a_backslash(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("plain", "a #tag 100%% ==x==", "a #tag 100%% ==x=="),
        ("obsidian", "a #tag # 100%% ==x== \\#y", "a \\#tag # 100\\%\\% \\=\\=x\\=\\= \\\\\\#y"),
        ("obsidian", "ends ^so", "ends \\^so"),
        ("logseq", "#tag ((x)) {{y}} ^^z^^", "\\#tag \\(\\(x)) \\{\\{y}} \\^\\^z\\^\\^"),
    ],
)
def test_text_from_outside_is_no_mark_of_the_vault(kind: str, text: str, shown: str) -> None:
    assert DIALECTS[kind].escape(text) == shown
