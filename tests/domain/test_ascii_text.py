"""Text in ASCII alone: nothing else comes out, and what stood in columns stands in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.ascii_text import as_ascii, ascii_cells, columns


@pytest.mark.parametrize(
    ("text", "free", "cells"),
    [
        ("✓ reproduced · ✗ different", "+ reproduced | x different", "+ reproduced | x different"),
        ("0.93 ± 0.02", "0.93 +/- 0.02", "0.93+/-0.02"),
        ("“so”, it’s – said…", '"so", it\'s - said...', '"so", it\'s - said~'),
        ("a → b ← c", "a -> b <- c", "a ->b <-c"),
        ("n ≥ 3", "n >= 3", "n >=3"),
        ("1.2×10⁻⁵ and 10³ and x²", "1.2e-5   and 1e3 and x^2", "1.2e-5   and 1e3 and x2"),
        ("▁▂▃▄▅▆▇█", "_.-=+*%#", "_.-=+*%#"),
        ("╭─┬─╮ │ ┃ ═", "+-+-+ | | =", "+-+-+ | | ="),
        ("⠁⡀⠉⣿", "'.'#", "'.'#"),
        ("βs of Müller, Łukasz, Åse", "betas of Muller, Lukasz, Ase", "bs of Muller, Lukasz, Ase"),
        ("北京", "??", "????"),
        ("e\N{COMBINING ACUTE ACCENT}\N{ZERO WIDTH SPACE}x", "ex", "ex"),
        ("★★☆", "**-", "**-"),
    ],
)
def test_signs_have_their_likes(text, free, cells):
    assert as_ascii(text) == free
    assert ascii_cells(text) == cells


@given(st.text())
def test_whatever_comes_only_ascii_goes_and_keeps_its_columns(text):
    assert as_ascii(text).isascii()
    assert ascii_cells(text).isascii()
    assert len(ascii_cells(text)) == sum(map(columns, text))


def test_every_sign_of_the_program_has_a_like():
    ours = "·…█±−–”“•✓×✗’²—→○↑●†≈Δ↓─≠★≤≥§▶━‖³‡√◆◐»∞▌▀░│›↻↳✎✦⚠▼▷◌↶☆└⇄↩◈■□△⠿"
    assert "?" not in as_ascii(ours)
    assert "?" not in ascii_cells(ours)
