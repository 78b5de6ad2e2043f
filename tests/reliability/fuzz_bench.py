"""Parsers of recipes, sweeps, runs, and what engines and workers say."""

import json
import shutil
from pathlib import Path
from typing import Any

from reliability.fuzzing import BrokenError, Target, in_file, place
from support.many_runs import add_runs
from support.recipe_maker import ARM, CLAIM, HEAD, SCORE
from support.sweep_maker import ARMS

from researchdesk.domain.clock import utc_now
from researchdesk.domain.expectations import parse_expectation
from researchdesk.domain.runs import Task
from researchdesk.domain.settings import parse_setting
from researchdesk.domain.slides import read_time, time_in
from researchdesk.domain.stated import stated
from researchdesk.domain.toml_lines import key_lines
from researchdesk.errors import BadInputError, DeskError, UsageProblemError
from researchdesk.harness.engines.handing import MAIL, MailReader
from researchdesk.harness.engines.settings import effective, engine_named
from researchdesk.harness.engines.slurm_queue import first_said, standings_of
from researchdesk.harness.engines.slurm_trial import has_ended, lines_of
from researchdesk.harness.events import decode, encode
from researchdesk.harness.history import read_config, summarise
from researchdesk.harness.imports import imported_versions
from researchdesk.harness.index_file import INDEX
from researchdesk.harness.outline import OUTLINE
from researchdesk.harness.recipes import load_recipe
from researchdesk.harness.recipes.metric_names import metric_names
from researchdesk.harness.recipes.printed import parse_printed
from researchdesk.harness.run_index import row_of
from researchdesk.harness.steps import curves_of, steps_file, steps_of
from researchdesk.harness.store import CONFIG, ENVIRONMENT, EVENTS, RunStore
from researchdesk.harness.sweeps.history import read_curves, read_sweep
from researchdesk.harness.sweeps.spec import read_spec, spec_toml
from researchdesk.harness.sweeps.tally import TALLY, read_tally
from researchdesk.harness.workers import _parse
from researchdesk.services.checking import rung_of

RECIPE = HEAD.format(seeds=3, arxiv_id="2001.00001") + ARM + CLAIM
LARGE_RECIPE = (HEAD.format(seeds=3, arxiv_id="2001.00001") + ARMS + (
    '[limits]\nminutes = 1\n[[data_needs]]\nname = "d"\nsource = "scikit-learn:digits"\nwhy = "w"\n'
    '[[arms]]\nname = "authors"\nkind = "authors"\n[arms.command]\nrepository = "https://a.org/b/c"\n'
    'commit = "0123456789abcdef0123456789abcdef01234567"\nrun = ["{python}", "{setting:lr}"]\n'
    '[arms.command.patterns]\nscore = "x: (.*)"\n'))  # fmt: skip
SWEEP = """
recipe = "2001.00077"
arm = "ours"
metric = "valid_accuracy"
better = "higher"
search = "random"
seed = 3
[budget]
trials = 50
[stop]
after = 500
[space.lr]
distribution = "log-uniform"
low = 1e-5
high = 1e-1
[space.batch]
values = [32, 64, 128]
"""
_TOML = ("[[", "]]", "[", "= ", "low = ", '"""', "'''", "values = [", "1e400", "inf", "nan", "-1",
    "#", "settings = {", "1979-05-27T07:32:00Z", "0x", "seeds = 99999999999", '"(a+)+$"',
    '"a{99999999999}"', '"' + "(" *900 + '"')  # fmt: skip
_AT = '"at": "2024-01-01T12:00:00+00:00"'
_OURS = f'{_AT}, "arm": "ours"'
_EVENTS = "".join(f'{{"kind": "{kind}", {more}}}\n' for kind, more in (("run_started", _AT), (
    "trial_submitted", f'{_AT}, "data": {{"job": "measure", "key": "k", "seeds": [1]}}'), (
    "seed_started", f'{_OURS}, "seed": 0, "data": {{"node": "n"}}'), ("metric",
    f'{_OURS}, "seed": 0, "vary": "trial", '
    '"data": {"step": 1, "name": "valid_accuracy", "value": 0.5}',), ("seed_finished",
    f'{_OURS}, "seed": 0, "data": {{"metrics": {{"a": 0.5, "x": "nan"}}, "seconds": 1.5}}',), (
    "seed_finished",
    f'{_OURS}, "seed": 1, "vary": "trial", "data": {{"metrics": {{"valid_accuracy": 1}}}}',), (
    "seed_failed", f'{_OURS}, "seed": 2, "data": {{"error": "e"}}'), ("sweep_extended",
    f'{_AT}, "data": {{"budget": {{"trials": 5}}}}'), ("test_looked",
    f'{_AT}, "data": {{"trial": 1}}'), ("check",
    f'{_AT}, "data": {{"name": "n", "arm": "ours", "state": "passed"}}'), ("run_finished",
    f'{_AT}, "data": {{"verdict": "reproduced", '
    '"claims": [{"id": "c", "verdict": "different", "mean": 0.5}]}',),))  # fmt: skip
