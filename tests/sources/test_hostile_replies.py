"""Replies that mislead, swell or never end: not gone on to, not unpacked, given up in time."""

import gzip
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import httpx
import pytest
from support.arxiv_server import ArxivServer, Fault
from support.faketime import FakeTime

from researchdesk.config import Settings
from researchdesk.errors import SourceError
from researchdesk.sources import body, http
from researchdesk.sources.hosts import check_redirect
from researchdesk.sources.http import Fetcher

HERE = "http://127.0.0.1:8000"
ARXIV = "https://export.arxiv.org/pdf/1"
FEED = "https://blog.example/feed"
PATH = "/abs/1706.03762"
MEGABYTE = 2**20


@pytest.fixture
def fetcher(arxiv_settings: Settings, fake_time: FakeTime) -> Fetcher:
    return Fetcher(arxiv_settings, fake_time.clock, fake_time.sleep, jitter=lambda: 0.5)


@pytest.mark.parametrize(
    ("asked", "to", "may"),
    [
        (ARXIV, "https://arxiv.org/pdf/1", True),
        (ARXIV, "https://static.arxiv.org/x", True),
        (ARXIV, "https://api.semanticscholar.org/x", True),
        (ARXIV, "https://arxiv.org:8443/pdf/1", False),
        (ARXIV, "http://arxiv.org/pdf/1", False),
        (ARXIV, "https://arxiv.org.evil.example/", False),
        (ARXIV, "https://evilarxiv.org/", False),
        (ARXIV, "https://arxiv.org@evil.example/", False),
        (ARXIV, "https://user:word@arxiv.org/", False),
        (ARXIV, "https://evil.example/", False),
        (ARXIV, "http://169.254.169.254/latest/meta-data", False),
        (ARXIV, "https://127.0.0.2/", False),
        (ARXIV, "https://[::1]/", False),
        (ARXIV, "ftp://arxiv.org/x", False),
        (FEED, "https://www.blog.example/feed.xml", True),
        (FEED, "https://feeds.elsewhere.example/", False),
        (FEED, "http://blog.example/feed", False),
        ("http://blog.example/feed", "https://blog.example/feed", True),
        ("http://10.0.0.5:8080/feed", "http://10.0.0.5:8080/new", True),
        ("http://10.0.0.5:8080/feed", "http://10.0.0.5:22/", False),
        ("http://10.0.0.5:8080/feed", "https://10.0.0.6/", False),
        (HERE, f"{HERE}/other", True),
        (ARXIV, f"{HERE}/told", True),
        (HERE, "http://127.0.0.1:8001/", False),
    ],
)
def test_whom_a_reply_may_send_us_on_to(settings: Settings, asked: str, to: str, may: bool) -> None:
    settings = replace(settings, arxiv_url=HERE)
    if may:
        check_redirect(httpx.URL(asked), httpx.URL(to), settings)
        return
    with pytest.raises(SourceError, match="not on the list") as caught:
        check_redirect(httpx.URL(asked), httpx.URL(to), settings)
    assert "word" not in caught.value.message
    assert caught.value.hint


def test_one_who_is_not_on_the_list_is_never_asked(
    fetcher: Fetcher, arxiv_server: ArxivServer
) -> None:
    with ArxivServer() as other:
        arxiv_server.fail(PATH, Fault(status=302, headers={"Location": other.url + PATH}))
        with pytest.raises(SourceError, match="not on the list"):
            fetcher.get(arxiv_server.url + PATH)
        assert other.asked == []
    assert len(arxiv_server.asked) == 1


