"""Data on stdout."""

import json

from researchdesk.cli.output import as_json


def test_json_has_no_sign_that_a_terminal_acts_on_and_keeps_the_data() -> None:
    signs = "\x9b31m \x7f \u202e \u2066 \u200f \u2028 \ud800 \x1b\n"
    told = {f"key {signs}": [f"é ∇ 😀 \\u202e {signs}"]}
    said = as_json(told)
    assert all(sign.isprintable() or sign == "\n" for sign in said)
    assert json.loads(said) == told
    assert "é ∇ 😀" in said
