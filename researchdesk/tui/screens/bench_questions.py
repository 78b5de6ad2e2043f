"""What the bench asks before it does something that cannot be taken back."""

from textual.content import Content

from researchdesk.domain.recipes import Recipe
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.text import one_line
from researchdesk.services.recipes import code_of
from researchdesk.tui.dialogs.bench_confirm import ConfirmDialog


def may_run(recipe: Recipe) -> ConfirmDialog:
    """Whether the code of a recipe that is not ours may run."""
    code = code_of(recipe)
    words = Content.assemble(
        "This recipe is code that did not come with this program. "
        "It runs with your rights: read it before you say yes.\n\n",
        ("Recipe   ", "$text-muted"),
        one_line(recipe.name),
        ("\nFolder   ", "$text-muted"),
        one_line(str(code.folder)),
        ("\nFiles    ", "$text-muted"),
        one_line(", ".join(code.files)),
        ("\nSHA-256  ", "$text-muted"),
        code.digest,
        "\n\nYes holds until one of its files changes.",
    )
    return ConfirmDialog("Run this code?", words, "Yes, run it")


def may_remove(run: RunSummary) -> ConfirmDialog:
    """Whether a run may be removed for good."""
    words = Content(
        f"{run.id}\n\nIts events, its {len(run.results)} finished seeds and its copy of the recipe "
        "are removed for good. The recipe itself stays."
    )
    return ConfirmDialog("Remove this run?", words, "Yes, remove it")
