"""Rows of Home for the loop: surprises, what came back from being parked, reviews that are due."""

from datetime import date, datetime

from textual.content import Content

from researchdesk.domain import deltas
from researchdesk.domain.ideas import score
from researchdesk.domain.links import LinkKind, ref_link
from researchdesk.domain.reviews import DueReview, Returned
from researchdesk.domain.surprises import Surprise, SurpriseState
from researchdesk.domain.text import one_line
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk
from researchdesk.services.ideas import get_idea
from researchdesk.services.surprises import get_surprise
from researchdesk.tui.commands import keyed
from researchdesk.tui.home_row import BACK, REVIEWS, SURPRISES, Row, facts_line
from researchdesk.tui.messages import Follow, OpenReview
from researchdesk.tui.widgets.bench_words import ago

_KINDS = {LinkKind.FUNNY: "surprise"}


def funny(item: Surprise, now: datetime) -> Row:
    """An open surprise that wants a look."""
    state = "" if item.state is SurpriseState.NOTICED else item.state.value
    lines = [*_surprise(item), Content(""), Content(keyed("{Home.open} follows it up."))]
    return Row(
        item.ref,
        SURPRISES,
        one_line(item.text),
        facts_line(state, item.on and f"on {item.on}", f"noticed {ago(item.noticed_at, now)}"),
        Follow(item.ref),
        Content("\n").join(lines),
        item.on,
    )


def returned(desk: Desk, item: Returned) -> Row:
    """What was parked or put off, and whose day has come."""
    link = ref_link(item.ref)
    surprise = link is not None and link.kind is LinkKind.FUNNY
    lines = _about(desk, item.ref, item.title)
    if item.why:
        lines += [Content(""), Content.assemble(("You wrote  ", "$text-muted"), item.why)]
    lines += [Content(""), Content(keyed(_OPENS if surprise else _OPEN))]
    return Row(
        item.ref,
        BACK,
        item.title,
        facts_line(_name(item.ref), late(item.again_on, desk.today()), item.why),
        Follow(item.ref),
        Content("\n").join(lines),
        review="" if surprise else item.ref,
    )


def due_review(desk: Desk, item: DueReview) -> Row:
    """A review that is due: enter asks whether to go on."""
    lines = [
        *_about(desk, item.ref, item.title),
        Content(""),
        Content(f"A review is due: {item.reason}."),
        Content(""),
        Content(keyed(_SHOWS)),
    ]
    return Row(
        f"review:{item.ref}",
        REVIEWS,
        item.title,
        facts_line(_name(item.ref), item.reason, late(item.since, desk.today())),
        OpenReview(item.ref),
        Content("\n").join(lines),
        review=item.ref,
    )


def late(again: date, today: date) -> str:
    """Since when a day has come."""
    days = (today - again).days
    return {0: "due today", 1: "due since yesterday"}.get(days, f"due for {days} days")


_OPENS = "{Home.open} opens it."
_OPEN = "{Home.open} opens it. {home.review} asks whether to go on, park it again, or stop."
_SHOWS = "{Home.open} shows what it brought and what it cost, and asks: go on, park, or stop?"


def _name(ref: str) -> str:
    """``idea 3`` for ``idea:3``."""
    link = ref_link(ref)
    if link is None:
        return ref
    return f"{_KINDS.get(link.kind, link.kind.value)} {link.target}"


def _about(desk: Desk, ref: str, title: str) -> list[Content]:
    """A few lines on the thing of this ref."""
    link = ref_link(ref)
    try:
        if link is not None and link.kind is LinkKind.FUNNY:
            return _surprise(get_surprise(desk, int(link.target)))
        if link is not None and link.kind is LinkKind.IDEA:
            idea = get_idea(desk, int(link.target))
            told = f"Score {score(idea).words}"
            return [Content.styled(idea.text, "bold"), Content.styled(told, "$text-muted")]
    except DeskError:
        pass
    return [Content.styled(title, "bold"), Content.styled(_name(ref), "$text-muted")]


def _surprise(item: Surprise) -> list[Content]:
    lines = [
        Content.styled(item.text, "bold"),
        Content(""),
        Content.styled("Expected", "$text-muted"),
        Content(item.expected),
        Content(""),
        Content.styled("Observed", "$text-muted"),
        Content(item.observed),
    ]
    if item.delta is not None:
        lines += [Content(""), Content.styled("Delta", "$text-muted")]
        lines.append(Content(deltas.words(item.delta)))
    return lines
