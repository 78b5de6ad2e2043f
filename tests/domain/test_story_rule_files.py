"""The file of rules: read whole, or every problem with its line and key."""

import pytest

from researchdesk.domain.story_rule_files import read_rules

RULE = """\
[[rules]]
name = "one"
looks_for = "no evidence"
message = "{what} is said"
experiment = "link it"
words = ["better"]
"""


def test_a_rule_is_read() -> None:
    (rule,), problems = read_rules(RULE)
    assert problems == ()
    assert (rule.name, rule.looks_for, rule.on) == ("one", "no evidence", True)
    assert [bool(rule.words[0].search(text)) for text in ("is BETTER.", "betters", "(better)")] == [
        True, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("looks_for", "look_for", "line 3: rules[1].look_for: unknown key; did you mean"),
        ("no evidence", "no evidense", "line 3: rules[1].looks_for: 'no evidense' cannot be"),
        ("{what}", "{waht}", "line 4: rules[1].message: {waht}: there is no such slot here"),
        ('"link it"', "3", "line 5: rules[1].experiment: 3, but text is wanted"),
        ('["better"]', '"better"', "line 6: rules[1].words: 'better', but a list"),
        ('["better"]', '["good", "(x"]', "line 6: rules[1].words[2]: '(x' is no pattern"),
        ('["better"]', '["better"]\non = "no"', "line 7: rules[1].on: 'no', but true or false"),
        ('name = "one"', "", "line 1: rules[1].name: missing"),
        ("[[rules]]", "[[rule]]", "line 1: rule: unknown key"),
        ("message =", "message", "line 4: this is no TOML"),
        ("[[rules]]", f"{RULE}[[rules]]", "line 8: rules[2].name: 'one' stands twice"),
        (RULE, "rules = [1]", "line 1: rules[1]: 1, but a table is wanted"),
        (RULE, "", "line 1: rules: missing"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_key(old: str, new: str, said: str) -> None:
    rules, problems = read_rules(RULE.replace(old, new, 1))
    assert rules == ()
    assert any(str(problem).startswith(said) for problem in problems), [*map(str, problems)]
