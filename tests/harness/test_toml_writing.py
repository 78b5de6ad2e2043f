"""TOML that is written is read back the same."""

import math
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.harness.toml_writing import toml_of

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_PLAIN = st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | _TEXT
_VALUES = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(_TEXT, _VALUES, max_size=5))
def test_it_is_read_back_the_same(table: dict[str, Any]) -> None:
    read = tomllib.loads(toml_of(table))
    assert read == table
    assert repr(_sorted(read)) == repr(_sorted(table))


def _sorted(value: Any) -> Any:
    """With the keys in one order: 1, 1.0 and true stay three values."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def test_what_toml_has_not_is_refused() -> None:
    assert math.isnan(tomllib.loads(toml_of({"a": math.nan}))["a"])
    with pytest.raises(ValueError, match="nothing for None"):
        toml_of({"a": None})
