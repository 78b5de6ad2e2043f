import pytest
from support.funny_runs import ended_run
from support.recipe_maker import write_recipe

from researchdesk.domain.papers import Paper
from researchdesk.domain.surprises import Side, Surprise
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import explaining, notes, refs, surprises
from researchdesk.services.desk import Desk


@pytest.fixture
def odd(desk: Desk) -> Surprise:
    return surprises.add_surprise(desk, "odd", "93.4", "91.2")


def last(desk: Desk, item: Surprise):
    happening = surprises.case_of(desk, item.id).history[-1]
    return happening.what, happening.said, happening.why


def test_two_explanations_are_held_side_by_side(desk: Desk, odd: Surprise) -> None:
    one = explaining.explain(desk, odd.id, " a bug ", "gone with r12", "still there with r12")
    two = explaining.explain(desk, odd.id, "the data")
    assert (one.letter, one.text, one.predicts) == ("A", "a bug", "gone with r12")
    assert (two.letter, two.refuted_by, two.stands) == ("B", "", True)
    assert surprises.case_of(desk, odd.id).rivals == (one, two)
    assert last(desk, odd) == ("explanation", "B: the data", "")
    with pytest.raises(UsageProblemError, match="empty"):
        explaining.explain(desk, odd.id, " ")
    with pytest.raises(NotOnDeskError, match="no surprise 9"):
        explaining.explain(desk, 9, "a bug")


def test_there_is_a_letter_for_each_and_then_no_more(desk: Desk, odd: Surprise) -> None:
    for number in range(26):
        assert explaining.explain(desk, odd.id, f"cause {number}").letter == chr(ord("A") + number)
    with pytest.raises(UsageProblemError, match="each letter"):
        explaining.explain(desk, odd.id, "one more")


def test_what_was_left_open_is_said_later(desk: Desk, odd: Surprise) -> None:
    explaining.explain(desk, odd.id, "a bug", "gone with r12")
    changed = explaining.change_explanation(desk, odd.id, "a", refuted_by="still there")
    assert (changed.text, changed.predicts, changed.refuted_by) == (
        "a bug",
        "gone with r12",
        "still there",
    )
    explaining.change_explanation(desk, odd.id, "A", "a slip", predicts="")
    assert last(desk, odd) == (
        "reworded",
        "A",
        "it was: a bug; what it predicts was: gone with r12",
    )
    assert surprises.case_of(desk, odd.id).explanation("A").predicts == ""
    before = len(surprises.case_of(desk, odd.id).history)
    explaining.change_explanation(desk, odd.id, "A", "a slip")
    assert len(surprises.case_of(desk, odd.id).history) == before
    with pytest.raises(UsageProblemError, match="would say nothing"):
        explaining.change_explanation(desk, odd.id, "A", " ")
    with pytest.raises(NotOnDeskError, match="no explanation Q"):
        explaining.change_explanation(desk, odd.id, "q", "x")


def test_one_is_ruled_out_for_a_reason_and_may_stand_again(desk: Desk, odd: Surprise) -> None:
    explaining.explain(desk, odd.id, "a bug")
    with pytest.raises(UsageProblemError, match="still stands"):
        explaining.rule_out(desk, odd.id, "a", " ")
    out = explaining.rule_out(desk, odd.id, "a", "same with r12")
    assert (out.stands, out.ruled_out) == (False, "same with r12")
    assert last(desk, odd) == ("ruled out", "A", "same with r12")
    case = surprises.case_of(desk, odd.id)
    assert (case.rivals, len(case.explanations)) == ((), 1)
    assert explaining.let_stand(desk, odd.id, "A").stands
    assert last(desk, odd) == ("stands again", "A", "")


def test_evidence_is_filed_for_and_against(desk: Desk, odd: Surprise, paper: Paper) -> None:
    explaining.explain(desk, odd.id, "a bug")
    first = explaining.file_evidence(desk, odd.id, "TRUST", "for", "arXiv:1904.00001v1", "Table 2")
    explaining.file_evidence(desk, odd.id, "a", Side.AGAINST, "", "same with r12")
    assert (first.about, first.side, first.ref) == ("trust", Side.FOR, "1904.00001")
    case = surprises.case_of(desk, odd.id)
    assert case.about("trust", Side.FOR) == (first,)
    assert case.about("trust", Side.AGAINST) == ()
    assert [item.line for item in case.about("A")] == ["same with r12"]
    assert last(desk, odd) == ("evidence", "against A: same with r12", "")


