"""The recipes that can be run."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from researchdesk.domain.derived_names import base_name
from researchdesk.domain.recipes import Recipe
from researchdesk.domain.text import one_line
from researchdesk.tui.commands import keyed
from researchdesk.tui.widgets.brief import Option


class RecipeList(OptionList):
    """One entry a recipe: paper, title, how many claims, whose it is."""

    @dataclass
    class Looked(Message):
        """The highlight went to this recipe."""

        recipe: Recipe

    @dataclass
    class Chosen(Message):
        """Enter or a click on this recipe."""

        recipe: Recipe

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, markup=False, compact=True)
        self._recipes: list[Recipe] = []
        self.border_title = "Recipes"

    def show(
        self, recipes: Sequence[Recipe], chosen: str, gone: frozenset[str] = frozenset()
    ) -> None:
        """List these; the highlight goes to the one of this name.

        Those in ``gone`` are not on the desk any more, only their runs.
        """
        if list(recipes) == self._recipes:
            return
        self._recipes = list(recipes)
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options(
                [Option(_prompt(recipe, recipe.name in gone)) for recipe in self._recipes]
            )
        names = [recipe.name for recipe in self._recipes]
        if names:
            self.highlighted = names.index(chosen) if chosen in names else 0
            self.call_after_refresh(self.scroll_to_highlight)

    def point_at(self, name: str) -> None:
        """Move the highlight to the recipe of this name, if it is there."""
        names = [recipe.name for recipe in self._recipes]
        if name in names:
            self.highlighted = names.index(name)

    @on(OptionList.OptionHighlighted)
    def look(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.post_message(self.Looked(self._recipes[event.option_index]))

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(self._recipes[event.option_index]))


def _prompt(recipe: Recipe, gone: bool) -> Content:
    claims = f"{len(recipe.claims)} claim{'s' if len(recipe.claims) != 1 else ''}"
    whose = "bundled" if recipe.bundled else "yours"
    if gone:
        ours = base_name(recipe.name) != recipe.name
        whose = keyed("of an investigation: {app.tinker}") if ours else "removed; its runs are kept"
    minutes = f"{recipe.budget_minutes:g} min" if recipe.budget_minutes else ""
    facts = " · ".join(filter(None, (recipe.arxiv_id, claims, minutes, whose)))
    return Content.assemble((one_line(recipe.title), "bold"), "\n", (facts, "$text-muted"))
