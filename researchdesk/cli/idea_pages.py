"""Ideas as lines of text and as JSON."""

from collections.abc import Sequence
from typing import Any

from researchdesk.cli import output
from researchdesk.domain.clock import local_minute
from researchdesk.domain.happenings import Happening
from researchdesk.domain.ideas import Idea, IdeaState, score


def record(idea: Idea) -> dict[str, Any]:
    """The fields of an idea as JSON has them, with its score and what of that was assumed."""
    told = score(idea)
    fields: dict[str, Any] = output.plain(idea)
    return {**fields, "score": round(told.value, 4), "assumed": told.assumed}


def print_list(ideas: Sequence[Idea]) -> None:
    """A table in the order given; the last column is the idea's first line."""
    rows = [
        (
            str(idea.id),
            "" if idea.place is None else f"own {idea.place}",
            score(idea).words,
            said(idea.impact),
            said(idea.work_days),
            said(idea.fun),
            state_words(idea),
            idea.text,
        )
        for idea in ideas
    ]
    output.emit_table(("idea", "order", "score", "impact", "work", "fun", "state", "text"), rows)


def print_idea(idea: Idea, history: Sequence[Happening], of_title: str) -> None:
    """One idea with all that is known of it, and what happened to it."""
    told = score(idea)
    assumed = f"  (assumed: {', '.join(told.assumed)})" if told.assumed else ""
    output.emit(f"Idea {idea.id}  {state_words(idea)}")
    output.emit(idea.text)
    output.emit()
    output.emit(f"score    {told.words}{assumed}")
    output.emit(f"impact   {said(idea.impact)} of 5")
    output.emit(f"work     {said(idea.work_days)} days")
    output.emit(f"fun      {said(idea.fun)} of 5")
    if idea.place is not None:
        output.emit(f"order    {idea.place}. in your own order")
    if idea.instead:
        output.emit(f"instead  {idea.instead}")
    if idea.of:
        output.emit(f"from     {idea.of}  {of_title}".rstrip())
    output.emit()
    for item in history:
        output.emit(happening_line(item))


def happening_line(item: Happening) -> str:
    """One line of a history."""
    what = "" if item.what == "state" else f"{item.what}: "
    until = f" until {item.until}" if item.until else ""
    why = f": {item.why}" if item.why else ""
    return f"{local_minute(item.at)}  {what}{item.said}{until}{why}"


def state_words(idea: Idea) -> str:
    """The state, with the day that a parked one comes back."""
    if idea.state is IdeaState.PARKED and idea.again_on:
        return f"parked until {idea.again_on}"
    return idea.state.value


def said(value: float | None) -> str:
    """A number, or a question mark where nobody said one."""
    return "?" if value is None else f"{value:g}"
