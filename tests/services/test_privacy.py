"""What is nobody else's: keys in the settings, the state, a new desk."""

import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from researchdesk.config import Settings, load_settings
from researchdesk.domain.clock import utc_now
from researchdesk.domain.health import Health
from researchdesk.services import doctor
from researchdesk.services.desk import open_desk
from researchdesk.services.privacy import open_settings, told_once

KEY = "9f8e7d-a-key-of-mine"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(f's2_key = "{KEY}"\n', "utf-8")
    path.chmod(0o644)
    monkeypatch.setenv("RESEARCHDESK_CONFIG", str(path))
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_desk_and_its_state_are_their_owners_alone(settings: Settings) -> None:
    open_desk(settings).close()
    assert (mode(settings.desk), mode(settings.state)) == (0o700, 0o700)


def test_a_desk_that_is_shared_on_purpose_stays_so(settings: Settings) -> None:
    settings.desk.mkdir(parents=True)
    settings.desk.chmod(0o755)
    open_desk(settings).close()
    assert mode(settings.desk) == 0o755


def test_a_key_that_others_may_read_is_told_once(config: Path, tmp_path: Path) -> None:
    settings = replace(load_settings(), state=tmp_path / "state")
    assert "chmod 600" in told_once(settings)
    assert told_once(settings) == ""
    config.write_text(f's2_key = "{KEY}2"\n', "utf-8")
    assert told_once(settings)
    config.chmod(0o600)
    assert open_settings() == told_once(settings) == ""
    config.chmod(0o640)
    config.write_text('theme = "desk-light"\n', "utf-8")
    assert open_settings() == ""


def test_an_engines_token_is_a_key_too(config: Path) -> None:
    config.write_text('[engines.far]\nkind = "slurm"\nsetup = ["export T=1"]\n', "utf-8")
    assert open_settings()


def test_a_key_in_the_environment_hides_none_in_the_file(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESEARCHDESK_S2_KEY", "another")
    assert "other people" in open_settings()
    config.write_text(f's2_key = "{KEY}"\nno such = ', "utf-8")
    assert open_settings(), "a file that cannot be used may be read all the same"
    config.write_text("semantic_scholar = true\n", "utf-8")
    assert open_settings() == ""


def test_a_repair_takes_the_file_with_a_key_from_others(config: Path, settings: Settings) -> None:
    asked = doctor.Examination(settings, utc_now, lambda *told: None, network=False)
    (found,) = [check for check in doctor.examine(asked) if check.name == "own key"]
    assert (found.health, found.repair) == (Health.PROBLEM, "take it from them")
    (done,) = doctor.repair(asked)
    assert str(config) in done
    assert mode(config) == 0o600
    assert doctor.repair(asked) == []
    config.write_text('theme = "desk-light"\n', "utf-8")
    config.chmod(0o644)
    assert doctor.repair(asked) == []
    assert mode(config) == 0o644


def test_what_the_settings_only_point_to_is_left_as_it_is(
    config: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = tmp_path / "mine" / "config.toml"
    ours.parent.mkdir()
    ours.symlink_to(config)
    monkeypatch.setenv("RESEARCHDESK_CONFIG", str(ours))
    asked = doctor.Examination(settings, utc_now, lambda *told: None, network=False)
    (found,) = [check for check in doctor.examine(asked) if check.name == "own key"]
    assert (found.repair, "chmod 600" in found.hint) == ("", True)
    assert doctor.repair(asked) == []
    assert mode(config) == 0o644


@pytest.mark.slow
@pytest.mark.parametrize("command", [["config", "--json"], ["config"], ["doctor", "--json"]])
def test_the_key_is_not_said(config: Path, command: list[str], settings: Settings) -> None:
    argv = [sys.executable, "-m", "researchdesk", "--offline", "--desk", str(settings.desk)]
    done = subprocess.run([*argv, *command], capture_output=True, text=True, check=False)
    assert done.stdout
    assert KEY not in done.stdout + done.stderr
