"""Tables of runs for a paper: what stands in them, what is bold, which runs the file names."""

import csv
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.domain.ablation import Words
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.services import tables
from researchdesk.services.desk import Desk
from researchdesk.services.report_runs import run_report
from researchdesk.services.reproduction import ReproduceOptions, reproduce

EXPERIMENT = """
def measure(run):
    base = {"ours": 0.9, "near": 0.899, "far": 0.5}[run.arm]
    return {"score": base + 0.001 * run.seed, "test_accuracy": base + 0.01 * run.seed,
            "test_loss": run.settings["steps"] - base + 0.001 * run.seed}
"""
_NEAR, _FAR = (ARM.replace('"ours"', f'"{name}"\nparent = "ours"') for name in ("near", "far"))
_BETTER = CLAIM + 'better = "higher"\n'
OPTIONS = ReproduceOptions(trust=True, jobs=1)


def _run(desk: Desk, options: ReproduceOptions = OPTIONS) -> str:
    write_recipe(desk.settings.recipes, EXPERIMENT, seeds=4, toml=ARM + _NEAR + _FAR + _BETTER)
    return reproduce(desk, "2001.00001", options).run.id


def test_the_tables_of_a_run_and_their_file(desk: Desk, tmp_path: Path) -> None:
    ran = _run(desk)
    names = ("test_loss", "test_accuracy", "score")
    (table,) = tables.tables_of_runs(desk, [ran], "results", names)
    assert table.heads == ("arm", *names)
    (source,) = table.made_from
    assert (source.run, source.seeds, source.quick) == (ran, (12, 12), False)
    (claimed,) = tables.tables_of_runs(desk, [ran], "results")
    assert claimed.heads == ("arm", "score")
    assert claimed.others == ("test_accuracy", "test_loss")
    lines = list(csv.DictReader(StringIO(tables.text_of([table], "csv"))))
    assert len(lines) == 9
    assert {line["run"] for line in lines} == {ran}
    assert float(lines[2]["mean"]) == pytest.approx(0.9015)
    assert f"% From run {ran}: recipe" in tables.text_of([table], "latex")
    (few,) = tables.tables_of_runs(desk, [ran], "ablation", arms=("ours", "far"))
    assert [row[0] for row in few.rows] == [Words("ours"), Words("far")]
    assert few.notes[-1] == "Not shown: near."
    assert any(note.startswith("Bold: ") for note in few.notes)
    _refused(desk, ran)
    for name in ("t.tex", "t.md", "t.csv", "t.txt"):
        _written(desk, ran, tmp_path / name)
    assert tables.format_for(tmp_path / "x.docx", "csv") == "csv"
    with pytest.raises(UsageProblemError):
        tables.write([table], tmp_path / "table.docx", kind="results")


APART = """
def measure(run):
    return {"alpha": 1.5} if run.arm == "analysis" else {"score": 0.5 + 0.001 * run.seed}
"""


def test_what_one_arm_alone_has_is_in_no_table_unless_asked_for(desk: Desk) -> None:
    alone = CLAIM.replace('"score"', '"alpha"').replace('"ours"', '"analysis"')
    first = ARM.replace('"ours"', '"analysis"')
    write_recipe(desk.settings.recipes, APART, toml=first + ARM + _NEAR + alone + CLAIM)
    ran = reproduce(desk, "2001.00001", OPTIONS).run.id
    (table,) = tables.tables_of_runs(desk, [ran])
    assert (table.metric, table.others) == ("score", ("alpha",))
    assert table.notes[-1] == "analysis: not measured in this arm."
    (asked,) = tables.tables_of_runs(desk, [ran], metrics=["alpha"])
    assert asked.notes[-1] == "ours, near: not measured in these arms."
    _, told = run_report(desk, ran, None)
    assert [of.metric for of in told.tables] == ["score"]
    assert told.of_one_arm == "Measured in one arm only, and so in no table: alpha (analysis)."
    assert tables.metrics_of_run(desk, ran) == ["score", "alpha"]


def _refused(desk: Desk, ran: str) -> None:
    with pytest.raises(UsageProblemError, match="'speed' was not measured"):
        tables.tables_of_runs(desk, [ran], "results", ("speed",))
    with pytest.raises(UsageProblemError):
        tables.tables_of_runs(desk, [ran], "pie")
    with pytest.raises(UsageProblemError, match="has no arm 'theirs'"):
        tables.tables_of_runs(desk, [ran], "ablation", arms=["theirs"])
    with pytest.raises(NotOnDeskError, match="no claim about test_loss"):
        tables.tables_of_runs(desk, [ran], "claims", ("test_loss",))
    with pytest.raises(NotOnDeskError):
        tables.tables_of_runs(desk, [ran, "20260101-000000-none"], "results")


def _written(desk: Desk, ran: str, path: Path) -> None:
    """A file of ours is written anew, any other is left, by its format."""
    tells = path.suffix in (".tex", ".md")
    found = tables.tables_of_runs(desk, [ran], "claims")
    other = tables.tables_of_runs(desk, [ran], "results")
    assert tables.write(found, path, kind="claims")
    assert ran in path.read_text("utf-8")
    assert not tables.write(found, path, kind="claims")
    if tells:
        assert tables.write(other, path, kind="results")
        path.write_text(path.read_text("utf-8") + "mine\n", "utf-8")
    kept, new = path.read_text("utf-8"), found if tells else other
    with pytest.raises(BadInputError, match="Nothing was written"):
        tables.write(new, path, kind="x")
    assert path.read_text("utf-8") == kept
    assert tables.write(new, path, kind="x", force=True)


@pytest.mark.slow
def test_several_runs_stand_side_by_side_with_what_they_differ_in(desk: Desk) -> None:
    ran, few = _run(desk), _run(desk, replace(OPTIONS, seeds=2, quick=True))
    ids = [ran, few, _run(desk)]
    (table,) = tables.tables_of_runs(desk, ids, "results")
    assert table.heads[:2] == ("run", "arm")
    assert [row[0] for row in table.rows[::3]] == [Words(f"run {n}") for n in (1, 2, 3)]
    notes = "\n".join(table.notes)
    assert f"run 2: {few}" in notes
    assert "run 2: Of a shortened run." in notes
    assert "run 1 and run 2 differ in" in notes
    assert "ours: seeds (4 / 2)" in notes
    assert "run 3 is run 1 made again" in notes
    both = tables.tables_of_runs(desk, ids, "ablation", ("score", "test_loss"))
    of = [one.title.rpartition(", ")[2] for one in both]
    assert of == [f"run {n}" for n in (1, 1, 2, 2, 3, 3)]
    text = tables.text_of(both, "csv")
    assert {line["run"] for line in csv.DictReader(StringIO(text))} == set(ids)
