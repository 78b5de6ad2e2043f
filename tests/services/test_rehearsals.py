"""Rehearsals, kept while they go on."""

from pathlib import Path

import pytest

from researchdesk.domain.checklists import Answer
from researchdesk.errors import NotOnDeskError
from researchdesk.services import rehearsals, stories, talk_files
from researchdesk.services.checklists import sheet_of
from researchdesk.services.desk import Desk, open_desk

SLIDES = (
    "---\nstory: narrowing\n---\n# One\n<!-- time: 1:00 -->\n\n---\n# Two\n\n<!-- time: 2:00 -->"
)


def test_a_rehearsal_is_kept_as_it_goes_on(desk: Desk, tmp_path: Path) -> None:
    stories.new_story(desk, "Narrowing")
    (tmp_path / "t.md").write_text(SLIDES, "utf-8")
    talk = talk_files.talk_of(desk, str(tmp_path / "t.md"))
    first = rehearsals.begin(desk, talk)
    assert (first.talk, first.planned_s, first.state) == (
        "narrowing", 180, "broken off on slide 0 of 2",
    )  # fmt: skip
    rehearsals.keep(desk, first.id, (50.0, 0.0))
    asked = sheet_of(desk, "talk", str(talk.path)).items[-1]
    assert (asked.item.id, asked.answer) == ("rehearsed", Answer.UNKNOWN)
    assert asked.found.lacks == ("1 rehearsal, none of them to the end",)
    other = open_desk(desk.settings, desk.clock)
    assert rehearsals.get_rehearsal(other, first.id).used_s == 50
    other.close()
    second = rehearsals.begin(desk, talk)
    done = rehearsals.end(desk, second.id, (70.5, 150.0))
    assert (done.used_s, done.state) == (220.5, "whole")
    assert [slide.number for slide in done.overruns()] == [2, 1]
    asked = sheet_of(desk, "talk", str(talk.path)).items[-1]
    assert asked.answer is Answer.PARTLY
    assert "whole, 3:40 of 3:00 planned" in asked.found.evidence[0].text
    assert [one.id for one in rehearsals.rehearsals_of(desk, "narrowing")] == [2, 1]
    assert rehearsals.rehearsals_of(desk) == rehearsals.rehearsals_of(desk, str(talk.path))
    assert [one.state for one in rehearsals.before(desk, done)] == ["broken off on slide 1 of 2"]
    for name in ("nothing", "none.md"):
        with pytest.raises(NotOnDeskError):
            rehearsals.rehearsals_of(desk, name)
    with pytest.raises(NotOnDeskError):
        rehearsals.get_rehearsal(desk, 9)
