"""The yes is to what was shown, and to nothing else."""

from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from support.faketime import FakeTime
from support.recipe_maker import SCORE, write_recipe

from researchdesk.cli import reproduce as command
from researchdesk.config import Settings
from researchdesk.errors import BusyError
from researchdesk.services.desk import open_desk
from researchdesk.services.recipes import is_trusted, recipe_for

ID = "2001.00001"


@pytest.mark.parametrize("edited", [False, True])
def test_a_recipe_that_is_edited_while_the_question_stands_has_no_yes(
    settings: Settings, fake_time: FakeTime, monkeypatch: pytest.MonkeyPatch, edited: bool
) -> None:
    desk = open_desk(settings, fake_time.clock)
    folder = write_recipe(settings.recipes)
    terminal = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr(command, "sys", SimpleNamespace(stdin=terminal, stderr=terminal))

    def said_yes(*args: object, **named: object) -> bool:
        if edited:
            _edit(folder)
        return True

    monkeypatch.setattr(click, "confirm", said_yes)
    if edited:
        with pytest.raises(BusyError, match="changed while it was looked at"):
            command.ask(desk, ID, ())
    else:
        command.ask(desk, ID, ())
    assert is_trusted(desk, recipe_for(desk, ID)) is not edited
    desk.close()


def _edit(folder: Path) -> None:
    (folder / "experiment.py").write_text(SCORE.replace("0.5", "0.9"), "utf-8")
