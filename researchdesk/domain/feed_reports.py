"""What came of asking the sources of what is followed."""

from dataclasses import dataclass

from researchdesk.domain.feeds import Feed


@dataclass(frozen=True, slots=True)
class FeedOutcome:
    """Of one feed: ``new`` and ``cross`` papers that were not known, ``replaced`` ones on the desk
    that have a newer version now, and ``left_out`` entries that name no paper of arXiv.

    ``asked`` is False where nothing could have changed. ``words`` say what a person should know,
    ``problem`` and ``hint`` why it failed.
    """

    feed: Feed
    asked: bool = True
    new: int = 0
    cross: int = 0
    replaced: int = 0
    left_out: int = 0
    words: str = ""
    problem: str = ""
    hint: str = ""

    @property
    def came(self) -> int:
        return self.new + self.cross + self.replaced

    @property
    def summary(self) -> str:
        """The outcome in a line, without the feed's name."""
        if self.problem:
            return self.problem
        parts = [
            f"{count} {what}"
            for count, what in (
                (self.new, "new"),
                (self.cross, "cross-listed"),
                (self.replaced, "replaced"),
                (self.left_out, "without a paper of arXiv, left out"),
            )
            if count
        ]
        said = ", ".join(parts) or ("" if self.words else "nothing new")
        return "; ".join(filter(None, (said, self.words)))


@dataclass(frozen=True, slots=True)
class FeedReport:
    """The outcomes in the order of the feeds. ``ranked``: the desk had something to rank by.

    ``came`` are the numbers of the entries that were not known before.
    """

    outcomes: tuple[FeedOutcome, ...]
    came: tuple[int, ...] = ()
    ranked: bool = False

    @property
    def failed(self) -> tuple[FeedOutcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.problem)
