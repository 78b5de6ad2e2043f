"""RSS and Atom taken apart: what a feed says of itself, and its items. Text comes out clean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape

from lxml import etree

from researchdesk.domain.identifiers import ArxivId, parse_arxiv_id
from researchdesk.domain.text import clean, one_line
from researchdesk.errors import SourceError, UsageProblemError

MOST_ITEMS = 5000
_LATER = "Nothing was changed; try again later, or look at the address in a browser."
_LONGEST_TEXT = 100_000
_NAMED = re.compile(
    r"""(?:(?<![\w-])arxiv\.org/(?:abs|pdf|html|format)/|(?<!\w)arxiv:\s?)([^\s"'<>()\[\]{}?#&,;|\\]+)""",
    re.IGNORECASE,
)
_TEXTS = ("encoded", "content", "description", "summary")


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a feed; empty what it does not say. ``text`` is its content with its links."""

    title: str = ""
    identity: str = ""
    link: str = ""
    text: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    announce_type: str = ""
    doi: str = ""
    journal_ref: str = ""


@dataclass(frozen=True, slots=True)
class Syndicated:
    """A whole feed. ``damaged``: what could be read of it was."""

    title: str
    published: datetime | None
    skip_days: frozenset[str] = frozenset()
    items: tuple[Item, ...] = field(default=())
    damaged: bool = False


def parse_feed(body: bytes, where: str, *, whole: bool = False) -> Syndicated:
    """The feed that ``where`` sent: RSS 2.0, RSS 1.0 or Atom.

    No entity is expanded and nothing is fetched. A feed that is not well formed is read as far as
    it goes, unless it must be ``whole``. Raises SourceError for what is no feed.
    """
    if not body.strip():
        raise SourceError(f"{where} sent an empty reply.", _LATER)
    root, damaged = _root(body, where, whole)
    name = _name(root)
    if name == "rss":
        channel = next(_children(root, "channel"), None)
        entries = list(_children(channel, "item")) if channel is not None else []
    elif name == "rdf":
        channel = next(_children(root, "channel"), None)
        entries = list(_children(root, "item"))
    elif name == "feed":
        channel, entries = root, list(_children(root, "entry"))
    else:
        raise _no_feed(where)
    if channel is None:
        raise _no_feed(where)
    skipped = next(_children(channel, "skipdays"), None)
    days = (one_line(_text(day)).casefold() for day in _children(skipped, "day"))
    return Syndicated(
        title=_first_line(channel, "title"),
        published=_moment(channel, "pubdate", "updated", "date", "lastbuilddate"),
        skip_days=frozenset(days),
        items=tuple(_item(entry) for entry in entries[:MOST_ITEMS]),
        damaged=damaged,
    )


def arxiv_ids(*texts: str) -> tuple[ArxivId, ...]:
    """The papers that these texts name by a link to arXiv or as ``arXiv:ID``, each once."""
    found: dict[str, ArxivId] = {}
    for text in texts:
        for match in _NAMED.finditer(unescape(text)):
            try:
                identity = parse_arxiv_id(f"https://arxiv.org/abs/{match[1].rstrip('.:*_`~!')}")
            except UsageProblemError:
                continue
            found.setdefault(identity.base, identity)
    return tuple(found.values())


def _root(body: bytes, where: str, whole: bool) -> tuple[etree._Element, bool]:
    """The first element, and whether the feed was damaged."""
    for recover in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            recover=recover,
        )
        try:
            root = etree.fromstring(body, parser)
        except etree.XMLSyntaxError:
            root = None
        if root is not None:
            _refuse_entities(root, where)
            if recover and whole and _name(root) in {"rss", "rdf", "feed"}:
                raise SourceError(f"{where}: the feed is damaged or was cut short.", _LATER)
            return root, recover
    raise _no_feed(where)


def _refuse_entities(root: etree._Element, where: str) -> None:
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and next(iter(declared.iterentities()), None) is not None:
        raise SourceError(
            f"{where}: the feed declares entities of its own, which none needs. It was not read.",
            _LATER,
        )


def _item(entry: etree._Element) -> Item:
    return Item(
        title=_first_line(entry, "title"),
        identity=_first_line(entry, "guid", "id"),
        link=_link(entry),
        text=clean("\n".join(_content(child) for child in _children(entry, *_TEXTS))),
        authors=tuple(filter(None, map(_author, _children(entry, "creator", "author")))),
        categories=tuple(
            name
            for child in _children(entry, "category", "subject")
            if (name := one_line(child.get("term") or _text(child)))
        ),
        published=_moment(entry, "published", "pubdate", "date", "updated"),
        announce_type=_first_line(entry, "announce_type").casefold(),
        doi=_first_line(entry, "doi"),
        journal_ref=_first_line(entry, "journal_reference"),
    )


def _name(element: etree._Element) -> str:
    """The local name in small letters; empty for what is no element.

    Of a damaged feed a name may still have its prefix."""
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _children(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """The children of these names, in the order of the names."""
    children = [] if element is None else list(element)
    for name in names:
        yield from (child for child in children if _name(child) == name)


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))[:_LONGEST_TEXT]


def _content(element: etree._Element) -> str:
    """The text of an element, and the addresses that elements in it lead to."""
    links = (str(inner.get("href")) for inner in element.iter() if inner.get("href"))
    return "\n".join([_text(element), *links])


def _first_line(element: etree._Element, *names: str) -> str:
    found = (one_line(_text(child)) for child in _children(element, *names))
    return next(filter(None, found), "")


def _link(entry: etree._Element) -> str:
    """The address of the entry: RSS has it as text, Atom as an attribute."""
    for child in _children(entry, "link"):
        if child.get("rel", "alternate") == "alternate":
            address = one_line(child.get("href") or _text(child))
            if address.startswith(("http://", "https://")):
                return address
    return ""


def _author(element: etree._Element) -> str:
    return _first_line(element, "name") or one_line(_text(element))


def _moment(element: etree._Element, *names: str) -> datetime | None:
    """The first of these that is a moment; one without a zone is taken as UTC."""
    for child in _children(element, *names):
        text = one_line(_text(child))
        for read in (parsedate_to_datetime, datetime.fromisoformat):
            try:
                found = read(text)
                found = found if found.tzinfo else found.replace(tzinfo=UTC)
                found.astimezone(UTC)
            except (ValueError, TypeError, OverflowError, IndexError):
                continue
            return found
    return None


def _no_feed(where: str) -> SourceError:
    return SourceError(
        f"{where} sent a web page, or something else, in place of a feed.",
        "A page often links its feed as RSS or Atom; follow that address. Nothing was changed.",
    )
