"""Requests with manners: what is tried again, what is not, and what a person is told."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest
from support.arxiv_server import ArxivServer, Fault
from support.faketime import FakeTime

from researchdesk import __version__
from researchdesk.config import Settings
from researchdesk.errors import SourceError
from researchdesk.sources import failures
from researchdesk.sources.failures import TransientError
from researchdesk.sources.http import TRIES, Fetcher, Reply

PATH = "/abs/1706.03762"


@pytest.fixture
def fetcher(arxiv_settings: Settings, arxiv_server: ArxivServer, fake_time: FakeTime) -> Fetcher:
    arxiv_server.add("1706.03762", abstract="We show it.")
    settings = replace(arxiv_settings, arxiv_interval=1.0)
    return Fetcher(settings, fake_time.clock, fake_time.sleep, jitter=lambda: 0.5)


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def problem(fetcher: Fetcher, url: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        fetcher.get(url)
    assert caught.value.hint
    assert caught.value.exit_code == 4
    return caught.value


def test_a_page_comes_and_we_say_who_we_are(fetcher: Fetcher, arxiv_server: ArxivServer) -> None:
    reply = fetcher.get(arxiv_server.url + PATH)
    assert reply.status == 200
    assert b"We show it." in reply.body
    assert arxiv_server.asked[0].headers["user-agent"].startswith(f"researchdesk/{__version__}")


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_is_waited_for(
    fetcher: Fetcher, arxiv_server: ArxivServer, fake_time: FakeTime, status: int
) -> None:
    arxiv_server.fail(PATH, Fault(status=status, headers={"Retry-After": "17"}))
    told: list[str] = []
    reply = fetcher.get(arxiv_server.url + PATH, progress=lambda what, *_: told.append(what))
    assert reply.status == 200
    assert fake_time.slept == [17.0]
    assert f"HTTP {status}" in told[0]
    assert told[1] == "waiting for arXiv"


def test_retry_after_as_a_date_is_waited_for(
    fetcher: Fetcher, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    date = format_datetime(fake_time.now + timedelta(seconds=40), usegmt=True)
    arxiv_server.fail(PATH, Fault(status=429, headers={"Retry-After": date}))
    fetcher.get(arxiv_server.url + PATH)
    assert fake_time.slept == [40.0]


@pytest.mark.parametrize("value", ["soon", "-5", "", "1e3", "²"])
def test_a_retry_after_without_sense_is_as_none(value: str, fake_time: FakeTime) -> None:
    assert failures.retry_after({"Retry-After": value}, fake_time.now) is None


def test_a_retry_after_of_the_past_is_now(fake_time: FakeTime) -> None:
    past = format_datetime(fake_time.now - timedelta(hours=1), usegmt=True)
    assert failures.retry_after({"Retry-After": past}, fake_time.now) == 0.0


def test_a_long_retry_after_is_given_up_saying_how_long(
    fetcher: Fetcher, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    arxiv_server.fail(PATH, Fault(status=429, headers={"Retry-After": "600"}))
    assert "10 min" in problem(fetcher, arxiv_server.url + PATH).message
    assert "left alone for another 10 min" in problem(fetcher, arxiv_server.url + PATH).message
    assert len(arxiv_server.asked) == 1
    fake_time.advance(minutes=10)
    assert fetcher.get(arxiv_server.url + PATH).status == 200
    assert fake_time.slept == []


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_backoff_grows_and_ends(
    fetcher: Fetcher, arxiv_server: ArxivServer, fake_time: FakeTime, status: int
) -> None:
    arxiv_server.fail(PATH, *[Fault(status=status)] * TRIES)
    assert f"HTTP {status}" in problem(fetcher, arxiv_server.url + PATH).message
    assert len(arxiv_server.asked) == TRIES
    assert fake_time.slept == [1.0, 2.0, 4.0]


def test_backoff_has_jitter(
    arxiv_settings: Settings, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    arxiv_server.add("1706.03762")
    numbers = iter([0.0, 0.9])
    paced = replace(arxiv_settings, arxiv_interval=1.0)
    fetcher = Fetcher(paced, fake_time.clock, fake_time.sleep, lambda: next(numbers))
    arxiv_server.fail(PATH, Fault(status=500), Fault(status=500))
    fetcher.get(arxiv_server.url + PATH)
    assert fake_time.slept == pytest.approx([0.5, 0.5, 2.8])


@pytest.mark.parametrize(
    ("status", "words"), [(403, "refuses"), (404, "no such page"), (400, "400"), (414, "414")]
)
def test_a_refusal_is_not_tried_again(
    fetcher: Fetcher, arxiv_server: ArxivServer, fake_time: FakeTime, status: int, words: str
) -> None:
    arxiv_server.fail(PATH, Fault(status=status))
    assert words in problem(fetcher, arxiv_server.url + PATH).message
    assert len(arxiv_server.asked) == 1
    assert fake_time.slept == []


def test_a_dropped_connection_is_tried_again(
    fetcher: Fetcher, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    arxiv_server.fail(PATH, Fault(cut=10))
    assert fetcher.get(arxiv_server.url + PATH).status == 200
    assert fake_time.slept == [1.0]
    arxiv_server.fail(PATH, *[Fault(cut=10)] * TRIES)
    assert "dropped the connection" in problem(fetcher, arxiv_server.url + PATH).message


def test_without_a_network_it_is_told_at_once_and_later_tried_again(
    fetcher: Fetcher, fake_time: FakeTime, arxiv_server: ArxivServer, closed_port: int
) -> None:
    nobody = f"http://127.0.0.1:{closed_port}/"
    assert "refused the connection" in problem(fetcher, nobody).message
    assert fake_time.slept == []
    fetcher.get(arxiv_server.url + PATH)
    problem(fetcher, nobody)
    assert len(fake_time.slept) >= TRIES - 1


def test_no_name_server(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    words = problem(fetcher, "http://export.example/").message
    assert words.startswith("The name export.example was not found")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (httpx.ConnectTimeout("t"), "cannot be reached"),
        (httpx.ReadTimeout("t"), "stopped answering"),
        (httpx.RemoteProtocolError("t"), "dropped"),
        (httpx.DecodingError("t"), "decoded"),
    ],
)
def test_what_may_pass_is_told_in_words(error: Exception, words: str) -> None:
    found = failures.of_exception(error, "export.arxiv.org")
    assert isinstance(found, TransientError)
    assert words in found.error.message


def test_an_insecure_connection_is_not_tried_again() -> None:
    error = httpx.ConnectError("t")
    error.__cause__ = ssl.SSLCertVerificationError("certificate has expired")
    found = failures.of_exception(error, "export.arxiv.org")
    assert isinstance(found, SourceError)
    assert "not secure" in found.message


def test_a_hanging_server_is_given_up(
    fetcher: Fetcher, arxiv_server: ArxivServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(*_: object, **__: object) -> Iterator[bytes]:
        raise httpx.ReadTimeout("nothing came")

    monkeypatch.setattr(httpx.Response, "iter_raw", hang)
    assert "stopped answering" in problem(fetcher, arxiv_server.url + PATH).message


def test_a_trickling_reply_is_given_up(
    fetcher: Fetcher,
    arxiv_server: ArxivServer,
    fake_time: FakeTime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def trickle(*_: object, **__: object) -> Iterator[bytes]:
        while True:
            fake_time.advance(seconds=20)
            yield b"."

    monkeypatch.setattr(httpx.Response, "iter_raw", trickle)
    assert "stopped answering" in problem(fetcher, arxiv_server.url + PATH).message


def test_redirects_are_followed_each_in_its_turn(
    arxiv_settings: Settings, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    arxiv_server.add("1706.03762")
    paced = replace(arxiv_settings, arxiv_interval=2.0)
    fetcher = Fetcher(paced, fake_time.clock, fake_time.sleep)
    arxiv_server.fail("/old", Fault(status=301, headers={"Location": PATH}))
    assert fetcher.get(arxiv_server.url + "/old").status == 200
    assert arxiv_server.paths() == ["/old", PATH]
    assert fake_time.slept == [2.0]


def test_a_key_goes_to_no_other_host(
    arxiv_settings: Settings, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    key = {"x-api-key": "secret", "Range": "bytes=5-"}
    with ArxivServer() as other:
        other.add("1706.03762")
        settings = replace(arxiv_settings, oai_url=other.url)
        fetcher = Fetcher(settings, fake_time.clock, fake_time.sleep)
        arxiv_server.fail("/here", Fault(status=302, headers={"Location": "/there"}))
        arxiv_server.fail("/there", Fault(status=302, headers={"Location": other.url + PATH}))
        fetcher.request(
            arxiv_server.url + "/here", lambda reply: reply.read(), headers=lambda: dict(key)
        )
        assert [asked.headers.get("x-api-key") for asked in arxiv_server.asked] == ["secret"] * 2
        (sent,) = other.asked
    assert sent.headers.get("x-api-key") is None
    assert sent.headers.get("range") == "bytes=5-"


@pytest.mark.parametrize("place", ["ftp://127.0.0.1/x", "file:///etc/passwd", "javascript:1"])
def test_redirects_leave_the_web_for_nothing(
    fetcher: Fetcher, arxiv_server: ArxivServer, place: str
) -> None:
    arxiv_server.fail(PATH, Fault(status=302, headers={"Location": place}))
    problem(fetcher, arxiv_server.url + PATH)
    assert len(arxiv_server.asked) == 1


def test_redirects_in_circles_end(fetcher: Fetcher, arxiv_server: ArxivServer) -> None:
    arxiv_server.fail(PATH, *[Fault(status=302, headers={"Location": PATH})] * 20)
    assert "circles" in problem(fetcher, arxiv_server.url + PATH).message
    assert len(arxiv_server.asked) < 10


@pytest.mark.parametrize(
    "url", ["ftp://x/", "nonsense", "http://", "http://127.0.0.1:x/", "http://\x00/"]
)
def test_an_address_that_is_none(fetcher: Fetcher, url: str) -> None:
    assert "RESEARCHDESK_ARXIV_URL" in problem(fetcher, url).hint


def test_offline_asks_nobody(
    arxiv_settings: Settings, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    settings = replace(arxiv_settings, offline=True)
    fetcher = Fetcher(settings, fake_time.clock, fake_time.sleep)
    assert "offline" in problem(fetcher, arxiv_server.url + PATH).message
    assert arxiv_server.asked == []
    assert not settings.state.exists()


def test_it_is_said_who_was_asked_and_failed(
    arxiv_settings: Settings, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    """arXiv and Semantic Scholar by their names, a feed by its host."""
    host = arxiv_server.url.removeprefix("http://")
    nobody = "http://127.0.0.1:9"
    elsewhere = {"arxiv_url": nobody, "oai_url": nobody, "rss_url": nobody, "s2_url": nobody}
    for where, name in (("arxiv_url", "arXiv"), ("s2_url", "Semantic Scholar"), ("none", host)):
        there = {**elsewhere, **({where: arxiv_server.url} if where in elsewhere else {})}
        settings = replace(arxiv_settings, **there)
        fetcher = Fetcher(settings, fake_time.clock, fake_time.sleep)
        arxiv_server.fail(PATH, Fault(status=429, headers={"Retry-After": "600"}))
        assert host in problem(fetcher, arxiv_server.url + PATH).message
        left = problem(fetcher, arxiv_server.url + PATH)
        assert left.message.startswith(f"{name} asked to be left alone")
        fake_time.advance(minutes=10)
        arxiv_server.fail(PATH, Fault(status=403))
        refused = problem(fetcher, arxiv_server.url + PATH)
        assert "arXiv" not in f"{refused.message} {refused.hint}"
        off = Fetcher(replace(settings, offline=True), fake_time.clock, fake_time.sleep)
        assert f"{name} was not asked" in problem(off, arxiv_server.url + PATH).message


def test_ctrl_c_while_waiting_goes_through(
    arxiv_settings: Settings, arxiv_server: ArxivServer, fake_time: FakeTime
) -> None:
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    arxiv_server.fail(PATH, Fault(status=500))
    with pytest.raises(KeyboardInterrupt):
        Fetcher(arxiv_settings, fake_time.clock, interrupted).get(arxiv_server.url + PATH)
    again = Fetcher(arxiv_settings, fake_time.clock, fake_time.sleep)
    arxiv_server.fail(PATH, Fault(status=200, body=b"x"))
    assert again.get(arxiv_server.url + PATH) == Reply(200, b"x")
