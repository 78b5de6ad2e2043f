"""How the worth of an idea is drawn: a bar, dots, days."""

from researchdesk.domain.ideas import Idea, IdeaState
from researchdesk.domain.links import ref_link

_SCALE = 5
STATES = {
    IdeaState.OPEN: ("○", "$foreground"),
    IdeaState.INVESTIGATED: ("▶", "$text-accent"),
    IdeaState.PARKED: ("‖", "$text-warning"),
    IdeaState.STOPPED: ("✗", "$text-error"),
    IdeaState.DONE: ("✓", "$text-success"),
}


def bar(share: float, width: int) -> str:
    """A bar of ``share`` (0 to 1) of ``width`` cells, to the half of a cell; never none at all."""
    halves = max(1, round(max(0.0, min(share, 1.0)) * width * 2))
    whole, half = divmod(halves, 2)
    return ("━" * whole + "╸" * half).ljust(width)


def dots(value: int | None) -> str:
    """``●●●○○``; ``  ?  `` where it is not said."""
    return "?".center(_SCALE) if value is None else "●" * value + "○" * (_SCALE - value)


def days(value: float | None) -> str:
    """Days of work in five cells or less; ``?`` where they are not said."""
    if value is None:
        return "?"
    return f"{value:.0f} d" if value >= 100 else f"{value:.3g} d"


def state_line(idea: Idea) -> str:
    """The state, with its day and its reason (one that is only a link is shown elsewhere)."""
    day = f" until {idea.again_on}" if idea.state is IdeaState.PARKED and idea.again_on else ""
    why = f": {idea.why}" if idea.why and ref_link(idea.why) is None else ""
    return f"{idea.state.value}{day}{why}"
