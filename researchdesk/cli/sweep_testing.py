"""The test metrics of a sweep's chosen trial: a look that is counted."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.sweep_ids import SWEEP
from researchdesk.cli.sweep_pages import looks_record, trial_record
from researchdesk.cli.sweep_words import number_words, settings_words
from researchdesk.services import sweep_testing
from researchdesk.services.sweep_notes import chosen_words, of_no_validation


@click.command("test")
@click.argument("sweep_id", metavar="SWEEP", type=SWEEP)
@json_option
@pass_session
def test_(session: Session, sweep_id: str, as_json: bool) -> None:
    """Show the test metrics of the trial that validation chose; those of others stay hidden.

    Each look is written down in the sweep, and shown with it from then on: whoever goes on with the
    sweep after a look may choose on the test, whose number is then too good.
    """
    look = sweep_testing.look_at_test(session.desk, sweep_id)
    if as_json:
        output.emit_json(
            {
                "sweep": look.sweep_id,
                **trial_record(look.trial),
                "test": look.test,
                "looks": looks_record(look.looks),
            }
        )
        return
    output.emit(f"Trial {look.trial.number} of {look.sweep_id}, {chosen_words(look.metric)}:")
    output.emit(f"  {settings_words(look.trial.settings)}")
    part = "" if of_no_validation(look.metric) else " (validation)"
    output.emit(f"  {look.metric} {number_words(look.trial.value)}{part}")
    output.emit()
    rows = [(name, number_words(value)) for name, value in look.test.items()]
    output.emit_table(("kept back", "value"), rows)
    diagnostics.say(look.looks.words)
