"""Experiments of an investigation: the baseline, one change at a time, what is expected."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.investigation_pages import experiment_lines, experiment_record
from researchdesk.cli.kinds import INVESTIGATION
from researchdesk.cli.run_ids import RUN
from researchdesk.cli.words import words
from researchdesk.domain.investigations import LATE, Experiment
from researchdesk.services import experiments

_NUMBER = click.argument("number", metavar="N", type=INVESTIGATION)
_EXPERIMENT = click.argument("name", metavar="EXPERIMENT")


def register(group: click.Group) -> None:
    """Put the commands of experiments into the group of investigations."""
    for command in (baseline, try_, expect, link, drop):
        group.add_command(command)


@click.command()
@_NUMBER
@click.option("--recipe", required=True, metavar="R", help="A recipe, by its name or paper.")
@click.option("--arm", default="", metavar="A", help="Its arm; else the first of its own.")
@json_option
@pass_session
def baseline(session: Session, number: int, recipe: str, arm: str, as_json: bool) -> None:
    """Make an arm of a recipe the first experiment, from which the others begin."""
    found = experiments.add_baseline(session.desk, number, recipe, arm)
    _tell(found, as_json)
    diagnostics.say(f"Run it: researchdesk investigate run {number}")


@click.command("try")
@_NUMBER
@click.argument("title", default="")
@click.option("--set", "change", multiple=True, metavar="KEY=VALUE", help="The one change.")
@click.option("--arm", default="", metavar="A", help="An arm of the recipe that is the change.")
@click.option("--from", "parent", default="", metavar="3.1", help="Its parent; else the baseline.")
@click.option("--expect", default="", metavar="…", help='What is expected: "test_accuracy higher".')
@json_option
@pass_session
def try_(
    session: Session,
    number: int,
    title: str,
    change: tuple[str, ...],
    arm: str,
    parent: str,
    expect: str,
    as_json: bool,
) -> None:
    """Add an experiment that differs from its parent in one setting.

    Two changes at once are refused, both named: which of them did it could not be told.
    """
    found = experiments.add_experiment(
        session.desk, number, change=change, arm=arm, parent=parent, title=title, expect=expect
    )
    _tell(found, as_json)
    _warn_unknown(session, found)
    if found.hypothesis is None:
        diagnostics.say(
            f'Say what you expect before it is run: investigate expect {found.name} "METRIC higher"'
        )
    else:
        diagnostics.say(f"Run it: researchdesk investigate run {number}")


@click.command()
@_EXPERIMENT
@click.argument("expectation", metavar='"METRIC >= 0.9"')
@click.argument("text", required=False, default="")
@json_option
@pass_session
def expect(session: Session, name: str, expectation: str, text: str, as_json: bool) -> None:
    """State the hypothesis of an EXPERIMENT (3.2) so that its run can refute it.

    Forms: "test_accuracy higher" or "loss lower by 0.1" (than its parent), "loss <= 0.3",
    "test_accuracy >= 0.9", "x = 1 +- 0.1". TEXT says why, - takes it from stdin. Earlier versions
    are kept; one that is stated when there is a result already is marked so.
    """
    reason = (words(text) if text else "") or ""
    found = experiments.state_hypothesis(session.desk, name, expectation, reason)
    _tell(found, as_json)
    _warn_unknown(session, found)
    if found.is_late:
        diagnostics.warn(f"This hypothesis is marked: {LATE}.")


@click.command()
@_EXPERIMENT
@click.argument("run_id", metavar="RUN", type=RUN)
@click.option("--arm", default="", metavar="A", help="The run's arm; else that of its settings.")
@json_option
@pass_session
def link(session: Session, name: str, run_id: str, arm: str, as_json: bool) -> None:
    """Link a run that was made already. Refused where its settings are not the experiment's."""
    _tell(experiments.link_run(session.desk, name, run_id, arm), as_json)


@click.command("drop-experiment")
@_EXPERIMENT
@json_option
@pass_session
def drop(session: Session, name: str, as_json: bool) -> None:
    """Take an EXPERIMENT off the list. Its runs stay, and its number is not given again."""
    found = experiments.drop_experiment(session.desk, name)
    if as_json:
        output.emit_json(experiment_record(found))
    else:
        diagnostics.say(f"Dropped: {found.name}, {found.label}.")


def _tell(found: Experiment, as_json: bool) -> None:
    if as_json:
        output.emit_json(experiment_record(found))
        return
    for line in experiment_lines(found):
        output.emit(line)


def _warn_unknown(session: Session, found: Experiment) -> None:
    """A metric that nothing is known of may be a slip of the hand, or be measured yet."""
    known = experiments.known_metrics(session.desk, found.investigation)
    if found.hypothesis and known and found.hypothesis.metric not in known:
        diagnostics.warn(
            f"Nothing has measured {found.hypothesis.metric!r} yet. Known: {', '.join(known)}."
        )
