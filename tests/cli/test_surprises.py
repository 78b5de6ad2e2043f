"""`researchdesk funny`: one line keeps a surprise; evidence and explanations follow it up."""

import json

import pytest


@pytest.fixture
def odd(run) -> str:
    """A surprise on a paper that ships."""
    done = run("funny", "add", "AMSGrad is worse", "--expected", "93.4", "--observed", "91.2",
               "--on", "arXiv:1904.09237v2")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "kept: -2.2" in done.stderr
    return done.stdout.strip()


def test_one_line_is_enough(run) -> None:
    done = run("funny", "add", "accuracy: expected 93.4, got 91.2", "--json")
    told = json.loads(done.stdout)
    assert (told["expected"], told["observed"], told["state"]) == ("93.4", "91.2", "noticed")
    assert told["delta"]["by"] == pytest.approx(-2.2)
    assert told["delta"]["in_spreads"] is None
    assert told["ref"] == f"funny:{told['id']}"


@pytest.mark.parametrize("args", [("odd",), ("odd", "--expected", "down")])
def test_without_a_delta_nothing_is_kept(run, args) -> None:
    done = run("funny", "add", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Nothing was kept" in done.stderr
    assert "--expected" in done.stderr
    assert json.loads(run("funny", "list", "--all", "--json").stdout) == {"surprises": []}


def test_what_nothing_answers_to_is_kept_and_told(run) -> None:
    done = run("funny", "add", "x", "--expected", "1", "--observed", "2", "--on", "run:zz")
    assert done.returncode == 0
    assert "Nothing on this desk answers to run:zz; kept as written." in done.stderr
    assert json.loads(run("funny", "show", "1", "--json").stdout)["on"] == "run:zz"


def test_it_stands_once_both_questions_have_evidence(run, odd) -> None:
    refused = run("funny", "resolve", odd, "standing")
    assert refused.returncode == 2
    assert f"researchdesk funny evidence {odd} --for trust REF" in refused.stderr
    assert f"researchdesk funny evidence {odd} --for expectation REF" in refused.stderr
    filed = run("funny", "evidence", odd, "--for", "trust", "1904.09237v1", "five", "seeds")
    assert filed.returncode == 0, filed.stderr
    assert "Filed for trust: 1904.09237 five seeds" in filed.stderr
    last = run("funny", "evidence", odd, "--for", "expectation", "1904.09237", "--json")
    (item,) = json.loads(last.stdout)["filed"]
    assert (item["about"], item["side"], item["ref"]) == ("expectation", "for", "1904.09237")
    assert run("funny", "resolve", odd, "standing").returncode == 0
    against = run("funny", "evidence", odd, "--against", "trust", "one seed only")
    assert f"funny resolve {odd} artefact" in against.stderr
    told = json.loads(run("funny", "show", odd, "--json").stdout)
    assert [item["answered"] for item in told["questions"]] == [True, True]
    assert told["questions"][0]["for"][0]["now"]["standing"] == "plain"
    away = run("funny", "evidence", odd, "--withdraw", filed.stdout.strip())
    assert "no longer counts" in away.stderr
    page = run("funny", "show", odd).stdout
    said = "standing, its evidence was withdrawn"
    assert f"Surprise {odd}  {said}" in page
    assert json.loads(run("funny", "show", odd, "--json").stdout)["said"] == said
    assert "Something speaks against it, and nothing that is linked for it." in page
    assert "Withdrawn" in page


def test_two_explanations_until_one_is_left(run, odd) -> None:
    first = run("funny", "explain", odd, "-", "--predicts", "gone with r12", stdin="a bug\n")
    assert first.stdout == "A\n"
    assert f"funny explain {odd} --letter A --refuted-by" in first.stderr
    second = run("funny", "explain", odd, "their data", "--refuted-by", "same with ours")
    assert "Which experiment would tell A from B?" in second.stderr
    page = run("funny", "show", odd).stdout
    assert "Not said yet: which experiment would tell A from B?" in page
    assert f'researchdesk funny apart {odd} "…"' in page
    assert run("funny", "apart", odd, "theirs on our data").returncode == 0
    run("funny", "explain", odd, "--letter", "a", "--refuted-by", "still there with r12")
    assert run("funny", "rule-out", odd, "B").returncode == 2
    assert run("funny", "rule-out", odd, "B", "--why", "same with ours").returncode == 0
    assert run("funny", "resolve", odd, "explained").returncode == 2
    done = json.loads(run("funny", "resolve", odd, "explained", "--by", "A", "--json").stdout)
    assert (done["state"], done["why"]) == ("explained", "A: a bug")
    told = json.loads(run("funny", "show", odd, "--json").stdout)
    one, two = told["explanations"]
    assert (one["refuted_by"], two["ruled_out"]) == ("still there with r12", "same with ours")
    assert told["apart"] == "theirs on our data"
    assert told["history"][-1]["said"] == "explained"


def test_states_are_spoken_undone_and_filtered(run, odd) -> None:
    assert run("funny", "resolve", odd, "Suspected-Artefact").returncode == 0
    assert run("funny", "resolve", odd, "dropped").returncode == 2
    assert run("funny", "resolve", odd, "dropped", "--why", "the seed").returncode == 0
    assert run("funny", "list").stdout == ""
    assert "the others" in run("funny", "list").stderr.casefold()
    assert "AMSGrad" in run("funny", "list", "--state", "dropped", "seed").stdout
    assert "AMSGrad" in run("funny", "list", "--all", "--on", "1904.09237").stdout
    assert "suspected artefact" in run("funny", "undo", odd).stderr
    later = run("funny", "resolve", odd, "noticed", "--again", "2100-01-31", "--json")
    assert json.loads(later.stdout)["again_on"] == "2100-01-31"
    assert run("funny", "resolve", odd, "noticed", "--again", "2000-01-31").returncode == 2
    became = run("funny", "resolve", odd, "idea")
    assert "Weigh it: researchdesk idea edit" in became.stderr
    ideas = json.loads(run("idea", "list", "--json").stdout)["ideas"]
    assert [item["of"] for item in ideas] == [f"funny:{odd}"]
    followed = json.loads(run("funny", "show", odd, "--json").stdout)["followed_up"]
    assert [(item["ref"], item["said"]) for item in followed] == [("idea:1", "open")]
    assert "Followed up" in run("funny", "show", odd).stdout


def test_what_the_desk_knows_is_shown_and_taken(run, odd) -> None:
    run("claim", "add", "1904.09237", "AMSGrad does as well", "--value", "93.4")
    page = run("funny", "evidence", odd, "--known")
    assert "Is the expectation well founded?" in page.stdout
    assert "  1  + claim:1904.09237-1  the paper claims: AMSGrad does as well" in page.stdout
    assert json.loads(run("funny", "show", odd, "--json").stdout)["questions"][1]["for"] == []
    assert run("funny", "evidence", odd, "--take", "1").returncode == 0
    known = json.loads(run("funny", "evidence", odd, "--known", "--json").stdout)["known"]
    assert [item["filed"] for item in known] == [True, False]
    both = run("funny", "evidence", odd, "--take", "2", "--take", "1")
    assert both.returncode == 2
    assert "1 was filed already; nothing was filed." in both.stderr
    known = json.loads(run("funny", "evidence", odd, "--known", "--json").stdout)["known"]
    assert [item["filed"] for item in known] == [True, False]
    assert run("funny", "evidence", odd, "--take", "9").returncode == 2


WRONG = {
    ("show", "7"): 3,
    ("undo", "7"): 3,
    ("resolve", "7", "standing"): 3,
    ("evidence", "7", "--known"): 3,
    ("evidence", "1"): 2,
    ("evidence", "1", "--for", "trust", "--known"): 2,
    ("evidence", "1", "--known", "words"): 2,
    ("evidence", "1", "--withdraw", "9"): 3,
    ("resolve", "1", "nonsense"): 2,
    ("show", "99999999999999999999"): 2,
}


def test_what_is_wrong_is_told_and_changes_nothing(run, odd) -> None:
    for args, code in WRONG.items():
        done = run("funny", *args)
        assert (done.returncode, done.stdout) == (code, ""), args
        assert "error:" in done.stderr.casefold()
        assert "Traceback" not in done.stderr
    assert len(json.loads(run("funny", "show", odd, "--json").stdout)["history"]) == 1
