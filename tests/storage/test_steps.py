import subprocess
import sys

from sqlite_utils import Database

from researchdesk.storage.migrations import desk_migrations
from researchdesk.storage.steps import SET, STEPS


def test_the_names_of_the_steps_are_those_of_the_migrations() -> None:
    pending = desk_migrations.pending(Database(memory=True))
    assert tuple(step.name for step in pending) == STEPS
    assert desk_migrations.name == SET


def test_a_desk_is_opened_and_searched_without_what_takes_long_to_load(tmp_path) -> None:
    script = """
import sys
from pathlib import Path
from researchdesk.config import Settings
from researchdesk.domain.search_query import parse_query
from researchdesk.services.desk import open_desk
from researchdesk.services.library_search import page
desk = open_desk(Settings(desk=Path(sys.argv[1]), state=Path(sys.argv[1])))
page(desk, parse_query("two words"))
print(*sorted({"sqlite_utils", "yaml", "numpy", "httpx", "filelock"} & set(sys.modules)))
"""
    asked = [sys.executable, "-c", script, str(tmp_path)]
    first = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert "sqlite_utils" in first.stdout, "a new desk is made by it"
    again = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert again.stdout.strip() == ""
