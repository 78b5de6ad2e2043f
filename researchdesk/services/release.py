"""A folder of code to be given away: what ran, how to run it, what came out, how to cite it."""

import csv
import io
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from researchdesk.domain.checklists import Sheet
from researchdesk.domain.folder_checks import PLACEHOLDER
from researchdesk.domain.papers import Metadata
from researchdesk.domain.references import Name, name_of
from researchdesk.domain.run_checks import count_of
from researchdesk.domain.sizes import megabytes
from researchdesk.domain.statements import red_thread
from researchdesk.domain.subjects import Subject, SubjectKind
from researchdesk.domain.text import one_line
from researchdesk.errors import BadInputError, NotOnDeskError, UsageProblemError
from researchdesk.export.citation_file import citation_file, is_by
from researchdesk.export.templates import fill
from researchdesk.files import path_of
from researchdesk.harness.recipes import code_digest_of, digest_of, recipe_files
from researchdesk.services import checklists
from researchdesk.services.bibliographies import export_bibliography
from researchdesk.services.checklist_facts import CHECKLIST
from researchdesk.services.checklist_text import markdown_of
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_records import experiments_of_run
from researchdesk.services.recipes import recipe_of_run, recipes
from researchdesk.services.release_contents import (
    Released,
    Requirements,
    authors_in,
    data_lines,
    machine_lines,
    record,
    requirements,
    rows,
    told,
)
from researchdesk.services.release_files import MANIFEST, ReleaseWriter
from researchdesk.services.release_files import Done as Done
from researchdesk.services.release_files import ReleaseFile as ReleaseFile
from researchdesk.services.reports import report_of
from researchdesk.services.runs import store_of
from researchdesk.services.subjects import subject_of
from researchdesk.services.surprise_words import noticed_by_claim

_COLUMNS = ("run", "arm", "seed", "vary", "metric", "value")


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model that a run keeps; ``name`` is where it goes, ``size`` in bytes."""

    source: Path
    name: str
    arm: str
    size: int


@dataclass(frozen=True, slots=True)
class Scaffold:
    """What became of the files of a release. ``models`` are those that its runs keep, released or
    not; ``sheet`` is the checklist of releases, put to the folder as it is now."""

    of: str
    folder: Path
    files: tuple[ReleaseFile, ...]
    models: tuple[Model, ...]
    sheet: Sheet


def scaffold(
    desk: Desk,
    folder: Path,
    ref: str,
    authors: Sequence[str] = (),
    *,
    checkpoints: bool = False,
    force: bool = False,
) -> Scaffold:
    """Write the release of a paper's, a story's, an investigation's or one run's code.

    ``authors`` are those of the code, each ``Family, Given`` or as spoken; without any, those who
    stand in its CITATION.cff stay there, or a placeholder does. What its owner changed in the
    folder stays, unless ``force``. Raises NotOnDeskError where nothing was run of it,
    UsageProblemError for the desk's own folder, BadInputError where a file cannot be written.
    """
    subject = subject_of(desk, ref)
    where = _place(desk, folder)
    released = _released(desk, subject)
    writer = ReleaseWriter(where, force=force)
    names = [_name(author) for author in authors] or authors_in(where)
    models = _models(desk, released)
    try:
        _write_recipes(desk, writer, released)
        _write_results(writer, released)
        _write_texts(desk, writer, subject, released, names, models if checkpoints else (), models)
        for model in models if checkpoints else ():
            writer.large(model.name, model.source)
        sheet = checklists.sheet_of(desk, "release", subject.ref, where)
        writer.text(CHECKLIST, markdown_of(desk, sheet))
    finally:
        writer.close()
    return Scaffold(subject.ref, where, tuple(writer.done), models, sheet)


def _place(desk: Desk, folder: Path) -> Path:
    where = path_of(folder).resolve()
    other = (where / "desk.db").exists() and not (where / MANIFEST).exists()
    if where == desk.root.resolve() or other:
        raise UsageProblemError(
            f"{folder} is a desk of researchdesk; nothing was written.",
            "Name another folder: a release is given away, a desk is not.",
        )
    return where


def _released(desk: Desk, subject: Subject) -> list[Released]:
    """The runs told, each with its recipe's folder; two versions of one recipe get two names."""
    if not subject.runs:
        hint = f"Run it first: researchdesk reproduce {subject.ref}"
        if subject.kind is SubjectKind.STORY:
            hint = "Link the runs that it tells of in the story: [[run:ID]]."
        raise NotOnDeskError(
            f"Nothing was run of {subject.ref}; there is nothing to release.", hint
        )
    bundled = {code_digest_of(one.folder) for one in recipes(desk) if one.bundled}
    store, names, found = store_of(desk), dict[str, str](), list[Released]()
    for run in sorted(subject.runs, key=lambda one: one.started_at, reverse=True):
        recipe = recipe_of_run(desk, run.id)
        if recipe.digest != run.recipe_digest:
            raise BadInputError(
                f"The recipe in the run {run.id} is not what was run; nothing was written.",
                f"Run it again: researchdesk reproduce {run.arxiv_id or run.recipe}",
            )
        name = names.setdefault(recipe.digest, _free(recipe.name, list(names.values())))
        ours = recipe.bundled or code_digest_of(recipe.folder) in bundled
        late = frozenset(arm for one, arm in experiments_of_run(desk, run.id) if one.is_late)
        noticed = {
            claim: [one.words for one in of] for claim, of in noticed_by_claim(desk, run.id).items()
        }
        report, config = report_of(desk, run.id), store.config(run.id)
        found.append(Released(report, config, name, ours, late, noticed))
    return found


