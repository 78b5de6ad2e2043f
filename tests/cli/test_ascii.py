"""--ascii: whatever a command prints is ASCII; its JSON still holds all that it held."""

import json
import os
import subprocess
import sys

import pytest

from researchdesk.config import load_settings
from researchdesk.domain.papers import Metadata
from researchdesk.domain.terminals import wants_ascii
from researchdesk.services import library
from researchdesk.services.desk import open_desk

TITLE = "Über β-VAE — 北京 “quoted” ±2…"


@pytest.fixture
def told(settings):
    desk = open_desk(settings)
    library.seed_bundled(desk)
    library.file_metadata(desk, Metadata(TITLE, ("Łukasz Müller",), arxiv_id="2501.00001"))
    desk.close()

    def run(*words, **environ):
        done = subprocess.run(
            [sys.executable, "-m", "researchdesk", *words],
            env={**os.environ, "RESEARCHDESK_DESK": str(settings.desk), **environ},
            capture_output=True,
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_pages_help_and_errors_are_ascii_and_columns_stand(told):
    for words in (("list",), ("reproduce", "--help"), ("show", "über"), ("--desk",)):
        _, said = told("--ascii", *words)
        assert said
        assert said.isascii(), words
    said = told("--ascii", "list")[1].decode()
    assert 'Uber beta-VAE -- ?? "quoted" +/-2...' in said
    rows = [line for line in said.splitlines() if " unread " in line]
    assert len({line.index(" unread ") for line in rows}) == 1
    assert told("--ascii", "show", "2501.00001")[1].isascii()


def test_json_is_ascii_without_loss(told):
    code, said = told("--offline", "--ascii", "list", "--json")
    assert code == 0
    assert said.isascii()
    assert TITLE in [paper["title"] for paper in json.loads(said)["papers"]]


def test_the_environment_and_the_settings_file_may_ask_for_it(told, tmp_path):
    plain = TITLE.encode()
    assert plain in told("list")[1]
    assert plain not in told("list", RESEARCHDESK_ASCII="1")[1]
    config = tmp_path / "config.toml"
    config.write_text("ascii = true")
    assert plain not in told("list", RESEARCHDESK_CONFIG=str(config))[1]
    assert plain in told("--no-ascii", "list", RESEARCHDESK_CONFIG=str(config))[1]
    config.write_text("ascii = 'often'")
    assert told("list", RESEARCHDESK_CONFIG=str(config))[0] == 5


def test_what_goes_into_a_pipe_is_not_changed_by_the_terminal(told):
    assert TITLE.encode() in told("list", TERM="dumb", LC_ALL="C")[1]


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, False),
        ({"LANG": "C.UTF-8", "TERM": "xterm"}, False),
        ({"LANG": "de_DE.utf8@euro"}, False),
        ({"LANG": "C", "LC_CTYPE": "en_US.UTF-8"}, False),
        ({"LANG": "C"}, True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),  # what Python makes of it
        ({"LANG": "en_US.UTF-8", "LC_ALL": "POSIX"}, True),
        ({"LANG": "ja_JP.eucJP"}, True),
        ({"LANG": "C.UTF-8", "TERM": "linux"}, True),
        ({"TERM": "dumb"}, True),
        ({"TERM": "dumb", "RESEARCHDESK_ASCII": "0"}, False),
    ],
)
def test_a_terminal_of_few_signs_is_known_by_what_it_says(environ, wanted, tmp_path):
    settings = load_settings(environ, tmp_path / "none.toml")
    assert wants_ascii(settings.ascii, environ) is wanted
