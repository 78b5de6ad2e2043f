import json

from support.arxiv_server import ArxivServer, Fault
from support.tiny_pdf import tiny_pdf

from researchdesk.config import Settings


def test_add_list_show_remove(run, arxiv_settings: Settings, arxiv_server: ArxivServer) -> None:
    arxiv_server.add("1706.03762v5", title="Attention [b]is[/b] \u202eall", abstract="We propose.")
    arxiv_server.add("math/0405482v2", title="Sums")
    done = run("add", "1706.03762v5", "https://arxiv.org/abs/math/0405482", "--json")
    assert done.returncode == 0, done.stderr
    papers = json.loads(done.stdout)["papers"]
    assert [(p["id"], p["version"]) for p in papers] == [("1706.03762", 5), ("math/0405482", 2)]
    listed = json.loads(run("list", "--json").stdout)["papers"]
    assert {p["id"]: p["status"] for p in listed} == {
        "1706.03762": "unread",
        "math/0405482": "unread",
    }
    text = run("list").stdout
    assert "Attention [b]is[/b] all" in text
    assert "\u202e" not in text
    shown = run("show", "1706.03762")
    assert "We propose." in shown.stdout
    assert run("remove", "math/0405482").returncode == 0
    assert "0405482" not in run("list").stdout
    assert "put back" in run("add", "math/0405482").stdout
    unknown = run("list", "--status", "foo")
    assert (unknown.returncode, "no status 'foo'" in unknown.stderr) == (2, True)


def test_one_that_fails_does_not_stop_the_others(
    run, arxiv_settings: Settings, arxiv_server: ArxivServer
) -> None:
    arxiv_server.add("1706.03762v5")
    done = run("add", "nonsense", "1706.99999", "1706.03762", "--json")
    assert done.returncode == 2
    told = json.loads(done.stdout)
    assert [p["id"] for p in told["papers"]] == ["1706.03762"]
    assert [f["id"] for f in told["failed"]] == ["nonsense", "1706.99999"]


def test_too_many_requests_then_success(
    run, arxiv_settings: Settings, arxiv_server: ArxivServer
) -> None:
    arxiv_server.add("1706.03762v5")
    arxiv_server.fail("/api/query", Fault(status=429, headers={"Retry-After": "1"}))
    done = run("add", "1706.03762")
    assert done.returncode == 0, done.stderr
    asked = ["/api/query", "/api/query", "/pdf/1706.03762v5", "/html/1706.03762v5"]
    assert arxiv_server.paths() == asked


def test_find_pages(run, arxiv_settings: Settings, arxiv_server: ArxivServer) -> None:
    for number in range(5):
        arxiv_server.add(f"2001.0000{number}", title=f"Testing {number}")
    first = run("find", "testing", "--limit", "3")
    assert first.returncode == 0
    assert "--start 3" in first.stderr
    page = json.loads(run("find", "testing", "--limit", "3", "--start", "3", "--json").stdout)
    assert (page["total"], page["start"], len(page["papers"])) == (5, 3, 2)
    assert "0-0 of 0" in run("find", "zebra").stderr


def test_search_finds_notes(run, arxiv_settings: Settings, arxiv_server: ArxivServer) -> None:
    arxiv_server.add("1706.03762v5", title="Attention")
    run("add", "1706.03762")
    noted = run("note", "add", "1706.03762", "warmup matters, [[funny:zz]]")
    assert "[[funny:zz]]; kept as written" in noted.stderr
    assert "1706.03762" in run("search", "warm").stdout
    assert run("search", "zebra").stdout == ""


def test_a_local_pdf(run, tmp_path) -> None:
    (tmp_path / "notes.pdf").write_bytes(tiny_pdf("Notes on descent"))
    done = run("add", "notes.pdf", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["papers"][0]["fetched"]
