"""Workflows: the shipped ones, and one's own."""

from pathlib import Path

import pytest

from researchdesk.assets import folder
from researchdesk.domain.workflows import Place, Workflow
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.services.desk import Desk
from researchdesk.services.workflows import (
    check_workflow,
    load_workflows,
    new_workflow,
    own_folder,
    workflow_problems,
    workflows,
)

SHIPPED = folder("data") / "workflows"
OWN = """
name = "mine"
title = "My way"

[[passes]]
title = "Look"

[[passes.steps]]
key = "look"
title = "Look"
question = "What is it?"
places = ["title", "figures"]
"""


def shipped() -> dict[str, Workflow]:
    found, problems = load_workflows([SHIPPED])
    assert problems == []
    return found


def places(workflow: Workflow, number: int) -> list[Place]:
    chosen = workflow.pass_number(number)
    assert chosen
    return [place for step in chosen.steps for place in step.places]


def test_three_workflows_ship() -> None:
    found = shipped()
    assert set(found) == {"three-pass", "keshav", "four-stage"}
    assert [len(found[name].passes) for name in ("three-pass", "keshav", "four-stage")] == [3, 3, 4]


def test_the_first_of_three_passes_goes_in_order() -> None:
    assert places(shipped()["three-pass"], 1) == [
        Place.TITLE,
        Place.ABSTRACT,
        Place.FIGURES,
        Place.CONCLUSION,
        Place.INTRODUCTION,
    ]


def test_the_second_pass_reads_through_and_lists_questions() -> None:
    assert places(shipped()["three-pass"], 2) == [Place.BODY, Place.QUESTIONS]


def test_the_third_pass_ends_with_the_code() -> None:
    third = places(shipped()["three-pass"], 3)
    assert third[0] is Place.QUESTIONS
    assert third[-1] is Place.CODE


def test_keshavs_first_pass_asks_the_five_cs() -> None:
    first = shipped()["keshav"].passes[0]
    assert [step.key for step in first.steps] == [
        "category",
        "context",
        "correctness",
        "contributions",
        "clarity",
    ]


def test_four_stages() -> None:
    workflow = shipped()["four-stage"]
    assert places(workflow, 1) == [Place.TITLE, Place.ABSTRACT]
    assert places(workflow, 2) == [
        Place.INTRODUCTION,
        Place.CONCLUSION,
        Place.HEADINGS,
        Place.FIGURES,
    ]
    assert places(workflow, 3) == [Place.BODY]
    assert {Place.WHOLE, Place.APPENDIX} <= set(places(workflow, 4))


def test_every_step_asks() -> None:
    for workflow in shipped().values():
        for reading in workflow.passes:
            assert reading.aim
            for step in reading.steps:
                assert "?" in step.question or step.question.endswith(".")
                assert step.places


