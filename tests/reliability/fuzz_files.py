"""Parsers of a person's own files: settings, themes, workflows, lists; and of what is kept."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
from reliability.fuzzing import BrokenError, Target, in_file, place

from researchdesk import assets, faults
from researchdesk.cli.completion_answers import read_line
from researchdesk.cli.completion_tree import page_of
from researchdesk.cli.main import cli
from researchdesk.config import Settings, load_settings, parse_vault_keys
from researchdesk.document.codec import decode, from_json
from researchdesk.domain.checklists import parse_answer, read_checklist
from researchdesk.domain.investigation_workflows import kind_of, read_steps
from researchdesk.domain.json_text import parse_json
from researchdesk.domain.reading_lists import read_list
from researchdesk.domain.story_rule_files import read_rules
from researchdesk.domain.talk_plan_files import read_plan
from researchdesk.domain.workflow_files import read_workflow
from researchdesk.domain.workflows import Workflow
from researchdesk.errors import BadInputError, DeskError
from researchdesk.export.templates import fill
from researchdesk.harness.training.checkpoints import Checkpoints
from researchdesk.services import (
    keeping,
    looking,
    parse_cache,
    ranking_cache,
    report_index,
    watching,
)
from researchdesk.services.checklist_facts import citation_of
from researchdesk.services.kept_yeses import kept_yeses
from researchdesk.services.release_files import _read_manifest
from researchdesk.services.workflows import load_workflows
from researchdesk.tui.days import day_in
from researchdesk.tui.drafts import Drafts, SurpriseDrafts
from researchdesk.tui.editor import _words
from researchdesk.tui.last_used import last_used
from researchdesk.tui.theme_memory import kept_theme
from researchdesk.tui.themes import load_themes

_DATA = assets.folder("data")
_THEMES = assets.folder("themes")
_TOML = ("[[passes]]", "[[", "]]", "[", "= ", '"""', "'''", "[[passes.steps]]",
    "1979-05-27T07:32:00Z", "places = [", "#", "\\u0000", "\\ud800", "nan", "1e400", '"(a+)+$"',
    '"a{99999999999}"', '"' + "(" *900 + '"', "name = ", "title = ")  # fmt: skip
SETTINGS = """
desk = "~/desk"
offline = true
arxiv_interval = 3.5
vault_keys = "title, status=state, 'paper'=type"
bibtex_keys = "{author}{year}"
s2_url = "https://a.org/"
[engines.mine]
kind = "slurm"
"""
_FAULTS = json.dumps([{"at": "2024-01-01", "version": "1", "where": "x", "kind": "k", "words": "w",
                       "frames": ["f"]}])  # fmt: skip
_NOTE = json.dumps({"text": "t", "quote": "q", "page": 3, "kind": "note", "on": "r",
                    "expected": "e", "observed": "o"})  # fmt: skip
_VALUES_OF_PAGES = {"title": "T", "claims": [], "text": "x"}


def _read(name: str) -> str:
    return (_DATA / name).read_text("utf-8")


def _settings(path: Path) -> object:
    return load_settings(file=path, environ={})


def _themes(content: bytes) -> object:
    """Whatever one file says, the others load."""
    folder = place("themes")
    (folder / "a-broken.toml").write_bytes(content)
    (folder / "sound.toml").write_bytes((_THEMES / "desk-dark.toml").read_bytes())
    themes, problems = load_themes([folder])
    if len(themes) + len(problems) < 2 and not any(one.name == "desk-dark" for one in themes):
        raise BrokenError(f"the sound theme is gone: {problems}")
    return problems


def _workflows(content: bytes) -> object:
    folder = place("workflows")
    (folder / "a-broken.toml").write_bytes(content)
    (folder / "sound.toml").write_text(_read("workflows/three-pass.toml"), "utf-8")
    found, problems = load_workflows([folder])
    if not found:
        raise BrokenError(f"the sound workflow is gone: {problems}")
    return problems


def _table(read: Any) -> Any:
    """Of a file of ours: what it says, or problems that tell a line of it."""

    def parse(text: str) -> object:
        found, problems = read(text)
        if not found and not problems:
            raise BrokenError("neither a value nor a problem")
        lines = text.count("\n") + 1
        for problem in problems:
            if not 1 <= problem.line <= lines or not problem.message:
                raise BrokenError(f"a problem of no line: {problem!r}")
        return [str(problem) for problem in problems]

    return parse


