"""What the desk knows of the paper under the cursor."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import PassState, ReadingPass

_STATES = {
    PassState.STARTED: "under way",
    PassState.FINISHED: "finished",
    PassState.DROPPED: "left",
}


@dataclass(frozen=True, slots=True)
class Known:
    """A paper with all that the preview tells; ``recipe`` is the recipe's name, if there is one.

    ``shipped``: it came with the program, and no paper of the user's own is on the desk.
    ``newer`` is a version here that is newer than what was read; ``linked`` counts the notes that
    link to the paper.
    """

    paper: Paper
    status: str
    passes: tuple[ReadingPass, ...]
    notes: int
    recipe: str
    shipped: bool = False
    newer: int | None = None
    linked: int = 0


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
        Content(""),
        Content.assemble(("Reading  ", "$text-muted"), known.status, _notes(known.notes)),
        *(_pass(item) for item in known.passes),
        Content.assemble(("Recipe   ", "$text-muted"), _recipe(known)),
        Content.assemble(("PDF      ", "$text-muted"), _pdf(known.paper)),
        *_beside(known),
        Content(""),
        Content(words.abstract or "There is no abstract."),
    ]
    if words.comment:
        parts += [Content(""), Content.styled(words.comment, "$text-muted")]
    return Content("\n").join(parts)


def _beside(known: Known) -> list[Content]:
    lines = []
    if known.newer:
        text = f"v{known.newer} is here, newer than what you read — press v for what changed"
        lines.append(Content.assemble(("Newer    ", "$text-muted"), (text, "$text-warning")))
    if known.linked:
        count = "1 note links" if known.linked == 1 else f"{known.linked} notes link"
        lines.append(Content.assemble(("Links    ", "$text-muted"), f"{count} here — press L"))
    return lines


def _facts(paper: Paper) -> str:
    words = paper.metadata
    facts: list[str] = [str(paper.arxiv) if paper.arxiv else paper.key, *words.categories]
    if words.published:
        facts.append(f"{words.published:%Y-%m-%d}")
    return " · ".join([*facts, *filter(None, (words.journal_ref, words.doi))])


def _notes(count: int) -> str:
    return {0: "", 1: " · 1 note"}.get(count, f" · {count} notes")


def _pass(item: ReadingPass) -> Content:
    state = f"         pass {item.number} {_STATES[item.state]}"
    again = f", again on {item.again_on}" if item.again_on else ""
    return Content(f"{state} {(item.ended_at or item.started_at):%Y-%m-%d}{again}{_why(item)}")


def _why(item: ReadingPass) -> str:
    return f": {item.why}" if item.why else ""


def _recipe(known: Known) -> str:
    if known.recipe and known.shipped:
        return "Came with researchdesk, with a recipe: press b to run it"
    return f"{known.recipe} — press b to run it" if known.recipe else "none yet"


def _pdf(paper: Paper) -> str:
    held: Sequence[str] = [f"v{item.version}" for item in paper.versions if item.pdf]
    if held:
        return f"on the desk ({', '.join(held)})"
    return "not here — press g to fetch it" if paper.arxiv else "not here"
