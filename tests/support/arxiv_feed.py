"""Atom replies in the form of arXiv's API of 2026, made of papers that a test names."""

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

_HEAD = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
    ' xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
)


@dataclass(frozen=True)
class ServedPaper:
    """One version of a paper as the server offers it; ``pdf`` and ``html`` are ``None`` where it
    has none."""

    base: str
    version: int = 1
    title: str = "A paper"
    authors: tuple[str, ...] = ("Ada Lovelace",)
    abstract: str = "We show something."
    categories: tuple[str, ...] = ("cs.LG",)
    published: str = "2017-06-12T17:57:34Z"
    updated: str = "2017-06-12T17:57:34Z"
    doi: str = ""
    journal_ref: str = ""
    comment: str = ""
    pdf: bytes | None = None
    html: str | None = None

    @property
    def id(self) -> str:
        return f"{self.base}v{self.version}"


def feed(papers: list[ServedPaper], total: int, start: int, rows: int, home: str) -> bytes:
    """A page of results; the links lead to the server at ``home``, the ids to arXiv."""
    entries = "".join(_entry(paper, home) for paper in papers)
    return (
        f"{_HEAD}  <id>https://arxiv.org/api/answer</id>\n  <title>arXiv Query</title>\n"
        "  <updated>2026-04-12T22:09:26Z</updated>\n"
        f"  <opensearch:itemsPerPage>{rows}</opensearch:itemsPerPage>\n"
        f"  <opensearch:totalResults>{total}</opensearch:totalResults>\n"
        f"  <opensearch:startIndex>{start}</opensearch:startIndex>\n{entries}</feed>\n"
    ).encode()


def error_feed(words: str) -> bytes:
    """The reply that comes with HTTP 400."""
    address = f"https://arxiv.org/api/errors#{words.replace(' ', '_')}"
    return (
        f"{_HEAD}  <id>https://arxiv.org/</id>\n  <title>arXiv Search Results</title>\n"
        "  <opensearch:totalResults>1</opensearch:totalResults>\n  <entry>\n"
        f"    <id>{escape(address)}</id>\n    <title>Error</title>\n"
        f"    <updated>2026-04-12T22:59:06Z</updated>\n    <summary>{escape(words)}</summary>\n"
        "    <author><name>arXiv api core</name></author>\n  </entry>\n</feed>\n"
    ).encode()


def _entry(paper: ServedPaper, home: str) -> str:
    authors = "".join(f"<author><name>{escape(a)}</name></author>\n" for a in paper.authors)
    categories = "".join(f"<category term={quoteattr(c)}/>\n" for c in sorted(paper.categories))
    extras = "".join(
        f"<arxiv:{name}>{escape(value)}</arxiv:{name}>\n"
        for name in ("doi", "journal_ref", "comment")
        if (value := getattr(paper, name))
    )
    return (
        f"<entry>\n<id>http://arxiv.org/abs/{paper.id}</id>\n<title>{escape(paper.title)}</title>\n"
        f"<updated>{paper.updated}</updated>\n<published>{paper.published}</published>\n"
        f'<link href="{home}/abs/{paper.id}" rel="alternate" type="text/html"/>\n'
        f'<link href="{home}/pdf/{paper.id}" rel="related" type="application/pdf" title="pdf"/>\n'
        f"<summary>{escape(paper.abstract)}</summary>\n{categories}{extras}"
        f"<arxiv:primary_category term={quoteattr(paper.categories[0])}/>\n{authors}</entry>\n"
    )
