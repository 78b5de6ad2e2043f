"""A loopback arXiv that announces, with its API, and addresses that serve whatever a test says."""

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from support.arxiv_server import ArxivServer, Asked, Fault, _Answer

_RSS = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel>\n'
)
_SKIP = "<skipDays><day>Sunday</day><day>Saturday</day></skipDays>"


@dataclass(frozen=True)
class Told:
    """A paper as arXiv announces it."""

    id: str
    title: str = "A paper"
    kind: str = "new"
    categories: tuple[str, ...] = ("cs.LG",)
    authors: str = "Ada Lovelace, Charles Babbage"
    abstract: str = "We show something."


@dataclass
class _Page:
    body: bytes
    etag: str = ""


@dataclass
class _Day:
    moment: datetime
    papers: tuple[Told, ...] = ()


class FeedServer(ArxivServer):
    """``announce(moment, papers...)`` says what ``/rss/...`` announces, ``put(path, body)`` serves
    a feed elsewhere and gives its address. Papers of the API are those of ``add``."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: dict[str, _Page] = {}
        self._announced: _Day | None = None

    def announce(self, moment: datetime, *papers: Told) -> None:
        """The announcement of the day of ``moment``, which has a zone."""
        self._announced = _Day(moment, papers)

    def put(self, path: str, body: bytes | str, etag: str = "") -> str:
        self.pages[path] = _Page(body if isinstance(body, bytes) else body.encode(), etag)
        return f"{self.url}{path}"

    def answer(self, asked: Asked, fault: Fault) -> _Answer:
        if asked.path.startswith("/rss/") and self._announced is not None:
            wanted = asked.path.removeprefix("/rss/").split("+")
            return _xml(rss(self._announced.moment, self._of(wanted)))
        page = self.pages.get(asked.path)
        if page is None:
            return super().answer(asked, fault)
        if page.etag and asked.headers.get("if-none-match") == page.etag:
            return _Answer(304, b"", {"ETag": page.etag})
        answer = _xml(page.body)
        if page.etag:
            answer.headers["ETag"] = page.etag
        return answer

    def _of(self, categories: list[str]) -> list[Told]:
        """Those listed in one of the categories, or the archives, asked for."""
        assert self._announced is not None
        return [
            paper
            for paper in self._announced.papers
            if any(
                name == asked or name.startswith(f"{asked}.")
                for name in paper.categories
                for asked in categories
            )
        ]


def rss(moment: datetime, papers: list[Told]) -> bytes:
    """arXiv's RSS of a day, in its form of 2026."""
    day = format_datetime(moment)
    items = "".join(_item(paper, day) for paper in papers)
    return (
        f"{_RSS}<title>cs.LG updates on arXiv.org</title>\n"
        f"<link>http://rss.arxiv.org/rss/cs.LG</link>\n<lastBuildDate>{day}</lastBuildDate>\n"
        f"<pubDate>{day}</pubDate>\n{_SKIP}\n{items}</channel></rss>\n"
    ).encode()


@dataclass(frozen=True)
class Post:
    """An entry of a subreddit's feed; ``content`` is HTML."""

    title: str
    content: str
    link: str = "https://www.reddit.com/r/ml/comments/x"
    categories: tuple[str, ...] = field(default=())


def atom(title: str, *posts: Post) -> bytes:
    """An Atom feed with HTML content, as a subreddit has it."""
    entries = "".join(
        f"<entry><title>{escape(post.title)}</title><id>t3_{number}</id>"
        f'<link href="{escape(post.link)}"/><updated>2026-04-12T10:00:00+00:00</updated>'
        f'<content type="html">{escape(post.content)}</content></entry>\n'
        for number, post in enumerate(posts)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(title)}</title><updated>2026-04-12T10:00:00+00:00</updated>\n"
        f"{entries}</feed>"
    ).encode()


BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
<rss version="2.0"><channel><title>&e;&f;</title><item><title>&e;</title></item></channel></rss>
"""


def _item(paper: Told, day: str) -> str:
    base = paper.id.rpartition("v")[0] or paper.id
    categories = "".join(f"<category>{escape(name)}</category>" for name in paper.categories)
    said = f"arXiv:{paper.id} Announce Type: {paper.kind} \nAbstract: {paper.abstract}"
    return (
        f"<item><title>{escape(paper.title)}</title><link>https://arxiv.org/abs/{base}</link>\n"
        f"<description>{escape(said)}</description>\n"
        f'<guid isPermaLink="false">oai:arXiv.org:{paper.id}</guid>{categories}'
        f"<pubDate>{day}</pubDate><arxiv:announce_type>{paper.kind}</arxiv:announce_type>\n"
        "<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>"
        f"<dc:creator>{escape(paper.authors)}</dc:creator></item>\n"
    )


def _xml(body: bytes) -> _Answer:
    return _Answer(200, body, {"Content-Type": "application/xml; charset=utf-8"})
