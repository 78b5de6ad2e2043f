"""What the recipe is called that an investigation's experiments are run by."""

import re

_DERIVED = re.compile(r"(?P<base>.+)-inv\d+")


def derived_name(recipe: str, investigation: int) -> str:
    """The name of the recipe that is derived from ``recipe`` for an investigation."""
    return f"{recipe}-inv{investigation}"


def base_name(name: str) -> str:
    """The recipe that ``name`` was derived from; ``name`` itself where it is no derived one."""
    match = _DERIVED.fullmatch(name)
    return match["base"] if match else name
