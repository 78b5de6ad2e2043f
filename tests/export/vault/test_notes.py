from dataclasses import replace
from datetime import UTC, datetime

import pytest

from researchdesk.domain.reading import CodePlace, Note, NoteKind
from researchdesk.export.vault import DIALECTS
from researchdesk.export.vault.dialect import Place
from researchdesk.export.vault.notes import notes_blocks
from researchdesk.export.vault.pen import Pen

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
PLACES = {
    "1412.6980": Place("1412.6980.md", "1412.6980", 'Adam: "a" *method*'),
    "claim:1412.6980-1": Place("1412.6980.md", "1412.6980", "", "claim:1412.6980-1"),
    "note:5": Place("hep-th_9901001.md", "hep-th_9901001", "", "note:5"),
    "run:r": Place("runs/r.md", "r", "Run r"),
    "run:r#c": Place("runs/r.md", "r", "", "run:r#c"),
}


def _pen(kind: str = "plain", here: str = "a.md") -> Pen:
    return Pen(DIALECTS[kind], PLACES, here)


def _region(notes: list[Note]) -> str:
    pen = _pen()
    return pen.dialect.body(notes_blocks(notes, 1, pen))


def _note(number: int, text: str = "text", pass_number: int = 1) -> Note:
    return Note(number, 1, 1, pass_number, pass_number, text, NOON, NOON)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see [[1412.6980v2]].", 'see [1412.6980](1412.6980.md "Adam: \\"a\\" \\*method\\*").'),
        ("[[claim:1412.6980-1]]", "[claim 1412.6980-1](1412.6980.md#claim-1412.6980-1)"),
        ("[[note:5|the [proof|x]]", "[[note:5|the [proof|x]]"),
        ("[[note:5|the *proof*]]", "[the \\*proof\\*](hep-th_9901001.md#note-5)"),
        ("[[1706.03762]] [[run:a]] [[funny:1]]", "[[1706.03762]] [[run:a]] [[funny:1]]"),
        ("`[[note:5]]`\n```\n[[note:5]]", "`[[note:5]]`\n```\n[[note:5]]"),
    ],
)
def test_a_link_leads_where_its_target_is_exported_and_stays_else(text: str, shown: str) -> None:
    assert _pen().linked(text) == shown


def test_answers_stand_under_their_question_in_its_pass() -> None:
    question = replace(_note(1, "why?", 2), kind=NoteKind.QUESTION, page=4, resolved_at=NOON)
    answer = replace(_note(3, "because", 3), answers=1)
    more = replace(_note(4, "and more", 3), answers=3)
    opened = replace(_note(2, "", 2), kind=NoteKind.QUESTION, quote="a passage")
    text = _region([question, opened, answer, more, _note(5, "last", 3)])
    blocks = [block for block in text.split("\n\n") if block]
    assert blocks == [
        "## Notes",
        "### Pass 2",
        '<a id="note-1"></a>**question** · resolved 2026-01-02 · p. 4 · 2026-01-02 · note 1',
        "why?",
        '<a id="note-3"></a>**answer to note 1** · pass 3 · 2026-01-02 · note 3',
        "because",
        '<a id="note-4"></a>**answer to note 3** · pass 3 · 2026-01-02 · note 4',
        "and more",
        '<a id="note-2"></a>**question** · open · 2026-01-02 · note 2',
        "> a passage",
        "### Pass 3",
        '<a id="note-5"></a>**note** · 2026-01-02 · note 5',
        "last",
    ]


def test_an_answer_whose_question_is_gone_stands_alone() -> None:
    text = _region([replace(_note(3, "because", 3), answers=1)])
    assert "### Pass 3" in text
    assert "because" in text


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (
            CodePlace("https://github.com/o/r.git", "abcdef0123456789", "src/a_b (1).py", 7),
            "Code: [src/a\\_b (1).py:7](<https://github.com/o/r/blob/abcdef0123456789/"
            "src/a_b%20%281%29.py#L7>) at `abcdef012345`",
        ),
        (
            CodePlace("https://example.org/r", "abcdef0123456789", "a.py", 1),
            "Code: a.py:1 at `abcdef012345` of https://example.org/r",
        ),
        (CodePlace("x", "`", "a`.py", 0), "Code: a\\`.py of x"),
    ],
)
def test_a_place_in_code_is_named_and_linked_where_its_forge_is_known(
    place: CodePlace, shown: str
) -> None:
    assert shown in _region([replace(_note(1), code=place)]).split("\n")
