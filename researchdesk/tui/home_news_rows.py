"""Rows of Home for the library: what changed about papers, and pairs that may be one."""

from datetime import datetime

from textual.content import Content

from researchdesk.domain.merging import Proposal
from researchdesk.domain.news import NewsItem, NewsKind
from researchdesk.errors import DeskError
from researchdesk.services import library, notes
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import keyed
from researchdesk.tui.home_row import FEEDS, NEWS, PAIRS, OpenMerge, Row, facts_line
from researchdesk.tui.messages import OpenChanges, OpenPaper, OpenTriage
from researchdesk.tui.widgets.bench_words import ago

_COLOURS = {
    NewsKind.VERSION: "$text-accent",
    NewsKind.WITHDRAWN: "$text-error",
    NewsKind.PUBLISHED: "$text-success",
    NewsKind.BACK: "$text-accent",
}
_NEXT = {
    NewsKind.VERSION: "{Home.open} compares the versions; what is not here yet is fetched there by "
    "{changes.get}.",
    NewsKind.WITHDRAWN: "{Home.open} opens it. Your notes and claims of it are marked.",
    NewsKind.PUBLISHED: "{Home.open} opens it. DOI and journal stand in what is exported.",
    NewsKind.BACK: "{Home.open} compares the versions; what is not here yet is fetched there by "
    "{changes.get}.",
}

_SEEN = "{home.seen} marks it as seen, {home.all-seen} everything; {home.undo} takes that back."
_WAITING = (
    "{Home.open} shows them one at a time: {triage.keep} keeps one, {triage.later} later, "
    "{triage.no} no. {app.triage} does it anywhere."
)
_PAIR = (
    "{Home.open} shows both side by side; there {merge.one} makes one paper of them, "
    "{merge.two} keeps two."
)


def changed(desk: Desk, item: NewsItem, now: datetime) -> Row:
    """What changed about a paper. Enter on a newer version compares, else opens the paper."""
    compares = item.kind in {NewsKind.VERSION, NewsKind.BACK}
    lines = [
        Content.styled(item.title, "bold"),
        Content.styled(item.name, "$text-muted"),
        Content(""),
        Content.styled(_sentence(item.text), _COLOURS[item.kind]),
        Content(f"Found {ago(item.at, now)}."),
        *_yours(desk, item),
        Content(""),
        Content(keyed(_NEXT[item.kind])),
        Content(keyed(_SEEN)),
    ]
    return Row(
        f"news:{item.id}",
        NEWS,
        item.title,
        Content.assemble(
            facts_line(item.name),
            Content.styled(" · ", "$text-muted"),
            Content.styled(item.text, _COLOURS[item.kind]),
        ),
        OpenChanges(item.name) if compares else OpenPaper(item.name),
        Content("\n").join(lines),
        item.name,
        news=item.id,
    )


def waiting(count: int) -> Row:
    """What the feeds brought, to be kept or not."""
    title = "1 new paper" if count == 1 else f"{count:,} new papers"
    lines = [
        Content.styled(title, "bold"),
        Content("What you follow brought them; those most like what you read come first."),
        Content(""),
        Content(keyed(_WAITING)),
    ]
    return Row(
        "feeds", FEEDS, title, facts_line("in your feeds"), OpenTriage(), Content("\n").join(lines)
    )


def pair(item: Proposal) -> Row:
    """Two papers that may be one."""
    kept, other = item.kept, item.other
    lines = [
        Content.styled(kept.title, "bold"),
        Content.styled(_named(item, of_kept=True), "$text-muted"),
        Content(""),
        Content.styled(other.title, "bold"),
        Content.styled(_named(item, of_kept=False), "$text-muted"),
        Content(""),
        Content(f"{_sentence(item.why)}."),
        Content(""),
        Content(keyed(_PAIR)),
    ]
    return Row(
        f"pair:{kept.id}:{other.id}",
        PAIRS,
        kept.title,
        facts_line(kept.name, other.name, item.why),
        OpenMerge(kept.id, other.id),
        Content("\n").join(lines),
        kept.name,
    )


def _named(item: Proposal, *, of_kept: bool) -> str:
    paper = item.kept if of_kept else item.other
    words = paper.metadata
    venue = words.venue or words.journal_ref
    return " · ".join(filter(None, (paper.name, str(words.year or ""), venue, words.doi)))


def _yours(desk: Desk, item: NewsItem) -> list[Content]:
    """How many notes of the reader's are of an older version."""
    try:
        paper = library.get_paper(desk, item.name)
    except DeskError:
        return []
    version = item.version or paper.version
    older = [note for note in notes.notes_of(desk, paper) if note.version < version]
    if not older:
        return []
    count = "1 note of yours is" if len(older) == 1 else f"{len(older)} notes of yours are"
    return [Content(f"{count} of an older version.")]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
