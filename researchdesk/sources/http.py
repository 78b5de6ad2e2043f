"""Requests with manners: paced, with time limits, tried again where that may help."""

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

import httpx

from researchdesk import __version__
from researchdesk.config import Settings
from researchdesk.domain.clock import Clock
from researchdesk.errors import SourceError, offline
from researchdesk.sources import body, failures
from researchdesk.sources.failures import TransientError
from researchdesk.sources.hosts import check_redirect, origin
from researchdesk.sources.pacing import LONGEST_WAIT, Pacer, interval_for, is_arxiv
from researchdesk.sources.progress import Progress, Sleep, silent

SEMANTIC_SCHOLAR = "Semantic Scholar"
USER_AGENT = f"researchdesk/{__version__} (reading and reproducing papers; python-httpx)"
TRIES = 4
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_HEADERS = {"User-Agent": USER_AGENT, "Accept-Encoding": body.ENCODINGS}
_REDIRECTS = 5
_SECRET = {"x-api-key"}
"""Headers that no other host gets where one is sent on to it."""
_LARGEST_REPLY = 64 * 2**20
_LONGEST_HEAD = 60.0
"""Seconds in which a reply must have begun, however its headers trickle."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply, decoded."""

    status: int
    body: bytes


class Fetcher:
    """Asks the web for one thing at a time, in its turn. Safe to share between threads.

    ``jitter`` gives numbers in [0, 1).
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        sleep: Sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._pacer = Pacer(settings.state / "requests", clock, sleep)
        self._reached = False

    def get(
        self,
        url: str,
        accept: Collection[int] = (200,),
        progress: Progress = silent,
        tries: int = TRIES,
        headers: Callable[[], Mapping[str, str]] = dict,
    ) -> Reply:
        """The reply of ``url`` where its status is one of ``accept``; asked for at most so often.

        Raises SourceError: network, time limit, status, or a reply beyond all measure.
        """
        return self.request(
            url, self._whole, accept=accept, headers=headers, progress=progress, tries=tries
        )

    def request(
        self,
        url: str,
        consume: Callable[[httpx.Response], T],
        *,
        accept: Collection[int] = (200,),
        headers: Callable[[], Mapping[str, str]] = dict,
        progress: Progress = silent,
        tries: int = TRIES,
    ) -> T:
        """What ``consume`` makes of the open response, which it reads within the turn.

        It is called again, with fresh ``headers``, when the connection broke while it read. Where
        there was no connection to any host so far, that is told at once. Raises SourceError, and
        whatever ``consume`` raises that is not httpx's.
        """
        if self._settings.offline:
            raise offline(f"{self._who(_host(url))} was not asked")
        for attempt in range(tries):
            try:
                return self._follow(url, consume, accept, headers, progress)
            except TransientError as fault:
                if attempt + 1 == tries or (fault.unreachable and not self._reached):
                    raise fault.error from fault.__cause__
                said = fault.error.message.split(". ")[0].rstrip(".")
                progress(f"{said}; trying again", 0, None)
                if fault.wait is None:
                    unit = min(1.0, self._interval(_host(url)))
                    self._sleep(unit * 2.0**attempt * (0.5 + self._jitter()))
        raise AssertionError("unreachable")

    def _follow(
        self,
        url: str,
        consume: Callable[[httpx.Response], T],
        accept: Collection[int],
        headers: Callable[[], Mapping[str, str]],
        progress: Progress,
    ) -> T:
        _host(url)
        asked = httpx.URL(url)
        for _ in range(_REDIRECTS + 1):
            host = _host(url)
            same = origin(httpx.URL(url)) == origin(asked)
            said = {k: v for k, v in headers().items() if same or k not in _SECRET}
            try:
                with (
                    self._pacer.turn(host, self._interval(host), progress, self._who(host)),
                    self._client() as web,
                    body.in_time(web.close, _LONGEST_HEAD) as begun,
                    web.stream("GET", url, headers=said) as response,
                ):
                    begun()
                    self._reached = True
                    if response.next_request is None:
                        self._check(response, host, accept)
                        return consume(response)
                    check_redirect(asked, response.next_request.url, self._settings)
                    url = str(response.next_request.url)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise failures.of_exception(error, host) from error
        raise SourceError(f"{_host(url)} sends round in circles.", "Nothing was changed.")

    def _check(self, response: httpx.Response, host: str, accept: Collection[int]) -> None:
        """Raises for a status not in ``accept``; what the host asks for holds for all processes."""
        if response.status_code in accept:
            return
        wait = failures.retry_after(response.headers, self._clock())
        if wait is not None and response.status_code in {429, 503}:
            self._pacer.postpone(host, max(wait, self._interval(host)))
        else:
            wait = None
        raise failures.of_status(response.status_code, host, wait, LONGEST_WAIT)

    def _whole(self, response: httpx.Response) -> Reply:
        return Reply(response.status_code, body.whole(response, _LARGEST_REPLY, self._clock))

    def _who(self, host: str) -> str:
        """What a person calls the host: the service whose address it is, else its own name."""
        told = self._settings
        if is_arxiv(host) or any(
            host == _netloc(url) for url in (told.arxiv_url, told.oai_url, told.rss_url)
        ):
            return "arXiv"
        return SEMANTIC_SCHOLAR if host == _netloc(told.s2_url) else host

    def _interval(self, host: str) -> float:
        return interval_for(host, self._settings.arxiv_interval)

    def _client(self) -> httpx.Client:
        """Raises SourceError where the environment names certificates or a proxy that are none."""
        try:
            return httpx.Client(timeout=_TIMEOUT, headers=_HEADERS)
        except (OSError, ValueError, ImportError) as error:
            raise failures.of_environment(error) from error


def _host(url: str) -> str:
    """The host of a web address, with its port where one is named. Raises SourceError."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise failures.of_exception(error, url) from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise failures.of_exception(httpx.UnsupportedProtocol("only http and https are"), url)
    return parsed.netloc.decode("ascii") if parsed.port else parsed.host


def _netloc(url: str) -> str:
    try:
        return _host(url)
    except SourceError:
        return ""
