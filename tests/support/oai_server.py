"""A loopback arXiv that keeps histories too: OAI-PMH at ``/oai``, made of the papers it serves."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode
from xml.sax.saxutils import escape

from support.arxiv_feed import ServedPaper
from support.arxiv_server import ArxivServer, Asked, Fault

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\n'
    "<responseDate>2026-04-12T22:09:26Z</responseDate>\n"
    '<request verb="GetRecord">http://oaipmh.arxiv.org/oai</request>\n'
)


class OaiServer(ArxivServer):
    """A version whose ``pdf`` is None stands in the history as withdrawn ones do: 0kb, type I.

    ``forget(base)`` lets OAI answer that it has no such paper, ``delete(base)`` that it took its
    record away, ``changed(base, day)`` that it changed on another day than 2026-04-11. Lists have
    ``rows`` records a reply.
    """

    rows = 3

    def __init__(self) -> None:
        super().__init__()
        self._forgotten: set[str] = set()
        self._deleted: set[str] = set()
        self._days: dict[str, str] = {}

    def forget(self, base: str) -> None:
        self._forgotten.add(base)

    def delete(self, base: str) -> None:
        self._deleted.add(base)

    def changed(self, base: str, day: str) -> None:
        self._days[base] = day

    def answer(self, asked: Asked, fault: Fault) -> Any:
        if asked.path != "/oai":
            return super().answer(asked, fault)
        listing = asked.fields.get("verb") == "ListRecords"
        body = self._list(asked.fields) if listing else self._one(asked.fields)
        headers: dict[str, str | None] = {"Content-Type": "text/xml; charset=utf-8"}
        plain = super().answer(replace(asked, path="/nothing"), fault)
        return replace(plain, status=200, body=body.encode(), headers=headers)

    def _one(self, fields: Mapping[str, str]) -> str:
        base = fields.get("identifier", "").removeprefix("oai:arXiv.org:")
        if not self._versions(base) or base in self._forgotten:
            return f'{_HEAD}<error code="idDoesNotExist">no {escape(base)}</error>\n</OAI-PMH>'
        return f"{_HEAD}<GetRecord>{self._record(base)}</GetRecord>\n</OAI-PMH>"

    def _list(self, fields: Mapping[str, str]) -> str:
        """As arXiv's own: a token is the question again, and how many records to pass over."""
        token = fields.get("resumptionToken", "")
        told = dict(parse_qsl(unquote(token))) if token else dict(fields)
        skip, wanted, since = int(told.pop("skip", "0")), told["set"], told["from"]
        bases = {name for name, _ in self.papers} - self._forgotten
        found = sorted(
            (self._day(base), base)
            for base in bases
            if self._day(base) >= since
            and wanted in {f"cs:{name.replace('.', ':')}" for name in self._categories(base)}
        )
        if not found:
            return f'{_HEAD}<error code="noRecordsMatch">none</error>\n</OAI-PMH>'
        shown = "".join(self._record(base) for _, base in found[skip:][: self.rows])
        more = quote(urlencode({**told, "skip": skip + self.rows}))
        rest = f"<resumptionToken>{more}</resumptionToken>" if token or found[self.rows :] else ""
        if not found[skip + self.rows :] and rest:
            rest = "<resumptionToken/>"
        return f"{_HEAD}<ListRecords>{shown}{rest}</ListRecords>\n</OAI-PMH>"

    def _record(self, base: str) -> str:
        return raw_record(self._versions(base), self._day(base), base in self._deleted)

    def _day(self, base: str) -> str:
        return self._days.get(base, "2026-04-11")

    def _categories(self, base: str) -> tuple[str, ...]:
        return self._versions(base)[-1].categories

    def _versions(self, base: str) -> list[ServedPaper]:
        return [paper for (name, _), paper in sorted(self.papers.items()) if name == base]


def raw_record(versions: list[ServedPaper], day: str, deleted: bool) -> str:
    """One paper's record in the form ``arXivRaw``."""
    last = versions[-1]
    history = "".join(_version(paper) for paper in versions)
    extras = "".join(
        f"<{name}>{escape(value)}</{name}>\n"
        for name, value in (
            ("comments", last.comment),
            ("journal-ref", last.journal_ref),
            ("doi", last.doi),
        )
        if value
    )
    header = (
        f"<identifier>oai:arXiv.org:{last.base}</identifier>\n"
        f"<datestamp>{day}</datestamp><setSpec>cs</setSpec></header>\n"
    )
    if deleted:
        return f'<record><header status="deleted">{header}</record>\n'
    return (
        f'<record><header>{header}<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">\n'
        f"<id>{last.base}</id><submitter>Somebody</submitter>\n{history}"
        f"<title>{escape(last.title)}</title>\n{extras}"
        f"<abstract>{escape(last.abstract)}</abstract></arXivRaw></metadata></record>\n"
    )


def _version(paper: ServedPaper) -> str:
    size, kind = ("0kb", "I") if paper.pdf is None else ("125kb", "D")
    return (
        f'<version version="v{paper.version}"><date>Mon, 12 Jun 2017 17:57:34 GMT</date>'
        f"<size>{size}</size><source_type>{kind}</source_type></version>\n"
    )
