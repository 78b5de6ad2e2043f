"""What the app may ask of a screen, whichever it is."""

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from researchdesk.tui.fetching import Fetching


@runtime_checkable
class FetchWatcher(Protocol):
    """A screen that shows papers on their way."""

    def show_fetching(self, fetching: "Fetching") -> bool:
        """Show it; True where a person sees it here, so that no notice is needed."""
        ...


@runtime_checkable
class Guarded(Protocol):
    """A screen on which something may be written that is not kept yet."""

    def unsaved(self) -> str:
        """Why the app should not end now, in words, or ``""``."""
        ...

    def settle(self) -> None:
        """Keep what is not kept yet; called before the app ends."""
        ...