def _filled(content: str) -> str:
    folder = place("templates")
    (folder / "page.md.j2").write_bytes(content.encode("utf-8", "surrogatepass"))
    return fill("page.md.j2", _VALUES_OF_PAGES, folder)


def _state(name: str, read: Any) -> Any:
    return in_file(name, lambda path: read(Settings(state=path.parent, desk=path.parent)))


def _since(settings: Settings) -> object:
    found = last_used(settings)
    return found is not None and found < datetime.now(UTC)


def _drafts(path: Path) -> object:
    return [kind(path.parent).load(path.stem) for kind in (Drafts, SurpriseDrafts)]


def _completion(path: Path) -> object:
    return page_of(cli, "config", path.parent)


def _kept(content: bytes) -> object:
    folder = place("cache")
    settings = Settings(desk=folder.parent, state=folder.parent)
    desk: Any = SimpleNamespace(settings=settings, root=folder.parent)
    (folder / "documents").mkdir(exist_ok=True)
    (folder / "documents" / "x.json").write_bytes(content)
    (folder / report_index._KEPT).write_bytes(content)
    index = report_index._Kept(desk)
    return (
        parse_cache.read(desk, "x", Workflow),
        looking._kept(Workflow, folder / "documents" / "x.json"),
        [index.of(Path(name)) for name in index._pages],
        _read_manifest(folder / "documents" / "x.json"),
        watching._read(folder / "documents" / "x.json"),
        decoded(content),
    )


def decoded(content: bytes) -> object:
    try:
        return from_json(content.decode("utf-8", "replace")), decode(Workflow, parse_json(content))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _arrays(path: Path) -> object:
    return ranking_cache.load(path, ("a",)), ranking_cache.load_one(path)


def _checkpoint() -> str:
    made = io.BytesIO()
    torch.save({"step": 3, "model": {"w": torch.zeros(3)}}, made)
    return made.getvalue().decode("latin-1")


def _typed(text: str) -> object:
    answer = parse_answer(text)
    line = read_line(text)
    try:
        words = _words(text)
    except DeskError as error:
        words = [error.message]
    return answer, line, words, day_in(text, datetime(2026, 4, 14, tzinfo=UTC).date())


def _backup(text: str) -> object:
    name = text.replace("/", "").replace("\0", "")[:100]
    return keeping._moment(Path(f"desk-{name}.db"))


def _yeses(path: Path) -> object:
    settings = Settings(state=path.parent, desk=path.parent)
    return kept_yeses(settings)


