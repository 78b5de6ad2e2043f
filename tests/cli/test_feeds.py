"""Feeds on the command line: followed, asked, sorted; from cron, and with sources that fail."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.arxiv_server import Fault
from support.feed_server import FeedServer, Post, Told, atom


@pytest.fixture
def arxiv(monkeypatch: pytest.MonkeyPatch) -> Iterator[FeedServer]:
    """Announces two papers and a replaced one on a Tuesday that is not over for the desk."""
    with FeedServer() as opened:
        monkeypatch.setenv("RESEARCHDESK_ARXIV_URL", opened.url)
        monkeypatch.setenv("RESEARCHDESK_RSS_URL", opened.url)
        opened.announce(
            datetime.now(UTC) + timedelta(days=1),
            Told("2604.00001v1", "First [b]paper[/b] *of all*", abstract="We attend."),
            Told("2604.00002v1", "Second paper", "cross", ("stat.ML", "cs.LG"), "Grace Hopper"),
            Told("2501.00001v2", "Elsewhere", "replace"),
        )
        yield opened


def data(done: Any) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def ids(done: Any) -> list[str]:
    return [entry["id"] for entry in data(done)["entries"]]


def test_followed_listed_asked_and_dropped(run, arxiv) -> None:
    done = run("feed", "follow", "cs.lg", "--author", "Ada [x]", "--search", '"two words"')
    assert (done.returncode, done.stdout) == (
        0,
        '1  cs.LG\n2  author Ada [x]\n3  search “"two words"”\n',
    )
    shown = run("feed")
    assert shown.returncode == 0, shown.stderr
    assert "First [b]paper[/b] *of all* (Ada Lovelace and Charles Babbage)" in shown.stdout
    assert "cross-listed" in shown.stdout
    assert "Elsewhere" not in shown.stdout
    assert "2 of 2." in shown.stderr
    listed = data(run("feed", "list", "--json"))["feeds"]
    assert [(item["kind"], item["waiting"]) for item in listed] == [
        ("category", 2),
        ("author", 0),
        ("search", 0),
    ]
    assert run("feed", "list").stdout.splitlines()[1].split()[:3] == ["1", "category", "2"]
    assert "followed no longer" in run("feed", "drop", "cs.LG").stderr
    assert run("feed", "drop", "cs.LG").returncode == 3
    assert ids(run("feed", "--json")) == []


def test_the_page_can_be_narrowed(run, arxiv) -> None:
    run("feed", "follow", "cs.LG", "stat.ML")
    assert len(ids(run("feed", "--json"))) == 2
    assert ids(run("feed", "--json", "--from", "stat.ml")) == ["2604.00002"]
    assert ids(run("feed", "--json", "--since", "2999-01-01")) == []
    assert "2501.00001" in ids(run("feed", "--json", "--replaced"))
    one = data(run("feed", "--json", "--limit", "1"))
    assert (len(one["entries"]), one["waiting"]) == (1, 2)
    assert run("feed", "--from", "zz").returncode == 3


def test_a_digest_is_markdown_that_no_title_can_break(run, arxiv) -> None:
    run("feed", "follow", "cs.LG")
    text = run("feed", "--markdown").stdout
    assert text.startswith("# New papers, ")
    assert r"[First \[b\]paper\[/b\] \*of all\*](https://arxiv.org/abs/2604.00001)" in text
    assert "   Ada Lovelace, Charles Babbage  \n   new · cs.LG · from cs.LG" in text


def test_papers_are_kept_put_off_refused_and_all_that_taken_back(run, arxiv) -> None:
    run("feed", "follow", "cs.LG")
    run("feed", "refresh")
    kept = data(run("feed", "keep", "2604.00001", "--why", "read it", "--json"))["entries"][0]
    assert (kept["state"], kept["why"]) == ("kept", "read it")
    assert data(run("show", "2604.00001", "--json"))["title"].startswith("First")
    assert run("feed", "later", "2604.00002", "--again", "2020-01-01").returncode == 2
    assert (
        "again on 2999-01-01" in run("feed", "later", "2604.00002", "--again", "2999-01-01").stderr
    )
    assert data(run("feed", "--json"))["put_off"] == 1
    assert data(run("feed", "no", "2604.00002", "--json"))["entries"][0]["state"] == "no"
    shown = run("feed", "show", "https://arxiv.org/abs/2604.00001").stdout
    assert "First [b]paper[/b] *of all*" in shown
    assert "We attend." in shown
    for title in ("Second paper", "Second paper", "First"):
        assert title in run("feed", "undo").stderr
    assert "no decision" in run("feed", "undo").stderr
    assert len(ids(run("feed", "--json"))) == 2
    assert run("show", "2604.00001").returncode == 3


def test_of_several_all_or_none_is_decided(run, arxiv) -> None:
    run("feed", "follow", "cs.LG")
    run("feed", "refresh")
    assert run("feed", "no", "2604.00001", "2604.99999").returncode == 3
    assert len(ids(run("feed", "--json"))) == 2


def test_with_nothing_followed_it_says_how(run, arxiv) -> None:
    assert "feed follow cs.LG" in run("feed", "list").stderr
    assert "feed follow cs.LG" in run("feed", "refresh").stderr
    assert run("feed", "follow").returncode == 2
    assert run("feed", "follow", "cs.LG OR").returncode == 2
    for name, near in (
        ("cs.LGG", "arXiv has no category cs.LGG. Near to it: cs.LG"),
        ("cs.NOPE", "arXiv has no category cs.NOPE. Near to it: cs.NE."),
        ("cs.QQ", "There are: cs.AI, cs.AR"),
        ("hep-tt", "Near to it: hep-th"),
        ("physics.optic", "Near to it: physics.optics"),
        ("zz", "There are: cs, econ"),
    ):
        refused = run("feed", "follow", "cs.LG", name)
        assert refused.returncode == 2
        assert near in refused.stderr
        assert "feed follow https://rss.arxiv.org/rss/" in refused.stderr
    assert "Nothing is followed yet" in run("feed", "list").stderr
    assert run("feed", "--json", "list").returncode == 2


def test_a_source_fails_and_what_came_is_shown(run, arxiv) -> None:
    run("feed", "follow", "cs.LG", "http://127.0.0.1:9/feed")
    done = run("feed", "refresh")
    assert done.returncode == 0
    assert "First" in done.stdout
    assert "warning: http://127.0.0.1:9/feed" in done.stderr
    assert "127.0.0.1:9/feed" in run("feed", "list").stdout
    again = run("feed", "refresh")
    assert (again.returncode, again.stdout) == (4, "")


def test_where_all_fail_it_ends_with_4_and_shows_what_waits(run, arxiv) -> None:
    run("feed", "follow", "cs.LG")
    run("feed", "refresh")
    run("feed", "follow", "http://127.0.0.1:9/feed")
    done = run("feed")
    assert done.returncode == 4
    assert "First" in done.stdout
    offline = run("--offline", "feed")
    assert (offline.returncode, "First" in offline.stdout) == (0, True)
    assert "The desk is offline" in offline.stderr
    assert run("--offline", "feed", "refresh").returncode == 4


def test_offline_with_nothing_there_it_is_said_what_to_do(run, arxiv) -> None:
    empty = run("--offline", "feed")
    assert (empty.returncode, empty.stdout) == (0, "")
    assert "Nothing is followed yet: researchdesk feed follow cs.LG" in empty.stderr
    run("feed", "follow", "cs.LG")
    followed = run("--offline", "feed")
    assert "Nothing waits. Online, what is new is asked for by: researchdesk feed refresh" in (
        followed.stderr
    )
    assert run("--offline", "feed", "--json").stderr.count("Nothing") == 0


def test_broken_announcements_end_with_4_and_come_the_next_time(run, arxiv) -> None:
    run("feed", "follow", "cs.LG")
    arxiv.fail("/rss/", Fault(body=b"<html>oops</html>"))
    done = run("feed", "refresh", "--json")
    assert done.returncode == 4
    assert "web page" in json.loads(done.stdout)["feeds"][0]["problem"]
    assert len(ids(run("feed", "refresh", "--json"))) == 2


def _from_cron(*args: str) -> subprocess.Popen[str]:
    """Started as cron starts it: no terminal, nothing to read from, a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "researchdesk", *args],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "TERM": ""},
    )


def test_from_cron_it_prints_what_came_and_then_nothing(run, arxiv) -> None:
    run("feed", "follow", "cs.LG")
    first = _from_cron("feed", "refresh", "--markdown")
    out, said = first.communicate(timeout=120)
    assert (first.returncode, said) == (0, "")
    assert "2 papers wait" in out
    second = _from_cron("feed", "refresh", "--markdown")
    assert second.communicate(timeout=120) == ("", "")
    assert second.returncode == 0


def test_two_refreshes_at_once_do_no_harm(run, arxiv) -> None:
    arxiv.add("2604.00003", title="Of a subreddit")
    post = Post("x", '<a href="https://arxiv.org/abs/2604.00003">x</a>')
    address = arxiv.put("/r/ml/.rss", atom("r/ml", post))
    run("feed", "follow", "cs.LG", address)
    both = [_from_cron("feed", "refresh", "--json") for _ in range(2)]
    came = [json.loads(process.communicate(timeout=120)[0])["came"] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(came) == [0, 3]
    assert len(ids(run("feed", "--json"))) == 3
    assert arxiv.paths().count("/rss/cs.LG") == 1
