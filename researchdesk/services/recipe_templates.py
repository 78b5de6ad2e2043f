"""Recipes that were begun and are not written yet: no fault, and said in one line."""

from collections.abc import Iterable

from researchdesk.domain.text import one_line
from researchdesk.errors import BadInputError
from researchdesk.harness.recipes import StillTemplateError

_SHOWN = 3


def broken_among(problems: Iterable[BadInputError]) -> list[BadInputError]:
    """Those of ``recipes.recipe_problems`` that are no mere template."""
    return [one for one in problems if not isinstance(one, StillTemplateError)]


def templates_line(problems: Iterable[BadInputError]) -> str:
    """``1 recipe is still a template: NAME``, of ``recipes.recipe_problems``; ``""`` of none."""
    names = [one_line(one.name) for one in problems if isinstance(one, StillTemplateError)]
    if not names:
        return ""
    count = len(names)
    what = "1 recipe is still a template" if count == 1 else f"{count} recipes are still templates"
    more = f" and {count - _SHOWN} more" if count > _SHOWN else ""
    return f"{what}: {', '.join(names[:_SHOWN])}{more}"