_JSON = ('"seed": ', '"data": ', '"metrics": ', '"kind": ', _AT, "NaN", "-Infinity", "\\ud800",
    "1e999", '"seeds": 5', '"claims": {}', '"verdict": []', "999999999999999999999", "true", '"',
    ":", ",")  # fmt: skip
_RUN = "20240101-120000-run"


def _recipe(text: str) -> object:
    folder = place("recipes/2001.00001-tiny")
    (folder / "recipe.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    (folder / "experiment.py").write_text(SCORE, "utf-8")
    return load_recipe(folder, bundled=False)


def _experiment(content: bytes) -> object:
    folder = place("recipes/2001.00002-code")
    (folder / "recipe.toml").write_text(RECIPE.replace("00001", "00002"), "utf-8")
    (folder / "experiment.py").write_bytes(content)
    metric_names(folder / "experiment.py")
    imported_versions(folder)
    return load_recipe(folder, bundled=False)


def _sweep(text: str) -> object:
    spec = read_spec(text, Path("x.toml"))
    if read_spec(spec_toml(spec), Path("x.toml")) != spec:
        raise BrokenError(f"{spec} is not written as it is read")
    return spec


def _event(text: str) -> object:
    event = decode(text)
    if event is not None:
        written = encode(event)
        if (again := decode(written)) is None or encode(again) != written:
            raise BrokenError(f"{event} is read again as {again}")
    return event


def _a_run() -> Path:
    runs = place("runs")
    found = [path for path in runs.iterdir() if path.name == _RUN]
    if not found:
        (name,) = add_runs(place("made-runs"), 1, steps=2)
        shutil.copytree(place("made-runs") / name, runs / _RUN)
    return runs / _RUN


def _run(file: str) -> Any:
    """A run with this content in one of its files is opened, listed and told."""

    def parse(content: bytes) -> object:
        folder = _a_run()
        kept = (folder / file).read_bytes() if (folder / file).exists() else None
        (folder / file).write_bytes(content)
        try:
            store = RunStore(folder.parent, utc_now)
            listed = store.index.newest().rows
            run = store.get(_RUN)
            return (
                listed,
                row_of(run),
                store.events(_RUN),
                store.environment(_RUN),
                store.ways(_RUN),
            )
        finally:
            (folder / INDEX).unlink(missing_ok=True)
            (folder / file).unlink() if kept is None else (folder / file).write_bytes(kept)

    return parse


def _index(content: bytes) -> object:
    """The list of runs is what the folders say, whatever is in its index."""
    folder = _a_run().parent
    (folder / INDEX).write_bytes(content)
    rows = RunStore(folder, utc_now).index.newest().rows
    if [row.id for row in rows] != [_RUN]:
        raise BrokenError(f"the index lists {rows}")
    return len(rows)


def _sweep_folder(file: str) -> Any:
    def parse(content: bytes) -> object:
        folder = place("sweeps") / _RUN
        if not folder.exists():
            shutil.copytree(_a_run(), folder)
        config = read_config(_a_run() / CONFIG).to_toml()
        sound = config.replace("\n[data]", f"sweep = {json.dumps(SWEEP)}\n\n[data]", 1)
        (folder / CONFIG).write_text(sound, "utf-8")
        (folder / EVENTS).write_text(_EVENTS, "utf-8")
        (folder / TALLY).unlink(missing_ok=True)
        (folder / file).write_bytes(content)
        spec = read_spec(SWEEP, Path("x"))
        return read_sweep(folder, False), read_tally(folder, spec), list(read_curves(folder, spec))

    return parse


def _steps(content: bytes) -> object:
    task, folder = Task("ours", 0), place("steps")
    file = steps_file(folder, "ours", 0, "")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    try:
        return len(steps_of(folder, task)), curves_of(folder, task)
    except DeskError:
        return None


def _mail(content: bytes) -> object:
    folder = place("mail")
    (folder / MAIL).write_bytes(content)
    has_ended(folder)
    lines_of(content)
    [_parse(line) for line in content.splitlines()]
    return list(MailReader(folder).new())


def _engine(text: str) -> object:
    import tomllib

    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError):
        return None
    return effective(engine_named({"mine": table}, "mine"))


def _rung(text: str) -> object:
    record = _parse(text.encode("utf-8", "surrogatepass"))
    return rung_of(record.data) if record else None


def _config(path: Path) -> object:
    config = read_config(path)
    return config.to_toml(), summarise(_RUN, config, [], False)


def _typed(text: str) -> object:
    return (
        read_time(text), time_in(text), stated(text), parse_printed(text), parse_printed(text, "%")
    )  # fmt: skip


