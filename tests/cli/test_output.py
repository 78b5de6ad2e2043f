"""Data on stdout."""

import json
import sys
import time

import pytest

from researchdesk.cli.output import as_json, emit_number, emit_table


def test_json_has_no_sign_that_a_terminal_acts_on_and_keeps_the_data() -> None:
    signs = "\x9b31m \x7f \u202e \u2066 \u200f \u2028 \ud800 \x1b\n"
    told = {f"key {signs}": [f"é ∇ 😀 \\u202e {signs}"]}
    said = as_json(told)
    assert all(sign.isprintable() or sign == "\n" for sign in said)
    assert json.loads(said) == told
    assert "é ∇ 😀" in said


def test_a_line_of_a_million_wide_signs_is_cut_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    emit_table(["name"], [["漢e\u0301" * 300_000]])
    assert time.monotonic() - began < 3
    line = capsys.readouterr().out.split("\n")[1]
    assert line == "漢e\u0301" * 3333 + "…"


def test_a_number_says_at_a_terminal_what_it_numbers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    emit_number("note", 3)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    emit_number("note", 3)
    assert capsys.readouterr().out == "3\nnote 3\n"
