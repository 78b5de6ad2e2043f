"""Text on a screen, of which no more is laid out than a person reads there."""

from typing import Any

from textual import widgets
from textual.content import Content
from textual.visual import VisualType
from textual.widgets import option_list

MOST = 20_000
"""So many signs are wrapped and drawn in some hundredths of a second; a million take half a
minute."""
MOST_OF_OPTION = 1_000


class Static(widgets.Static):
    """Textual's; of what is longer than ``MOST`` signs it shows the beginning, with ``…`` behind
    it."""

    def __init__(self, content: VisualType = "", **given: Any) -> None:
        super().__init__(_cut(content, MOST), **given)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        super().update(_cut(content, MOST), layout=layout)


class Option(option_list.Option):
    """Textual's; of what is longer than ``MOST_OF_OPTION`` signs it shows the beginning."""

    def __init__(self, prompt: VisualType, **given: Any) -> None:
        super().__init__(_cut(prompt, MOST_OF_OPTION), **given)

    def _set_prompt(self, prompt: VisualType) -> None:
        super()._set_prompt(_cut(prompt, MOST_OF_OPTION))


def _cut(words: VisualType, most: int) -> VisualType:
    if isinstance(words, str | Content) and len(words) > most:
        return words[: most - 1] + "…"
    return words
