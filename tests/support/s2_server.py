"""A loopback server that answers as Semantic Scholar does, and fails on command."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from support.loopback import Asked, LoopbackHandler, LoopbackServer

Table = dict[str, Any]
_GRAPH, _RECOMMENDED = "/graph/v1/paper/", "/recommendations/v1/papers/forpaper/"
_INSIDE = {"references": "citedPaper", "citations": "citingPaper"}


@dataclass(frozen=True)
class Fault:
    """What one request meets instead of its answer; ``cut`` keeps so many bytes of the body."""

    status: int | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None


class S2Server(LoopbackServer):
    """``with S2Server() as server:`` serves ``server.url`` until the block ends.

    ``add`` papers, ``cite`` what cites what; ``fail(*faults)`` lets the next requests meet one
    fault each; ``asked`` keeps every request.
    """

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.papers: dict[str, Table] = {}
        self.around: dict[tuple[str, str], Any] = {}
        self._names: dict[str, str] = {}
        self._faults: list[Fault] = []

    def add(self, title: str, *, arxiv: str = "", doi: str = "", **fields: Any) -> str:
        """Offers a paper, and gives its id."""
        paper_id = f"{len(self.papers) + 1:040x}"
        names = {key: value for key, value in (("ArXiv", arxiv), ("DOI", doi)) if value}
        self.papers[paper_id] = {
            "paperId": paper_id,
            "title": title,
            "externalIds": names or None,
            "authors": [{"authorId": "1", "name": "A. Writer"}],
            "year": None,
            "venue": "",
            "publicationVenue": None,
            "journal": None,
            "citationCount": None,
            "referenceCount": None,
            **fields,
        }
        for name in (f"ARXIV:{arxiv}", f"DOI:{doi}", paper_id):
            self._names[name] = paper_id
        return paper_id

    def cite(self, paper_id: str, *cited: str, influential: bool = False) -> None:
        """The paper cites these."""
        for other in cited:
            row = {"isInfluential": influential, "citedPaper": self.papers[other]}
            self.around.setdefault((paper_id, "references"), []).append(row)
            back = {"isInfluential": influential, "citingPaper": self.papers[paper_id]}
            self.around.setdefault((other, "citations"), []).append(back)

    def fail(self, *faults: Fault) -> None:
        with self._lock:
            self._faults += faults

    def take(self, asked: Asked) -> Fault:
        with self._lock:
            self.asked.append(asked)
            return self._faults.pop(0) if self._faults else Fault()

    def answer(self, asked: Asked) -> tuple[int, Any]:
        path = unquote(asked.path)
        if path.startswith(_RECOMMENDED):
            found = self._names.get(path.removeprefix(_RECOMMENDED))
            if found is None:
                return 404, {"error": "Paper not found"}
            rows = self.around.get((found, "similar"), [])
            return 200, {"recommendedPapers": [self.papers[name] for name in rows]}
        name, _, relation = path.removeprefix(_GRAPH).rpartition("/")
        if relation not in _INSIDE:
            name, relation = path.removeprefix(_GRAPH), ""
        found = self._names.get(name)
        if found is None:
            return 404, {"error": f"Paper with id {name} not found"}
        return (200, self.papers[found]) if not relation else self._page(found, relation, asked)

    def _page(self, paper_id: str, relation: str, asked: Asked) -> tuple[int, Any]:
        offset, limit = int(asked.fields["offset"]), int(asked.fields["limit"])
        if limit > 1000:
            return 400, {"error": "limit must be <= 1000"}
        if offset + limit >= 10_000:
            return 400, {"error": "offset + limit must be < 10000"}
        rows = self.around.get((paper_id, relation), [])
        if rows is None:
            return 200, {"data": None, "citingPaperInfo": {"paperId": paper_id}}
        page: Table = {"offset": offset, "data": rows[offset : offset + limit]}
        if offset + limit < len(rows):
            page["next"] = offset + limit
        return 200, page


class _Handler(LoopbackHandler):
    def reply(self, asked: Asked) -> None:
        fault = self.owner.take(asked)
        status, table = self.owner.answer(asked)
        body = json.dumps(table).encode() if fault.body is None else fault.body
        body = body if fault.cut is None else body[: fault.cut]
        self.close_connection = True
        self.send_response(fault.status or status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Connection": "close",
            **fault.headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
