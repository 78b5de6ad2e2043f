"""What the desk knows of a piece of work when a checklist is put to it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from researchdesk import files
from researchdesk.domain.checklist_facts import Facts, PaperRead, ReleaseFolder, RunKept, Slides
from researchdesk.domain.links import LinkKind, links_in, ref_link
from researchdesk.domain.papers import Metadata
from researchdesk.domain.reading import PassState, reading_status
from researchdesk.domain.run_rows import RunChoice
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.seeding import HYPER
from researchdesk.domain.subjects import Subject, SubjectKind
from researchdesk.domain.training_words import may_train
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.export.yaml_text import parse_yaml
from researchdesk.harness.environment import changed, git_state
from researchdesk.harness.recipes import FILE, digest_of
from researchdesk.services import notes
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_records import experiments_of_run
from researchdesk.services.library import paper_named
from researchdesk.services.reading import passes_of
from researchdesk.services.recipes import recipe_of_run
from researchdesk.services.rehearsals import rehearsals_of
from researchdesk.services.release_files import MANIFEST
from researchdesk.services.reports import report_of
from researchdesk.services.runs import listed, store_of, whole
from researchdesk.services.stories import list_stories
from researchdesk.services.story_missing import missing_of
from researchdesk.services.subjects import subject_of
from researchdesk.services.talk_files import Talk

CITATION, CHECKLIST = "CITATION.cff", "CHECKLIST.md"
_OF_A_DESK = {"runs", "papers", "backups", "cache", "desk.db", "desk.lock", "trusted-recipes.json"}
_CHECKPOINTS = "checkpoints"
_NOT_LOOKED_AT = {"__pycache__", "node_modules", "venv", "env", "build", "dist"}
_OF_NO_NUMBER = {"git", "changed_on_resume"}
_MOST_FILES, _LARGEST_TEXT, _HEAD = 5_000, 400_000, 8_000


def subject_and_facts(
    desk: Desk, ref: str, place: Path | None = None
) -> tuple[Subject | None, Facts]:
    """What ``ref`` names, None for ``""``, and what is known of it. Raises NotOnDeskError."""
    subject = subject_of(desk, ref) if ref else None
    return subject, facts_of(desk, subject, place)


def facts_of(desk: Desk, subject: Subject | None, place: Path | None = None) -> Facts:
    """All that answerers may look at. Raises NotOnDeskError where ``place`` is no folder."""
    folder = release_folder(place) if place is not None else None
    if subject is None:
        return Facts(folder=folder)
    story = subject if subject.story else _story_of(desk, subject)
    return Facts(
        subject=subject,
        told_in=story,
        runs=tuple(_kept(desk, run) for run in subject.runs),
        searches=tuple(_searches(desk, subject)),
        repeats=tuple(_repeats(desk, subject)),
        papers=tuple(_papers(desk, subject)),
        late=tuple(_late(desk, subject)),
        missing=tuple(missing_of(desk, story.story.text)) if story and story.story else (),
        folder=folder,
    )


def talk_subject(desk: Desk, talk: Talk) -> tuple[str, Facts]:
    """The slides of a talk: what they are kept under, their text and their rehearsals. Raises
    BadInputError where they are no text."""
    where = files.path_of(talk.path).resolve()
    told = tuple(one for one in rehearsals_of(desk) if one.talk == talk.name)
    return f"file:{where}", Facts(slides=Slides(where, files.read_text(where), told))


def release_folder(place: Path) -> ReleaseFolder:
    """The names and small texts of a folder; links are not followed, hidden folders not looked at.
    Raises NotOnDeskError."""
    where = files.path_of(place).resolve()
    if not where.is_dir():
        raise NotOnDeskError(f"There is no folder {place}.", "Name the folder of the release.")
    names: list[str] = []
    unread: list[str] = []
    texts: dict[str, str] = {}
    for path in _files(where):
        name = path.relative_to(where).as_posix()
        names.append(name)
        text = _text(path) if len(names) <= _MOST_FILES else None
        if text is None:
            unread.append(name)
        elif text:
            texts[name] = text
    state = git_state(where)
    return ReleaseFolder(
        where,
        tuple(names),
        texts,
        commit=str(state.get("commit", "")),
        dirty=bool(state.get("dirty")),
        citation=citation_of(texts.get(CITATION)),
        recipes=dict(_recipes(where, names)),
        unread=tuple(unread),
    )


def _text(path: Path) -> str | None:
    """What a file says; ``""`` where it is no text, None where it is too large to be read."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_TEXT + 1)
        if b"\0" in data[:_HEAD]:
            return ""
        return data.decode("utf-8") if len(data) <= _LARGEST_TEXT else None
    except (OSError, UnicodeDecodeError):
        return ""


