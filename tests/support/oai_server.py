"""A loopback arXiv that keeps histories too: OAI-PMH at ``/oai``, made of the papers it serves."""

from dataclasses import replace
from typing import Any
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

    ``forget(base)`` lets OAI answer that it has no such paper.
    """

    def __init__(self) -> None:
        super().__init__()
        self._forgotten: set[str] = set()

    def forget(self, base: str) -> None:
        self._forgotten.add(base)

    def answer(self, asked: Asked, fault: Fault) -> Any:
        if asked.path != "/oai":
            return super().answer(asked, fault)
        base = asked.fields.get("identifier", "").removeprefix("oai:arXiv.org:")
        versions = [paper for (name, _), paper in sorted(self.papers.items()) if name == base]
        if not versions or base in self._forgotten:
            body = f'{_HEAD}<error code="idDoesNotExist">no {escape(base)}</error>\n</OAI-PMH>'
        else:
            body = raw_record(versions)
        headers: dict[str, str | None] = {"Content-Type": "text/xml; charset=utf-8"}
        plain = super().answer(replace(asked, path="/nothing"), fault)
        return replace(plain, status=200, body=body.encode(), headers=headers)


def raw_record(versions: list[ServedPaper]) -> str:
    """The reply that has one paper's record in the form ``arXivRaw``."""
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
    return (
        f"{_HEAD}<GetRecord><record><header><identifier>oai:arXiv.org:{last.base}</identifier>\n"
        "<datestamp>2026-04-11</datestamp><setSpec>cs</setSpec></header>\n<metadata>"
        '<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">\n'
        f"<id>{last.base}</id><submitter>Somebody</submitter>\n{history}"
        f"<title>{escape(last.title)}</title>\n{extras}"
        f"<abstract>{escape(last.abstract)}</abstract></arXivRaw></metadata></record></GetRecord>\n"
        "</OAI-PMH>"
    )


def _version(paper: ServedPaper) -> str:
    size, kind = ("0kb", "I") if paper.pdf is None else ("125kb", "D")
    return (
        f'<version version="v{paper.version}"><date>Mon, 12 Jun 2017 17:57:34 GMT</date>'
        f"<size>{size}</size><source_type>{kind}</source_type></version>\n"
    )
