"""``sync`` as a person and as a script sees it."""

import json
from collections.abc import Iterator

import pytest
from support.arxiv_server import Fault
from support.oai_server import OaiServer


@pytest.fixture
def oai(monkeypatch: pytest.MonkeyPatch) -> Iterator[OaiServer]:
    with OaiServer() as running:
        monkeypatch.setenv("RESEARCHDESK_ARXIV_URL", running.url)
        monkeypatch.setenv("RESEARCHDESK_OAI_URL", f"{running.url}/oai")
        yield running


@pytest.fixture
def replaced(run, oai: OaiServer) -> OaiServer:
    """One paper read in v1 of which there is a v2, one that was withdrawn, one published."""
    for name in ("2001.00001", "2001.00002", "2001.00003"):
        oai.add(f"{name}v1", title=f"Title of {name}")
    assert run("add", "--no-pdf", "2001.00001", "2001.00002", "2001.00003").returncode == 0
    assert run("note", "add", "2001.00001", "--pass", "1", "an [b]odd[/b] step").returncode == 0
    assert run("claim", "add", "2001.00002", "94 % on CIFAR-10").returncode == 0
    oai.add("2001.00001v2", title="Other words")
    oai.add("2001.00002v2", pdf=None, comment="Withdrawn: Lemma 2 is \u202efalse")
    oai.add("2001.00003v1", journal_ref="Nature 521 (2015) 436", doi="10.1038/n")
    return oai


def test_what_changed_is_printed_and_kept_until_seen(run, replaced: OaiServer) -> None:
    done = run("sync")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["paper", "what", "news", "title"]
    assert "v2 is out; v1 is at hand" in done.stdout
    assert "withdrawn in v2: Withdrawn: Lemma 2 is" in done.stdout
    assert "published: Nature 521 (2015) 436 · doi:10.1038/n" in done.stdout
    assert "\u202e" not in done.stdout
    assert "3 papers asked about: 3 changes." in done.stderr
    again = run("sync")
    assert again.stdout == ""
    assert "3 had been asked about today" in again.stderr
    waiting = json.loads(run("sync", "--news", "--json").stdout)["news"]
    assert {item["paper"]: item["kind"] for item in waiting} == {
        "2001.00001": "version",
        "2001.00002": "withdrawn",
        "2001.00003": "published",
    }
    assert "v2 is out" in run("sync", "--news", "--seen").stdout
    assert "Nothing changed that you have not seen" in run("sync", "--news").stderr


def test_json_says_the_same(run, replaced: OaiServer) -> None:
    done = run("sync", "2001.00002", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["asked"], told["left"], told["error"], told["problems"]) == (1, 0, None, [])
    (item,) = told["news"]
    assert (item["paper"], item["kind"], item["version"]) == ("2001.00002", "withdrawn", 2)


def test_notes_and_claims_and_the_paper_are_marked(run, replaced: OaiServer) -> None:
    run("sync")
    listed = run("note", "list").stdout
    assert "v2 is out; this was read in v1" in listed
    assert "an [b]odd[/b] step" in listed
    (note,) = json.loads(run("note", "list", "--json").stdout)["notes"]
    assert note["mark"] == "v2 is out; this was read in v1"
    assert "withdrawn in v2: Withdrawn" in run("claim", "list").stdout
    (claim,) = json.loads(run("claim", "list", "--json").stdout)["claims"]
    assert claim["mark"].startswith("withdrawn in v2")
    assert "! v2 is out; this was read in v1" in run("note", "show", "1").stdout
    shown = run("show", "--no-parse", "2001.00001").stdout
    assert "! v2 is out; v1 is at hand" in shown
    assert "Title of 2001.00001" in shown
    record = json.loads(run("show", "--no-parse", "2001.00001", "--json").stdout)
    assert (record["version"], record["latest_version"]) == (1, 2)
    assert record["notes"][0]["mark"] == record["mark"] == "v2 is out; this was read in v1"
    assert "! withdrawn in v2" in run("show", "--no-parse", "2001.00002").stdout
    assert "published: Nature 521" in run("show", "--no-parse", "2001.00003").stdout


def test_nothing_replaced_is_not_marked(run, oai: OaiServer) -> None:
    oai.add("2001.00001v1")
    run("add", "--no-pdf", "2001.00001")
    run("note", "add", "2001.00001", "--pass", "1", "fine")
    run("sync")
    assert "since" not in run("note", "list").stdout
    assert json.loads(run("note", "list", "--json").stdout)["notes"][0]["mark"] is None


def test_a_failure_keeps_what_came_and_says_what_did_not(run, replaced: OaiServer) -> None:
    replaced.fail("/api/query", *[Fault(status=403, body=b"")] * 3)
    done = run("sync", "--json")
    assert done.returncode == 4
    told = json.loads(done.stdout)
    assert (told["asked"], told["left"]) == (0, 3)
    assert "HTTP 403" in told["error"]
    assert "wait an hour" in done.stderr


def test_what_could_not_be_found_out_ends_with_4_too(run, replaced: OaiServer) -> None:
    replaced.fail("/api/query", Fault(body=b"<html/>"))
    done = run("sync", "2001.00001", "--json")
    assert done.returncode == 4
    assert json.loads(done.stdout)["left"] == 1
    assert "web page" in done.stderr


def test_offline_says_so(run, replaced: OaiServer) -> None:
    asked = len(replaced.asked)
    done = run("--offline", "sync")
    assert (done.returncode, done.stdout) == (4, "")
    assert "The desk is offline" in done.stderr
    assert len(replaced.asked) == asked


def test_a_name_that_is_not_on_the_desk_ends_with_3(run, oai: OaiServer) -> None:
    assert run("sync", "2001.00009").returncode == 3
