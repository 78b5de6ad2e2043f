"""arXiv's OAI-PMH: the history of a paper's versions, and which of them have no files.

https://info.arxiv.org/help/oa/index.html. A paper is asked for by itself (GetRecord, arXivRaw), or
found in the list of all that changed in its category since a day (ListRecords): who asks knows
which is fewer requests. The rate is that of arXiv's API, with which it shares its turns.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

import httpx
from lxml import etree

from researchdesk.config import Settings
from researchdesk.domain.clock import Clock, utc_now
from researchdesk.domain.syncing import HistoryRecord, VersionRecord
from researchdesk.domain.text import one_line
from researchdesk.errors import SourceError
from researchdesk.sources.http import TRIES, Fetcher
from researchdesk.sources.progress import Progress, Sleep, silent

_PREFIX = "oai:arXiv.org:"
_LATER = "Nothing was changed; try again in a few minutes."
_UNKNOWN = {"idDoesNotExist", "noRecordsMatch"}
_CATEGORY = re.compile(r"([a-z]+(?:-[a-z]+)?)(?:\.([A-Za-z]+(?:-[a-z]+)?))?")
_GROUPS = {"cs", "econ", "eess", "math", "q-bio", "q-fin", "stat"}
_SIZE = re.compile(r"(\d+)\s*(kb|b|mb)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Changes:
    """Records of a set that changed since a day, those that changed first before the others.

    ``whole``: these are all of them.
    """

    records: tuple[HistoryRecord, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """One reply: ``token`` asks for the next, ``""`` where there is none; ``size`` is that of the
    whole list, where it is said."""

    records: tuple[HistoryRecord, ...]
    token: str = ""
    size: int | None = None


class OaiSource:
    """arXiv's records. Every method that asks raises SourceError where that fails."""

    def __init__(
        self, settings: Settings, clock: Clock = utc_now, sleep: Sleep = time.sleep
    ) -> None:
        self._clock = clock
        self._base = settings.oai_url.rstrip("/")
        self._pages = settings.arxiv_url.rstrip("/")
        self._fetcher = Fetcher(settings, clock, sleep)

    def history(
        self, base: str, progress: Progress = silent, tries: int = TRIES
    ) -> HistoryRecord | None:
        """The record of the paper of this base id with its versions; None where OAI has none."""
        query = urlencode(
            {
                "verb": "GetRecord",
                "identifier": f"{_PREFIX}{base}",
                "metadataPrefix": "arXivRaw",
            }
        )
        progress(f"asking arXiv for the history of {base}", 0, None)
        reply = self._fetcher.get(f"{self._base}?{query}", progress=progress, tries=tries)
        found = [record for record in records_in(reply.body) if record.arxiv_id == base]
        return found[0] if found else None

    def changes(
        self, category: str, since: date, most: int, progress: Progress = silent
    ) -> Changes:
        """The records of a category, cross-lists too, that changed on this day or later.

        At most so many requests; where the first reply shows that there would be more, it stays
        with that one. Raises ValueError where there can be no such category.
        """
        wanted = set_of(category)
        if wanted is None:
            raise ValueError(f"{category!r} is no category of arXiv's")
        ask = {"set": wanted, "from": since.isoformat(), "metadataPrefix": "arXivRaw"}
        found: list[HistoryRecord] = []
        tokens: set[str] = set()
        for _ in range(most):
            progress(f"asking arXiv what changed in {category} since {since}", 0, None)
            query = urlencode({"verb": "ListRecords", **ask})
            page = _page(self._fetcher.get(f"{self._base}?{query}", progress=progress).body)
            found += page.records
            if not page.token:
                return Changes(tuple(found), True)
            if page.token in tokens or _pages(page, since, self._clock().date()) > most:
                break
            tokens.add(page.token)
            ask = {"resumptionToken": page.token}
        return Changes(tuple(found), False)

    def has_pdf(self, base: str, version: int, progress: Progress = silent) -> bool:
        """Whether arXiv has a PDF of this version; its body is not fetched."""
        progress(f"asking arXiv for the PDF of {base}v{version}", 0, None)
        return self._fetcher.request(
            f"{self._pages}/pdf/{base}v{version}", _is_pdf, accept=(200, 404), progress=progress
        )


def _is_pdf(response: httpx.Response) -> bool:
    kind = response.headers.get("Content-Type", "")
    return response.status_code == 200 and kind.startswith("application/pdf")


def set_of(category: str) -> str | None:
    """The set of OAI-PMH that a category is: ``cs:cs:LG``, ``physics:hep-th``; None for what is no
    name of a category. https://github.com/arXiv/oaipmh, ``make_set_str``."""
    match = _CATEGORY.fullmatch(category)
    if match is None:
        return None
    group = match[1] if match[1] in _GROUPS else "physics"
    return ":".join(part for part in (group, match[1], match[2]) if part)


