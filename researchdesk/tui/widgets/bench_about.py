"""What a recipe tests, and how."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from researchdesk.domain.recipes import Arm, Recipe
from researchdesk.domain.text import clean, one_line
from researchdesk.tui.widgets.brief import Static


class AboutRecipe(VerticalScroll, can_focus=True):
    """Summary, arms, seeds, cost, data, and what could not be verified."""

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.border_title = "About"

    def compose(self) -> ComposeResult:
        yield Static(id="about-words", markup=False)

    def show(self, recipe: Recipe | None) -> None:
        """Tell of a recipe."""
        words = _words(recipe) if recipe else Content("A recipe is chosen at the left.")
        self.query_one("#about-words", Static).update(words)


def _words(recipe: Recipe) -> Content:
    version = f"v{recipe.version}" if recipe.version else ""
    whose = "bundled with this program" if recipe.bundled else f"yours, in {recipe.folder}"
    lines = [
        Content.styled(one_line(recipe.title), "bold"),
        Content(clean(recipe.summary)),
        Content(""),
        _fact("paper", f"arXiv:{recipe.arxiv_id}{version}"),
        _fact("recipe", f"{recipe.name}, {whose}"),
        _fact("seeds", f"{recipe.seeds} of each arm that is not deterministic"),
        _fact("cost", recipe.budget or "not said"),
        _fact("data", recipe.data_note or "not said"),
        Content(""),
        Content.styled("Arms", "bold"),
        *(_arm(arm) for arm in recipe.arms),
    ]
    if recipe.notes:
        lines += [Content(""), Content.styled("What to know", "bold")]
        lines += [Content(f"• {one_line(note)}") for note in recipe.notes]
    return Content("\n").join(lines)


def _fact(name: str, value: str) -> Content:
    return Content.assemble((f"{name:<7}", "$text-muted"), one_line(value))


def _arm(arm: Arm) -> Content:
    once = " (once: it is deterministic)" if arm.deterministic else ""
    return Content.assemble(
        "• ", (one_line(arm.name), "bold"), f"  {one_line(arm.description)}", (once, "$text-muted")
    )