def test_an_own_workflow_joins_and_wins(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(OWN)
    (tmp_path / "other.toml").write_text(OWN.replace('"mine"', '"keshav"'))
    found, problems = load_workflows([SHIPPED, tmp_path])
    assert problems == []
    assert found["mine"].passes[0].steps[0].places == (Place.TITLE, Place.FIGURES)
    assert found["keshav"].title == "My way"
    assert "three-pass" in found


def test_a_folder_that_is_not_there_holds_none(tmp_path: Path) -> None:
    assert load_workflows([tmp_path / "nowhere"]) == ({}, [])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "My way"', 'title = "My way', "line 3: title: this is no TOML"),
        ('title = "My way"', "title = ", "line 3: title: this is no TOML"),
        ("[[passes]]", "[[passes]", "line 5: [[passes]: this is no TOML"),
        ('title = "My way"', 'title = """My way', "line 3: title: this is no TOML"),
        ('title = "My way"', 'name = "x"', "line 3: name: this is no TOML"),
        ('title = "My way"\n', "", "line 1: title: missing"),
        ('name = "mine"', "name = 3", "line 2: name: 3, but text is wanted"),
        ('name = "mine"', 'nam = "mine"', "line 2: nam: unknown key; did you mean 'name'?"),
        ('name = "mine"', 'name = "mine"\nzzz = 1', "line 3: zzz: unknown key; known: name, title"),
        (
            '"figures"]',
            '\n# one\n"figuers"]',
            "line 14: passes[1].steps[1].places[2]: 'figuers' is no part of a paper; "
            "did you mean 'figures'?",
        ),
        ('"figures"]', "7]", "line 12: passes[1].steps[1].places[2]: 7 is no part"),
        ('["title", "figures"]', "[]", "line 12: passes[1].steps[1].places: missing"),
        ('["title", "figures"]', '"title"', "line 12: passes[1].steps[1].places: 'title'; a list"),
        ('places = ["title", "figures"]', "", "line 8: passes[1].steps[1].places: missing"),
        ("places =", "place =", "line 12: passes[1].steps[1].place: unknown key; did you mean"),
        ('"What is it?"', '" "', "line 11: passes[1].steps[1].question: ' ', but text"),
        ("[[passes]]", "[passes]", "line 5: passes: a table; at least one [[passes]]"),
        ("[[passes.steps]]", "[passes.steps]", "line 8: passes[1].steps: a table; at least one"),
        (
            "[[passes.steps]]",
            "[[passes.step]]",
            "line 8: passes[1].step: unknown key; did you",
        ),
        ('title = "Look"\n', 'title = "L"\nnumber = 2\n', "line 7: passes[1].number: 2, but"),
        ('title = "Look"\n', 'title = "L"\nnumber = true\n', "line 7: passes[1].number: True"),
        (OWN[OWN.index("[[passes]]") :], "passes = ['x']", "line 5: passes[1]: 'x', but a table"),
    ],
)
def test_a_broken_file_gives_one_message_with_line_and_key_and_the_rest_load(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in OWN
    (tmp_path / "broken.toml").write_text(OWN.replace(old, new, 1))
    (tmp_path / "sound.toml").write_text(OWN.replace('"mine"', '"sound"'))
    found, problems = load_workflows([tmp_path])
    assert set(found) == {"sound"}
    assert len(problems) == 1
    assert problems[0].startswith(f"{tmp_path / 'broken.toml'}: ")
    assert said in problems[0]


def test_every_problem_of_a_file_is_told_in_the_order_of_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(OWN.replace("name", "nmae").replace("figures", "pictures").replace("?", ""))
    path.write_text(path.read_text().replace('"What is it"', "1"))
    found = check_workflow(path)
    assert found.workflow is None
    assert [(item.line, item.key) for item in found.problems] == [
        (2, "nmae"),
        (11, "passes[1].steps[1].question"),
        (12, "passes[1].steps[1].places[2]"),
    ]
    assert found.words.endswith("(and 2 more)")


def test_a_key_twice_in_a_pass_is_told(tmp_path: Path) -> None:
    step = OWN[OWN.index("[[passes.steps]]") :]
    (tmp_path / "twice.toml").write_text(OWN + step)
    said = load_workflows([tmp_path])[1][0]
    assert "line 14: passes[1].steps[2].key: 'look' stands twice" in said
    assert "first on line 9" in said


def test_a_name_twice_in_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(OWN)
    (tmp_path / "two.toml").write_text(OWN)
    found, problems = load_workflows([tmp_path])
    assert list(found) == ["mine"]
    assert "two.toml: line 1: name: 'mine' is the name in one.toml too" in problems[0]


def test_a_workflow_is_begun_as_a_copy(desk: Desk) -> None:
    path = new_workflow(desk, "My Own")
    assert path == own_folder(desk) / "my-own.toml"
    assert check_workflow(path).problems == ()
    assert workflows(desk)["my-own"].passes == workflows(desk)["three-pass"].passes
    with pytest.raises(BadInputError, match="there already"):
        new_workflow(desk, "my own")
    with pytest.raises(NotOnDeskError, match="no reading workflow"):
        new_workflow(desk, "other", like="nothing")


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe\x00")
    assert "odd.toml" in load_workflows([tmp_path])[1][0]


def test_control_characters_in_a_file_do_not_come_through(tmp_path: Path) -> None:
    (tmp_path / "sly.toml").write_text(OWN.replace("My way", "My \\u001b[31mway"))
    found, _ = load_workflows([tmp_path])
    assert found["mine"].title == "My way"


def test_the_desks_own_workflows_are_at_hand(desk: Desk) -> None:
    own = desk.root / "workflows"
    own.mkdir(exist_ok=True)
    (own / "mine.toml").write_text(OWN)
    (own / "broken.toml").write_text("name = 1")
    assert set(workflows(desk)) == {"three-pass", "keshav", "four-stage", "mine"}
    assert len(workflow_problems(desk)) == 1
