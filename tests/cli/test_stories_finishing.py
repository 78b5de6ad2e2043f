"""Finished papers on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from researchdesk.cli.main import cli
from researchdesk.errors import DeskError


def test_a_story_is_finished_celebrated_and_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def run(*args: str) -> Result:
        return CliRunner().invoke(cli, ["story", *args])

    slug = run("new", "--title", "Why it falls").stdout.strip()
    assert isinstance(run("finish", slug).exception, DeskError)
    run("edit", slug, "It falls.")
    done = run("finish", slug, "--venue", "TMLR", "--on", "2026-01-31")
    assert done.stdout.startswith("“Why it falls” is finished (TMLR), 2026-01-31. Congratulations.")
    assert f"researchdesk story celebrated {slug}" in done.stdout
    assert "2026-01-31, TMLR  Why it falls" in run("list").stdout
    told = json.loads(run("celebrated", slug, "--json").stdout)
    assert (told["went_in"]["drafts"], told["parked"]) == (1, [])
    assert told["story"]["celebrated_at"]
    assert (
        json.loads(run("celebrated", slug, "--back", "--json").stdout)["story"]["celebrated_at"]
        is None
    )
    assert "is open again" in run("reopen", slug).stderr
    assert "2026-01-31" not in run("list").stdout