_MOMENT = "2026-04-14T12:00:00+00:00\n"
TARGETS = (
    Target("settings", in_file("settings.toml", _settings), (SETTINGS,), (BadInputError,), _TOML,
        ("config:_read",), binary=True),
    Target("keys of vaults", parse_vault_keys, ("title, status=state, 'paper'=type",), (
        ValueError,), ("title", "=", "'", ",", " = ", "a='b',")),
    Target("themes", _themes, ((_THEMES / "desk-light.toml").read_text("utf-8"),), (), (
        "[variables]", 'primary = "', "#12345", "rgb(1,2,3)", "hsl(", "auto 50%", "ansi_", *_TOML),
        ("tui.themes:_read",), binary=True, costly=2.0),
    Target("workflows", _workflows, (_read("workflows/three-pass.toml"),), (), _TOML, (
        "domain.toml_tables:read", "domain.investigation_workflows:kind_of"), binary=True, costly
        =2.0),
    Target("texts of workflows", _table(read_workflow), (_read("workflows/three-pass.toml"),), (),
        _TOML),
    Target("workflows of investigations", _table(lambda text: (kind_of(text), read_steps(text))[1]),
        (_read("workflows/investigation.toml"),), (), _TOML),
    Target("checklists", _table(lambda text: read_checklist("x", text, ("seeds",))), (_read(
        "checklists/talk.toml")[: 3000],), (), _TOML),
    Target("reading lists", _table(read_list), (_read("reading_lists/14-causality.toml")[: 3000],),
        (), ("arxiv = ", "year = 99999999999999999999", "[[entries]]", *_TOML)),
    Target("rules of storylines", _table(read_rules), (
        '[[rules]]\nname = "n"\nlooks_for = "words"\n'
        'message = "m"\nexperiment = "e"\nwords = ["a b", "c+"]\n',), (), _TOML),
    Target("plans of talks", _table(read_plan), (_read("templates/talk/plan.toml"),), (), _TOML),
    Target("templates", _filled, (
        "{# for: x #}\n{% for c in claims %}{{ c }}{% endfor %}{{ title|upper }}",), (
        BadInputError,), ("{{", "}}", "{%", "%}", "{#", "|", "()", "[0]", "for x in ", "'a' * 9",
        ".__class__")),
    Target("citation files", citation_of, (
        "cff-version: 1.2.0\ntitle: T\ndate-released: 2024-01-01\n",), (), ("- ", ": ", "&a ",
        "*a", "!!python/object:os.system ", "<<: ", "2024-02-30", "!!int x", "? ", "|\n ", "{a: "),
        ("services.checklist_facts:citation_of", "export.yaml_text:parse_yaml")),
    Target("when it was last used", _state("last-used", _since), (_MOMENT,), (), ("2026-04-14",
        "T", "Z", "+00:00"), ("tui.last_used:last_used", "tui.days:day_in"), binary=True),
    Target("the theme chosen last", _state("theme", kept_theme), ("desk-light\ndesk-dark\n",), (),
        ("\n", "../x"), binary=True),
    Target("yeses to code", in_file("yeses/trusted-recipes.json", _yeses), (
        '{"abc": {"name": "n", "at": "2024"}}',), (BadInputError,), ('"abc": ',), (
        "services.kept_yeses:kept_yeses",), binary=True),
    Target("kept faults", in_file("yeses/faults.json", lambda path: faults.recent(path.parent)),
        (
        _FAULTS,),
        (), ('"frames": ', "["), ("faults:recent",), binary=True),
    Target("drafts", in_file("drafts/x.json", _drafts), (_NOTE,), (), ('"page": ', '"kind": ',
        "\\ud800"), ("tui.drafts:FormDrafts.load",), binary=True),
    Target("what completion keeps", in_file("completion/config.json", _completion), (
        '{"stamp": "x", "page": {"help": "h", "options": [], "arguments": [], "commands": {}}}',),
        (), (), ("cli.completion_tree:page_of",), binary=True),
    Target("what caches keep", _kept, (json.dumps({"name": "n", "title": "t", "source": "",
        "passes": [], "files": {"a": "b"}}), json.dumps({"/x": {"counts": [["reproduced", 1]],
        "hypotheses": 1, "inputs": "i", "output": "o", "title": "t", "sentence": "s", "cautions":
        []}})), (), ('"counts": ', '"passes": [{'), ("services.parse_cache:read",
        "services.looking:_kept", "services.report_index:_Kept.__init__",
        "services.release_files:_read_manifest", "services.watching:_read",
        "services.checkouts:_Work._is_set_up", "document.codec:from_json",
        "services.checking:kept"), binary=True),
    Target("what ranking keeps", in_file("ranking.npz", _arrays), ("PK\3\4",
        "\x93NUMPY\1\0v\0{'descr': '<f8', " "'fortran_order': False, 'shape': (3,), }\n"), (), (
        "PK", "'shape': (99999999999,)"), ("services.ranking_cache:load",
        "services.ranking_cache:load_one"), binary=True),
    Target("checkpoints", in_file("checkpoint.pt", lambda path: Checkpoints(path).load()), (
        _checkpoint(),), (), ("PK\3\4", "cposix\nsystem\n", "\x80\2"), (
        "harness.training.checkpoints:Checkpoints.load",), binary=True, costly=4.0),
    Target("what is typed", _typed, ("researchdesk show 'a b' \\x", "n/a", "+7", "2027-01-31",
        "vim -u 'x"), (), ("'", '"', "\\", "+", "-"), ("tui.editor:_words",)),
    Target("names of backups", _backup, ("20260414-120000-000000", "20260414T120000Z"), (), ("-",
        "T"), ("services.keeping:_moment",)),
)  # fmt: skip
