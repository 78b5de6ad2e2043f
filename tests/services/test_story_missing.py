"""What a storyline lacks, by the rules of the file, on runs that were made."""

import tomllib
from pathlib import Path

import pytest
from support.story_runs import story_runs
from support.tinkered import RECIPE, write_tinkered

from researchdesk.domain.investigations import InvestigationState
from researchdesk.domain.missing import Missing
from researchdesk.domain.surprises import SurpriseState
from researchdesk.errors import UsageProblemError
from researchdesk.services import (
    experiments,
    ideas,
    investigations,
    stories,
    story_missing,
    surprises,
)
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_runs import run_experiments
from researchdesk.services.reproduction import ReproduceOptions

HERE = Path(__file__).parent / "storyline"


def filled(text: str, names: dict[str, str]) -> str:
    for name, what in names.items():
        text = text.replace(f"{{{name}}}", what)
    return text


def rules_found(desk: Desk, text: str) -> list[str]:
    return [item.rule for item in story_missing.missing_of(desk, text)]


@pytest.mark.slow
def test_the_rules_find_what_the_fixture_lacks_and_nothing_else(desk: Desk) -> None:
    names = story_runs(desk)
    text = filled((HERE / "storyline.md").read_text("utf-8"), names)
    found = story_missing.missing_of(desk, text)
    expected = tomllib.loads((HERE / "expected.toml").read_text("utf-8"))["missing"]
    told = [(item.rule, item.sentence) for item in found]
    for item, wanted in zip(found, expected, strict=False):
        begins = item.sentence.startswith(filled(wanted["begins"], names))
        assert (item.rule, begins) == (wanted["rule"], True), told
        assert wanted.get("message", "") in item.message
        assert wanted.get("experiment", "") in item.experiment
        if item.sentence:
            assert item.sentence.split("[[")[0].strip() in text.split("\n")[item.line]
    assert len(found) == len(expected), told
    _taken_up(desk, next(item for item in found if item.rule == "one seed"))


def _taken_up(desk: Desk, missing: Missing) -> None:
    """It begins an investigation with its baseline, once."""
    slug = stories.new_story(desk, "Narrow").slug
    begun = story_missing.take_up(desk, slug, missing)
    assert begun.title == "one seed: The score of one seed was 0.5."
    assert begun.recipe == "2001.00001-tiny"
    assert [item.arm for item in experiments.experiments_of(desk, begun.id)] == ["ours"]
    (said,) = begun.answers.values()
    assert "--arm ours --seeds 3" in said
    assert story_missing.take_up(desk, slug, missing) == begun
    text = f"Thread.\n\n{missing.sentence}\n"
    again = [item for item in story_missing.missing_of(desk, text) if item.rule == "one seed"]
    assert [item.investigation for item in again] == [begun.id]


WHOLE = "{thread}\n\n## Problem\n\n## Idea\n\n## Results\n\n## Limitations\n"


@pytest.mark.parametrize(
    ("thread", "rules"),
    [
        ("Adam settles because its steps do not shrink.", []),
        ("Adam settles and rests.", []),
        ("- Adam settles.", ["no red thread"]),
        ("", ["no red thread"]),
        ("Adam settles. SGD does not.", ["red thread is long"]),
        ("Adam settles, and we also mend SGD.", ["two ideas"]),
        ("Adam settles; SGD is mended.", ["two ideas"]),
        ("Adam settles 5 % lower.\n\nIt rests.", []),
        ("Adam settles 5 % lower.\n\nIt rests 5 % lower.", ["statement without evidence"]),
    ],
)
def test_the_red_thread_is_one_sentence_with_one_idea(
    desk: Desk, thread: str, rules: list[str]
) -> None:
    assert rules_found(desk, WHOLE.format(thread=thread)) == rules


def test_an_empty_story_lacks_nothing_yet(desk: Desk) -> None:
    assert rules_found(desk, " \n") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Figure 3 and Table 2 have it.",
        "ResNet-50 on CIFAR-10 is a network.",
        "Is it 5 % better?",
        "We expect it to be 5 % better.",
        "It might be better.",
        "The rate is `0.1`, as $x_1^2$ is.",
        "> It is 5 % better.",
        "See https://example.org/5-percent-better for it.",
    ],
)
def test_not_every_number_is_a_statement(desk: Desk, sentence: str) -> None:
    assert rules_found(desk, WHOLE.format(thread="It falls.") + sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "It takes 7 steps.", "It is $0.5$ lower.", "It is twice as good.", "It outperforms Adam.",
        "We show that it falls.", "It is lower than that.", "A loss of 10× was seen.",
        "It generalises.", "It always falls.", "This holds (p = 0.03).",
    ],
)  # fmt: skip
def test_numbers_comparatives_and_claims_want_evidence(desk: Desk, sentence: str) -> None:
    text = WHOLE.format(thread="It falls.") + sentence
    assert rules_found(desk, text) == ["statement without evidence"]


def test_it_is_added_to_what_the_sentence_follows_up_already(desk: Desk) -> None:
    slug = stories.new_story(desk, "Story").slug
    surprises.add_surprise(desk, "odd", "falls", "rises")
    first = Missing(
        "one seed", 0, "It falls [[funny:1]].", "m", "run it", ("funny:1",), to_run=True
    )
    begun = story_missing.take_up(desk, slug, first)
    assert (begun.of, begun.recipe) == ("funny:1", "")
    second = Missing(
        "one seed", 0, "x", "m", "run that", ("investigation:7", f"investigation:{begun.id}"),
        to_run=True,
    )  # fmt: skip
    more = story_missing.take_up(desk, slug, second)
    assert more.id == begun.id
    (said,) = more.answers.values()
    assert [line[:10] for line in said.splitlines()] == ["- run it (", "- run that"]
    assert len(investigations.list_investigations(desk)) == 1
    with pytest.raises(UsageProblemError, match="writing"):
        story_missing.take_up(desk, slug, Missing("sections", 0, "", "m", "write"))


