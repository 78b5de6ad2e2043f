"""What a report, a checklist, a release or a talk is of, found by its ref."""

from collections.abc import Iterable

from researchdesk.domain.links import LinkKind, links_in, ref_link
from researchdesk.domain.papers import Metadata
from researchdesk.domain.recipes import Recipe
from researchdesk.domain.refs import is_arxiv_id, names_run
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.subjects import Subject as Subject
from researchdesk.domain.subjects import SubjectKind as SubjectKind
from researchdesk.domain.subjects import newest_full
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError, NotOnDeskError
from researchdesk.services.desk import Desk
from researchdesk.services.investigation_records import get_investigation
from researchdesk.services.library import get_paper, paper_named
from researchdesk.services.recipes import recipes
from researchdesk.services.refs import whole_ref
from researchdesk.services.run_recipes import recipe_in
from researchdesk.services.run_summaries import summary
from researchdesk.services.runs import runs
from researchdesk.services.shipped import shipped_metadata
from researchdesk.services.stories import get_story, list_stories
from researchdesk.services.story_facts import FactsOf

_STORY = "story:"


def subject_of(desk: Desk, text: str) -> Subject:
    """What ``text`` names: a paper's id or key, a run's id or the beginning of one, ``story:SLUG``
    or the slug alone, ``investigation:3``. A paper's key comes before a story's slug.

    Raises NotOnDeskError where it names nothing of these, with what there is, or several runs.
    """
    ref = one_line(text).removeprefix("[[").removesuffix("]]").strip()
    if ref.startswith(_STORY):
        return _story(desk, ref.removeprefix(_STORY))
    link = ref_link(whole_ref(desk, ref))
    if link is not None and link.kind is LinkKind.RUN:
        return _run(desk, names_run(link.ref))
    if link is not None and link.kind is LinkKind.INVESTIGATION:
        return _investigation(desk, int(link.target))
    if link is not None and link.kind is not LinkKind.PAPER:
        raise _nothing(desk, text)
    slugs = {item.slug for item in list_stories(desk)}
    if ref in slugs and not is_arxiv_id(ref) and paper_named(desk, ref.casefold()) is None:
        return _story(desk, ref)
    return _paper(desk, ref)


def _paper(desk: Desk, ref: str) -> Subject:
    try:
        paper = get_paper(desk, ref)
    except NotOnDeskError as error:
        if not is_arxiv_id(ref):
            raise _nothing(desk, ref) from error
        raise
    base = paper.metadata.arxiv_id
    own, wanted = _of_paper(desk, base) if base else ((), ())
    told, copies = _with_recipes(desk, own)
    return Subject(
        ref=paper.name,
        kind=SubjectKind.PAPER,
        title=paper.title,
        runs=told,
        recipes=copies,
        wanted=wanted,
        words=paper.metadata,
        paper=paper,
    )


def _of_paper(desk: Desk, base: str) -> tuple[tuple[RunSummary, ...], tuple[Recipe, ...]]:
    wanted = tuple(item for item in recipes(desk) if item.arxiv_id == base)
    return tuple(newest_full(runs(desk, base))), wanted


def _run(desk: Desk, run_id: str) -> Subject:
    run, recipe = summary(desk, run_id), recipe_in(desk, run_id)
    paper = paper_named(desk, run.arxiv_id) if run.arxiv_id else None
    words = paper.metadata if paper else shipped_metadata(run.arxiv_id) if run.arxiv_id else None
    return Subject(
        ref=f"run:{run.id}",
        kind=SubjectKind.RUN,
        title=recipe.title or run.recipe,
        runs=(run,),
        recipes=(recipe,),
        wanted=(recipe,),
        words=words,
        paper=paper,
    )


def _story(desk: Desk, name: str) -> Subject:
    story = get_story(desk, name)
    refs = tuple(dict.fromkeys(link.ref for link in links_in(story.text)))
    facts = FactsOf(desk)(refs)
    told, copies = _with_recipes(desk, _summaries(desk, [run.id for run in facts.runs]))
    return Subject(
        ref=f"{_STORY}{story.slug}",
        kind=SubjectKind.STORY,
        title=story.title,
        runs=told,
        recipes=copies,
        story=story,
        refs=refs,
        cited=_cited(desk, [paper.ref for paper in facts.papers]),
    )


def _cited(desk: Desk, names: Iterable[str]) -> tuple[Metadata, ...]:
    found: dict[str, Metadata] = {}
    for name in names:
        paper = paper_named(desk, name)
        words = paper.metadata if paper else shipped_metadata(name)
        if words is not None:
            found[name] = words
    return tuple(found.values())


def _investigation(desk: Desk, number: int) -> Subject:
    found = get_investigation(desk, number)
    facts = FactsOf(desk)([found.ref])
    told, copies = _with_recipes(desk, _summaries(desk, [run.id for run in facts.runs]))
    return Subject(
        ref=found.ref,
        kind=SubjectKind.INVESTIGATION,
        title=found.title,
        runs=told,
        recipes=copies,
        investigation=found,
    )


def _summaries(desk: Desk, ids: Iterable[str]) -> list[RunSummary]:
    return [summary(desk, run_id) for run_id in dict.fromkeys(ids)]


def _with_recipes(
    desk: Desk, found: Iterable[RunSummary]
) -> tuple[tuple[RunSummary, ...], tuple[Recipe, ...]]:
    """The runs whose own copy of the recipe can be read, and these copies."""
    told: list[RunSummary] = []
    copies: list[Recipe] = []
    for run in found:
        try:
            copies.append(recipe_in(desk, run.id))
        except DeskError:
            continue
        told.append(run)
    return tuple(told), tuple(copies)


def _nothing(desk: Desk, ref: str) -> NotOnDeskError:
    slugs = ", ".join(item.slug for item in list_stories(desk)) or "none yet"
    return NotOnDeskError(
        f"Nothing on this desk is called {one_line(ref)!r}.",
        f"Name a paper's id, a run's id (researchdesk runs list), a story ({slugs}) or "
        "investigation:N.",
    )
