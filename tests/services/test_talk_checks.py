"""What the slides of a talk answer by themselves."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.checklist_facts import Facts, Slides
from researchdesk.domain.checklists import Answer, Found
from researchdesk.services.talk_checks import ANSWERERS

GOOD = """---
marp: true
theme: gaia
minutes: 6
---
# Why the CNN falls

<!-- time: 1:00 -->

---
## The width $w$ is halved, and the cost falls with it

- measured on MNIST and on CIFAR
- $w^2$ is what it costs, for the layers and for the data

<!-- time: 1:30 -->

---
# In short: narrow networks lose little

<!-- time: 1:30 -->
"""
BAD = """---
minutes: 2
style: "section { font-size: 18px; text-transform: uppercase }"
---
# VERY loud

<!-- time: 0:20 -->
<!-- - TODO: mend it -->

---
# Very short

Here is a paragraph that goes on and on, over more than two lines, as nobody would ever say it in
a talk, so that the people in the room are reading and do not listen any more to what is said.

- One $x = y$ and $z = x$ and $u = v$
- a
- a
- a
- a
- a
- a
- a
- a

<!-- time: 2:30 -->

---
# Wir haben das nicht gemessen und die Kurve ist auch von dem Netz

<!-- time: 0:10 -->

---
# Questions?
"""


def asked(name: str, text: str) -> Found:
    return ANSWERERS[name](Facts(slides=Slides(Path("t.md"), text)))


@pytest.mark.parametrize(
    "name", [name for name in ANSWERERS if name not in ("rehearsed", "goals said")]
)
def test_good_slides_are_good(name: str) -> None:
    found = asked(name, GOOD)
    assert found.answer is Answer.YES, found
    assert ANSWERERS[name](Facts()).answer is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("readable font", ["font-size: 18px", "more than 10 lines on slide 2"]),
        ("few words", ["over 40 words on slide 2 (5"]),
        ("no paragraphs", ["paragraphs on slide 2 (42"]),
        ("no capitals", ["capitals on slide 1 (VERY)", "the style sets words in capitals"]),
        ("one language", ["de on slide 3"]),
        ("few formulas", ["more than 2 formulas on slide 2 (3)"]),
        ("formulas explained", ["slide 2: nobody says what u, v, x, y, z is"]),
        ("time of slides", ["4 slides for 2 minutes; 1 are the most",
                  "4:00 are planned for 2 minutes", "over two minutes: slide 2 (2:30)",
                  "much under a minute: slide 3 (0:10)"]),
        ("ends on the conclusion", ["slide 4 is the last: “Questions?”"]),
        ("nothing left to do", ["slide 1: mend it"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_slide(name: str, said: list[str]) -> None:
    found = asked(name, BAD)
    assert found.answer in (Answer.NO, Answer.PARTLY)
    lacks = "\n".join(found.lacks)
    assert [part for part in said if part not in lacks] == []


def test_goals_are_told_and_whether_slides_serve_them_is_left_open() -> None:
    said = "# A\n\n<!--\nAudience: not said yet\nThe listener should leave with:\n- Print it.\n-->"
    found = asked("goals said", f"{said}\n\n<!--\n- TODO: Who?\n-->")
    assert (found.answer, found.evidence[0].text) == (Answer.PARTLY, "the notes say it: Print it.")
    assert "only you can say" in found.lacks[0]
    assert asked("goals said", "# A\n\n<!--\nGoals: one, two\n-->").answer is Answer.PARTLY
    assert asked("goals said", "# A\n\n<!--\nGoals:\n-->").answer is Answer.UNKNOWN


def test_messages_and_what_stands_behind_the_end() -> None:
    assert asked("messages", "# A\n\n## B\n\n---\n\nwords").lacks == (
        "not one message on slides 1 (2 titles), 2 (no title)",
    )
    topics = asked("messages", "# A\n\n---\n\n# Results\n\n---\n\n# It falls twice")
    assert (topics.answer, topics.lacks) == (
        Answer.PARTLY, ("a topic, not a message, on slide 2 (“Results”)",),
    )  # fmt: skip
    behind = "# It falls with the width\n\n---\n# Backup\n\n---\n# Questions?"
    assert asked("ends on the conclusion", behind).answer is Answer.PARTLY
    assert asked("ends on the conclusion", "# Summary of it").answer is Answer.YES
    goal = "# A\n\n<!--\n- It falls with the width.\n-->\n\n---\n\n# It falls with the width"
    assert asked("ends on the conclusion", goal).answer is Answer.YES
    assert asked("formulas explained", "# A").answer is Answer.NOT_APPLICABLE


def test_what_cannot_be_seen_is_no_yes() -> None:
    for name in ANSWERERS:
        assert asked(name, "").answer is Answer.UNKNOWN, name
        assert asked(name, "\n---\n\n---\n").answer is Answer.UNKNOWN, name
    shown = "# It is the width of it\n\n![A curve](a.svg)"
    for name in ("readable font", "one language"):
        found = asked(name, shown)
        assert "in pictures only you can see: slide 1" in found.lacks[-1]
        assert found.answer is Answer.PARTLY
    assert asked("readable font", "---\ntheme: mine\n---\n\n# A").answer is Answer.PARTLY
    small = '# A\n\nIt is <span style="font-size: 9px">small</span>'
    assert "font-size: 9px" in asked("readable font", small).lacks[0]
    assert asked("few words", f"# A\n\n<div>{'word ' * 50}</div>").answer is Answer.NO
    assert asked("nothing left to do", "# A\n\nTODO write it").answer is Answer.NO
    many = "\n\n---\n\n".join(f"# Slide {number}" for number in range(200))
    assert "8 and 192 more" in asked("time of slides", many).lacks[-1]


@given(st.text("#-\n $x=\\a A:<>style{}font-size0.%", max_size=80))
def test_any_slides_are_answered(text: str) -> None:
    for name in ANSWERERS:
        assert asked(name, text).answer in Answer
