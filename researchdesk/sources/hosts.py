"""Whom a reply may send us on to."""

import httpx

from researchdesk.config import Settings
from researchdesk.domain.text import one_line
from researchdesk.errors import SourceError

_KNOWN = ("arxiv.org", "semanticscholar.org")
_LONGEST = 200

Origin = tuple[str, str, int | None]
"""Scheme, host and port; the port is None where it is the scheme's own."""


def origin(url: httpx.URL) -> Origin:
    """What two addresses share that lead to the same server."""
    return url.scheme, url.host, url.port


def check_redirect(asked: httpx.URL, to: httpx.URL, settings: Settings) -> None:
    """Raises SourceError unless ``asked`` may send us on to ``to``.

    It may within its own origin and the addresses of the settings; else only to an https address on
    the usual port of its own host (with or without ``www.``), of arXiv or of Semantic Scholar.
    """
    if to.userinfo or not _may(asked, to, settings):
        place = one_line(str(to.copy_with(userinfo=b"")))[:_LONGEST]
        raise SourceError(
            f"{asked.host} sends on to {place}, which is not on the list of places that may be "
            "asked. It was not asked, and nothing was changed.",
            "Only https addresses of the same host, of arXiv and of Semantic Scholar are gone on "
            "to. Look at the address in a browser; a feed that moved is followed by its new one.",
        )


def _may(asked: httpx.URL, to: httpx.URL, settings: Settings) -> bool:
    told = (settings.arxiv_url, settings.oai_url, settings.rss_url, settings.s2_url)
    own = [asked, *(found for text in told if (found := _parsed(text)) is not None)]
    if origin(to) in {origin(url) for url in own}:
        return True
    if to.scheme != "https" or to.port is not None:
        return False
    host = _bare(to.host)
    return any(host == _bare(url.host) for url in own) or any(
        host == known or host.endswith(f".{known}") for known in _KNOWN
    )


def _bare(host: str) -> str:
    return host.lower().rstrip(".").removeprefix("www.")


def _parsed(text: str) -> httpx.URL | None:
    try:
        return httpx.URL(text)
    except httpx.InvalidURL:
        return None
