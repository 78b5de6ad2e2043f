"""The rules of what a storyline lacks, read from TOML, or every problem with its line and key."""

import re
from collections.abc import Mapping
from typing import Any

from researchdesk.domain.story_rules import LOOKS_FOR, Rule, slots_of, word_pattern
from researchdesk.domain.toml_lines import Path
from researchdesk.domain.toml_tables import Problem, TableReader, read, unknown

_PATTERNS = ("words", "unless", "ignore", "not_under")
_KEYS = ("name", "looks_for", "message", "experiment", *_PATTERNS, "on")


def read_rules(source: str) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
    """The rules that a TOML text says, in its order; or none, and every problem."""
    rules, problems = read(source, _rules)
    return rules or (), problems


def _rules(reader: TableReader, table: Mapping[str, Any]) -> tuple[Rule, ...]:
    reader.only(table, ("rules",), ())
    found = reader.tables(table, "rules", ())
    rules = [_rule(reader, item, at) for item, at in found]
    names = [(rule.name, (*at, "name")) for rule, (_, at) in zip(rules, found, strict=True)]
    reader.distinct(names, "in one file")
    return tuple(rules)


def _rule(reader: TableReader, table: Mapping[str, Any], at: Path) -> Rule:
    reader.only(table, _KEYS, at)
    name, looks_for, message, experiment = (reader.text(table, key, at) for key in _KEYS[:4])
    if looks_for and looks_for not in LOOKS_FOR:
        said = f"{looks_for!r} cannot be looked for; {unknown(looks_for, tuple(LOOKS_FOR))}"
        reader.complain((*at, "looks_for"), said)
    slots = LOOKS_FOR.get(looks_for, frozenset())
    for key, words in (("message", message), ("experiment", experiment)):
        for slot in sorted(slots_of(words) - slots if looks_for in LOOKS_FOR else ()):
            reader.complain((*at, key), f"{{{slot}}}: {_slots(slots)}")
    on = table.get("on", True)
    if not isinstance(on, bool):
        reader.complain((*at, "on"), f"{on!r}, but true or false is wanted")
    patterns = {key: _patterns(reader, table, key, at) for key in _PATTERNS}
    return Rule(name, looks_for, message, experiment, **patterns, on=bool(on))


def _patterns(
    reader: TableReader, table: Mapping[str, Any], key: str, at: Path
) -> tuple[re.Pattern[str], ...]:
    value = table.get(key, [])
    if not isinstance(value, list):
        reader.complain((*at, key), f"{value!r}, but a list of patterns is wanted")
        return ()
    found = []
    for place, text in enumerate(value):
        if not isinstance(text, str) or not text:
            reader.complain((*at, key, place), f"{text!r}, but text is wanted")
            continue
        try:
            found.append(word_pattern(text))
        except re.error as error:
            reader.complain((*at, key, place), f"{text!r} is no pattern: {error.msg}")
    return tuple(found)


def _slots(slots: frozenset[str]) -> str:
    known = ", ".join(f"{{{slot}}}" for slot in sorted(slots))
    return f"there is no such slot here; known: {known}" if known else "no slots are filled here"