def test_an_experiment_is_run_again_by_its_investigation(desk: Desk) -> None:
    write_tinkered(desk.settings.recipes, seeds=1)
    number = investigations.begin(desk, "x", recipe=RECIPE, arm="plain").id
    experiments.add_experiment(desk, number, change=["gain=2"], expect="score higher")
    run_experiments(desk, number, (), ReproduceOptions(trust=True, jobs=1))
    slug = stories.new_story(desk, "Story").slug
    text = WHOLE.format(thread="It falls.") + f"It improves [[experiment:{number}.2]].\n"
    (found,) = story_missing.missing_of(desk, text)
    assert (found.rule, found.recipe) == ("one seed", "")
    assert f"researchdesk investigate run {number} {number}.2 --seeds 5" in found.experiment
    assert story_missing.take_up(desk, slug, found).id == number
    (again,) = story_missing.missing_of(desk, text)
    assert again.investigation == number
    assert (
        story_missing.take_up(desk, slug, again).answers
        == investigations.get_investigation(desk, number).answers
    )
    investigations.settle(desk, number, InvestigationState.STOPPED, "no machine")
    (again,) = story_missing.missing_of(desk, text)
    assert again.investigation == 0
    stopped = investigations.get_investigation(desk, number)
    assert story_missing.take_up(desk, slug, again).id != number
    assert investigations.get_investigation(desk, number) == stopped


def test_a_line_of_an_investigation_is_that_of_one_sentence(desk: Desk) -> None:
    slug = stories.new_story(desk, "Story").slug
    investigations.begin(desk, "x")
    text = WHOLE.format(thread="It falls.") + (
        "It is 5 % better [[investigation:1]].\n\nIt is 5 % worse [[investigation:1]].\n"
    )
    story_missing.own_file(desk).parent.mkdir(parents=True)
    story_missing.own_file(desk).write_text(OURS, "utf-8")
    better, worse = story_missing.missing_of(desk, text)
    story_missing.take_up(desk, slug, worse)
    assert [item.investigation for item in story_missing.missing_of(desk, text)] == [0, 1]
    story_missing.take_up(desk, slug, better)
    assert [item.investigation for item in story_missing.missing_of(desk, text)] == [1, 1]


OURS = """
[[rules]]
name = "no baseline"
looks_for = "no baseline"
words = ["\\\\d %"]
message = "{lacks}"
experiment = "Run {arms}."
"""
OWN = """
[[rules]]
name = "weasel words"
looks_for = "no evidence"
words = ["very", "in no way"]
message = "“{what}”"
experiment = "Say it with a number."

[[rules]]
name = "switched off"
looks_for = "no red thread"
message = "-"
experiment = "-"
on = false
"""


def test_the_users_own_rules_take_the_place_of_ours(desk: Desk) -> None:
    path = story_missing.own_file(desk)
    path.parent.mkdir(parents=True)
    path.write_text(OWN, "utf-8")
    (found,) = story_missing.missing_of(desk, "# T\n\n- It is VERY so. Every one is 5 % better.")
    assert (found.rule, found.message) == ("weasel words", "“VERY”")
    path.write_text(OWN + "\n[[rules]]\nname = 'x'\n", "utf-8")
    problems = story_missing.rule_problems(desk)
    assert [problem.removeprefix(f"{path}: ") for problem in problems] == [
        "line 16: rules[3].looks_for: missing",
        "line 16: rules[3].message: missing",
        "line 16: rules[3].experiment: missing",
    ]
    assert "statement without evidence" in rules_found(desk, "It is.\n\nIt is 5 % better.")
    path.write_bytes(b"\xff")
    assert "cannot be read" in story_missing.rule_problems(desk)[0]


def test_what_was_neither_measured_nor_cited_is_no_evidence(desk: Desk) -> None:
    ideas.add_idea(desk, "it may be better")
    investigations.begin(desk, "Is it better?")
    odd = surprises.add_surprise(desk, "odd", "1", "2")
    for ref in ("idea:1", "investigation:1", odd.ref):
        text = WHOLE.format(thread="It falls.") + f"It is 5 % better [[{ref}]]."
        (found,) = story_missing.missing_of(desk, text)
        assert (found.rule, found.refs) == ("statement without evidence", (ref,))
        assert f"what is linked ({ref}) shows nothing" in found.message
    surprises.resolve(desk, odd.id, SurpriseState.EXPLAINED, "a bug")
    assert rules_found(desk, text) == []
    surprises.resolve(desk, odd.id, SurpriseState.DROPPED, "wrong data")
    assert rules_found(desk, text) == ["statement without evidence"]
    cited = text.replace(odd.ref, "1904.09237")
    assert "statement without evidence" not in rules_found(desk, cited)


def test_an_interval_is_no_number_that_wants_evidence(desk: Desk) -> None:
    def asked(said: str) -> list[str]:
        found = story_missing.missing_of(desk, f"The thread.\n\n## Problem\n\n{said}\n")
        return [one.sentence for one in found if one.rule == "statement without evidence"]

    assert asked("The map is looked at around (0, 1), on [-1.5, 2) and [0, ∞).") == []
    assert asked("The map gives 0.5 at (0, 1).") == ["The map gives 0.5 at (0, 1)."]
    assert len(asked("It fell (0.5).")) == 1
