"""What the desk knows of the paper under the cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from researchdesk.domain.clock import local_day
from researchdesk.tui.commands import keyed
from researchdesk.tui.widgets.brief import Static

if TYPE_CHECKING:
    from researchdesk.domain.papers import Paper
    from researchdesk.domain.reading import ReadingPass

_STATES = {"started": "under way", "finished": "finished", "dropped": "left"}

_PRIORITIES = ("", "some day", "soon", "read next")


@dataclass(frozen=True, slots=True)
class Known:
    """A paper with all that the preview tells; ``recipe`` is the recipe's name, if there is one.

    ``shipped``: it came with the program, and no paper of the user's own is on the desk.
    ``newer`` is a version here that is newer than what was read; ``linked`` counts the notes that
    link to the paper. ``records`` are what sources said of it, each in a few words.
    """

    paper: "Paper"
    status: str
    passes: "tuple[ReadingPass, ...]"
    notes: int
    recipe: str
    shipped: bool = False
    newer: int | None = None
    linked: int = 0
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


class PaperPreview(VerticalScroll):
    """Title, authors, versions, reading, recipe, abstract."""

    DEFAULT_CSS = """
    PaperPreview { padding: 0 1; background: $background; color: $foreground; }
    """

    def compose(self) -> ComposeResult:
        yield Static(id="preview-text")

    def show(self, known: Known | None) -> None:
        self.query_one("#preview-text", Static).update(Content("") if known is None else _of(known))
        self.scroll_home(animate=False)


def _of(known: Known) -> Content:
    words = known.paper.metadata
    parts = [
        Content.styled(words.title, "bold"),
        Content(", ".join(words.authors) or "Authors unknown"),
        Content.styled(_facts(known.paper), "$text-muted"),
        *_withdrawn(known.paper),
        Content(""),
        _next_step(known),
        *_labels(known),
        Content.assemble(("Reading  ", "$text-muted"), known.status, _notes(known.notes)),
        *(_pass(item) for item in known.passes),
        Content.assemble(("Recipe   ", "$text-muted"), _recipe(known)),
        Content.assemble(("PDF      ", "$text-muted"), _pdf(known.paper)),
        *_beside(known),
        *(_named("Record   " if at == 0 else "", item) for at, item in enumerate(known.records)),
        Content(""),
        Content(words.abstract or "There is no abstract."),
    ]
    if words.comment:
        parts += [Content(""), Content.styled(words.comment, "$text-muted")]
    return Content("\n").join(parts)


def _withdrawn(paper: "Paper") -> list[Content]:
    if not paper.withdrawn:
        return []
    return [
        Content.styled(f"Version {paper.withdrawn} was withdrawn by its authors", "$text-error")
    ]


def _labels(known: Known) -> list[Content]:
    """Stars, priority, tags and collections, as far as there are any."""
    paper = known.paper
    marks = []
    if paper.stars:
        marks.append("★" * paper.stars + "☆" * (5 - paper.stars))
    if paper.priority:
        marks.append(f"{'!' * paper.priority} {_PRIORITIES[paper.priority]}")
    rows = [
        ("Yours    ", " · ".join(marks)),
        ("Tags     ", " ".join(f"#{tag}" for tag in known.tags)),
        ("In       ", " · ".join(known.collections)),
    ]
    return [_named(name, words) for name, words in rows if words]


def _named(name: str, words: str) -> Content:
    return Content.assemble((f"{name:9}", "$text-muted"), words)


def _next_step(known: Known) -> Content:
    """What to do with it now."""
    state = known.passes[-1].state if known.passes else None
    if not any(item.pdf for item in known.paper.versions) and known.paper.arxiv:
        words = keyed("{library.fetch} fetches the PDF; {list.open} reads the abstract")
    elif state is None:
        words = keyed("{list.open} begins the first pass")
    elif state == "started":
        words = keyed("{list.open} goes on where you left")
    else:
        words = keyed("{list.open} reads it again; {library.claims} shows its claims")
    return Content.assemble(("Next     ", "$text-muted"), (words, "$text-accent"))


_NEWER = "v{newer} is here, newer than what you read — press {library.changes} for what changed"


def _beside(known: Known) -> list[Content]:
    lines = []
    if known.newer:
        text = keyed(_NEWER, newer=known.newer)
        lines.append(Content.assemble(("Newer    ", "$text-muted"), (text, "$text-warning")))
    if known.linked:
        count = "1 note links" if known.linked == 1 else f"{known.linked} notes link"
        press = keyed("press {app.backlinks}")
        lines.append(Content.assemble(("Links    ", "$text-muted"), f"{count} here — {press}"))
    return lines


def _facts(paper: "Paper") -> str:
    words = paper.metadata
    facts: list[str] = [str(paper.arxiv) if paper.arxiv else paper.key, *words.categories]
    if words.published:
        facts.append(f"{words.published:%Y-%m-%d}")
    elif words.year:
        facts.append(str(words.year))
    venue = words.venue if words.venue not in words.journal_ref else ""
    return " · ".join([*facts, *filter(None, (venue, words.journal_ref, words.doi))])


def _notes(count: int) -> str:
    return {0: "", 1: " · 1 note"}.get(count, f" · {count} notes")


def _pass(item: "ReadingPass") -> Content:
    state = f"         pass {item.number} {_STATES[item.state]}"
    again = f", again on {item.again_on}" if item.again_on else ""
    return Content(f"{state} {local_day(item.ended_at or item.started_at)}{again}{_why(item)}")


def _why(item: "ReadingPass") -> str:
    return f": {item.why}" if item.why else ""


def _recipe(known: Known) -> str:
    if known.recipe and known.shipped:
        return keyed("Came with researchdesk, with a recipe: press {library.bench} to run it")
    return (
        keyed("{recipe} — press {library.bench} to run it", recipe=known.recipe)
        if known.recipe
        else "none yet"
    )


def _pdf(paper: "Paper") -> str:
    held: Sequence[str] = [f"v{item.version}" for item in paper.versions if item.pdf]
    if held:
        return f"on the desk ({', '.join(held)})"
    return "not here"
