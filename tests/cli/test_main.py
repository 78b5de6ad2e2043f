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


@pytest.mark.parametrize("args", [("list",), ("find", "--help"), ("config",), ("funny", "list")])
def test_nothing_heavy_is_imported(args: tuple[str, ...]) -> None:
    script = (
        "import sys, atexit\n"
        "atexit.register(lambda: print(sorted({'torch','textual','pymupdf','scipy','sklearn'}"
        " & set(sys.modules)), file=sys.stderr))\n"
        f"sys.argv = ['researchdesk', *{args!r}]\n"
        "from researchdesk.cli.main import main\nmain()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_a_reader_that_goes_away_is_no_error(run) -> None:
    run("funny", "add", "a", "--expected", "b", "--observed", "c")
    command = f"{sys.executable} -m researchdesk funny list | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert "Traceback" not in done.stderr


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
