"""Whether to end while a run is on."""

from textual.content import Content

from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog

_WORDS = """A run is on. Ending stops it.

Finished seeds are kept, and the same start goes on from there."""


class EndDialog(ConfirmDialog):
    """Ends with True where the run may be stopped."""

    def __init__(self) -> None:
        super().__init__("Stop the run and end?", Content(_WORDS), "Yes, stop it and end")
