"""What differs between settings, and settings that a person types."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.settings import ABSENT, differences, parse_setting, single_changes
from researchdesk.errors import UsageProblemError

_PLAIN = st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
_VALUES = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
)
_SETTINGS = st.dictionaries(st.text(min_size=1, max_size=5), _VALUES, max_size=6)
OLD = {"lr": 0.1, "steps": 4, "on": True, "name": "adam", "betas": [0.9, 0.99], "depth": {"a": 1}}


@given(_SETTINGS)
def test_nothing_differs_from_itself(settings: dict[str, Any]) -> None:
    assert differences(settings, dict(reversed(settings.items()))) == ()


@given(_SETTINGS, _SETTINGS)
def test_what_differs_one_way_differs_the_other_way(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    there = {item.name: (repr(item.before), repr(item.after)) for item in differences(one, other)}
    back = {item.name: (repr(item.after), repr(item.before)) for item in differences(other, one)}
    assert there == back
    assert {*one} ^ {*other} <= there.keys()


@given(_SETTINGS, st.text(min_size=1, max_size=5), _VALUES)
def test_one_change_is_the_one_difference(settings: dict[str, Any], name: str, value: Any) -> None:
    found = differences(settings, {**settings, name: value})
    assert {item.name for item in found} <= {name}
    assert found or name in settings


@pytest.mark.parametrize(
    ("one", "other"), [(1, 1.0), (1, True), (0.0, "0.0"), ([1], [1.0]), ({"a": 1}, {"a": 2})]
)
def test_values_of_another_type_differ(one: Any, other: Any) -> None:
    (found,) = differences({"x": one}, {"x": other})
    assert (found.before, found.after) == (one, other)
    (gone,) = differences({"x": one}, {})
    assert gone.after is ABSENT
    assert "not there" in gone.words


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("lr=0.01", "lr", 0.01), ("lr = 1", "lr", 1.0), ("steps=8", "steps", 8),
        ("on=false", "on", False), ("name=sgd", "name", "sgd"), ('name="a b"', "name", "a b"),
        ("betas=[1, 0.5]", "betas", [1.0, 0.5]), ("depth={a = 2}", "depth", {"a": 2}),
        ("name=a=b", "name", "a=b"),
    ],
)  # fmt: skip
def test_a_typed_value_gets_the_type_of_the_old(text: str, name: str, value: Any) -> None:
    found = parse_setting(text, OLD)
    assert found == (name, value)
    assert type(found[1]) is type(value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("momentum=0.9", "silently do nothing"), ("lr", "no setting"), ("=1", "no setting"),
        ("steps=1.5", "a whole number"), ("on=1", "true or false"), ("lr=true", "a number"),
        ("lr=fast", "read as a value"), ("betas=0.9", "a list"), ("lr=2020-01-01", "a date"),
        ("betas=[true]", "true or false"),
    ],
)  # fmt: skip
def test_what_would_do_nothing_or_two_things_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageProblemError) as caught:
        parse_setting(text, OLD)
    assert said in f"{caught.value.message} {caught.value.hint}"


def test_an_unknown_setting_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageProblemError) as caught:
        parse_setting("rate=1", OLD)
    assert caught.value.hint == "The settings are: lr, steps, on, name, betas, depth."


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 2, "c": 3}}, ["a.b", "a.c"]),
        ({"a": {"b": {"c": 1, "d": 1}}}, {"a": {"b": {"c": 2, "d": 1}}}, ["a.b.c"]),
        ({"a": {}}, {"a": {"b": 1, "c": 2}}, ["a.b", "a.c"]),
        ({"a": [{"b": 1}, {"b": 1}]}, {"a": [{"b": 2}, {"b": 2}]}, ["a.0.b", "a.1.b"]),
        ({"a": [1, 2]}, {"a": [3, 4]}, ["a"]),
        ({"a": {"b": 1}}, {"a": 3}, ["a"]),
        ({"a": [{}]}, {"a": [{}]}, []),
    ],
)
def test_what_is_within_a_table_is_a_change_of_its_own(
    one: dict[str, Any], other: dict[str, Any], names: list[str]
) -> None:
    assert [item.name for item in single_changes(one, other)] == names


@given(_SETTINGS, _SETTINGS)
def test_there_is_a_single_change_where_there_is_a_difference(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    found = single_changes(one, other)
    assert bool(found) == bool(differences(one, other))
    assert len(found) >= len(differences(one, other))


@pytest.mark.parametrize("text", ["lr=nan", "lr=-inf", "betas=[0.9, inf]"])
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    with pytest.raises(UsageProblemError, match="no number to run with"):
        parse_setting(text, OLD)