def test_a_word_in_netrc_is_sent_to_nobody(
    fetcher: Fetcher, arxiv_server: ArxivServer, tmp_path, monkeypatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\ndefault login me password x\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    arxiv_server.add("1706.03762")
    fetcher.get(arxiv_server.url + PATH)
    assert "authorization" not in arxiv_server.asked[0].headers


def test_the_proxy_of_the_environment_is_asked(
    fetcher: Fetcher, arxiv_server: ArxivServer, monkeypatch
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HTTP_PROXY", arxiv_server.url)
    with suppress(SourceError):
        fetcher.get("http://papers.example/x", tries=1)
    assert [asked.headers["host"] for asked in arxiv_server.asked] == ["papers.example"]


def test_who_is_who_is_always_checked(
    fetcher: Fetcher, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The certificates are those of SSL_CERT_FILE, where that is set."""
    with httpx.Client() as plain:
        context = plain._transport._pool._ssl_context  # type: ignore[attr-defined]
        assert context.verify_mode.name == "CERT_REQUIRED"
        assert context.check_hostname
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(SourceError) as caught:
        fetcher.get("https://127.0.0.1:9/", tries=1)
    assert "SSL_CERT_FILE" in caught.value.hint


@pytest.mark.parametrize(
    "proxy", ["nonsense://x", "socks5://127.0.0.1:9", "http://[", "http://x:y"]
)
def test_a_proxy_that_is_none_is_told(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(SourceError) as caught:
        fetcher.get("http://papers.example/", tries=1)
    assert caught.value.hint


def bomb(megabytes: int, times: int = 1) -> bytes:
    packed = gzip.compress(bytes(megabytes * MEGABYTE), 9, mtime=0)
    for _ in range(times - 1):
        packed = gzip.compress(packed, 9, mtime=0)
    return packed


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_reply_that_swells_is_left_before_it_fills_the_memory(
    fetcher: Fetcher, arxiv_server: ArxivServer, monkeypatch, encoding: str
) -> None:
    monkeypatch.setattr(http, "_LARGEST_REPLY", 2 * MEGABYTE)
    packed = bomb(40) if encoding == "gzip" else zlib.compress(bytes(40 * MEGABYTE), 9)
    arxiv_server.fail(PATH, Fault(200, packed, {"Content-Encoding": encoding}))
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match="without end"):
            fetcher.get(arxiv_server.url + PATH)
        assert tracemalloc.get_traced_memory()[1] < 8 * MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("named", "sent"),
    [("gzip, gzip", bomb(1, 2)), ("br", b"x"), ("gzip", b"no gzip"), ("gzip", bomb(1)[:-9])],
    ids=["twice", "of another kind", "none at all", "cut short"],
)
def test_what_is_packed_otherwise_or_cut_short_is_refused(
    fetcher: Fetcher, arxiv_server: ArxivServer, named: str, sent: bytes
) -> None:
    fault = Fault(200, sent, {"Content-Encoding": named})
    arxiv_server.fail(PATH, *[fault] * http.TRIES)
    with pytest.raises(SourceError, match="cannot be decoded"):
        fetcher.get(arxiv_server.url + PATH)


def test_what_is_packed_as_asked_is_read(fetcher: Fetcher, arxiv_server: ArxivServer) -> None:
    plain = bytes(range(256)) * 4000
    fault = Fault(200, gzip.compress(plain, mtime=0), {"Content-Encoding": "gzip"})
    arxiv_server.fail(PATH, fault)
    assert fetcher.get(arxiv_server.url + PATH).body == plain
    assert arxiv_server.asked[0].headers["accept-encoding"] == "gzip"


@contextmanager
def raw_server(*parts: bytes, then: float = 0.02, trickle: bytes = b"") -> Iterator[str]:
    """Sends these bytes to whoever comes, then ``trickle`` every ``then`` seconds, to the end."""
    ended = threading.Event()

    def serve(listening: socket.socket) -> None:
        while not ended.is_set():
            with suppress(OSError):
                taken, _ = listening.accept()
                with taken:
                    taken.recv(65536)
                    taken.sendall(b"".join(parts))
                    while trickle and not ended.wait(then):
                        taken.sendall(trickle)

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.settimeout(0.1)
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        ended.set()
        thread.join(5)


def test_headers_that_never_end_are_given_up(fetcher: Fetcher, monkeypatch) -> None:
    monkeypatch.setattr(http, "_LONGEST_HEAD", 0.3)
    with (
        raw_server(b"HTTP/1.1 200 OK\r\nX: ", trickle=b"x") as url,
        pytest.raises(SourceError, match=r"dropped|stopped"),
    ):
        fetcher.get(url, tries=1)


def test_a_body_that_never_says_a_thing_is_given_up(fetcher: Fetcher, monkeypatch) -> None:
    """The size of a chunk may have words behind it, without end."""
    monkeypatch.setattr(body, "LONGEST", 0.3)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;"
    with (
        raw_server(head, trickle=b"x") as url,
        pytest.raises(SourceError, match=r"dropped|stopped"),
    ):
        fetcher.get(url, tries=1)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 2 * MEGABYTE + b"\r\n\r\n", "dropped"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000 + b"\r\n", "dropped"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "dropped"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nx", "dropped"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nx", "dropped"),
        (b"HTTP/1.1 302 OK\r\nLocation: http://[\r\n\r\n", "not on the list"),
        (b"\x00\xff" * 100, "dropped"),
    ],
)
def test_a_reply_against_the_rules_is_told_in_words(
    fetcher: Fetcher, head: bytes, words: str
) -> None:
    with raw_server(head) as url, pytest.raises(SourceError, match=words):
        fetcher.get(url, tries=1)


def test_more_than_was_promised_is_not_read(fetcher: Fetcher) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue"
    with raw_server(head + b"and more " * 10_000) as url:
        assert fetcher.get(url).body == b"true"
