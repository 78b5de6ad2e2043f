"""YAML that may be made to harm: looked through before anything is built of it."""

from typing import Any

import yaml

_DEEPEST = 60
_ALIASES = 10
_NESTS = "[{-?:*"
SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TEXTS: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Makes nothing but text, lists and tables."""


def parse_yaml(text: str, loader: Any = SAFE) -> Any:
    """The value of a YAML text; ``loader`` is ``SAFE`` or ``TEXTS``.

    Raises ValueError where it is none, is nested deeper than 60, at which the parser in C would end
    the whole process, or has more than 10 aliases, which can stand for any amount of data.
    """
    try:
        if sum(map(text.count, _NESTS)) > _ALIASES:
            _look_through(text, loader)
        return yaml.load(text, Loader=loader)  # noqa: S506 - both make plain data only
    except (yaml.YAMLError, RecursionError, OverflowError) as error:
        raise ValueError(f"it is no YAML: {error}") from error


def _look_through(text: str, loader: Any) -> None:
    depth = aliases = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        aliases += isinstance(event, yaml.AliasEvent)
        if depth > _DEEPEST or aliases > _ALIASES:
            raise ValueError("it is nested too deep, or has too many aliases")
