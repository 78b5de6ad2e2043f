"""JSON that may be damaged or made to harm: one kind of error, whatever is wrong with it."""

import json
from collections.abc import Iterable
from typing import Any

_DEEPEST = 100


def parse_json(text: str | bytes) -> Any:
    """The value of a JSON text.

    Raises ValueError where it is none, and where it is nested deeper than 100: nothing of ours is,
    and who walks through it would run out of stack.
    """
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if _brackets(text) > _DEEPEST and _is_too_deep(found):
        raise ValueError("it is nested too deep")
    return found


def _brackets(text: str | bytes) -> int:
    if isinstance(text, str):
        return text.count("[") + text.count("{")
    return text.count(b"[") + text.count(b"{")


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST + 1):
        level = [one for table in level for one in _inside(table) if isinstance(one, dict | list)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
