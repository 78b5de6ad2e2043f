"""Two apps, a loop of commands and a running experiment on one desk, for half a minute."""

import shutil
from pathlib import Path

import pytest
from reliability.together import together

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]


def test_nothing_is_lost_where_all_write_at_once(tmp_path: Path) -> None:
    ledgers = together(tmp_path, 20.0, 11, least=1)
    failures = [text for ledger in ledgers for text in ledger.failures]
    assert not failures, "\n".join(failures)
    for ledger in ledgers[:4]:
        assert ledger.facts, f"{ledger.name} was told nothing"


def test_two_who_write_one_storyline_keep_all_their_words(tmp_path: Path) -> None:
    ledgers = together(tmp_path, 20.0, 11, ["story of both"], least=4)
    failures = [text for ledger in ledgers for text in ledger.failures]
    assert not failures, "\n".join(failures)
    assert all(len(ledger.facts) > 3 for ledger in ledgers[:2])
