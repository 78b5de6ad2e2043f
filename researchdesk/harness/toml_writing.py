"""Plain tables written as TOML that Python's own reader reads back the same."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_of(table: Mapping[str, Any]) -> str:
    """``table`` as a TOML document: text, truth values, numbers, lists and tables of those.

    Raises ValueError for anything else.
    """
    return "\n".join(_lines(table, ())).strip("\n") + "\n"


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    tables = {key: item for key, item in table.items() if isinstance(item, Mapping)}
    arrays = {key: item for key, item in table.items() if _is_tables(item)}
    for key, item in table.items():
        if key not in tables and key not in arrays:
            yield f"{_key(key)} = {_value(item)}"
    for key, item in tables.items():
        here = (*path, key)
        yield ""
        yield f"[{'.'.join(map(_key, here))}]"
        yield from _lines(item, here)
    for key, items in arrays.items():
        here = (*path, key)
        for item in items:
            yield ""
            yield f"[[{'.'.join(map(_key, here))}]]"
            yield from _lines(item, here)


def _is_tables(item: object) -> bool:
    return (
        isinstance(item, list | tuple)
        and bool(item)
        and all(isinstance(one, Mapping) for one in item)
    )


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(item: object) -> str:
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, int):
        return str(int(item))
    if isinstance(item, float):
        return _number(item)
    if isinstance(item, str):
        return _text(str(item))
    if isinstance(item, Mapping):
        inside = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in item.items())
        return f"{{{inside}}}"
    if isinstance(item, Sequence):
        return f"[{', '.join(map(_value, item))}]"
    raise ValueError(f"TOML has nothing for {item!r}")


def _number(value: float) -> str:
    if math.isfinite(value):
        text = repr(value)
        return text if set(text) & set(".e") else f"{text}.0"
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"


def _text(text: str) -> str:
    """A basic string of TOML: what JSON escapes, TOML reads."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
