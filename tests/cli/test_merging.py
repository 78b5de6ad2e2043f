"""``merge`` as a person and as a script sees it."""

import json

import pytest

from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata
from researchdesk.services import library
from researchdesk.services.desk import open_desk

TITLE = "Dynamic Routing Between Capsules"


@pytest.fixture
def key(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """A preprint and its published version on the desk; the key of the latter."""
    monkeypatch.setenv("RESEARCHDESK_DESK", str(settings.desk))
    desk = open_desk(settings)
    library.file_metadata(
        desk, Metadata(TITLE, ("Sara Sabour", "Nicholas Frosst"), arxiv_id="1710.09829", version=2)
    )
    made = library.file_metadata(
        desk,
        Metadata(TITLE.lower(), ("Sabour, S.",), doi="10.5/x", venue="NeurIPS", stated_year=2017),
    )
    desk.close()
    return made.key


def test_a_pair_is_proposed_looked_at_merged_and_two_again(run, key) -> None:
    assert "No pair waits" in run("merge", "list").stderr
    proposed = run("merge", "propose")
    assert proposed.returncode == 0, proposed.stderr
    assert f"1710.09829  {key}" in proposed.stdout
    assert "same title, same first authors, 2017" in run("merge", "list").stdout
    shown = run("merge", "show", key, "1710.09829")
    assert "≠  authors" in shown.stdout
    assert "1710.09829 (kept)" in shown.stdout
    run("note", "add", key, "--pass", "1", "of the published one")
    done = run("merge", key, "1710.09829")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{key} became part of 1710.09829\n"
    assert json.loads(run("show", key, "--no-parse", "--json").stdout)["id"] == "1710.09829"
    assert "published, pass 1" in run("note", "list", "1710.09829").stdout
    assert len(json.loads(run("list", "--json").stdout)["papers"]) == 1
    back = run("merge", "undo")
    assert back.stdout == f"Taken back: {key} became part of 1710.09829\n"
    assert json.loads(run("show", key, "--no-parse", "--json").stdout)["id"] == key
    assert "v1, pass 1" in run("note", "list", key).stdout
    assert run("merge", "undo").returncode == 3


def test_json_everywhere(run, key) -> None:
    (item,) = json.loads(run("merge", "propose", "--json").stdout)["proposals"]
    assert (item["kept"], item["other"]) == ("1710.09829", key)
    assert json.loads(run("merge", "list", "--json").stdout)["proposals"] == [item]
    sides = json.loads(run("merge", "show", "1710.09829", key, "--json").stdout)
    assert {field["name"]: field["unlike"] for field in sides["fields"]}["authors"]
    merged = json.loads(run("merge", "1710.09829", key, "--keep", key, "--json").stdout)
    assert merged["kept"] == "1710.09829"
    undone = json.loads(run("merge", "undo", str(merged["change"]), "--json").stdout)
    assert undone["undone"] is True


def test_a_refused_pair_is_not_proposed_again(run, key) -> None:
    run("merge", "propose")
    assert run("merge", "refuse", key, "1710.09829").returncode == 0
    assert run("merge", "list").stdout == run("merge", "propose").stdout == ""
    run("merge", "refuse", "--undo", key, "1710.09829")
    assert key in run("merge", "list").stdout


def test_what_cannot_be_is_refused(run, key) -> None:
    assert run("merge", key, key).returncode == 2
    assert run("merge", key, "2001.00001").returncode == 3
    assert run("merge", key, "1710.09829", "--keep", "nothing").returncode == 3
    assert run("merge", key).returncode == 2
    helped = run("merge", "--help")
    assert helped.returncode == 0
    assert "A B [--keep A]" in helped.stdout