def test_evidence_is_about_something_and_says_something_new(desk: Desk, odd: Surprise) -> None:
    with pytest.raises(UsageProblemError) as told:
        explaining.file_evidence(desk, odd.id, "A", "for", "", "x")
    assert "trust, expectation" in told.value.hint
    with pytest.raises(UsageProblemError, match="link or words"):
        explaining.file_evidence(desk, odd.id, "trust", "for", " ", "")
    with pytest.raises(UsageProblemError, match="itself"):
        explaining.file_evidence(desk, odd.id, "trust", "for", f"[[funny:{odd.id}]]")
    kept = explaining.file_evidence(desk, odd.id, "trust", "for", "", "x")
    with pytest.raises(UsageProblemError, match="twice"):
        explaining.file_evidence(desk, odd.id, "trust", "for", "", " x ")
    explaining.withdraw_evidence(desk, odd.id, kept.id)
    assert explaining.file_evidence(desk, odd.id, "trust", "for", "", "x").id != kept.id


def test_evidence_is_withdrawn_and_kept(desk: Desk, odd: Surprise) -> None:
    other = surprises.add_surprise(desk, "other", "1", "2")
    kept = explaining.file_evidence(desk, odd.id, "trust", "for", "", "x")
    gone = explaining.withdraw_evidence(desk, odd.id, kept.id)
    assert gone.withdrawn_at == desk.clock()
    case = surprises.case_of(desk, odd.id)
    assert (case.about("trust"), case.evidence) == ((), (gone,))
    assert last(desk, odd) == ("withdrawn", "for trust: x", "")
    assert explaining.give_back_evidence(desk, odd.id, kept.id).counts
    assert surprises.case_of(desk, odd.id).about("trust") == (kept,)
    for number, evidence in ((other.id, kept.id), (odd.id, 99)):
        with pytest.raises(NotOnDeskError, match=f"no evidence {evidence}"):
            explaining.withdraw_evidence(desk, number, evidence)


def test_the_experiment_that_tells_them_apart(desk: Desk, odd: Surprise, fake_time) -> None:
    with pytest.raises(UsageProblemError, match="Which experiment"):
        explaining.set_apart(desk, odd.id, " ")
    fake_time.advance(days=1)
    changed = explaining.set_apart(desk, odd.id, "theirs on our data")
    assert (changed.apart, changed.touched_at) == ("theirs on our data", desk.clock())
    assert last(desk, odd) == ("apart", "theirs on our data", "")
    assert explaining.set_apart(desk, odd.id, "").apart == ""
    assert last(desk, odd) == ("apart", "not said any more", "")


def test_a_text_may_begin_with_a_link(desk: Desk, paper: Paper) -> None:
    run = "run:20260412-120000-tiny"

    def parted(text: str) -> tuple[str, str]:
        return refs.ref_and_words(desk, text)

    assert parted("1904.00001v2: Table 2") == ("1904.00001", "Table 2")
    assert parted(f"{paper.key} Table 2") == ("1904.00001", "Table 2")
    assert parted("20260412-120000-tiny five seeds") == (run, "five seeds")
    assert parted(f"[[{run}|the run]] five  seeds") == (run, "five  seeds")
    assert parted("claim:x-1") == ("claim:x-1", "")
    assert parted("five seeds agree") == ("", "five seeds agree")
    assert parted("") == ("", "")


def test_what_is_on_the_desk_answers_to_its_ref(desk: Desk, odd: Surprise, paper: Paper) -> None:
    note = notes.add_note(desk, paper, 1, "why?")
    write_recipe(desk.settings.recipes)
    run = f"run:{ended_run(desk)}"
    here = (odd.ref, paper.name, paper.key.casefold(), f"note:{note.id}", "1512.03385",
            run, f"{run}#score")  # fmt: skip
    assert [ref for ref in here if not refs.is_here(desk, ref)] == []
    notes.delete_note(desk, note.id)
    gone = ("funny:9", "2001.00001", "nobody2020", f"note:{note.id}", "claim:x-1", "idea:1",
            "investigation:1", "experiment:1.1", "watch:1", "run:20260412-120001-tiny",
            f"{run}#nosuch", f"{run}/recipe#score", f"{run}/../..#x", "run:..#x",
            "no link at all", "")  # fmt: skip
    assert [ref for ref in gone if refs.is_here(desk, ref)] == []
