"""Every parser is fuzzed: a small part of ``python tests/reliability/fuzz.py``."""

import pytest
from reliability.fuzz import TARGETS, Told, made_up
from reliability.fuzzing import Target, evil, given_to, steady
from reliability.parsers import OUR_OWN, calls_that_parse

_QUICK = [target for target in TARGETS if target.costly < 4]
_OF_QUICK = pytest.mark.parametrize("target", _QUICK, ids=lambda target: target.name)
_EVERY = pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)


@_OF_QUICK
def test_what_is_given_every_time(target: Target) -> None:
    for text in steady(target, 20):
        given_to(target, text)


@pytest.mark.slow
@_EVERY
def test_more_of_what_is_given_every_time(target: Target) -> None:
    for text in steady(target, 60):
        given_to(target, text)


@pytest.mark.slow
@_EVERY
def test_anything_else(target: Target) -> None:
    assert not list(made_up(target, 40, 0, Told(target.name)))


@pytest.mark.slow
@_OF_QUICK
def test_nothing_grows_faster_than_what_is_given(target: Target) -> None:
    assert not evil(target, 5_000)


def test_every_call_that_parses_is_fuzzed_or_told_to_be_of_our_own() -> None:
    covered = {name for target in TARGETS for name in target.covers}
    left = {name for name in calls_that_parse() - covered if not name.startswith(tuple(OUR_OWN))}
    assert not left, "fuzz them (Target.covers), or say whose text they read (OUR_OWN)"
