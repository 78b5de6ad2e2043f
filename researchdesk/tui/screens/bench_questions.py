"""What the bench asks before it does something that cannot be taken back."""

from textual.content import Content

from researchdesk.domain.runs import RunSummary
from researchdesk.services.trust import WhatRuns, shown
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog


def may_run(what: WhatRuns, *, rest: bool = True) -> ConfirmDialog:
    """Whether code that is not ours may run: the recipe's own, and that of the authors.

    ``rest``: without a yes to the authors' what else there is runs.
    """
    if what.code is None:
        no = "No runs the rest; the authors' claims stay untested." if rest else "No runs nothing."
        words = Content(f"{shown(what)}\n\n{no}")
        return ConfirmDialog("Fetch and run the authors' code?", words, "Yes, run it")
    words = Content(f"{shown(what)}\n\nRead it before you say yes. Yes holds until it changes.")
    return ConfirmDialog("Run this code?", words, "Yes, run it")


def may_remove(run: RunSummary) -> ConfirmDialog:
    """Whether a run may be removed for good."""
    words = Content(
        f"{run.id}\n\nIts events, its {len(run.results)} finished seeds and its copy of the recipe "
        "are removed for good. The recipe itself stays."
    )
    return ConfirmDialog("Remove this run?", words, "Yes, remove it")
