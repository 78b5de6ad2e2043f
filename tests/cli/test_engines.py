"""``engine list`` and ``engine check``."""

import json
import os
from pathlib import Path

import pytest


@pytest.fixture
def engines() -> None:
    table = (
        '[engines.far]\nkind = "ray"\naddress = "127.0.0.1:9"\n\n[engines.wrong]\nkind = "ray"\n'
    )
    Path(os.environ["RESEARCHDESK_CONFIG"]).write_text(table + 'adress = "x"\n', "utf-8")


def test_engines_are_listed_and_a_check_that_fails_says_what_to_do(run, engines) -> None:
    listed = run("engine", "list", "--json")
    assert listed.returncode == 0
    found = {one["name"]: one for one in json.loads(listed.stdout)["engines"]}
    assert list(found) == ["local", "ray", "slurm", "far", "wrong"]
    assert found["local"]["usual"] is True
    assert found["far"]["settings"]["options"] == {"address": "127.0.0.1:9"}
    assert "address" in found["wrong"]["problem"]
    table = run("engine", "list")
    assert "local *" in table.stdout
    assert "adress" in table.stderr
    failed = run("engine", "check", "far", "--json")
    assert failed.returncode == 1
    steps = json.loads(failed.stdout)["steps"]
    assert [(step["name"], step["ok"]) for step in steps] == [("extra", True), ("connect", False)]
    assert "ray status" in failed.stderr
    assert run("engine", "check", "fat").returncode == 3
    assert run("engine", "check", "wrong").returncode == 5


def test_an_engine_of_the_settings_that_is_none_is_told_with_a_near_one(run) -> None:
    config = Path(os.environ["RESEARCHDESK_CONFIG"])
    config.write_text('engine = "klaster"\n[engines.cluster]\nkind = "slurm"\n', "utf-8")
    listed = run("engine", "list", "--json")
    assert listed.returncode == 0
    assert "klaster" in json.loads(listed.stdout)["problem"]
    assert "Did you mean cluster?" in listed.stderr


def test_what_a_table_says_is_listed_and_every_key_of_a_kind_is_told(run) -> None:
    table = '[engines.c]\nkind = "slurm"\npartition = "gpu"\nminutes = 30\nat_once = 4\n'
    Path(os.environ["RESEARCHDESK_CONFIG"]).write_text(table, "utf-8")
    (line,) = [one for one in run("engine", "list").stdout.splitlines() if one.startswith("c ")]
    assert line.endswith("at_once = 4, minutes = 30, partition = gpu")
    listed = json.loads(run("engine", "list", "--json").stdout)["engines"]
    values = {one["name"]: one["values"] for one in listed}
    assert values["c"].items() >= {"minutes": 30, "retries": 2, "signal_s": 60}.items()
    told = run("engine", "options", "slurm")
    assert told.returncode == 0
    lines = told.stdout.splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(values["c"])
    assert any(line.startswith("retries") and " 2 " in line for line in lines)
    keys = json.loads(run("engine", "options", "slurm", "--json").stdout)["keys"]
    assert [one["key"] for one in keys] == list(values["c"])
    assert run("engine", "options", "pbs").returncode == 2


def test_what_may_hold_a_token_is_not_shown(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "settings.toml"
    config.write_text('[engines.x]\nkind = "slurm"\nsetup = ["export TOKEN=abc"]\n')
    monkeypatch.setenv("RESEARCHDESK_CONFIG", str(config))
    for words in (("engine", "list"), ("engine", "list", "--json"), ("config", "--json")):
        done = run(*words)
        assert done.returncode == 0, done.stderr
        assert "abc" not in done.stdout
        assert "kept to itself" in done.stdout
