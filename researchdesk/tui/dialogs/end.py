"""Whether to end while a run is on."""

from textual.content import Content

from researchdesk.tui.commands import keyed
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog

_WORDS = (
    "A run or a sweep is on. Ending stops it.\n\n"
    "Finished seeds are kept, and ended trials; the same start goes on from there. What an engine "
    "outside this program has of it goes on there, and {bench.resume} follows it again."
)


class EndDialog(ConfirmDialog):
    """Ends with True where the run may be stopped."""

    def __init__(self) -> None:
        super().__init__("Stop the run and end?", Content(keyed(_WORDS)), "Yes, stop it and end")
