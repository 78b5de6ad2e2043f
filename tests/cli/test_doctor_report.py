"""``doctor --report``: all that helps with a fault, and not a word of the user's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.recipe_maker import write_recipe
from support.sweep_maker import Made, write_sweep

from researchdesk import faults
from researchdesk.config import load_settings
from researchdesk.domain.bug_reports import own_words, rounded
from researchdesk.domain.papers import Metadata, PaperVersion
from researchdesk.services import ideas, notes, stories, surprises
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.library import file_metadata
from researchdesk.storage import papers

MARK = "Zqx"
"""In every word that is the user's."""


@pytest.fixture
def private(_apart: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with the mark in its path, titles, names, notes, keys, hosts, recipes and files."""
    home = tmp_path / f"home-{MARK}"
    values = {
        "HOME": str(home),
        "USER": MARK,
        "TERM": MARK,
        "TERM_PROGRAM": MARK,
        "RESEARCHDESK_DESK": str(home / f"desk of {MARK}"),
        "RESEARCHDESK_STATE": str(home / "state"),
        "RESEARCHDESK_CONFIG": str(home / "config.toml"),
        "RESEARCHDESK_S2_KEY": f"secret{MARK}",
        "RESEARCHDESK_ARXIV_URL": f"http://127.0.0.1:9/{MARK}",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    (home / "state").mkdir(parents=True)
    (home / "config.toml").write_text(
        f'workflow = "{MARK}"\nbibtex_keys = "{MARK}{{key}}"\nvault = "plain"\n'
        f'[engines.{MARK}]\nkind = "slurm"\npartition = "{MARK}"\n'
    )
    desk = open_desk(load_settings(workflow="three-pass"))
    _fill(desk)
    desk.close()
    return desk


def _fill(desk: Desk) -> None:
    words = Metadata(title=f"{MARK} is all", authors=(f"Ada {MARK}",), abstract=f"We {MARK}.",
                     categories=("cs.LG",), arxiv_id="1904.12345", version=1)  # fmt: skip
    paper = file_metadata(desk, words)
    missing = PaperVersion(1, f"papers/{MARK}/v1.pdf", "0" * 64, 21, desk.clock())
    with desk.database.writing() as db:
        papers.set_version(db, paper.id, missing)
    notes.add_note(desk, paper, 1, f"{MARK} note")
    surprises.add_surprise(desk, f"{MARK} odd", expected="1", observed="2")
    ideas.add_idea(desk, f"{MARK} idea")
    stories.new_story(desk, f"{MARK} story")
    write_recipe(desk.settings.recipes, name=MARK.lower())
    (write_recipe(desk.settings.recipes, name=MARK) / "recipe.toml").write_text(f"{MARK} =")
    write_sweep(desk, [Made()])
    for orphan in (desk.root / "papers" / MARK / f"{MARK}.pdf", desk.settings.runs / MARK / MARK):
        orphan.parent.mkdir(parents=True)
        orphan.write_text(MARK)
    for error in (ValueError(MARK), OSError(2, MARK, MARK), KeyError(MARK)):
        faults.keep(error, desk.settings.state, f"list {MARK}", "1", desk.clock())


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_no_word_of_the_users_is_in_it(run, private: Desk, form: tuple[str, ...]) -> None:
    made = run("doctor", "--deep", "--report", *form)
    assert made.returncode == 0, made.stderr
    assert "1904" not in made.stdout
    for word in (MARK.lower(), str(Path.home()).lower(), "secret", "127.0.0.1"):
        assert word not in made.stdout.lower(), word
    for word in ("researchdesk", "SQLite", "torch", "slurm", "KeyError", "No such file",
                 "steps, the last m0", "not there"):  # fmt: skip
        assert word in made.stdout, word
    if form:
        told = json.loads(made.stdout)
        assert (told["counts"]["papers"], told["health"]) == ("1-9", "problem")
        assert told["settings"]["s2_key"] == "set (in the environment)"
        assert told["settings"]["workflow"] == "of the user (in the file)"
        assert {one["name"]: one["health"] for one in told["findings"]}["network"] == "note"


def test_it_is_written_to_a_file_and_the_exit_code_is_asked_for(
    run, private: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "report.md"
    made = run("--offline", "doctor", "--report", "--to", str(file))
    assert (made.returncode, made.stdout) == (0, f"{file}\n")
    assert file.read_text("utf-8").startswith("### What I did")
    assert run("--offline", "doctor").returncode == 0
    assert run("--offline", "doctor", "--fail-on", "problem").returncode == 1
    assert run("doctor", "--to", str(file)).returncode == 2


def test_it_keeps_the_words_of_sqlite_and_the_names_of_options(run, private: Desk) -> None:
    (private.root / "desk.db").write_bytes(f"no database of {MARK}".encode() * 400)
    (private.root / "desk.db-wal").unlink(missing_ok=True)
    done = run("--offline", "doctor", "--report")
    assert "file is not a database" in done.stdout
    assert "--desk" in done.stdout
    assert MARK not in done.stdout


def test_a_fault_is_kept_for_it_and_says_so(tmp_path: Path) -> None:
    code = (
        "import sys; from researchdesk.cli import main\n"
        f"def boom(**_): raise RuntimeError('{MARK}') from ValueError('{MARK}')\n"
        f"sys.argv = ['researchdesk', 'list', '{MARK}']; main.cli.main = boom; main.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert "researchdesk doctor --report" in done.stderr
    state = Path(os.environ["RESEARCHDESK_STATE"])
    (kept,) = faults.recent(state)
    assert (kept.where, kept.kind) == ("list", "RuntimeError from ValueError")
    assert any(frame.startswith("researchdesk/cli/main.py:") for frame in kept.frames)
    assert MARK not in (state / "faults.json").read_text("utf-8")
    assert (state / "faults.json").stat().st_mode & 0o777 == 0o600


def test_the_last_few_faults_are_kept_and_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    now = open_desk(load_settings()).clock()
    for number in range(9):
        faults.keep(ValueError(), tmp_path, "app", str(number), now)
    assert [one.version for one in faults.recent(tmp_path)] == ["4", "5", "6", "7", "8"]
    for text in ("{", "[3]", '[{"at": 1}]', "[" * 9999):
        (tmp_path / "faults.json").write_text(text)
        assert faults.recent(tmp_path) == []
        faults.keep(ValueError(), tmp_path, "app", "1", now)
        assert len(faults.recent(tmp_path)) == 1


def test_counts_are_rounded_and_strange_words_left_out() -> None:
    assert [rounded(n) for n in (0, 1, 9, 10, 99, 100, 12345)] == [
        "0", "1-9", "1-9", "10-99", "10-99", "100-999", "10,000-99,999",
    ]  # fmt: skip
    ours = frozenset({"files", "of", "are"})
    assert own_words("12 of 34 files are /home/x/1904.12345v2, 1904.12345 (of) x.y", ours) == (
        "10-99 of 10-99 files are … (of) …"
    )
    assert own_words("chmod 600 /home/x, 600 files", frozenset({"chmod", "files"})) == (
        "chmod 600 … 100-999 files"
    )
