"""A loopback server that answers as arXiv does, and fails on command."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from support.arxiv_feed import ServedPaper, error_feed, feed
from support.loopback import Asked, LoopbackHandler, LoopbackServer
from support.tiny_pdf import tiny_pdf

_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+/\d{7})(?:v(\d+))?")


@dataclass(frozen=True)
class Fault:
    """What happens to one request instead of, or on top of, the true answer.

    ``status`` and ``body`` stand in for the answer's; ``headers`` come on top (a value of ``None``
    leaves one out); ``cut`` drops the connection after so many bytes of the body; ``wait`` is
    waited for before the answer; ``ignore_range`` answers as a server that knows no parts.
    """

    status: int | None = None
    body: bytes | None = None
    headers: Mapping[str, str | None] = field(default_factory=dict)
    cut: int | None = None
    wait: threading.Event | None = None
    ignore_range: bool = False


@dataclass
class _Answer:
    status: int
    body: bytes
    headers: dict[str, str | None]


class ArxivServer(LoopbackServer):
    """``with ArxivServer() as server:`` serves ``server.url`` until the block ends.

    ``add`` papers; ``fail(path, *faults)`` lets the next requests whose path begins so meet the
    faults, one each; ``asked`` keeps every request. A search finds the papers whose title,
    abstract or authors have every bare word of the query.
    """

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.papers: dict[tuple[str, int], ServedPaper] = {}
        self._faults: list[tuple[str, Fault]] = []

    def add(self, paper_id: str, **fields: Any) -> ServedPaper:
        """Offers a paper; ``paper_id`` may name a version. Without ``pdf``, one is made."""
        match = _ID.fullmatch(paper_id)
        assert match is not None, paper_id
        fields.setdefault("title", f"The paper {match[1]}")
        fields.setdefault("pdf", tiny_pdf(fields["title"]))
        paper = ServedPaper(match[1], int(match[2] or 1), **fields)
        self.papers[paper.base, paper.version] = paper
        return paper

    def fail(self, path: str, *faults: Fault) -> None:
        """The next ``len(faults)`` requests of ``path...`` meet one fault each, in order."""
        with self._lock:
            self._faults += [(path, fault) for fault in faults]

    def answer_of(self, words: str, rows: int = 10) -> bytes:
        """The body of a search's first page as it stands, to be spoilt by a test."""
        return self._query({"search_query": f"all:{words}", "max_results": str(rows)}).body

    def take(self, asked: Asked) -> Fault:
        with self._lock:
            self.asked.append(asked)
            for place, (path, fault) in enumerate(self._faults):
                if asked.path.startswith(path):
                    del self._faults[place]
                    return fault
        return Fault()

    def answer(self, asked: Asked, fault: Fault) -> _Answer:
        routes: dict[str, Callable[..., _Answer]] = {
            "/pdf/": self._pdf,
            "/abs/": self._page,
            "/html/": self._html_page,
        }
        if asked.path == "/api/query":
            return self._query(asked.fields)
        for prefix, route in routes.items():
            if asked.path.startswith(prefix):
                wanted = unquote(asked.path.removeprefix(prefix).removesuffix(".pdf"))
                return route(self._find(wanted), asked, fault)
        return _html(404, "Not found")

    def _find(self, text: str) -> ServedPaper | None:
        match = _ID.fullmatch(text)
        if match is None:
            return None
        versions = [v for base, v in self.papers if base == match[1]]
        version = int(match[2]) if match[2] else max(versions, default=0)
        return self.papers.get((match[1], version))

    def _query(self, fields: Mapping[str, str]) -> _Answer:
        start, rows = int(fields.get("start", "0")), int(fields.get("max_results", "10"))
        if rows > 2000 or start + rows > 30000:
            return _atom(400, error_feed("max_results too large"))
        if ids := fields.get("id_list", ""):
            for one in ids.split(","):
                if not _ID.fullmatch(one):
                    return _atom(400, error_feed(f"incorrect id format for {one}"))
            found = [paper for one in ids.split(",") if (paper := self._find(one))]
        else:
            found = self._search(fields.get("search_query", ""))
            if fields.get("sortBy") == "submittedDate":
                found.sort(key=lambda paper: paper.published, reverse=True)
        page = found[start : start + rows]
        return _atom(200, feed(page, len(found), start, rows, self.url))

    def _search(self, query: str) -> list[ServedPaper]:
        words = re.findall(r'(?:all|ti|abs|au):(?:"([^"]*)"|(\w+))', query)
        categories = re.findall(r"cat:([\w.-]+)", query)
        latest = {paper.base: paper for _, paper in sorted(self.papers.items())}
        return [
            paper
            for paper in latest.values()
            if all((a or b).lower() in _text(paper) for a, b in words)
            and (not categories or any(c in paper.categories for c in categories))
        ]

    def _pdf(self, paper: ServedPaper | None, asked: Asked, fault: Fault) -> _Answer:
        if paper is None or paper.pdf is None:
            return _html(404, "No document for that id")
        tag = f'"{paper.id}-{len(paper.pdf)}"'
        headers: dict[str, str | None] = {
            "Content-Type": "application/pdf",
            "ETag": tag,
            "Accept-Ranges": "bytes",
        }
        part = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("range", ""))
        if part is None or fault.ignore_range or asked.headers.get("if-range", tag) != tag:
            return _Answer(200, paper.pdf, headers)
        begin, size = int(part[1]), len(paper.pdf)
        if begin >= size:
            return _Answer(416, b"", headers | {"Content-Range": f"bytes */{size}"})
        headers["Content-Range"] = f"bytes {begin}-{size - 1}/{size}"
        return _Answer(206, paper.pdf[begin:], headers)

    def _html_page(self, paper: ServedPaper | None, asked: Asked, fault: Fault) -> _Answer:
        if paper is None or paper.html is None:
            return _html(404, "<h1>No HTML for this paper</h1><p>Not available for the source.</p>")
        return _Answer(200, paper.html.encode(), {"Content-Type": "text/html; charset=utf-8"})

    def _page(self, paper: ServedPaper | None, asked: Asked, fault: Fault) -> _Answer:
        if paper is None:
            return _html(404, "Not found")
        return _html(200, f"<h1>{paper.title}</h1><p>{paper.abstract}</p>")


def _text(paper: ServedPaper) -> str:
    return " ".join([paper.title, paper.abstract, *paper.authors]).lower()


def _atom(status: int, body: bytes) -> _Answer:
    return _Answer(status, body, {"Content-Type": "application/atom+xml; charset=utf-8"})


def _html(status: int, text: str) -> _Answer:
    body = f"<!DOCTYPE html>\n<html><body>{text}</body></html>\n".encode()
    return _Answer(status, body, {"Content-Type": "text/html; charset=utf-8"})


class _Handler(LoopbackHandler):
    def reply(self, asked: Asked) -> None:
        fault = self.owner.take(asked)
        if fault.wait is not None:
            fault.wait.wait(30)
        answer = self.owner.answer(asked, fault)
        self.close_connection = True
        self._send(answer, fault)

    def _send(self, answer: _Answer, fault: Fault) -> None:
        body = answer.body if fault.body is None else fault.body
        headers = {"Content-Length": str(len(body)), "Connection": "close", **answer.headers}
        if fault.status is not None:
            headers.pop("ETag", None)
        headers.update(fault.headers)
        self.send_response(answer.status if fault.status is None else fault.status)
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        try:
            self.end_headers()
            self.wfile.write(body if fault.cut is None else body[: fault.cut])
        except ConnectionError:
            pass
