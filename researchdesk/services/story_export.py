"""A storyline out of the desk: markdown for other people, or a LaTeX introduction with BibTeX."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from researchdesk import files
from researchdesk.domain.evidence import EvidenceState, Standing
from researchdesk.domain.identifiers import local_key, parse_arxiv_id
from researchdesk.domain.links import Link, LinkKind, links_in
from researchdesk.domain.papers import Metadata
from researchdesk.domain.stories import file_stem
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.export import story_latex as latex_story
from researchdesk.export import story_markdown as markdown_story
from researchdesk.export.story_marks import is_as_written, story_of
from researchdesk.export.story_text import Source, StoryTold, told_apart
from researchdesk.services import evidence
from researchdesk.services.bibliographies import entries_of, keys_of
from researchdesk.services.desk import Desk
from researchdesk.services.library import paper_named
from researchdesk.services.shipped import shipped_metadata
from researchdesk.services.stories import get_story, written_draft
from researchdesk.services.surprise_words import became
from researchdesk.services.surprises import case_of

_LATEX = frozenset({".tex", ".ltx"})
_MARKDOWN = frozenset({".md", ".markdown"})


def story_markdown(
    desk: Desk, name: str, number: int | None = None, *, questions: bool = False
) -> str:
    """A draft (the newest) as markdown; with ``questions`` the four of each statement stand in it.

    Links are words, the papers cited stand at the end. Raises NotOnDeskError, BadInputError for a
    draft without words.
    """
    return markdown_story.story_markdown(_told(desk, name, number), questions=questions)


def story_latex(desk: Desk, name: str, number: int | None = None) -> tuple[str, str]:
    """A draft (the newest) as a LaTeX introduction, and the BibTeX of the papers it cites: keys
    and entries are those of an export of the desk.

    Raises NotOnDeskError, BadInputError for a draft without words.
    """
    return latex_story.story_latex(_told(desk, name, number), partial(_entries, desk))


def write_markdown(
    desk: Desk, name: str, to: Path, number: int | None = None, *, questions: bool = False
) -> list[Path]:
    """Write a draft to the file ``to``, or into the folder ``to`` under the story's name.

    Raises NotOnDeskError, UsageProblemError where ``to`` is named as LaTeX is, and BadInputError
    before anything is written where the draft is empty, or a file of that name is not ours, is of
    another story, or was edited since.
    """
    slug = get_story(desk, name).slug
    path = _file(slug, to, ".md")
    if is_latex(path):
        raise UsageProblemError(
            f"{path} is the name of a LaTeX file, and this is markdown. Nothing was written.",
            f"Choose LaTeX, or name it as markdown: --to {path.with_suffix('.md')}",
        )
    return _written(slug, {path: story_markdown(desk, name, number, questions=questions)})


def write_latex(desk: Desk, name: str, to: Path, number: int | None = None) -> list[Path]:
    """As ``write_markdown``, a ``.tex`` file and a ``.bib`` file beside it.

    Raises UsageProblemError where ``to`` is named as the second is, or as markdown.
    """
    slug = get_story(desk, name).slug
    path = _file(slug, to, ".tex")
    if path.suffix.casefold() == ".bib":
        raise UsageProblemError(
            f"{path} would be the papers, which stand beside the text. Nothing was written.",
            f"Name the text: --to {path.with_suffix('.tex')}",
        )
    if path.suffix.casefold() in _MARKDOWN:
        raise UsageProblemError(
            f"{path} is the name of a markdown file, and this is LaTeX. Nothing was written.",
            f"Choose markdown, or name it as LaTeX: --to {path.with_suffix('.tex')}",
        )
    tex, bib = story_latex(desk, name, number)
    return _written(slug, {path: tex, path.with_suffix(".bib"): bib})


def is_latex(to: Path) -> bool:
    """Whether a file of this name is one of LaTeX; a folder is none."""
    return to.suffix.casefold() in _LATEX and not to.is_dir()


def _file(slug: str, to: Path, ending: str) -> Path:
    """``to``; where that is a folder, or has no ending, a file of the story's name in it."""
    named = to.suffix and not to.is_dir()
    return to if named else to / f"{file_stem(slug)}{ending}"


def _written(slug: str, planned: Mapping[Path, str]) -> list[Path]:
    for path in planned:
        _refuse_other(path, slug)
    for path, text in planned.items():
        files.write_text(path, text)
    return list(planned)


def _told(desk: Desk, name: str, number: int | None) -> StoryTold:
    story = get_story(desk, name)
    draft = written_draft(desk, name, number)
    links = {link.ref: link for link in links_in(draft.text)}
    papers = sources_of(desk, links.values())
    states = {ref: _state(desk, link) for ref, link in links.items() if ref not in papers}
    return StoryTold(story.slug, story.title, draft.number, draft.text, papers, states)


def _state(desk: Desk, link: Link) -> EvidenceState:
    """What it says now; of a surprise with what explains it, and what was ruled out."""
    state = evidence.state_of(desk, link.ref)
    if link.kind is not LinkKind.FUNNY or state.standing is Standing.GONE:
        return state
    return replace(state, said=became(desk, case_of(desk, int(link.target))).removesuffix("."))


def sources_of(desk: Desk, links: Iterable[Link]) -> dict[str, Source]:
    """The papers that are linked, by their refs; keys of the desk come before all others."""
    refs = [link for link in links if link.kind is LinkKind.PAPER]
    refs.sort(key=lambda link: paper_named(desk, link.target) is None)
    held = {link.ref: paper for link in refs if (paper := paper_named(desk, link.target))}
    keys = keys_of(desk, list(held.values())) if held else {}
    found = {ref: Source(keys[one.id], one.metadata, one) for ref, one in held.items()}
    rest = (link for link in refs if link.ref not in held)
    others = {link.ref: source for link in rest if (source := _source(link.target))}
    return told_apart({**found, **others})


def _entries(desk: Desk, cited: Sequence[Source]) -> str:
    """The BibTeX of these papers: those of the desk first."""
    held = [(source.key, source.paper) for source in cited if source.paper]
    others = [source for source in cited if not source.paper]
    parts = [entries_of(desk, held)] if held else []
    return "\n".join([*parts, *([latex_story.entries(others)] if others else [])])


def _source(target: str) -> Source | None:
    """A paper that is not on the desk, by its arXiv id; of most no more is known than that."""
    words = shipped_metadata(target)
    if words is not None:
        return Source(local_key(words.title, words.authors, words.year), words)
    try:
        base = parse_arxiv_id(target).base
    except UsageProblemError:
        return None
    return Source(f"arXiv:{base}", Metadata(f"arXiv:{base}", arxiv_id=base))


def _refuse_other(path: Path, slug: str) -> None:
    """Raises BadInputError where ``path`` holds what is not this story as it was written last."""
    old = files.read_text(path)
    theirs = story_of(old)
    if not old.strip() or (theirs == slug and is_as_written(old)):
        return
    if not theirs:
        why = "is there already and was not written by researchdesk"
    elif theirs != slug:
        why = f"holds another storyline, {theirs}"
    else:
        why = "was edited since researchdesk wrote it"
    raise BadInputError(
        f"{path} {why}. Nothing was written.", "Move it away, or export to another file."
    )
