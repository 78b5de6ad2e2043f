"""Notes into a vault, on the command line."""

import json
from pathlib import Path

from researchdesk.config import VAULT_KEYS


def test_a_conflict_is_told_with_the_way_out(run, tmp_path: Path) -> None:
    (tmp_path / "out" / ".obsidian").mkdir(parents=True)
    export = ("export", "notes", "1512.03385", "--to", "out")
    run("note", "add", "1512.03385", "--pass", "1", "first")
    done = run(*export)
    assert (done.returncode, done.stdout) == (0, "written  out/1512.03385.md\n")
    page = tmp_path / "out" / "1512.03385.md"
    page.write_text(page.read_text("utf-8").replace("first", "MINE"), "utf-8")
    run("note", "add", "1512.03385", "--pass", "1", "second")
    done = run(*export, "--json")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert (told["vault"], told["problems"]) == ("obsidian", [])
    assert told["files"][0]["conflicts"] == ["notes"]
    assert told["files"][0]["new_text"] == "out/1512.03385.new.md"
    assert "notes changed by hand; the new text is in" in done.stderr
    assert "--settle new" in done.stderr
    run(*export, "--settle", "new")
    assert "MINE" not in page.read_text("utf-8")
    assert not page.with_name("1512.03385.new.md").exists()
    page.write_text("my own")
    run("add", "1412.6980")
    done = run("export", "notes", "1512.03385", "1904.09237", "--to", "out")
    assert done.returncode == 5
    assert "was not written by researchdesk" in done.stderr
    assert page.read_text() == "my own"
    assert (tmp_path / "out" / "1904.09237.md").is_file()


def test_properties_are_those_of_the_settings_and_the_help_names_them(
    run, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv("RESEARCHDESK_VAULT_KEYS", "title=name, status=state, 'paper'=type")
    done = run("export", "notes", "1512.03385", "--to", "out")
    assert done.returncode == 0, done.stderr
    head = (tmp_path / "out" / "1512.03385.md").read_text("utf-8").split("---\n")[1]
    assert head == (
        "id: '1512.03385'\nname: Deep Residual Learning for Image Recognition\nstate: unread\n"
        "type: paper\n"
    )
    words = run("config", "--help").stdout.replace(",", " ").replace(".", " ").split()
    assert set(VAULT_KEYS) <= set(words)


def test_a_file_where_the_folder_would_be_stays_and_is_named(run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    for below, code in (("taken", 2), ("taken/notes", 5), ("taken/a/b", 5)):
        done = run("export", "notes", "1512.03385", "--to", below)
        assert (done.returncode, done.stdout) == (code, "")
        assert "taken" in done.stderr
        assert "is a file" in done.stderr
        if code == 5:
            assert "Nothing was written" in done.stderr
            assert "another folder" in done.stderr
    assert (tmp_path / "taken").read_text() == "mine"
