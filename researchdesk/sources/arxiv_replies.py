"""What a reply of arXiv's API is before anybody takes it apart: whole, an error, or not a reply."""

from dataclasses import dataclass, field
from xml.parsers import expat

from researchdesk.domain.text import one_line
from researchdesk.errors import SourceError

_ATOM = "http://www.w3.org/2005/Atom"
_SEARCH = "http://a9.com/-/spec/opensearch/1.1/"
_DEEPEST = 64
_LATER = "Nothing was changed; try again in a few minutes."


class RefusedError(Exception):
    """arXiv answered with an error entry; the text is its words."""


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """``total`` hits of the query, ``entries`` in this reply; ``error`` has arXiv's words."""

    total: int
    entries: int
    error: str


@dataclass
class _Reader:
    path: list[str] = field(default_factory=list)
    total: int = 0
    entries: int = 0
    entry_id: str = ""
    summary: str = ""
    error: str = ""
    text: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.path and name != f"{_ATOM} feed":
            raise _no_feed()
        if len(self.path) == _DEEPEST:
            raise _no_feed()
        self.path.append(name)
        self.text.clear()

    def characters(self, text: str) -> None:
        self.text.append(text)

    def end(self, name: str) -> None:
        inside = self.path[1:]
        text = one_line("".join(self.text))
        if inside == [f"{_SEARCH} totalResults"]:
            self.total = int(text[:12]) if text.isascii() and text.isdigit() else 0
        elif inside == [f"{_ATOM} entry", f"{_ATOM} id"]:
            self.entry_id = text
        elif inside == [f"{_ATOM} entry", f"{_ATOM} summary"]:
            self.summary = text
        elif inside == [f"{_ATOM} entry"]:
            self._end_entry()
        self.path.pop()
        self.text.clear()

    def _end_entry(self) -> None:
        self.entries += 1
        if "/api/errors" in self.entry_id:
            self.error = self.error or self.summary or "an error without words"
        self.entry_id = self.summary = ""

    def refuse_doctype(self, *_: object) -> None:
        raise _no_feed()


def inspect(body: bytes) -> FeedFacts:
    """The facts of a reply that is a whole Atom feed.

    Raises SourceError for an empty reply, a web page in place of a feed, and a feed cut short.
    """
    if not body.strip():
        raise SourceError("arXiv sent an empty reply.", _LATER)
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # those two of encodings
        if not reader.path:
            raise _no_feed() from error
        raise SourceError("arXiv's reply is damaged or was cut short.", _LATER) from error
    return FeedFacts(reader.total, reader.entries, reader.error)


def _no_feed() -> SourceError:
    return SourceError("arXiv sent a web page, or something else, in place of its data.", _LATER)