def _free(name: str, taken: list[str]) -> str:
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(one for one in numbered if one not in taken)


def _name(author: str) -> Name:
    family, comma, given = one_line(author).partition(",")
    if not family.strip():
        raise UsageProblemError("An author has a name.", '--author "Family, Given"')
    return Name(family.strip(), given.strip()) if comma else name_of(family)


def _write_recipes(desk: Desk, writer: ReleaseWriter, released: Sequence[Released]) -> None:
    for one in {one.folder: one for one in released}.values():
        source, _ = store_of(desk).recipe_folder(one.report.run.id)
        if digest_of(source) == one.report.run.recipe_digest:
            for path in recipe_files(source):
                writer.copy(f"recipes/{one.folder}/{path.as_posix()}", source / path)


def _write_results(writer: ReleaseWriter, released: Sequence[Released]) -> None:
    runs = [_finite(record(one)) for one in released]
    whole = json.dumps({"runs": runs}, indent=2, ensure_ascii=False, allow_nan=False)
    writer.text("results/results.json", f"{whole}\n")
    table = io.StringIO(newline="")
    lines = csv.writer(table, lineterminator="\n")
    lines.writerow(_COLUMNS)
    for one in released:
        lines.writerows(rows(one))
    writer.text("results/results.csv", table.getvalue())


def _write_texts(
    desk: Desk,
    writer: ReleaseWriter,
    subject: Subject,
    released: Sequence[Released],
    authors: Sequence[Name],
    models: Sequence[Model],
    kept: Sequence[Model],
) -> None:
    needs = requirements(released)
    values = _readme(desk, subject, released, needs)
    told_models = [
        {"arm": one.arm, "file": one.name, "size": f"{one.size / 1e6:.2g}"} for one in models
    ]
    whole = f"{count_of(kept, 'trained model')} ({size_said(kept)})" if kept else ""
    more = {"models": told_models, "kept": whole, "authors": [name.family for name in authors]}
    own = desk.root / "templates"
    writer.text("README.md", fill("release/README.md.j2", {**values, **more}, own))
    listed = {
        "python": needs.python,
        "runs": [one.report.run.id for one in released],
        "index": needs.index,
        "lines": needs.lines,
        "others": needs.others,
    }
    writer.text("requirements.txt", fill("release/requirements.txt.j2", listed, own))
    writer.text(".gitignore", fill("release/gitignore.j2", {}, own))
    people = list(authors) or [Name(PLACEHOLDER, PLACEHOLDER)]
    by_them = subject.words is not None and is_by(subject.words, authors)
    text = citation_file(values["title"], people, values["lead"], subject.words, own_paper=by_them)
    writer.text("CITATION.cff", text)


def _readme(
    desk: Desk, subject: Subject, released: Sequence[Released], needs: Requirements
) -> dict[str, Any]:
    words = subject.words
    thread = red_thread(subject.story.text) if subject.story else None
    bibtex = export_bibliography(desk, [subject.paper], "bibtex") if subject.paper else ""
    return {
        "title": _title(subject),
        "lead": _lead(subject),
        "thread": one_line(thread.text) if thread else "",
        "paper": _paper(words) if words else None,
        "python": needs.python,
        "desk_version": needs.desk_version,
        "data": data_lines(released),
        "recipes": [told(one) for one in released],
        "machines": machine_lines(released),
        "bibtex": bibtex.strip() if "```" not in bibtex else "",
        "placeholder": PLACEHOLDER,
        "ours": sorted({one.folder for one in released if one.ours}),
        "theirs": sorted({one.folder for one in released if not one.ours}),
    }


def _title(subject: Subject) -> str:
    title = one_line(subject.title)
    return f"Code and results: {title}" if subject.kind is SubjectKind.PAPER else title


def _lead(subject: Subject) -> str:
    if subject.kind is SubjectKind.STORY:
        return "The experiments behind a storyline, with what they measured."
    if subject.kind is SubjectKind.INVESTIGATION:
        return "The experiments of an investigation, with what was expected and what was measured."
    return "An experiment that holds what the paper claims against what is measured."


def _paper(words: Metadata) -> dict[str, Any]:
    shown = [one_line(author) for author in words.authors[:6]]
    more = " and others" if len(words.authors) > len(shown) else ""
    return {
        "title": one_line(words.title),
        "authors": (", ".join(shown) or "authors unknown") + more,
        "year": words.year,
        "arxiv": words.arxiv_id or "",
        "abstract": one_line(words.abstract),
    }


def _models(desk: Desk, released: Sequence[Released]) -> tuple[Model, ...]:
    found = []
    for one in released:
        folder = store_of(desk).folder_of(one.report.run.id) / "checkpoints"
        for path in sorted(folder.rglob("*.pt")):
            if path.is_file() and not path.is_symlink():
                inside = path.relative_to(folder)
                name = f"models/{one.report.run.id}/{inside.as_posix()}"
                found.append(Model(path, name, inside.parts[0], path.stat().st_size))
    return tuple(found)


def size_said(models: Sequence[Model]) -> str:
    """``12.3 MB``."""
    return megabytes(sum(one.size for one in models))


def _finite(value: Any) -> Any:
    """``value`` as JSON can hold it: a number that is not finite is null."""
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