def _recipes(where: Path, names: list[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if Path(name).name == FILE:
            yield Path(name).parent.as_posix(), digest_of((where / name).parent)


def citation_of(text: str | None) -> dict[str, Any] | None:
    """What a citation file says; None where it is none."""
    try:
        found = parse_yaml(text) if text else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _files(where: Path) -> Iterator[Path]:
    not_in = _NOT_LOOKED_AT | (_OF_A_DESK if (where / "desk.db").exists() else set())
    for folder, inside, names in os.walk(where):
        inside[:] = sorted(
            name for name in inside if not name.startswith(".") and name not in not_in
        )
        for name in sorted(names):
            path = Path(folder, name)
            told = name not in {CHECKLIST, MANIFEST, *not_in}
            if told and path.is_file() and not path.is_symlink():
                yield path


def _kept(desk: Desk, run: RunSummary) -> RunKept:
    report = report_of(desk, run.id)
    recipe = recipe_of_run(desk, run.id)
    folder = store_of(desk).folder_of(run.id)
    inside = frozenset(path.name for path in folder.iterdir())
    kept = {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted((folder / _CHECKPOINTS).rglob("*.pt"))
        if path.is_file() and not path.is_symlink()
    }
    trains = bool(kept) or _may_train(recipe.folder)
    return RunKept(run, recipe, report.claims, report.environment, inside, kept, trains)


def _may_train(recipe: Path) -> bool:
    """Whether the code of a run's own recipe may train something."""
    try:
        sources = [files.read_text(path) for path in sorted(recipe.rglob("*.py"))]
    except BadInputError:
        return True
    return not sources or may_train(sources)


def _searches(desk: Desk, subject: Subject) -> Iterator[RunSummary]:
    """Runs of the same recipes in which settings were drawn."""
    for name in dict.fromkeys(run.recipe for run in subject.runs):
        for run in whole(desk, listed(desk, RunChoice(recipe=name)).rows):
            if any(task.vary == HYPER for task in run.tasks):
                yield run


def _repeats(desk: Desk, subject: Subject) -> Iterator[RunSummary]:
    """Runs of the same code with the same settings, of which numbers can be compared."""
    told = {run.id: (run.recipe_digest, run.quick, run.device) for run in subject.runs}
    alike = [
        row
        for row in (listed(desk).rows if told else ())
        if (row.recipe_digest, row.quick, row.device) in told.values() and row.id not in told
    ]
    for run in whole(desk, alike):
        if run.results and _is_same_place(desk, run, subject):
            yield run


def _is_same_place(desk: Desk, run: RunSummary, subject: Subject) -> bool:
    """Whether it ran with the same packages on the same machine as one of the subject's."""
    store = store_of(desk)
    own = store.environment(run.id)
    return any(
        other.recipe_digest == run.recipe_digest
        and set(changed(own, store.environment(other.id))) <= _OF_NO_NUMBER
        for other in subject.runs
    )


def _late(desk: Desk, subject: Subject) -> Iterator[str]:
    """The experiments of its runs whose hypothesis was written when a result was there."""
    for run in subject.runs:
        for experiment, _ in experiments_of_run(desk, run.id):
            if experiment.hypothesis is not None and experiment.is_late:
                yield f"experiment {experiment.name}"


def _story_of(desk: Desk, subject: Subject) -> Subject | None:
    """The story whose newest draft links a run of this paper (or this run), else the paper; of
    several the newest."""
    own = {run.id for run in subject.runs}
    names: set[str] = set()
    if subject.kind is SubjectKind.PAPER and subject.words:
        of_paper = RunChoice(subject.words.arxiv_id or subject.ref)
        own |= {row.id for row in listed(desk, of_paper).rows}
        names = {subject.ref, subject.words.arxiv_id or subject.ref}
    by_paper = ""
    for story in list_stories(desk):
        links = links_in(story.text)
        if any(x.kind is LinkKind.RUN and x.target.partition("#")[0] in own for x in links):
            return subject_of(desk, f"story:{story.slug}")
        if not by_paper and any(x.kind is LinkKind.PAPER and x.target in names for x in links):
            by_paper = story.slug
    return subject_of(desk, f"story:{by_paper}") if by_paper else None


def _papers(desk: Desk, subject: Subject) -> Iterator[PaperRead]:
    words = [subject.words] if subject.words else []
    told = [_read(desk, item) for item in dict.fromkeys((*words, *subject.cited))]
    yield from told
    links = [link for ref in subject.refs if (link := ref_link(ref)) is not None]
    for name in [link.target for link in links if link.kind is LinkKind.PAPER]:
        if name not in {one.ref for one in told} and paper_named(desk, name) is None:
            yield PaperRead(name, name, "", on_desk=False)


def _read(desk: Desk, words: Metadata) -> PaperRead:
    paper = paper_named(desk, words.arxiv_id) if words.arxiv_id else None
    if paper is None:
        return PaperRead(words.arxiv_id or words.title, words.title, "unread", on_desk=False)
    passes = passes_of(desk, paper)
    done = sorted({one.number for one in passes if one.state is PassState.FINISHED})
    written = len(notes.notes_of(desk, paper))
    return PaperRead(paper.name, paper.title, reading_status(passes), tuple(done), written)
