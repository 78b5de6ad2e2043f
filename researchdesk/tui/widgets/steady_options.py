"""A list of options of which one can say something else, and only that one is made anew."""

from typing import cast

from textual.css.styles import RulesMap
from textual.visual import VisualType
from textual.widgets import OptionList


class SteadyOptions(OptionList):
    """Textual's own makes every option anew where one gets another prompt, at each key of a list
    whose highlight has colours of its own."""

    def _replace_option_prompt(self, index: int, prompt: VisualType) -> None:
        option = self.get_option_at_index(index)
        option._set_prompt(prompt)
        if self._line_cache.heights.get(index) != self._height_of(index):
            self._clear_caches()
            return
        drawn = self._option_render_cache
        for key in [key for key in drawn.keys() if key[0] is option]:  # noqa: SIM118 - no mapping
            drawn.discard(key)
        self.refresh()

    def _height_of(self, index: int) -> int:
        """Lines, as Textual reckons them; -1 where the list is not seen."""
        option = self.options[index]
        padding = self.get_component_styles("option-list--option").padding
        width = self.scrollable_content_region.width - self._get_left_gutter_width()
        if width - padding.width < 1:
            return -1
        rules = cast(RulesMap, self.styles)
        return self._get_visual(option).get_height(rules, width - padding.width) + option._divider
