"""Engines: list those that can be named, and try one from end to end."""

import sys
from dataclasses import replace

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.domain.engines import EngineKind, without_secrets
from researchdesk.services import engines
from researchdesk.services.engine_choices import engine_keys
from researchdesk.services.engines import EngineEntry, Step


@click.group()
def engine() -> None:
    """Who runs the trials: this machine, a Ray cluster, or Slurm.

    Each has a table [engines.NAME] in the settings file, with its kind (local, ray, slurm) and its
    options; `researchdesk config` says where that file is. `reproduce --on NAME` runs there.
    """


@engine.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the engines that can be named, with their options, and whether the extra of each is
    installed here. The one with a * runs trials where none is named. Options are what the settings
    file says of it; --json has the values that hold for every key."""
    found, problem = engines.engines(session.desk), engines.usual_problem(session.desk)
    if problem:
        diagnostics.warn(problem)
    if as_json:
        output.emit_json(
            {"engines": [_record(entry) for entry in found], "problem": problem or None}
        )
        return
    output.emit_table(("engine", "kind", "installed", "options"), [_row(entry) for entry in found])
    for entry in found:
        if entry.problem:
            diagnostics.warn(entry.problem)
    diagnostics.say("Try one from end to end with: researchdesk engine check NAME")


@engine.command()
@click.argument("kind", type=click.Choice([str(kind) for kind in EngineKind]))
@json_option
def options(kind: str, as_json: bool) -> None:
    """What a table [engines.NAME] of this KIND may say: every key, what it is where it is left
    out, and what it means."""
    keys = engine_keys(kind)
    if as_json:
        known = [{"key": key.name, "default": key.usual, "meaning": key.meaning} for key in keys]
        output.emit_json({"kind": kind, "keys": known})
        return
    rows = [[key.name, key.default, key.meaning] for key in keys]
    output.emit_table(("key", "left out", "meaning"), rows)


@engine.command()
@click.argument("name")
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
    default=5.0,
    show_default=True,
    help="How long to wait for the trial, as in a queue.",
)
@json_option
@pass_session
def check(session: Session, name: str, minutes: float, as_json: bool) -> None:
    """Connect to the engine NAME, show its nodes, and run one tiny trial through it.

    Says how long each step took, and what to do where one did not go well. Nothing is kept of it,
    but for what a trial printed that ended without a word.

    Exit codes: 0 the trial came back, 1 it did not, 3 no such engine, 4 the desk is offline, and
    the engine is reached over the network.
    """
    found = engines.check_engine(session.desk, name, minutes, _tell)
    if as_json:
        output.emit_json(found)
    else:
        nodes = found.found.get("nodes")
        if isinstance(nodes, list) and nodes and all(isinstance(node, dict) for node in nodes):
            head = tuple(nodes[0])
            rows = [[str(node.get(key, "")) for key in head] for node in nodes]
            output.emit_table(head, rows)
            output.emit()
        rows = [
            [step.name, "ok" if step.ok else "FAILED", f"{step.seconds:.1f} s", step.words]
            for step in found.steps
        ]
        output.emit_table(("step", "", "took", "what"), rows)
    if not found.ok:
        sys.exit(1)


def _tell(step: Step) -> None:
    if step.ok:
        diagnostics.say(f"{step.name}: {step.seconds:.1f} s")
        return
    diagnostics.warn(f"{step.name}: {step.words}")
    if step.hint:
        diagnostics.say(step.hint)


def _row(entry: EngineEntry) -> list[str]:
    name = f"{entry.name} *" if entry.usual else entry.name
    if entry.settings is None:
        return [name, "?", "", "its settings cannot be used"]
    installed = f"{entry.library} {entry.version}" if entry.version else "no"
    options = [f"{key} = {value}" for key, value in without_secrets(entry.given).items()]
    return [
        name, str(entry.settings.kind), installed if entry.library else "-", ", ".join(options),
    ]  # fmt: skip


def _record(entry: EngineEntry) -> dict[str, object]:
    settings = entry.settings
    return {
        "name": entry.name,
        "usual": entry.usual,
        "settings": settings and replace(settings, options=without_secrets(settings.options)),
        "values": without_secrets(entry.values) or None,
        "library": entry.library or None,
        "installed": entry.version or None,
        "problem": entry.problem or None,
    }
