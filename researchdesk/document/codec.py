"""What a parser found, as JSON and back."""

import json
import types
import typing
from collections.abc import Callable
from dataclasses import asdict, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from researchdesk.domain.documents import Document

Made = TypeVar("Made")


def encode(value: Any) -> Any:
    """A dataclass, or tuples of them, as plain dicts and lists."""
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def decode(kind: type[Made], table: Any) -> Made:
    """The dataclass that ``encode`` wrote. Raises KeyError, TypeError or ValueError on another."""
    wanted: Any = kind
    return typing.cast(Made, _reader(wanted)(table))


def to_json(document: Document) -> str:
    """The document as one line of JSON."""
    return json.dumps(encode(document))


def from_json(text: str) -> Document:
    """The document that ``to_json`` wrote. Raises ValueError where the text is of another make."""
    try:
        return decode(Document, json.loads(text))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a parsed document: {error}") from error


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """A function from JSON's plain values to ``kind``."""
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return _tuple_reader(inside)
    if origin in (typing.Union, types.UnionType):
        read = _reader(next(part for part in inside if part is not type(None)))
        return lambda value: None if value is None else read(value)
    return _as_it_is


def _dataclass_reader(kind: Any) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    readers = {item.name: _reader(hints[item.name]) for item in fields(kind)}
    plain = all(reader is _as_it_is for reader in readers.values())

    def read(table: dict[str, Any]) -> Any:
        if plain:
            return kind(**table)
        return kind(**{name: readers[name](value) for name, value in table.items()})

    return read


def _tuple_reader(inside: tuple[Any, ...]) -> Callable[[Any], Any]:
    read = _reader(inside[0])
    if read is _as_it_is:
        return _tuple_of
    return lambda values: tuple(read(value) for value in _tuple_of(values))


def _tuple_of(values: Any) -> tuple[Any, ...]:
    if not isinstance(values, list | tuple):
        raise TypeError(f"{values!r} is no list")
    return tuple(values)


def _as_it_is(value: Any) -> Any:
    return value
