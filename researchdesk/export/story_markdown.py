"""A storyline as markdown for other people: links as words, the papers cited at its end."""

from researchdesk.domain.evidence import EvidenceState, Standing
from researchdesk.domain.links import Link
from researchdesk.export.escaping import escape
from researchdesk.export.fences import closed
from researchdesk.export.story_marks import marked
from researchdesk.export.story_text import Source, StoryTold, cleaned, with_words


def story_markdown(story: StoryTold, *, questions: bool = False) -> str:
    """The draft as markdown; with ``questions`` the four of each statement stand below it."""

    def words_of(link: Link) -> str:
        if link.ref in story.sources:
            return escape(link.label or story.sources[link.ref].name)
        return _said(link, story.states.get(link.ref))

    text = with_words(cleaned(story.text, questions=questions), words_of)
    cited = story.cited()
    if cited:
        text = closed(text).rstrip("\n") + "\n"
        entries = "\n".join(f"- {_reference(source)}" for source in cited)
        text = f"{text}\n## References\n\n{entries}\n"
    return marked(story.slug, story.draft, f"\n{text}", tex=False)


def _said(link: Link, state: EvidenceState | None) -> str:
    """What something linked is called and says, in brackets; behind its label where it has one."""
    if state is None or state.standing is Standing.GONE:
        return escape(link.label or link.ref)
    if link.label:
        return f"{escape(link.label)} ({escape(state.said)})"
    return f"({escape(state.title)}: {escape(state.said)})"


def _reference(source: Source) -> str:
    words = source.words
    year = f" ({words.year})" if words.year else ""
    people = escape(", ".join(words.authors))
    parts = [f"{people}{year}."] if people else []
    if words.title != f"arXiv:{words.arxiv_id}":
        parts.append(_ended(escape(words.title)))
    if words.journal_ref:
        parts.append(_ended(escape(words.journal_ref)))
    if words.arxiv_id:
        parts.append(f"[arXiv:{words.arxiv_id}](https://arxiv.org/abs/{words.arxiv_id})")
    elif words.doi:
        parts.append(f"doi:{escape(words.doi)}")
    return " ".join(parts)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
