"""The grammar of a search, taught while one types: what may come next, and what is meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from researchdesk.domain.search_query import parse_query
from researchdesk.domain.search_values import FIELDS, FILTERS, SORTS

_LAST = re.compile(r'(?:^|(?<=\s))(-?)(?:([A-Za-z]+):)?("[^"]*|[^\s":]*)$')
_SHOWN = 24
CHOICES = {
    "is": ("due", "new", "read", "reading", "starred", "unread", "withdrawn"),
    "has": ("claim", "code", "note", "pdf", "question", "run", "surprise", "tag", "text"),
    "status": ("unread", "in pass", "pass", "left"),
    "sort": SORTS,
    "stars": (">=3", "5", "0"),
    "priority": (">=1", "3"),
    "pass": (">=1", "2", "0"),
}
_GRAMMAR = (
    "author:", "title:", "cat:", "tag:", "in:", "year:2019..", "stars:>=3", "is:due", "has:note",
    "venue:", "cites:", "list:", "sort:year", "-word", '"a phrase"', "status:", "pass:2",
    "priority:3", "abstract:", "note:", "claim:", "text:",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a search may hold on this desk, those used most first."""

    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def of(self, field: str) -> Sequence[str]:
        """What may stand behind this field."""
        own = {
            "tag": self.tags,
            "in": self.collections,
            "list": self.lists,
            "cat": self.categories,
        }
        return own.get(field) or CHOICES.get(field, ())


def endings(text: str, names: Names) -> tuple[str, ...]:
    """Whole texts that ``text`` may become with its last word completed, the likeliest first."""
    found = _LAST.search(text)
    if found is None or not found.group():
        return ()
    minus, field, word = found.group(1), (found.group(2) or "").lower(), found.group(3)
    before, bare = text[: found.start()], word.removeprefix('"').casefold()
    if field:
        fitting = [name for name in names.of(field) if name.casefold().startswith(bare)]
        typed = text[len(before) : len(text) - len(word)]
        made = [f"{before}{typed}{_written(name, word)}" for name in fitting]
        return tuple(item for item in made if item.casefold() != text.casefold())
    if len(bare) < 2 or word.startswith('"'):
        return ()
    known = (*FIELDS, *FILTERS, "sort")
    return tuple(f"{before}{minus}{name}:" for name in known if name.startswith(bare))


def said(text: str, names: Names, problems: Sequence[str], width: int) -> Content:
    """A line below the search: what the last word may become, else what was not understood, else
    the grammar, as much as there is room for."""
    found = [_last_word(item) for item in endings(text, names)[:_SHOWN]]
    if found:
        return _row(["→ completes", *found], width, "bold $text-accent")
    if problems := (*problems, *_unknown_tags(text, names)):
        return Content.styled(" ".join(problems), "$text-warning")
    return _row(_GRAMMAR, width, "")


def _unknown_tags(text: str, names: Names) -> list[str]:
    """Of each tag that no paper has, where the tags are known: so, and which one is like it."""
    known = {tag.casefold(): tag for tag in names.tags}
    asked = [item.value for item in parse_query(text).filters if item.name == "tag"]
    told = []
    for tag in asked:
        if known and tag.casefold() not in known:
            from difflib import get_close_matches  # noqa: PLC0415 - slow to import

            near = get_close_matches(tag.casefold(), known, 1)
            told.append(f"No paper has the tag {tag}.{f' Is {known[near[0]]} meant?' * len(near)}")
    return told


def _row(words: Sequence[str], width: int, first: str) -> Content:
    """As many of the words as fit side by side, whole."""
    parts: list[Content] = []
    room = width
    for at, word in enumerate(words):
        room -= len(word) + 2
        if room < -2:
            break
        parts.append(Content.styled(word, first if at == 0 and first else "$text-muted"))
    return Content("  ").join(parts)


def _written(name: str, typed: str) -> str:
    """The name as it stands in a search: in quotes where it has a blank, or one was typed."""
    return f'"{name}"' if typed.startswith('"') or re.search(r"\s", name) else name


def _last_word(text: str) -> str:
    found = re.search(r'-?[A-Za-z]+:(?:"[^"]*"?|\S*)$', text)
    return found.group() if found else text
