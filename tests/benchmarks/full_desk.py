"""A desk after years of work: 5,000 notes, 1,000 surprises, 100 ideas, 50 investigations with their
runs, 20 stories with 200 drafts. All of it is made up; nothing is trained."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from researchdesk.domain.documents import Block, BlockKind, Document, Section, SectionKind
from researchdesk.domain.ideas import IdeaState
from researchdesk.domain.papers import Metadata, PaperVersion
from researchdesk.domain.runs import Task
from researchdesk.domain.surprises import Side, SurpriseState
from researchdesk.harness.history import RunConfig
from researchdesk.harness.store import RunStore
from researchdesk.services import (
    experiments,
    explaining,
    ideas,
    investigations,
    library,
    notes,
    reading,
    recipes,
    stories,
    surprises,
)
from researchdesk.services.desk import Desk
from researchdesk.services.documents import keep_document
from researchdesk.storage import experiments as rows
from researchdesk.storage import papers

PAPERS, NOTES, SURPRISES, IDEAS, INVESTIGATIONS, STORIES, DRAFTS = 200, 5000, 1000, 100, 50, 20, 200
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
REF = "2501.00002"
"""The paper whose text is on the desk."""
_RECIPE, _ARM, _METRIC = "1502.03167", "without", "test_accuracy"
_YEARS = timedelta(days=3 * 365)
_DIGEST = "1" * 64
_SPOKEN = (
    "warmup momentum loss gradient noise batch layer norm seed spread curve plateau variance label "
    "smoothing dropout attention head token depth width schedule decay baseline accuracy"
)
_WORDS = tuple(_SPOKEN.split())
_SENTENCE = "Sentence {} is as long as those of a paper are, with a number such as 28.4 in it. "


def fill(desk: Desk, say: Callable[[str], None] = lambda _: None) -> None:
    """Put all of it on an empty desk, as it was kept over three years."""
    chance = random.Random(7)
    with desk.database.writing():
        say("papers and notes")
        _papers(desk, chance)
        _document(desk)
        say("surprises")
        _surprises(desk, chance)
        say("ideas")
        _ideas(desk, chance)
        say("stories")
        _stories(desk, chance)
    say("investigations and runs")
    runs = _runs(desk, chance)
    with desk.database.writing():
        _investigations(desk, chance, runs)


def _then(desk: Desk, share: float) -> Desk:
    """The desk as it was: 0 is three years ago, 1 is now."""
    return replace(desk, clock=lambda: NOW - (1 - share) * _YEARS)


def _said(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(count))


def _papers(desk: Desk, chance: random.Random) -> None:
    for number in range(PAPERS):
        early = _then(desk, number / PAPERS)
        words = Metadata(
            title=f"On {_said(chance, 5)}",
            authors=("Ada Example", "Ben Sample"),
            abstract=_said(chance, 150),
            categories=("cs.LG",),
            published=early.clock(),
            arxiv_id=f"2401.{number:05}",
        )
        paper = library.file_metadata(early, words)
        item = reading.start_pass(early, paper, 1)
        for at in range(NOTES // PAPERS):
            link = f" [[funny:{chance.randint(1, SURPRISES)}]]" if at % 5 == 0 else ""
            notes.add_note(early, paper, 1, f"{_said(chance, 25)}{link}")
        if number % 4:
            reading.finish_pass(early, paper, item.number, "read")


def _document(desk: Desk, pages: int = 20) -> None:
    blocks = [Block(1, "1 Introduction", 1)]
    for page in range(1, pages + 1):
        blocks += [Block(page, _SENTENCE.format(f"{page}.{part}") * 7) for part in range(5)]
        blocks.append(Block(page, f"Figure {page}: A caption.", kind=BlockKind.CAPTION))
    section = Section("1 Introduction", 1, SectionKind.INTRODUCTION, 1, 0, len(blocks))
    keep_document(desk, _DIGEST, Document("Long", pages, tuple(blocks), (section,), ()))
    filed = library.file_metadata(desk, Metadata("A long paper", abstract="x", arxiv_id=REF))
    path = desk.root / "papers" / REF / "v1.pdf"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"%PDF-1.7")
    held = PaperVersion(1, str(path.relative_to(desk.root)), _DIGEST, 8, NOW)
    papers.set_version(desk.database.connection, filed.id, held)
    for page in range(1, pages + 1):
        quote = _SENTENCE.format(f"{page}.1").strip()
        notes.add_note(desk, library.get_paper(desk, REF), 2, "noted", quote=quote, page=page)


def _surprises(desk: Desk, chance: random.Random) -> None:
    states = [SurpriseState.NOTICED, SurpriseState.ARTEFACT, SurpriseState.DROPPED]
    for number in range(SURPRISES):
        then = _then(desk, number / SURPRISES)
        low, high = sorted(chance.random() for _ in range(2))
        item = surprises.add_surprise(
            then,
            _said(chance, 8),
            f"{low:.3f}",
            f"{high:.3f} ± 0.01",
            on=f"2401.{chance.randrange(PAPERS):05}",
        )
        for _ in range(2):
            found = explaining.explain(then, item.id, _said(chance, 10), _said(chance, 6))
            ref = f"2401.{chance.randrange(PAPERS):05}"
            explaining.file_evidence(then, item.id, found.letter, Side.FOR, ref, _said(chance, 6))
        explaining.file_evidence(then, item.id, "trust", Side.FOR, "", _said(chance, 6))
        state = chance.choice(states)
        if state is not SurpriseState.NOTICED:
            surprises.resolve(then, item.id, state, _said(chance, 5))


def _ideas(desk: Desk, chance: random.Random) -> None:
    for number in range(IDEAS):
        then = _then(desk, number / IDEAS)
        said = chance.random() < 0.7
        idea = ideas.add_idea(
            then,
            _said(chance, 9),
            of=f"funny:{chance.randint(1, SURPRISES)}",
            impact=chance.randint(1, 5) if said else None,
            work_days=chance.choice([0.5, 1, 3, 10, 40]) if said else None,
            fun=chance.randint(1, 5),
            instead=_said(chance, 5),
        )
        if number % 10 == 0:
            ideas.settle_idea(then, idea.id, IdeaState.PARKED, _said(chance, 4))
    order = [idea.id for idea in ideas.list_ideas(desk)]
    ideas.move_idea(desk, order[20], order[10])


def _stories(desk: Desk, chance: random.Random) -> None:
    for number in range(STORIES):
        then = _then(desk, number / STORIES)
        story = stories.new_story(then, f"On {_said(chance, 3)} {number}")
        for _ in range(DRAFTS // STORIES):
            stories.new_draft(then, story.slug, _said(chance, 3))
            lines = [
                f"{_said(chance, 20)} [[funny:{chance.randint(1, SURPRISES)}]]"
                f" [[2401.{chance.randrange(PAPERS):05}]]."
                for _ in range(40)
            ]
            stories.save_draft(then, story.slug, "\n\n".join(lines))


def _runs(desk: Desk, chance: random.Random) -> list[str]:
    """Two runs for each investigation, of three seeds."""
    recipe, made = recipes.recipe_for(desk, _RECIPE), []
    tasks = tuple(Task(_ARM, seed) for seed in range(3))
    for number in range(2 * INVESTIGATIONS):
        then = _then(desk, number / (2 * INVESTIGATIONS))
        config = RunConfig(
            recipe.name, recipe.digest, recipe.arxiv_id, recipe.bundled, False, tasks
        )
        run, _ = RunStore(desk.settings.runs, then.clock).start(recipe, config, lambda _: None)
        run.record("run_started")
        for task in tasks:
            run.record("seed_started", task)
            for step in range(0, 5000, 100):
                run.record("metric", task, {"step": step, "name": "loss", "value": 1 / (step + 1)})
            measured = {_METRIC: chance.gauss(0.9, 0.01), "loss": 0.1}
            run.record("seed_finished", task, {"metrics": measured, "seconds": 60.0})
        run.record("run_finished", data={"verdict": "reproduced", "claims": []})
        run.close()
        made.append(run.id)
    return made


def _investigations(desk: Desk, chance: random.Random, runs: list[str]) -> None:
    for number in range(INVESTIGATIONS):
        then = _then(desk, number / INVESTIGATIONS)
        of = f"funny:{number + 1}" if number % 2 else f"idea:{number + 1}"
        item = investigations.begin(then, f"Why {_said(chance, 5)}?", of, _RECIPE, _ARM)
        for step in ("benchmark", "baseline", "proof"):
            investigations.answer(then, item.id, step, _said(chance, 30))
        for rate in (0.1, 0.2, 0.3, 0.5):
            experiments.add_experiment(
                then, item.id, change=[f"lr={rate}"], expect=f"{_METRIC} higher"
            )
        found = experiments.experiments_of(desk, item.id, judge=False)
        pair = runs[2 * number : 2 * number + 2]
        for one, run_id in zip(found, pair, strict=False):
            rows.link(desk.database.connection, one, run_id, _ARM, then.clock())
