"""One new paper, to be read in half a minute."""

import re
from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from researchdesk.domain.feeds import Announced, FeedEntry
from researchdesk.tui.widgets.brief import Static

_MOST_AUTHORS = 12
_SPEAKS = "bold $text-accent"
_KIND_STYLES = {
    Announced.NEW: "$text-success",
    Announced.CROSS: "$text-primary",
    Announced.REPLACE: "$text-warning",
    Announced.REPLACE_CROSS: "$text-warning",
}
NEWEST_FIRST = "Newest first: the desk does not say yet what you like."


class TriageCard(VerticalScroll, can_focus=True):
    """How it was announced, title, authors, abstract, and why it stands where it does.

    The words that speak for it are marked wherever they stand.
    """

    DEFAULT_CSS = """
    TriageCard {
        height: 1fr; width: 1fr; align-horizontal: center; background: $background;
        & > #paper { width: 100%; max-width: 92; height: auto; padding: 1 2; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Static(id="paper", markup=False)

    def show(self, entry: FeedEntry, place: int, total: int) -> None:
        """Show the paper at ``place`` (from 1) of ``total``."""
        self.query_one("#paper", Static).update(card(entry, place, total))
        self.scroll_home(animate=False)


def card(entry: FeedEntry, place: int, total: int) -> Content:
    """All that is said of a paper."""
    words = entry.words
    day = f"  {words.published:%Y-%m-%d}" if words.published else ""
    parts = [
        Content.assemble(
            (f"● {entry.kind_words}", f"bold {_KIND_STYLES[entry.announced]}"),
            ("  " + " · ".join(words.categories), "$foreground"),
            (day, "$text-muted"),
        ),
        Content(""),
        marked(words.title, entry.speaks).stylize_before("bold $primary"),
        marked(_authors(words.authors), entry.speaks),
        Content(""),
        marked(words.abstract or "There is no abstract.", entry.speaks),
        Content(""),
        *_why(entry, place, total),
    ]
    return Content("\n").join(parts)


def marked(text: str, words: Sequence[str]) -> Content:
    """``text`` in which the words, whole ones, are marked."""
    content = Content(text)
    for start, end in spans(text, words):
        content = content.stylize(_SPEAKS, start, end)
    return content


def spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where these words stand in the text, in large or small letters."""
    wanted = sorted({word for word in words if word.strip()}, key=len, reverse=True)
    if not wanted:
        return []
    one_of = "|".join(r"\s+".join(map(re.escape, word.split())) for word in wanted)
    found = re.finditer(rf"(?<!\w)(?:{one_of})(?!\w)", text, re.IGNORECASE)
    return [match.span() for match in found]


def _why(entry: FeedEntry, place: int, total: int) -> list[Content]:
    lines = []
    if entry.score is None:
        lines.append(("Order", Content(NEWEST_FIRST)))
    elif entry.speaks:
        spoken = Content(" · ").join(Content.styled(word, _SPEAKS) for word in entry.speaks)
        lines.append((f"{place} of {total}", Content.assemble("for ", spoken)))
    else:
        lines.append((f"{place} of {total}", Content("by what is on the desk")))
    if entry.again_on:
        lines.append(("Put off", Content(f"to {entry.again_on}")))
    if entry.why:
        lines.append(("You said", Content(entry.why)))
    if entry.feeds:
        lines.append(("From", Content(", ".join(entry.feeds))))
    lines.append(("Page", Content(entry.link)))
    width = max(len(name) for name, _ in lines) + 2
    return [Content.assemble((name.ljust(width), "$text-muted"), said) for name, said in lines]


def _authors(names: Sequence[str]) -> str:
    if not names:
        return "Authors unknown"
    more = len(names) - _MOST_AUTHORS
    return ", ".join(names[:_MOST_AUTHORS]) + (f" and {more} others" if more > 0 else "")
