"""Sweeps: new, start, list, show, trials, resume, extend, cancel, rm, test, confirm, curve."""

import click

from researchdesk.cli.lazy import LazyGroup

COMMANDS = {
    "new": ("researchdesk.cli.sweep_making:new", "Write a file to begin a sweep with."),
    "start": ("researchdesk.cli.sweep_running:start", "Try many settings, choose on validation."),
    "list": ("researchdesk.cli.sweep_listing:list_", "List the sweeps, the newest first."),
    "show": ("researchdesk.cli.sweep_showing:show", "Show a sweep: its budget, the best trials."),
    "trials": ("researchdesk.cli.sweep_showing:trials", "List all trials: text, JSON, CSV."),
    "resume": ("researchdesk.cli.sweep_running:resume", "Go on with a sweep that was interrupted."),
    "extend": ("researchdesk.cli.sweep_running:extend", "Give a sweep a larger budget, and go on."),
    "cancel": ("researchdesk.cli.sweep_stopping:cancel", "Ask a sweep under way to stop."),
    "rm": ("researchdesk.cli.sweep_stopping:rm", "Remove a sweep and all it kept, for good."),
    "curve": (
        "researchdesk.cli.sweep_curves:curve",
        "Show what the budget bought: the best in expectation, with its band.",
    ),
    "test": (
        "researchdesk.cli.sweep_testing:test_",
        "Show the chosen trial's test metrics; each look is counted.",
    ),
    "confirm": (
        "researchdesk.cli.sweep_confirming:confirm",
        "Measure the chosen trial anew, with fresh seeds.",
    ),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def sweep() -> None:
    """Try many settings of an experiment, and choose one on validation.

    \b
    A sweep to try that takes about a minute on two cores:
    researchdesk sweep start example-ladder --arm regularise --metric valid_accuracy
    """
