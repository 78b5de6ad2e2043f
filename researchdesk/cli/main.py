"""The command line: ``researchdesk [global options] COMMAND``; alone it opens the terminal app."""

import errno
import importlib
import os
import sys
from itertools import takewhile
from typing import NoReturn

import click

from researchdesk import __version__
from researchdesk.cli import diagnostics
from researchdesk.cli.lazy import LazyGroup
from researchdesk.domain.terminals import wants_ascii
from researchdesk.errors import DeskError

_ASCII, _NO_ASCII = "--ascii", "--no-ascii"
_WITHOUT_SETTINGS = {"doctor", "completion"}
COMMANDS = {
    "add": ("researchdesk.cli.acquire:add", "Put papers on the desk: ids, addresses, PDF files."),
    "find": ("researchdesk.cli.acquire:find", "Search arXiv."),
    "list": ("researchdesk.cli.papers:list_", "List the papers on the desk."),
    "search": ("researchdesk.cli.papers:search", "Search papers, notes, surprises, ideas, drafts."),
    "show": ("researchdesk.cli.show:show", "Show one paper: its words, parts, passes."),
    "similar": ("researchdesk.cli.recommending:similar", "Papers like this one."),
    "tag": ("researchdesk.cli.tagging:tag", "Tag papers; list the tags."),
    "collection": ("researchdesk.cli.tagging:collection", "Collections of papers, in an order."),
    "mark": ("researchdesk.cli.tagging:mark", "Give papers stars and a priority."),
    "lists": ("researchdesk.cli.smart_lists:lists", "Smart lists: searches under a name."),
    "undo": ("researchdesk.cli.taking_back:undo", "Take the last change of the library back."),
    "redo": ("researchdesk.cli.taking_back:redo", "Make again what was taken back."),
    "import": (
        "researchdesk.cli.importing:import_",
        "Bring a library in: BibTeX, CSL-JSON, Zotero, a folder of PDFs.",
    ),
    "sync": ("researchdesk.cli.syncing:sync", "Ask arXiv for newer versions and withdrawals."),
    "merge": ("researchdesk.cli.merging:merge", "One paper in two records: propose, merge, undo."),
    "feed": ("researchdesk.cli.feeds:feed", "Follow categories, authors, searches; sort the new."),
    "recommend": ("researchdesk.cli.recommending:recommend", "What to read next, and why."),
    "cites": ("researchdesk.cli.citations:cites", "References and citations of a paper."),
    "reading-list": ("researchdesk.cli.reading_lists:reading_list", "Lists of papers to read."),
    "backup": ("researchdesk.cli.keeping:backup", "Copy the desk's database, and verify it."),
    "restore": ("researchdesk.cli.keeping:restore", "Put a backup back."),
    "doctor": ("researchdesk.cli.keeping:doctor", "Look whether the desk is sound."),
    "completion": ("researchdesk.cli.completion:completion", "Completion for bash, zsh and fish."),
    "remove": ("researchdesk.cli.papers:remove", "Take a paper off the desk; its notes stay."),
    "read": ("researchdesk.cli.reading:read", "Open a paper in the reader."),
    "pass": ("researchdesk.cli.reading:pass_", "Start, finish or leave a pass; list them."),
    "note": ("researchdesk.cli.notes:note", "Keep and list notes."),
    "claim": ("researchdesk.cli.claims:claim", "Suggest, accept and list claims of papers."),
    "code": ("researchdesk.cli.code:code", "A paper's code: links, clones, files, words in it."),
    "changes": (
        "researchdesk.cli.changes:changes",
        "What changed between two versions of a paper.",
    ),
    "workflow": ("researchdesk.cli.workflows:workflow", "List and check reading workflows."),
    "reproduce": ("researchdesk.cli.reproduce:reproduce", "Run a paper's experiment and compare."),
    "check": ("researchdesk.cli.check:check", "The ladder: check a recipe before believing it."),
    "recipe": ("researchdesk.cli.recipes:recipe", "List, show, check and begin recipes."),
    "engine": ("researchdesk.cli.engines:engine", "Who runs trials: list engines, try one."),
    "runs": ("researchdesk.cli.runs:runs", "List, show, compare, resume, cancel and remove runs."),
    "sweep": ("researchdesk.cli.sweeps:sweep", "Try many settings, and choose on validation."),
    "watch": ("researchdesk.cli.watch:watch", "Run a training script and find its silent bugs."),
    "funny": ("researchdesk.cli.surprises:funny", "Surprises: noticed, doubted, explained."),
    "idea": ("researchdesk.cli.ideas:idea", "Ideas in order of worth, and when to stop."),
    "investigate": (
        "researchdesk.cli.investigations:investigate",
        "Follow a surprise or an idea up, one change at a time.",
    ),
    "story": ("researchdesk.cli.stories:story", "Write storylines; every draft is kept."),
    "checklist": (
        "researchdesk.cli.checklists:checklist",
        "Questions before work is shown, answered from the runs.",
    ),
    "report": ("researchdesk.cli.report:report", "A page of what was claimed and measured."),
    "release": ("researchdesk.cli.release:release", "A folder of code to give away."),
    "export": ("researchdesk.cli.exporting:export", "Write notes and bibliographies out."),
    "talk": ("researchdesk.cli.talks:talk", "Outline a talk, check its slides, rehearse it."),
    "write": ("researchdesk.cli.writing:write", "Write a review, a rebuttal, a page, a thread."),
    "keys": ("researchdesk.cli.keys:keys", "The terminal app's commands and their keys."),
    "theme": ("researchdesk.cli.themes:theme", "List and check the terminal app's themes."),
    "config": ("researchdesk.cli.settings:config", "Show the settings and where they come from."),
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--desk", type=click.Path(file_okay=False), help="The desk folder to use.")
@click.option("--offline", is_flag=True, help="Do not touch the network.")
@click.option(
    f"{_ASCII}/{_NO_ASCII}",
    "only_ascii",
    default=None,
    help="Show everything in ASCII. Not given: where the terminal or its locale has no more.",
)
@click.version_option(__version__, prog_name="researchdesk")
@click.pass_context
def cli(ctx: click.Context, desk: str | None, offline: bool, only_ascii: bool | None) -> None:
    """Read papers in passes, reproduce their claims, keep the story.

    Without a command the terminal app opens. Everything is kept in one desk folder
    (--desk or RESEARCHDESK_DESK).
    """
    context = importlib.import_module("researchdesk.cli.context")
    lenient = ctx.invoked_subcommand in _WITHOUT_SETTINGS
    session = context.session(desk, offline or None, only_ascii, lenient=lenient)
    ctx.obj = session
    ctx.color = diagnostics.may_colour()
    if session.settings.ascii is not None:
        importlib.import_module("researchdesk.cli.ascii_streams").speak(session.settings.ascii)
    ctx.call_on_close(session.close)
    if ctx.invoked_subcommand is None:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise click.UsageError("The terminal app needs a terminal; give a command.", ctx)
        importlib.import_module("researchdesk.tui.app").run(session.desk)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    if "_RESEARCHDESK_COMPLETE" in os.environ:
        _end(importlib.import_module("researchdesk.cli.completion_answers").answer(cli))
    try:
        _choose_signs(sys.argv[1:])
        code = cli.main(prog_name="researchdesk", standalone_mode=False)
    except BaseException as error:  # noqa: BLE001 - Python would end with 1, which is a verdict
        end_with(error)
    _end(code if isinstance(code, int) else 0)


def _choose_signs(words: list[str]) -> None:
    """Of streams that are to say all in ASCII; here, as usage and help come before the settings."""
    before = takewhile(lambda word: word not in COMMANDS, words)
    said = [word == _ASCII for word in before if word in (_ASCII, _NO_ASCII)]
    wanted = said[-1] if said else None
    if wants_ascii(wanted, os.environ):
        importlib.import_module("researchdesk.cli.ascii_streams").speak(wanted)


def end_with(error: BaseException) -> NoReturn:
    """Tell why it did not go well and end the process with the code of that."""
    diagnostics.clear_progress()
    error = importlib.import_module("researchdesk.services.desk").damage_told(error) or error
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        error = importlib.import_module("researchdesk.files").no_name(str(error.filename))
    if isinstance(error, DeskError):
        _end(diagnostics.tell(error))
    if isinstance(error, click.ClickException):
        _end(diagnostics.tell_usage(error))
    if isinstance(error, KeyboardInterrupt | click.Abort):
        diagnostics.say("Interrupted; what had finished is kept.")
        _end(diagnostics.INTERRUPTED)
    if not isinstance(error, Exception):
        if isinstance(error, SystemExit) and error.code == diagnostics.OUR_FAULT:
            importlib.import_module("researchdesk.cli.faulted").say_where_to_go()
        raise error
    importlib.import_module("researchdesk.cli.faulted").tell(error, frozenset(COMMANDS))
    _end(diagnostics.OUR_FAULT)


def _end(code: int) -> NoReturn:
    try:
        sys.stdout.flush()
    except OSError:
        diagnostics.forget_stdout()
    sys.exit(code)
