"""What went wrong on the way to a source and back, in words for a person."""

import errno
import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from researchdesk.domain.durations import in_words
from researchdesk.domain.text import one_line
from researchdesk.errors import SourceError

_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN}
_LATER = "Nothing was changed; try again in a few minutes."


class StatusError(SourceError):
    """The host answered with ``status`` and not with what was asked for."""

    def __init__(self, status: int, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.status = status


class TransientError(Exception):
    """A failure that may pass: ``error`` is raised when it does not.

    ``wait`` is what the host asked for, in seconds, or ``None``. ``unreachable``: there was no
    connection at all.
    """

    def __init__(
        self, error: SourceError, wait: float | None = None, *, unreachable: bool = False
    ) -> None:
        super().__init__(error.message)
        self.error = error
        self.wait = wait
        self.unreachable = unreachable


def of_exception(error: Exception, host: str) -> Exception:
    """What to raise for an exception of httpx: a TransientError where another try may help."""
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return _unreachable(f"{host} cannot be reached: no answer in time.", _LATER)
    if isinstance(error, httpx.TimeoutException):
        return TransientError(SourceError(f"{host} stopped answering in time.", _LATER))
    if isinstance(error, httpx.ConnectError):
        return _of_connecting(error, host)
    if isinstance(error, httpx.ProxyError):
        return SourceError(
            f"The proxy on the way to {host} refused: {one_line(str(error))}",
            "Look at HTTP_PROXY, HTTPS_PROXY and NO_PROXY. Nothing was changed.",
        )
    if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):
        return SourceError(
            f"{host} is not an address of the web: {one_line(str(error))}",
            "Look at the addresses in the settings (arxiv_url or RESEARCHDESK_ARXIV_URL, oai_url, "
            "rss_url, s2_url), or at that of the feed.",
        )
    if isinstance(error, httpx.DecodingError):
        return TransientError(SourceError(f"{host} sent a reply that cannot be decoded.", _LATER))
    return TransientError(SourceError(f"{host} dropped the connection.", _LATER))


def of_environment(error: Exception) -> SourceError:
    """What to raise where no request can be made as the environment wants it."""
    return SourceError(
        f"Nobody can be asked as the environment is set: {one_line(str(error))}",
        "Look at SSL_CERT_FILE, SSL_CERT_DIR, HTTP_PROXY, HTTPS_PROXY and ALL_PROXY. "
        "Nothing was changed.",
    )


def _of_connecting(error: httpx.ConnectError, host: str) -> Exception:
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return _unreachable(
                f"The name {host} was not found: there is no network, or no such host.",
                "Check the network; what is on the desk can be read offline. Nothing was changed.",
            )
        if isinstance(cause, ssl.SSLError):
            return SourceError(
                f"The connection to {host} is not secure: {one_line(str(cause))}",
                "Check the machine's date and certificates, or a proxy between. "
                "Nothing was changed.",
            )
        if isinstance(cause, ConnectionRefusedError):
            return _unreachable(f"{host} refused the connection.", _LATER)
        if isinstance(cause, OSError) and cause.errno in _UNREACHABLE:
            return _unreachable(f"There is no network to {host}.", "Check it. Nothing was changed.")
    return _unreachable(f"{host} cannot be reached: {one_line(str(error))}", _LATER)


def _unreachable(message: str, hint: str) -> TransientError:
    return TransientError(SourceError(message, hint), unreachable=True)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def of_status(status: int, host: str, wait: float | None, longest: float) -> Exception:
    """What to raise for a status that was not hoped for; ``wait`` is its Retry-After in seconds."""
    if status == 403:
        return StatusError(
            status,
            f"{host} refuses this machine for now (HTTP 403). Nothing was changed.",
            "That comes after too many requests: wait an hour, and do not try before.",
        )
    if status == 404:
        return StatusError(status, f"{host} has no such page (HTTP 404).", "Check the id.")
    if status not in {408, 425, 429} and status < 500:
        return StatusError(
            status, f"{host} did not accept the request (HTTP {status}).", "Nothing was changed."
        )
    busy = status in {429, 503}
    what = f"{host} {'is too busy for us' if busy else 'has a fault'} (HTTP {status})"
    if wait is not None and wait > longest:
        return StatusError(
            status,
            f"{what}, and asks to wait {in_words(wait)}. Nothing was changed.",
            "Try again after that.",
        )
    return TransientError(StatusError(status, f"{what}. Nothing was changed.", _LATER), wait)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds asked for by Retry-After, a number or an HTTP date; ``None`` where there is none."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)
