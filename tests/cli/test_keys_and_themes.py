"""``keys`` and ``theme``: what the app has, and whether the user's own can be used."""

import json

import pytest


@pytest.fixture
def config(tmp_path, monkeypatch):
    file = tmp_path / "own.toml"
    monkeypatch.setenv("RESEARCHDESK_CONFIG", str(file))
    return file


def test_every_command_is_listed_with_its_keys(run, config):
    assert "those that commands come with hold" in run("keys", "--changed").stdout
    config.write_text('[keys]\n"library.remove" = ["^d", "del"]\n')
    records = json.loads(run("keys", "--json").stdout)["commands"]
    assert len(records) > 400
    (changed,) = [one for one in records if one["changed"]]
    assert changed["id"] == "library.remove"
    assert changed["keys"] == ["ctrl+d", "delete"]
    (_, told) = run("keys", "--changed").stdout.splitlines()
    assert "ctrl+d, del  library" in told
    assert told.endswith(changed["help"])
    assert run("keys", "check").returncode == 0
    config.write_text('[keys]\n"library.undo" = "ctrl+e"\n')
    records = json.loads(run("keys", "--json").stdout)["commands"]
    assert [one["id"] for one in records if "{" in one["help"]] == []
    (removing,) = [one["help"] for one in records if one["id"] == "library.remove"]
    assert "ctrl+e brings them back" in removing


def test_words_choose_among_the_commands_and_what_they_do_is_seen(run, config):
    head, *lines = run("keys", "PAPER", "library.remove").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["library.remove"]
    assert head.index("what it does") < 60
    records = json.loads(run("keys", "surprise", "--json").stdout)["commands"]
    everywhere = next(one for one in records if one["id"] == "app.add-surprise")
    (line,) = run("keys", "app.add-surprise").stdout.splitlines()[1:]
    assert len(everywhere["where"]) > 1
    assert f"everywhere +{len(everywhere['where']) - 1}" in line
    assert run("keys", "--changed", "surprise").stdout == "No command has these words.\n"


def test_lines_that_cannot_be_used_are_told_with_their_file(run, config):
    config.write_text('[keys]\n"library.ad" = "x"\n"app.home" = "ctrl+1"\n"library.tag" = "T"\n')
    done = run("keys", "check")
    assert done.returncode == 1
    assert f"{config}: [keys] library.ad: there is no such command" in done.stdout
    assert "few terminals can send ctrl+1" in done.stdout
    assert "1 of 3 lines hold" in done.stdout
    config.write_text("keys = 3\n")
    assert run("keys", "check").returncode == 5


def test_themes_are_listed_and_checked(run, tmp_path):
    themes = json.loads(run("theme", "list", "--json").stdout)["themes"]
    assert {one["name"] for one in themes if one["lowest"] >= 7} == {
        "desk-contrast",
        "desk-contrast-light",
    }
    assert all(one["lowest"] >= 4.5 for one in themes)
    faint = tmp_path / "faint.toml"
    faint.write_text('primary = "#778899"\nforeground = "#666666"\nbackground = "#000000"\n')
    done = run("theme", "check", str(faint))
    assert done.returncode == 0
    assert "note: contrast on background: foreground 3.7" in done.stdout
    assert "; text needs 4.5" in done.stdout
    assert "No problem" not in done.stderr
    assert f"{len(done.stdout.splitlines())} notes, no error." in done.stderr
    grey = "".join(f'{key} = "#777777"\n' for key in ("primary", "foreground", "background"))
    faint.write_text(grey + 'surface = "#777777"\npanel = "#777777"\n')
    done = run("theme", "check", str(faint))
    assert (done.returncode, "cannot be read" in done.stderr) == (5, True)
    grounds = [line for line in done.stdout.splitlines() if ": foreground 1.0" in line]
    assert len(grounds) == 3
    assert len(done.stdout.splitlines()) <= 12
    faint.write_text('primary = "#12"\naccent = 3\ndark = 1\n[variables]\nodd = "red"\n')
    done = run("theme", "check", str(faint))
    assert done.returncode == 5
    assert "'#12' is no colour" in done.stdout
    assert "accent: 3, but a colour is wanted" in done.stdout
    assert "variables.odd: no such variable" in done.stdout
    assert "no note, 4 errors." in done.stderr
