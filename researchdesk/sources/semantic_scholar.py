"""Semantic Scholar: who cites whom, and what is similar. Asked only where that is switched on.

Without a key all users share one pool, with a key it is one request a second; pages of at most
1,000 works, 9,999 in all. https://api.semanticscholar.org/api-docs
"""

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, urlencode, urlsplit

from researchdesk.config import ENVIRONMENT, Settings, config_path
from researchdesk.domain.citations import (
    FURTHEST,
    SEMANTIC_SCHOLAR,
    Found,
    Ids,
    Known,
    Progress,
    Relation,
    UnknownWorkError,
    Work,
)
from researchdesk.domain.clock import Clock, utc_now
from researchdesk.errors import SourceError, UsageProblemError, offline
from researchdesk.sources.failures import StatusError
from researchdesk.sources.http import SEMANTIC_SCHOLAR as NAME
from researchdesk.sources.http import Fetcher
from researchdesk.sources.progress import Sleep
from researchdesk.sources.s2_replies import (
    WORK_FIELDS,
    read_known,
    read_page,
    refusal_of,
)

_PAGE = 1000
_MOST_SIMILAR = 100
_WITH_KEY, _WITHOUT_KEY = 1.0, 3.0
_KEY = re.compile(r"[\x21-\x7e]+")
_UNKNOWN = 404
_REFUSED = 400
_NO_KEY = {401, 403}
_BUSY = 429
_PATHS = {Relation.REFERENCES: "references", Relation.CITED_BY: "citations"}


class SwitchedOffError(SourceError):
    """It may not be asked: nobody switched it on."""


class SemanticScholar:
    """The service as a desk needs it; a ``CitationSource``.

    Every request is paced over all processes of this user. The key goes nowhere but to the
    service. Both methods raise SourceError where it fails, is switched off, or the desk is offline:
    then nothing is sent; and UnknownWorkError.
    """

    name = SEMANTIC_SCHOLAR

    def __init__(
        self, settings: Settings, clock: Clock = utc_now, sleep: Sleep = time.sleep
    ) -> None:
        self._settings = settings
        self._base = settings.s2_url.rstrip("/")
        paced = replace(settings, arxiv_interval=_interval(settings))
        self._fetcher = Fetcher(paced, clock, sleep)

    def known(self, ids: Ids, progress: Progress) -> Known:
        """What it says of the work with one of these ids: an arXiv id first, else a DOI."""
        fields = {"fields": f"{WORK_FIELDS},referenceCount"}
        return read_known(self._ask(f"/graph/v1/paper/{_name(ids)}", fields, progress))

    def around(self, ids: Ids, relation: Relation, most: int, progress: Progress) -> Found:
        """The works around it, page by page, ``most`` at most."""
        if relation is Relation.SIMILAR:
            return self._similar(ids, min(most, _MOST_SIMILAR), progress)
        path = f"/graph/v1/paper/{_name(ids)}/{_PATHS[relation]}"
        works: list[Work] = []
        offset: int | None = 0
        most = min(most, FURTHEST)
        while offset is not None and offset < most:
            rows = min(_PAGE, most - offset)
            fields: dict[str, str | int] = {
                "fields": f"isInfluential,{WORK_FIELDS}",
                "offset": offset,
                "limit": rows,
            }
            page = read_page(self._ask(path, fields, progress), relation)
            works += page.works
            if page.withheld:
                return Found(tuple(works), withheld=not works)
            offset = page.following if page.following and page.following > offset else None
            progress(f"{len(works)} works from {NAME}", 0, None)
        return Found(tuple(works), whole=offset is None)

    def _similar(self, ids: Ids, most: int, progress: Progress) -> Found:
        fields: dict[str, str | int] = {"fields": WORK_FIELDS, "limit": most, "from": "all-cs"}
        path = f"/recommendations/v1/papers/forpaper/{_name(ids)}"
        return Found(read_page(self._ask(path, fields, progress), Relation.SIMILAR).works)

    def _ask(self, path: str, fields: Mapping[str, str | int], progress: Progress) -> bytes:
        headers = self._headers()
        url = f"{self._base}{path}?{urlencode(fields)}"
        progress(f"asking {NAME}", 0, None)
        try:
            reply = self._fetcher.get(
                url,
                accept=(200, _REFUSED, _UNKNOWN),
                headers=lambda: headers,
                progress=progress,
            )
        except StatusError as error:
            raise self._status(error) from error
        if reply.status == _UNKNOWN:
            raise UnknownWorkError
        if reply.status == _REFUSED:
            said = refusal_of(reply.body) or "HTTP 400, bad request"
            raise SourceError(
                f"{NAME} did not accept the request: it says {said!r}.",
                "Look at s2_url and s2_key in the settings; a key is not needed.",
            )
        return reply.body

    def _headers(self) -> dict[str, str]:
        """The key's header. Raises SourceError where nothing may be sent."""
        _may_ask(self._settings)
        key = self._settings.s2_key.strip()
        if not key:
            return {}
        if not _KEY.fullmatch(key):
            raise UsageProblemError(
                f"The key for {NAME} has signs that no key has. Nothing was sent.",
                f"Look at s2_key in {config_path()}, or at {ENVIRONMENT['s2_key']}.",
            )
        return {"x-api-key": key}

    def _status(self, error: StatusError) -> SourceError:
        if error.status in _NO_KEY and self._settings.s2_key:
            return SourceError(
                f"{NAME} does not accept the key (HTTP {error.status}). Nothing was changed.",
                f"Look at s2_key in {config_path()}, or at {ENVIRONMENT['s2_key']}.",
            )
        if error.status in _NO_KEY:
            return SourceError(
                f"{NAME} refuses this machine for now (HTTP {error.status}). Nothing was changed.",
                "Try again in an hour, or ask it for a key of your own and set s2_key.",
            )
        hint = error.hint
        if error.status == _BUSY and not self._settings.s2_key:
            hint = (
                "All users without a key share one pool: try again later, or ask for a key of "
                "your own and set s2_key. What is kept is shown without asking."
            )
        return StatusError(error.status, error.message, hint)