_SET = {"lr": 0.1, "steps": 5, "name": "x", "deep": True, "list": [1, 2], "none": [], "at": "x"}
TARGETS = (
    Target("recipes", _recipe, (RECIPE, LARGE_RECIPE), (BadInputError,), _TOML, (
        "harness.recipes.loader:load_recipe", "harness.recipes.experiments:shape_of",
        "domain.toml_lines:_Scanner._key"), costly=2.0),
    Target("code of recipes", _experiment, (SCORE,), (BadInputError,), ("(", "def ",
        "class A(Experiment):", "\t", "import ", "-" *900, "lambda:" *300, "# coding: utf-7\n",
        "f'{", "match "), ("harness.recipes.metric_names:metric_names",
        "harness.imports:_imported", "harness.planning:shape_of"), binary=True, costly=4.0),
    Target("lines of TOML", key_lines, (RECIPE, SWEEP), (ValueError, KeyError, IndexError,
        RecursionError), _TOML),
    Target("sweeps", _sweep, (SWEEP,), (BadInputError,), _TOML, ("harness.sweeps.spec:read_spec",)),
    Target("lines of events", _event, tuple(_EVENTS.splitlines()), (), _JSON, (
        "harness.events:decode",), clean=True),
    Target("events of runs", _run(EVENTS), (_EVENTS,), (BadInputError,), _JSON, (
        "harness.outline:_kept",), binary=True, costly=4.0),
    Target("outlines of runs", _run(OUTLINE), ('{"read_to": 0, "mark": "x"}\n' + _EVENTS,), (),
        _JSON, ("harness.outline:_kept",), binary=True, costly=4.0),
    Target("settings of runs", _run(CONFIG), ('recipe = "a"\n[[tasks]]\narm = "ours"\nseed = 1\n',),
        (BadInputError,), _TOML, ("harness.history:read_config",), binary=True, costly=4.0),
    Target("environments of runs", _run(ENVIRONMENT), (
        '{"engine": "torch 2.6", "python": "3.11"}',), (), _JSON, (
        "harness.store:RunStore.environment",), binary=True, costly=4.0),
    Target("indices of runs", _index, ("SQLite format 3\0",), (), (), (), binary=True, costly=4.0),
    Target("a run's config.toml", in_file("config.toml", _config), (
        'recipe = "a"\ndigest = "d"\n'
        'arxiv_id = "2001.00001"\nbundled = true\nquick = false\n\n[data]\na = "b"\n\n[[tasks]]\n'
        'arm = "ours"\nseed = 1\n',), (BadInputError,), _TOML, ("harness.history:read_config",
        "harness.history:moment_of"), binary=True),
    Target("events of sweeps", _sweep_folder(EVENTS), (_EVENTS,), (BadInputError,), _JSON, (
        "harness.sweeps.history:_parsed", "harness.sweeps.tally:_Adding._line"), binary=True,
        costly=4.0),
    Target("tallies of sweeps", _sweep_folder(TALLY), (
        '{"format": 1, "read_to": 0, "mark": "", "trials": "f"}',), (), _JSON, (
        "harness.sweeps.tally:_kept",), binary=True, costly=4.0),
    Target("steps of seeds", _steps, (
        '{"s": 1, "m": {"loss": 0.5, "x": "nan"}}\n{"s": 2, "m": {"loss": 1}}\n',), (), ('"s": ',
        '"m": ', *_JSON), ("harness.steps:_step",), binary=True, costly=2.0),
    Target("mail of trials", _mail, (
        '{"kind": "started", "seed": 0}\n{"kind": "done", "code": 0}\n',), (), _JSON, (
        "harness.engines.handing:_record", "harness.engines.slurm_trial:lines_of",
        "domain.json_text:parse_json", "harness.workers:_parse"), binary=True),
    Target("tables of engines", _engine, (
        'kind = "slurm"\npartition = "a"\nsetup = ["x"]\ncpus = 2\n'
        '[additional]\nexclusive = true\n', 'kind = "ray"\naddress = "ray://h:1"\nretries = 2\n'),
        (BadInputError, UsageProblemError), _TOML),
    Target("what Slurm says", lambda text: (standings_of(text), first_said(text)), (
        "12_0|RUNNING|n1|None\n13|CANCELLED by 5|a|b\n", "sbatch: error: no such partition"), (),
        ("|", "RUNNING", "sbatch: error: ", "+"), clean=True),
    Target("rungs of ladders", _rung, (
        '{"kind": "rung", "name": "n", "state": "passed", "seconds": 1.5}',), (), _JSON),
    Target("settings typed", lambda text: parse_setting(text, _SET), ("lr=0.01", "list=[1, 2]",
        "name='a'"), (UsageProblemError,), ("lr=", "steps=", "list=[", "name=", *_TOML), (
        "domain.settings:_value",)),
    Target("expectations", parse_expectation, ("test_accuracy higher", "loss <= 0.3",
        "x = 1 +- 0.1"), (UsageProblemError,), ("<=", "±", "1e999", "higher by ", "%",
        "at least ", "0." + "0" *300 + "1")),
    Target("numbers and times typed", _typed, ("12.3 ± 0.4%", "1.5 x 10^{3}", "time: 1:30",
        "98.2% accuracy", "3.4M", "90 s"), (), ("10^", "e999", "±", ":", " min", "time:",
        "accuracy of ")),
)  # fmt: skip
