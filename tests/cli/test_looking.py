"""``recipe data``, ``runs errors`` and ``runs table`` on the command line."""

import json

import pytest
from click.testing import CliRunner, Result
from support.digits_recipe import DIGITS, TWICE, write_digits

from researchdesk.cli.main import cli
from researchdesk.config import load_settings
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services.desk import open_desk
from researchdesk.services.reproduction import ReproduceOptions, reproduce


def run(*words: str) -> Result:
    """The command in this process."""
    return CliRunner().invoke(cli, words)


@pytest.fixture(autouse=True)
def _recipe():
    write_digits(load_settings().recipes)


@pytest.mark.slow
def test_the_data_of_a_recipe_as_a_page_and_as_json():
    refused = run("recipe", "data", DIGITS)
    assert isinstance(refused.exception, UsageProblemError)
    assert "--trust" in refused.exception.hint
    page = run("recipe", "data", DIGITS, "--trust").stdout
    assert page.startswith("! the same row in two splits")
    assert f"Equal rows: {TWICE}" in page
    assert "\x1b" not in page
    record = json.loads(run("recipe", "data", DIGITS, "--json").stdout)
    assert record["totals"]["duplicates"] == TWICE
    assert record["findings"][0]["kind"] == "the same row in two splits"


@pytest.mark.slow
def test_the_errors_and_the_table_of_a_run():
    desk = open_desk(load_settings())
    name = reproduce(desk, DIGITS, ReproduceOptions(1, ("net",), trust=True)).run.id
    desk.close()
    errors = run("runs", "errors", name).stdout
    assert errors.startswith("400 test rows: accuracy 0.")
    assert "FGSM" in errors
    assert json.loads(run("runs", "errors", name, "--json").stdout)["rows"] == 400
    latex = run("runs", "table", name, "--format", "latex").stdout
    assert r"\toprule" in latex
    assert r"test\_accuracy" in latex
    tables = json.loads(run("runs", "table", name, "--json").stdout)["tables"]
    assert tables[0]["metric"] == "test_accuracy"
    assert isinstance(run("runs", "table", name, "--metric", "x").exception, UsageProblemError)
    assert isinstance(run("runs", "errors", "no-such-run").exception, NotOnDeskError)
