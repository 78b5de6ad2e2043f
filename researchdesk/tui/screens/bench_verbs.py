"""The commands of the bench."""

from researchdesk.tui.commands import Command

BENCH_VERBS = (
    Command("bench.start", "s", "start", "Start", "Run all seeds of the recipe's arms.", True),
    Command(
        "bench.quick",
        "S",
        "quick",
        "Quick",
        "A short look with few seeds; it says no more than that nothing contradicts.",
    ),
    Command(
        "bench.choose",
        "o",
        "choose",
        "Options",
        "Start with a choice of arms, seeds, device, and what to vary.",
        True,
    ),
    Command(
        "bench.cancel",
        "c",
        "cancel",
        "Cancel",
        "Stop the run; finished seeds are kept, and r goes on from there.",
        True,
    ),
    Command("bench.resume", "r", "resume", "Resume", "Go on with the run that was stopped.", True),
    Command(
        "bench.remove",
        "d,delete,x",
        "remove",
        "Remove",
        "Remove the run and all it kept, for good; asks first.",
        key_label="d",
    ),
    Command("bench.metric", "m", "curves('metric')", "Metric", "The next metric's curves.", True),
    Command("bench.read", "p", "read", "Paper", "Read the paper that the recipe is of."),
    Command(
        "bench.scale",
        "l",
        "curves('scale')",
        "Log",
        "Linear axes, logarithmic steps, values, both.",
    ),
    Command(
        "bench.arm", "a", "curves('arm')", "Arms", "The curves of all arms, then of each by itself."
    ),
    Command(
        "bench.seeds",
        "e",
        "curves('seeds')",
        "Each seed",
        "Behind the medians: what the seeds span, each seed's curve, or nothing.",
    ),
    Command(
        "bench.strip",
        "n",
        "next_strip",
        "Strip",
        "The predictions of the next seed.",
    ),
    Command(
        "bench.samples",
        "v",
        "samples",
        "Data",
        "Look at the data first: classes, examples, duplicates, suspicious labels.",
        True,
    ),
    Command(
        "bench.ladder",
        "K",
        "ladder",
        "Ladder",
        "Check the experiment, rung by rung, before a claim of it is believed.",
    ),
    Command(
        "bench.errors",
        "w",
        "errors",
        "Errors",
        "What a trained classifier gets wrong: confusion, worst examples, attacks.",
        True,
    ),
    Command(
        "bench.findings",
        "W",
        "findings",
        "Watched",
        "What watching training scripts found, those of this run and paper first.",
    ),
    Command(
        "bench.compare",
        "equals_sign",
        "compare",
        "Compare",
        "This run against another: settings, environment, claims, metrics.",
        True,
        key_label="=",
    ),
    Command(
        "bench.table",
        "t",
        "table",
        "Table",
        "The arms as a table, with what each changes and what it gains.",
    ),
    Command(
        "bench.report",
        "R",
        "report",
        "Report",
        "Write this run's page for others, and open it in the browser.",
    ),
    Command("bench.next", "tab", "next_pane", "Next part", "The next part of the screen."),
    Command("bench.last", "shift+tab", "last_pane", "Part before", "The part before."),
    Command(
        "bench.back", "escape", "back", "Back", "Back to the recipes; from there to the library."
    ),
)
