import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from researchdesk import __version__
from researchdesk.cli.main import COMMANDS, cli


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_and_its_verbs_have_help(name: str) -> None:
    runner = CliRunner()
    result = runner.invoke(cli, [name, "--help"])
    assert result.exit_code == 0, result.output
    command = cli.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    assert command.help
    for verb, sub in getattr(command, "commands", {}).items():
        result = runner.invoke(cli, [name, verb, "--help"])
        assert result.exit_code == 0, result.output
        assert sub.help, (name, verb)


def test_the_help_page_names_every_command(run) -> None:
    done = run("--help")
    assert done.returncode == 0
    for name, (_, text) in COMMANDS.items():
        assert f"  {name} " in done.stdout
        assert text[:30] in done.stdout


def test_a_misspelt_command_gets_a_suggestion(run) -> None:
    done = run("nots")
    assert done.returncode == 2
    assert "Did you mean 'note'?" in done.stderr


def test_version(run) -> None:
    assert run("--version").stdout == f"researchdesk, version {__version__}\n"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("nonsense",), 2),
        (("list", "--nonsense"), 2),
        ((), 2),
        (("add", "not-an-id"), 2),
        (("show", "1706.03762"), 3),
        (("reproduce", "1706.03762"), 3),
        (("runs", "show", "nothing"), 3),
        (("story", "show", "nothing"), 3),
        (("note", "edit", "7", "x"), 3),
        (("add", "1706.03762"), 4),
        (("find", "attention"), 4),
        (("--offline", "find", "attention"), 4),
        (("add", "missing.pdf"), 5),
    ],
)
def test_exit_codes_and_words_on_stderr(run, args: tuple[str, ...], code: int) -> None:
    done = run(*args)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_no_recipe_says_how_to_make_one(run) -> None:
    done = run("reproduce", "1706.03762")
    assert "recipe new" in done.stderr
    assert "researchdesk recipe list" in run("recipe", "show", "nope").stderr


def _shell(command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    line = command.replace("rd ", f"{sys.executable} -m researchdesk ")
    environ = {**os.environ, **variables}
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=environ)


@pytest.mark.parametrize("json_flag", ["", "--json"])
def test_a_reader_that_goes_away_does_not_change_the_verdict(json_flag: str) -> None:
    command = f"rd reproduce 1512.03385 --quick --arm resnet-20 {json_flag} | true"
    done = _shell(f"{command}; exit ${{PIPESTATUS[0]}}")
    assert done.returncode == 6, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("rd list >&-", 0),
        ("rd list <&- >&- 2>&-", 0),
        ("rd note add 1904.09237 - <&-", 2),
        ("rd config >/dev/full", 70),
        ("rd note add 1904.09237 --page 99999999999999999999 x", 2),
        ("rd search a --limit 99999999999999999999", 2),
        ("rd note edit 99999999999999999999 x", 2),
        ("rd show $'a\\xffb'", 3),
        ("rd story show $'a\\xffb'", 3),
        ("rd find $'\\xff' --limit 1", 2),
    ],
)
def test_odd_streams_and_words_give_a_code_and_no_traceback(command: str, code: int) -> None:
    done = _shell(command)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_that_knows_no_unicode_still_gets_its_verdict() -> None:
    done = _shell(
        "rd reproduce 1512.03385 --arm resnet-20",
        LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert " reproduced" in done.stdout


@pytest.mark.slow
def test_an_editor_that_writes_nothing_makes_no_draft(tmp_path) -> None:
    _shell("rd story new --title Zed")
    done = _shell("EDITOR=true script -qec 'rd story edit zed' /dev/null")
    assert "no draft was made" in done.stdout
    done = _shell("EDITOR=/nonexistent script -qec 'rd story edit zed' /dev/null; echo code $?")
    assert "code 2" in done.stdout
    assert json.loads(_shell("rd story drafts zed --json").stdout) == {"drafts": []}


def test_a_removed_paper_stays_removed_when_it_is_looked_for() -> None:
    _shell("rd show 1904.09237; rd remove 1904.09237")
    done = _shell("rd note list 1904.09237")
    assert done.returncode == 3
    assert json.loads(_shell("rd list --json").stdout) == {
        "papers": [],
        "problems": [],
        "total": 0,
    }
    assert _shell("rd --offline add 1904.09237").returncode == 0
    assert len(json.loads(_shell("rd list --json").stdout)["papers"]) == 1


def test_a_recipe_that_is_broken_is_answered_with_one(run, tmp_path) -> None:
    folder = tmp_path / "2001.00001-x"
    folder.mkdir()
    (folder / "recipe.toml").write_text("title = 3\n")
    done = run("recipe", "check", str(folder))
    assert done.returncode == 1
    assert "recipe.toml" in done.stderr


def test_a_bad_settings_file_is_named(run, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "bad.toml"
    file.write_text("wrokflow = 'x'")
    monkeypatch.setenv("RESEARCHDESK_CONFIG", str(file))
    done = run("list")
    assert done.returncode == 5
    assert "wrokflow" in done.stderr


def test_config_tells_the_desk_and_where_it_comes_from(run) -> None:
    told = json.loads(run("--desk", "here", "config", "--json").stdout)
    assert told["settings"]["desk"].endswith("/here")
    assert told["file"] == os.environ["RESEARCHDESK_CONFIG"]


@pytest.mark.parametrize("words", [("report", "x", "--to"), ("theme", "check")])
def test_a_name_longer_than_any_file_has_is_wrong_usage(run, words: tuple[str, ...]) -> None:
    done = run(*words, "v" * 300)
    assert done.returncode == 2, done.stderr
    assert "it is too long" in done.stderr
    assert "Traceback" not in done.stderr