def _may_ask(settings: Settings) -> None:
    """Raises SourceError where the desk is offline, or the service is not switched on."""
    if not settings.semantic_scholar:
        raise switched_off(settings)
    if settings.offline:
        raise offline(f"{NAME} was not asked")


def switched_off(settings: Settings) -> SwitchedOffError:
    """What is told where it is wanted and may not be asked."""
    return SwitchedOffError(
        f"{NAME} is switched off: it was not asked, and nothing was sent.", switching_on(settings)
    )


def switching_on(settings: Settings) -> str:
    """How a person lets it be asked, and what it then learns."""
    host = urlsplit(settings.s2_url).hostname or settings.s2_url
    return (
        f"To let it be asked, write  semantic_scholar = true  into {config_path()}, or set "
        f"{ENVIRONMENT['semantic_scholar']}=1. {host} then learns the ids of the papers that you "
        "ask about."
    )


def _interval(settings: Settings) -> float:
    """Seconds between two requests; at an address of one's own as often as is configured."""
    host = (urlsplit(settings.s2_url).hostname or "").lower()
    if host.endswith("semanticscholar.org"):
        return _WITH_KEY if settings.s2_key else _WITHOUT_KEY
    return settings.arxiv_interval


def _name(ids: Ids) -> str:
    """The work in the service's own manner. Raises UnknownWorkError where it has no name there."""
    if ids.s2:
        return quote(ids.s2, safe="")
    if ids.arxiv:
        return f"ARXIV:{quote(ids.arxiv, safe='/')}"
    if ids.doi:
        return f"DOI:{quote(ids.doi, safe='/:;()._-')}"
    raise UnknownWorkError
