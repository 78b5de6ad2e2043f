"""A storyline as a reader gets it: without the questions to the writer, its links as words."""

import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, count, islice, product

from researchdesk.domain.evidence import EvidenceState
from researchdesk.domain.links import Link, links_in
from researchdesk.domain.papers import Metadata, Paper
from researchdesk.domain.story_lines import LineKind, StoryLine, story_lines, without_comments
from researchdesk.export.bibtex import cite_key

_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})


@dataclass(frozen=True, slots=True)
class Source:
    """A paper that is cited: by this ``key``, with what is known of it. ``paper`` is None where it
    is not on the desk."""

    key: str
    words: Metadata
    paper: Paper | None = None

    @property
    def identity(self) -> str:
        """What two refs of one paper have in common: its arXiv id, else its key."""
        return self.words.arxiv_id or f"key {self.key}"

    @property
    def name(self) -> str:
        """``Kingma and Ba (2014)``; the title, where nobody is named."""
        names = [_surname(author) for author in self.words.authors if author.strip()]
        year = f" ({self.words.year})" if self.words.year else ""
        if not names:
            return f"{self.words.title}{year}"
        if len(names) > 2:
            return f"{names[0]} et al.{year}"
        return " and ".join(names) + year


@dataclass(frozen=True, slots=True)
class StoryTold:
    """A draft with all that it links: ``sources`` are papers by their refs, ``states`` the rest."""

    slug: str
    title: str
    draft: int
    text: str
    sources: Mapping[str, Source] = field(default_factory=dict)
    states: Mapping[str, EvidenceState] = field(default_factory=dict)

    def cited(self) -> list[Source]:
        """The papers that what is exported cites, by their authors' names."""
        refs = {link.ref for link in links_in(cleaned(self.text))}
        found = {source.key: source for ref, source in self.sources.items() if ref in refs}
        return sorted(found.values(), key=lambda source: (source.name.casefold(), source.key))


def told_apart(sources: Mapping[str, Source]) -> dict[str, Source]:
    """The papers by their refs, each with a key of its own, as BibTeX reads keys: without case.

    Of papers whose keys are the same the first keeps it; the others get a letter behind it. Two
    refs of one paper have one key.
    """
    keys: dict[str, str] = {}
    for source in sources.values():
        key = cite_key(source.key)
        if source.identity not in keys:
            taken = {known.casefold() for known in keys.values()}
            names = chain([key], (f"{key}{letters}" for letters in _letters()))
            keys[source.identity] = next(name for name in names if name.casefold() not in taken)
    return {ref: replace(source, key=keys[source.identity]) for ref, source in sources.items()}


def _letters() -> Iterator[str]:
    """``b``, ``c``, … ``z``, ``aa``, ``ab`` …; the first paper is the one without."""
    letters = (
        "".join(word)
        for length in count(1)
        for word in product(string.ascii_lowercase, repeat=length)
    )
    return islice(letters, 1, None)


def cleaned(text: str, *, questions: bool = False) -> str:
    """``text`` without comments; the four questions' lines are items below it, or left out."""
    bare = without_comments(text)
    lines: list[str] = []
    gap = asked = False
    said_and_written = zip(bare.split("\n"), text.split("\n"), strict=True)
    for line, (said, written) in zip(story_lines(text), said_and_written, strict=True):
        if line.kind is LineKind.QUESTION:
            if questions:
                lines += [*([] if asked else [""]), _question(bare, line)]
                asked = True
            continue
        if written.strip() and not said.strip():
            gap = True
        elif said.strip() or not gap or (lines and lines[-1].strip()):
            lines += [""] if asked and said.strip() else []
            lines.append(said if said == written else said.rstrip())
            gap = gap and not said.strip()
        asked = False
    return "\n".join(lines).strip("\n") + "\n"


def _question(text: str, line: StoryLine) -> str:
    said = text[line.start : line.end].strip()
    return f"- *{line.question.capitalize()}:* {said}" if line.question else f"  {said}"


def with_words(text: str, words_of: Callable[[Link], str]) -> str:
    """``text`` with words in the place of each link."""
    done, end = "", 0
    for link in links_in(text):
        done += text[end : link.start] + words_of(link)
        end = link.end
    return done + text[end:]


def _surname(author: str) -> str:
    words = author.replace(",", " , ").split()
    if "," in words:
        return " ".join(words[: words.index(",")]) or author
    while len(words) > 1 and words[-1].casefold() in _SUFFIXES:
        words.pop()
    return words[-1]
