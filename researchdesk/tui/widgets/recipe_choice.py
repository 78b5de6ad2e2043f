"""A recipe and one of its arms, chosen from lists."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Label, Select

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.text import one_line


class RecipeChoice(Vertical):
    """Two lists; the arms are those of the chosen recipe. ``none``: to choose none is allowed."""

    DEFAULT_CSS = """
    RecipeChoice { height: auto; .row { height: auto; } Select { width: 1fr; } }
    """

    def __init__(
        self, recipes: Sequence[Recipe], recipe: str = "", arm: str = "", *, none: bool = True
    ) -> None:
        super().__init__()
        self._recipes = {item.name: item for item in recipes}
        self._recipe = recipe if recipe in self._recipes else ""
        self._arm = arm
        self._none = none or not recipes

    @property
    def chosen(self) -> tuple[str, str]:
        """Recipe and arm; ``""`` for both where none is chosen."""
        recipe = str(self.query_one("#recipe", Select).value)
        return recipe, str(self.query_one("#arm", Select).value) if recipe else ""

    def compose(self) -> ComposeResult:
        names = [(name, name) for name in self._recipes]
        options = [("none yet", ""), *names] if self._none else names
        first = self._recipe or options[0][1]
        with Horizontal(classes="row"):
            yield Label("Recipe     ", classes="label")
            yield Select(options, value=first, allow_blank=False, id="recipe", compact=True)
        arms = self._arms(first)
        with Horizontal(classes="row"):
            yield Label("Baseline   ", classes="label")
            value = self._arm if self._arm in [name for _, name in arms] else arms[0][1]
            yield Select(arms, value=value, allow_blank=False, id="arm", compact=True)

    def _arms(self, name: str) -> list[tuple[Content | str, str]]:
        recipe = self._recipes.get(name)
        found: list[tuple[Content | str, str]] = [
            (Content(f"{arm.name}: {one_line(arm.description)}".rstrip(": ")), arm.name)
            for arm in (recipe.arms if recipe else ())
            if not arm.name.startswith("baseline:")
        ]
        return found or [("the recipe's first arm, once there is one", "")]

    @on(Select.Changed, "#recipe")
    def show_arms(self, event: Select.Changed) -> None:
        arms = self._arms(str(event.value))
        choice = self.query_one("#arm", Select)
        choice.set_options(arms)
        names = [name for _, name in arms]
        choice.value = self._arm if self._arm in names else names[0]
