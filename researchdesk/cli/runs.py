"""Runs: list, show, compare, table, figure, errors, resume, cancel, rm."""

import click

from researchdesk.cli.lazy import LazyGroup

COMMANDS = {
    "list": ("researchdesk.cli.run_listing:list_", "List the runs, the newest first."),
    "show": ("researchdesk.cli.run_showing:show", "Show what a run says, so far, of each claim."),
    "compare": (
        "researchdesk.cli.run_showing:compare",
        "Show two runs side by side: settings, environment, claims, metrics.",
    ),
    "table": ("researchdesk.cli.ablation:table", "Tables of runs for a paper: text, LaTeX, CSV."),
    "figure": ("researchdesk.cli.figures:figure", "Draw curves or claims for a paper: PDF, SVG."),
    "errors": (
        "researchdesk.cli.looking:errors",
        "Look at where a trained classifier is wrong on the test split.",
    ),
    "resume": (
        "researchdesk.cli.run_showing:resume",
        "Go on with a run that was interrupted or crashed.",
    ),
    "cancel": ("researchdesk.cli.run_showing:cancel", "Stop a run, wherever its trials are."),
    "rm": ("researchdesk.cli.run_listing:rm", "Remove a run and all it kept, for good."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def runs() -> None:
    """List, show, compare, resume, cancel and remove runs."""