def _pages(page: _Page, since: date, today: date) -> int:
    """How many replies the whole list will be: by its size, else by the days that this one of
    them, the first, has come through."""
    if page.size is not None and page.records:
        return -(-page.size // len(page.records))
    try:
        reached = date.fromisoformat(max(one.changed_on for one in page.records)[:10])
    except ValueError:
        return 1
    return -(-max((today - since).days, 1) // max((reached - since).days, 1))


def records_in(body: bytes) -> tuple[HistoryRecord, ...]:
    """The records of a reply of OAI-PMH, or of a bare ``<record>``.

    Both forms are read: ``arXivRaw``, which tells of versions, and ``oai_dc``, which does not.
    Raises SourceError for what is no whole reply, and for an error other than that there is no
    such record.
    """
    return _page(body).records


def _page(body: bytes) -> _Page:
    root = _parsed(body)
    name = _name(root)
    if name not in {"OAI-PMH", "record"}:
        raise SourceError("arXiv sent something else in place of its record.", _LATER)
    for error in _below(root, "error"):
        if error.get("code") not in _UNKNOWN:
            words = one_line(_text(error)) or str(error.get("code"))
            raise SourceError(f"arXiv's OAI did not answer: {words}.", _LATER)
    found = [root] if name == "record" else list(_below(root, "record"))
    records = tuple(record for one in found if (record := _record(one)) is not None)
    token = next(_below(root, "resumptionToken"), None)
    if token is None:
        return _Page(records)
    size = str(token.get("completeListSize", ""))
    known = int(size[:12]) if size.isascii() and size.isdigit() else None
    return _Page(records, _text(token).strip(), known)


def _parsed(body: bytes) -> etree._Element:
    if not body.strip():
        raise SourceError("arXiv sent an empty reply.", _LATER)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError("arXiv's record is damaged or was cut short.", _LATER) from error
    if root.getroottree().docinfo.doctype:
        raise SourceError("arXiv sent something else in place of its record.", _LATER)
    return root


def _record(element: etree._Element) -> HistoryRecord | None:
    """None for one whose id is not arXiv's."""
    header = next(_below(element, "header"), None)
    named = _first(header, "identifier") if header is not None else ""
    if header is None or not named.startswith(_PREFIX):
        return None
    meta = next(_below(element, "metadata"), None)
    base, changed = named.removeprefix(_PREFIX), _first(header, "datestamp")
    if header.get("status") == "deleted" or meta is None:
        return HistoryRecord(base, changed, deleted=header.get("status") == "deleted")
    raw = next(_below(meta, "arXivRaw"), None)
    return _raw(base, changed, raw) if raw is not None else _core(base, changed, meta)


def _raw(base: str, changed: str, raw: etree._Element) -> HistoryRecord:
    versions = sorted(
        (found for one in _below(raw, "version") if (found := _version(one)) is not None),
        key=lambda found: found.version,
    )
    return HistoryRecord(
        base,
        changed,
        title=_first(raw, "title"),
        versions=tuple(versions),
        comment=_first(raw, "comments"),
        journal_ref=_first(raw, "journal-ref"),
        doi=_first(raw, "doi"),
    )


def _core(base: str, changed: str, meta: etree._Element) -> HistoryRecord:
    """Of Dublin Core, where comment, journal and DOI stand among descriptions and identifiers."""
    said = [one_line(_text(one)) for one in _below(meta, "description")]
    names = [one_line(_text(one)) for one in _below(meta, "identifier")]
    dois = [name.removeprefix("doi:") for name in names if name.startswith("doi:")]
    journals = [n for n in names if not n.startswith(("doi:", "http://", "https://"))]
    comments = [words.removeprefix("Comment: ") for words in said if words.startswith("Comment: ")]
    return HistoryRecord(
        base,
        changed,
        title=_first(meta, "title"),
        comment=comments[0] if comments else "",
        journal_ref=journals[0] if journals else "",
        doi=dois[0] if dois else "",
    )


def _version(element: etree._Element) -> VersionRecord | None:
    number = str(element.get("version", "")).removeprefix("v")
    if not (number.isascii() and number.isdigit()) or int(number) < 1:
        return None
    return VersionRecord(
        int(number),
        _moment(_first(element, "date")),
        _size(_first(element, "size")),
        _first(element, "source_type"),
    )


def _size(text: str) -> int | None:
    """In kB, rounded up."""
    match = _SIZE.fullmatch(text)
    if match is None:
        return None
    unit = (match[2] or "b").lower()
    return -(-int(match[1][:12]) * {"b": 1, "kb": 1000, "mb": 1_000_000}[unit] // 1000)


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _below(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The elements of this name anywhere below, whatever their namespace."""
    return (one for one in element.iter(etree.Element) if _name(one) == name and one is not element)


def _first(element: etree._Element, name: str) -> str:
    return next((one_line(_text(one)) for one in _below(element, name)), "")


def _text(element: etree._Element) -> str:
    return "".join(element.itertext())


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)
