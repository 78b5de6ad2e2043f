"""Claims on the command line."""

import json
import time
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner, Result

from researchdesk.cli.main import cli
from researchdesk.domain.claims import ClaimCandidate
from researchdesk.services import documents

ID = "1904.09237"
CANDIDATES = tuple(
    ClaimCandidate(f"{n}.5", n + 0.5, "accuracy", "CIFAR", "Table 1", 3, f"row {n}", unit="%")
    for n in range(3)
)


@pytest.fixture
def _candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "candidates_of", lambda desk, paper: CANDIDATES)


def _call(*args: str) -> Result:
    return CliRunner().invoke(cli, ["claim", *args])


@pytest.mark.usefixtures("_candidates")
def test_candidates_are_suggested_and_taken_by_number() -> None:
    told = json.loads(_call("suggest", ID, "--limit", "2", "--json").stdout)
    assert (told["paper"], told["total"]) == (ID, 3)
    assert [(c["number"], c["value"], c["text"]) for c in told["candidates"]] == [
        (1, 0.5, "accuracy CIFAR 0.5%"),
        (2, 1.5, "accuracy CIFAR 1.5%"),
    ]
    shown = _call("suggest", ID, "--limit", "2")
    assert "Table 1, p. 3" in shown.stdout
    assert "2 of 3" in shown.stderr
    assert json.loads(_call("list", ID, "--json").stdout) == {"claims": []}
    assert _call("accept", ID, "3", "1", "3").stdout == f"{ID}-1\n{ID}-2\n"
    assert _call("accept", ID, "1").stdout == f"{ID}-2\n"
    kept = json.loads(_call("list", "--json").stdout)["claims"]
    assert [(c["slug"], c["value"], c["paper"]) for c in kept] == [
        (f"{ID}-1", 2.5, ID),
        (f"{ID}-2", 0.5, ID),
    ]


@pytest.mark.usefixtures("_candidates")
def test_a_number_that_is_none_keeps_nothing() -> None:
    done = _call("accept", ID, "1", "4")
    assert done.exit_code != 0
    assert json.loads(_call("list", ID, "--json").stdout) == {"claims": []}


def test_a_claim_by_hand_is_listed_removed_and_restored(run) -> None:
    done = run("claim", "add", ID, "it converges", "--value", "-1.5", "--where", "Theorem 1")
    slug = done.stdout.strip()
    assert (done.returncode, slug) == (0, f"{ID}-1")
    assert "it converges" in run("claim", "list", ID).stdout
    assert run("claim", "add", ID, "x", "--value", "nan").returncode == 2
    assert run("claim", "edit", slug, "it converges slowly").returncode == 0
    assert run("claim", "rm", slug).returncode == 0
    assert run("claim", "list").stdout == ""
    assert run("claim", "rm", slug).returncode == 3
    assert run("claim", "restore", slug).returncode == 0
    (kept,) = json.loads(run("claim", "list", "--json").stdout)["claims"]
    assert (kept["text"], kept["value"], kept["where"]) == (
        "it converges slowly",
        -1.5,
        "Theorem 1",
    )


def test_without_a_pdf_there_is_nothing_to_suggest(run) -> None:
    done = run("claim", "suggest", ID)
    assert done.returncode == 3
    assert "PDF" in done.stderr


@pytest.mark.usefixtures("_candidates")
def test_what_a_claim_said_before_is_listed() -> None:
    slug = _call("accept", ID, "1").stdout.strip()
    assert _call("edit", slug, "in other words").exit_code == 0
    assert _call("accept", ID, "1").stdout.strip() == slug
    told = json.loads(_call("revisions", slug, "--json").stdout)
    assert [state["text"] for state in told["revisions"]] == [CANDIDATES[0].text, "in other words"]
    assert "in other words" in _call("revisions", slug).stdout
    assert _call("revisions", "nope-1").exit_code != 0


@pytest.mark.usefixtures("_candidates")
def test_a_person_reads_their_own_clock_and_a_program_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    slug = _call("accept", ID, "1").stdout.strip()
    monkeypatch.setenv("TZ", "JST-9")
    time.tzset()
    try:
        (state,) = json.loads(_call("revisions", slug, "--json").stdout)["revisions"]
        shown = _call("revisions", slug).stdout
    finally:
        monkeypatch.undo()
        time.tzset()
    saved = datetime.fromisoformat(state["saved_at"])
    assert saved.utcoffset() == timedelta(0)
    assert shown.startswith(f"{saved + timedelta(hours=9):%Y-%m-%d %H:%M}  ")
