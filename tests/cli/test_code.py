"""Code, changes and workflows on the command line."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from support.origin import Origin

from researchdesk.config import load_settings
from researchdesk.domain.documents import Block, CodeLink, Document, Section, SectionKind
from researchdesk.domain.papers import Metadata, PaperVersion
from researchdesk.services import code, library, notes
from researchdesk.services.desk import open_desk
from researchdesk.services.documents import keep_document
from researchdesk.storage import papers

ID = "2501.00001"


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    made = Origin(tmp_path / "far" / "attention")
    made.commit(model_dot_py=b"import torch\nwarmup = 4000\n", weights_dot_bin=b"\0\1")
    return made


@pytest.fixture
def filed(origin: Origin) -> Path:
    """A paper in two versions with a link to code, on the desk that the program opens."""
    desk = open_desk(load_settings())
    paper = library.file_metadata(desk, Metadata(title="A title", arxiv_id=ID, version=2))
    links = (
        CodeLink("https://example.org/page", 1, "See our page.", False, False),
        CodeLink("https://github.com/a/b", 3, "Our code is here.", True, True),
    )
    for version, score in ((1, "41.0"), (2, "41.8")):
        path = desk.root / "papers" / ID / f"v{version}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-1.7 stands in")
        held = PaperVersion(version, f"papers/{ID}/v{version}.pdf", f"{version:064d}", 18)
        papers.set_version(desk.database.connection, paper.id, held)
        text = f"On the large test set it reaches a score of {score} after three days."
        sections = (Section("Abstract", 1, SectionKind.ABSTRACT, 1, 0, 2),)
        made = Document("T", 1, (Block(1, "Abstract", 1), Block(1, text)), sections, ())
        keep_document(desk, held.sha256, replace(made, code_links=links))
    paper = library.get_paper(desk, ID)
    notes.add_note(desk, paper, 1, "How?", quote="a score of 41.0 after three days", version=1)
    root = desk.root
    desk.close()
    return root


@pytest.fixture
def cloned(filed: Path, origin: Origin) -> Path:
    """The folder of a clone; the command line itself takes https only."""
    desk = open_desk(load_settings())
    paper = library.get_paper(desk, ID)
    held = code.clone(desk, paper, origin.url, protocols=("file",))
    desk.close()
    return held.folder


def test_links_are_listed_the_authors_own_first(run, filed: Path) -> None:
    links = json.loads(run("code", "links", ID, "--json").stdout)["links"]
    assert [(link["url"], link["own"]) for link in links] == [
        ("https://github.com/a/b", True),
        ("https://example.org/page", False),
    ]
    assert "Our code is here." in run("code", "links", ID).stdout


@pytest.mark.parametrize(
    ("args", "code_", "said"),
    [
        (["clone", ID, "ssh://host/a/b"], 2, "names no repository"),
        (["clone", ID, "file:///etc"], 2, "names no repository"),
        (["path", ID], 3, "No code of"),
        (["grep", ID, "x"], 3, "No code of"),
        (["links", "2501.99999"], 3, "2501.99999"),
    ],
)
def test_what_cannot_be_done_says_why(run, filed: Path, args, code_, said) -> None:
    done = run("code", *args)
    assert (done.returncode, done.stdout) == (code_, "")
    assert said in done.stderr


def test_offline_nothing_is_cloned(run, filed: Path) -> None:
    done = run("--offline", "code", "clone", ID)
    assert done.returncode == 4
    assert "offline" in done.stderr


@pytest.mark.slow
def test_a_clone_is_listed_looked_through_and_named(run, cloned: Path, origin: Origin) -> None:
    (listed,) = json.loads(run("code", "list", ID, "--json").stdout)["clones"]
    assert (listed["url"], listed["folder"]) == (origin.url, str(cloned))
    assert listed["commit"] == origin.git("rev-parse", "HEAD")
    assert run("code", "path", ID).stdout == f"{cloned}\n"
    assert run("code", "path", ID, "model.py").stdout == f"{cloned / 'model.py'}\n"
    assert run("code", "path", ID, "../../v1.pdf").returncode == 3
    told = json.loads(run("code", "path", ID, "model.py", "--json").stdout)
    assert told == {"clone": origin.url, "path": str(cloned / "model.py")}
    shown = json.loads(run("code", "show", ID, "model.py", "--json").stdout)
    assert (shown["commit"], shown["text"]) == (listed["commit"], "import torch\nwarmup = 4000\n")
    assert run("code", "grep", ID, "WARMUP").stdout == ""
    assert run("code", "grep", ID, "warmup").stdout == "model.py:2: warmup = 4000\n"
    (hit,) = json.loads(run("code", "grep", ID, "warmup", "--json").stdout)["hits"]
    assert (hit["path"], hit["line"], hit["clone"]) == ("model.py", 2, origin.url)
    assert run("code", "show", ID, "model.py").stdout == "import torch\nwarmup = 4000\n"
    assert run("code", "show", ID, "weights.bin").returncode == 5
    (files,) = json.loads(run("code", "list", ID, "--files", "--json").stdout)["clones"]
    assert [(item["path"], item["text"]) for item in files["files"]] == [
        ("model.py", True),
        ("weights.bin", False),
    ]


def test_changes_are_told_by_section(run, filed: Path) -> None:
    done = run("changes", ID, "--text")
    assert done.returncode == 0, done.stderr
    assert "~ Abstract  (1 of 1)" in done.stdout
    assert "a score of [-41.0-] {+41.8+} after" in done.stdout
    assert "abstract: 41.0 is 41.8 now" in done.stdout
    assert "note 1 quotes what changed, now on page 1: On the large" in done.stdout
    found = json.loads(run("changes", ID, "--from", "1", "--to", "2", "--json").stdout)
    assert (found["from"], found["to"]) == (1, 2)
    assert [(item["title"], item["how"]) for item in found["sections"]] == [("Abstract", "changed")]
    assert [(item["note"], item["how"]) for item in found["notes"]] == [(1, "changed")]
    assert run("changes", ID, "--from", "7").returncode == 3
    assert run("changes", ID, "--from", "2", "--to", "2").returncode == 2


def test_workflows_are_listed_begun_and_checked(run, filed: Path, tmp_path: Path) -> None:
    found = json.loads(run("workflow", "list", "--json").stdout)
    assert {"three-pass", "keshav", "four-stage"} <= {item["name"] for item in found["workflows"]}
    assert found["folder"] == str(filed / "workflows")
    done = run("workflow", "new", "mine", "--like", "keshav")
    path = Path(done.stdout.strip())
    assert path == filed / "workflows" / "mine.toml"
    assert run("workflow", "check").returncode == 0
    path.write_text(path.read_text().replace('"abstract"', '"abstrakt"', 1))
    done = run("workflow", "check")
    assert done.returncode == 5
    line = path.read_text()[: path.read_text().index('"abstrakt"')].count("\n") + 1
    assert f"{path}: line {line}: passes[1].steps" in done.stdout
    assert "did you mean 'abstract'?" in done.stdout
    done = run("workflow", "check", str(path), "--json")
    assert done.returncode == 5
    (problem,) = json.loads(done.stdout)["files"][0]["problems"]
    assert problem["line"] == line
    assert problem["key"].endswith("places[1]") or "places[" in problem["key"]
    assert run("workflow", "check", str(tmp_path / "none.toml")).returncode == 5
    none = run("workflow", "check", "nope")
    assert (none.returncode, "three-pass" in none.stderr) == (3, True)
    assert run("workflow", "check", "three-pass").returncode == 0
    assert "left out" not in run("workflow", "list").stdout
